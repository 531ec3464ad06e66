"""The well-known mistakes in a cross-entropy, ŷ, y → L, or a loss from logits, z, y → L."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.mistake import Mistake, Prediction
from minigraph.testing.mistakes.parts import (
    AXIS_FIX,
    DIVISORS,
    EPSILONS,
    SHIFT,
    SHIFT_FIX,
    batch_labels,
    class_sum,
    global_shift,
    global_sum,
    loss_of,
    loss_of_logs,
    no_shift,
    reduced,
    rows,
    wrong_axis,
)


def _logits_lost(case: Classification, reduction: str) -> Any:
    """Return logsumexp(z) − z: beside a huge maximum the logarithm is lost."""
    top = case.z.max(axis=case.axis, keepdims=True)
    return loss_of_logs(
        case, case.z - (top + np.log(class_sum(case, np.exp(case.z - top)))), reduction
    )


def _naive_logits(case: Classification, reduction: str) -> Any:
    return loss_of_logs(case, case.z - np.log(class_sum(case, np.exp(case.z))), reduction)


def _every_term(case: Classification, logs: Any, reduction: str) -> Any:
    """Return the loss with 0 · log 0 multiplied out."""
    return reduced(case, -(case.weights * logs).sum(axis=case.axis), reduction)


def _whole_columns(case: Classification, reduction: str) -> Any:
    """Return the losses of ŷ[:, y], an m×m matrix, in place of ŷ[arange(m), y]."""
    labels = batch_labels(case)
    if labels is None:
        return NotImplemented
    return -np.log(rows(case, case.y_hat)[:, labels])


def _mean_of_columns(case: Classification, reduction: str) -> Any:
    matrix = _whole_columns(case, reduction)
    return matrix if matrix is NotImplemented else matrix.mean()


def _from_one(case: Classification, reduction: str) -> Any:
    if case.y.ndim == case.z.ndim:
        return NotImplemented
    return Classification(case.z, (case.y - 1) % case.k, case.axis).loss(reduction)


def _product(case: Classification) -> Any:
    """Return y @ log ŷᵀ of rows: every target with every prediction."""
    if case.z.ndim < 2:
        return NotImplemented
    return -rows(case, case.weights) @ rows(case, case.log_y_hat).T


def _of_product(finish: Callable[[Classification, Any], Any]) -> Prediction:
    def predict(case: Classification, reduction: str) -> Any:
        product = _product(case)
        return product if product is NotImplemented else finish(case, product)

    return predict


def _binary(case: Classification, reduction: str) -> Any:
    w, p = case.weights, case.y_hat
    terms = w * np.log(np.where(w == 0, 1.0, p)) + (1 - w) * np.log(np.where(w == 1, 1.0, 1 - p))
    return reduced(case, -terms.sum(axis=case.axis), reduction)


def _squared(case: Classification, reduction: str) -> Any:
    return reduced(case, ((case.y_hat - case.weights) ** 2).sum(axis=case.axis), reduction)


def _twice(case: Classification, reduction: str) -> Any:
    return Classification(case.y_hat, case.y, case.axis).loss(reduction)


def _clipped(epsilon: float) -> tuple[Prediction, ...]:
    return (
        loss_of(lambda case: np.clip(case.y_hat, epsilon, 1 - epsilon)),
        loss_of(lambda case: np.maximum(case.y_hat, epsilon)),
        loss_of(lambda case: case.y_hat + epsilon),
        loss_of(lambda case: np.clip(case.y_hat + epsilon, epsilon, 1 - epsilon)),
    )


_MEAN_FIX = "for reduction={reduction!r}: {formula}"

LOSS = (
    Mistake(
        "wrong sign",
        "the logarithm of a probability is negative, and the minus before the sum is missing",
        "L = −Σ y log ŷ",
        (lambda case, reduction: -case.loss(reduction),),
    ),
    *(
        Mistake(
            name,
            f"the losses are right, but {words}",
            _MEAN_FIX,
            (lambda case, reduction, number=number: case.loss("sum") / number(case),),
        )
        for name, words, number in DIVISORS
    ),
    Mistake(
        "not reduced",
        "it returns one loss an example",
        _MEAN_FIX,
        (lambda case, reduction: case.loss("none"),),
    ),
    Mistake(
        "log2 instead of log",
        "all losses are 1.4427 times as large, and so is the gradient: not ŷ − y",
        "use the natural logarithm",
        (lambda case, reduction: case.loss(reduction) / math.log(2),),
    ),
    Mistake(
        "log10 instead of log",
        "all losses are 0.4343 times as large, and so is the gradient: not ŷ − y",
        "use the natural logarithm",
        (lambda case, reduction: case.loss(reduction) / math.log(10),),
    ),
    Mistake(
        "no logarithm",
        "it sums the probabilities of the labels themselves",
        "L = −Σ y log ŷ",
        (
            lambda case, reduction: loss_of_logs(case, case.y_hat, reduction),
            lambda case, reduction: -loss_of_logs(case, case.y_hat, reduction),
        ),
    ),
    Mistake(
        "y and ŷ swapped",
        "it takes the logarithm of the targets, and most of them are 0",
        "the logarithm is the prediction's: L = −Σ y log ŷ",
        (
            lambda case, reduction: reduced(
                case, -(case.y_hat * np.log(case.weights)).sum(axis=case.axis), reduction
            ),
        ),
    ),
    Mistake(
        "the binary cross-entropy",
        "it adds (1 − y) log(1 − ŷ), which is for classes that are no alternatives",
        "leave that term out: L = −Σ y log ŷ",
        (_binary,),
    ),
    Mistake(
        "the squared error",
        "it sums (ŷ − y)²",
        "L = −Σ y log ŷ",
        (_squared, lambda case, reduction: _squared(case, reduction) / 2),
    ),
    Mistake(
        "softmax taken twice",
        "it takes the softmax of what is a softmax already",
        "take it once: cross_entropy gets ŷ, loss gets z",
        (_twice,),
    ),
    Mistake(
        "the labels take whole columns",
        "ŷ[:, y] has every example with the label of every other",
        "take one entry an example: ŷ[np.arange(m), y] for rows, ŷ[y, np.arange(m)] for columns",
        (
            _whole_columns,
            _mean_of_columns,
        ),
    ),
    Mistake(
        "a matrix product",
        "y @ log ŷᵀ multiplies the targets of each example with the predictions of every other",
        "multiply entry by entry, then sum: -(y * log(ŷ)).sum(axis={axis})",
        (
            _of_product(lambda case, product: product),
            _of_product(lambda case, product: product / case.m),
            _of_product(lambda case, product: product.sum()),
            _of_product(lambda case, product: product.mean()),
            _of_product(lambda case, product: product.sum() / case.m),
        ),
    ),
    Mistake(
        "labels counted from 1",
        "it takes the class before the label",
        "labels are 0..k−1: index with y itself",
        (_from_one,),
    ),
    Mistake(
        "the wrong axis",
        "its softmax normalises over the examples instead of the classes",
        AXIS_FIX,
        (loss_of(wrong_axis),),
    ),
    Mistake(
        "one sum over the whole array",
        "in its softmax all entries together sum to 1, instead of each example's",
        AXIS_FIX,
        (loss_of(global_sum),),
    ),
    *(
        Mistake(
            "clipped probabilities",
            f"ŷ is kept above ε = {epsilon:.3g}, or ε is added: the loss is capped at "
            f"{-math.log(epsilon):.3g}, and there the gradient is 0 where it is ŷ − y",
            "take the loss from the logits, log ŷ = z − max z − log Σ exp(z − max z), and clip "
            "nothing",
            _clipped(epsilon),
        )
        for epsilon in EPSILONS
    ),
    Mistake("no max-shift", SHIFT, SHIFT_FIX, (loss_of(no_shift), _naive_logits)),
    Mistake(
        "the maximum of the whole array",
        "an example far below another one underflows to 0/0, or its loss to log 0",
        SHIFT_FIX,
        (loss_of(global_shift),),
    ),
    Mistake(
        "digits lost beside a huge maximum",
        "max z + log Σ exp(z − max z) − z rounds the logarithm away",
        "subtract the maximum from the logit first: (z − max z) − log Σ exp(z − max z)",
        (_logits_lost,),
    ),
    Mistake(
        "0 · log 0",
        "a wrong class with probability 0 costs nothing, but 0 · (−inf) is nan",
        "leave out the terms whose y is 0, or take log of np.where(y > 0, ŷ, 1)",
        (
            lambda case, reduction: _every_term(case, np.log(case.y_hat), reduction),
            lambda case, reduction: _every_term(case, case.log_y_hat, reduction),
        ),
    ),
    Mistake(
        "the logarithm of an underflowed ŷ",
        "a probability below 1e-308 is 0, so its logarithm is −inf where it is z − max z",
        "take the loss from the logits: log ŷ = z − max z − log Σ exp(z − max z)",
        (loss_of(lambda case: case.y_hat),),
    ),
)
