"""The well-known mistakes in a gradient, z, y → ∂L/∂z."""

from __future__ import annotations

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
    gradient_of,
    no_shift,
    rows,
    wrong_axis,
)


def _chained(by_y_hat: Callable[[Classification], Any]) -> Prediction:
    """Return the prediction of the chain rule through softmax from a ∂L/∂ŷ."""

    def predict(case: Classification, reduction: str) -> Any:
        g, p = by_y_hat(case), case.y_hat
        return p * (g - class_sum(case, g * p)) * case.scale(reduction)

    return predict


def _minus_columns(case: Classification, reduction: str) -> Any:
    """Return ŷ less 1 in the whole columns of all labels."""
    labels = batch_labels(case)
    if labels is None:
        return NotImplemented
    y_hat = rows(case, case.y_hat)
    y_hat[:, labels] -= 1
    return np.moveaxis(y_hat, -1, case.axis) * case.scale(reduction)


GRADIENT = (
    Mistake(
        "all zeros",
        "the gradient is 0 everywhere",
        "return (ŷ − y){over}",
        (lambda case, _: np.zeros(case.z.shape),),
    ),
    Mistake(
        "wrong sign",
        "it is y − ŷ: a step against it climbs",
        "return (ŷ − y){over}",
        (lambda case, reduction: -case.gradient(reduction),),
    ),
    Mistake(
        "− y is missing",
        "it returns ŷ, as if no class were right",
        "return (ŷ − y){over}",
        (
            lambda case, reduction: case.y_hat * case.scale(reduction),
            lambda case, reduction: case.y_hat,
        ),
    ),
    Mistake(
        "ŷ is missing",
        "it returns −y, the derivative of −Σ y z alone",
        "return (ŷ − y){over}",
        (lambda case, reduction: -case.weights * case.scale(reduction),),
    ),
    *(
        Mistake(
            name,
            f"the direction is right, but {words}",
            "for reduction={reduction!r}, return (ŷ − y){over}",
            (lambda case, reduction, number=number: case.gradient("sum") / number(case),),
        )
        for name, words, number in DIVISORS
    ),
    Mistake(
        "transposed",
        "the numbers are right, but rows and columns are swapped",
        "return the gradient in the shape of z",
        (lambda case, reduction: case.gradient(reduction).T,),
    ),
    Mistake(
        "only the diagonal of softmax's Jacobian",
        "∂ŷᵢ/∂zᵢ = ŷᵢ(1 − ŷᵢ) is not all: each logit moves the other classes too, by −ŷᵢŷⱼ",
        "sum over all classes, ∂L/∂zⱼ = Σᵢ ∂L/∂ŷᵢ ŷᵢ(δ(i, j) − ŷⱼ), which is ŷⱼ − yⱼ",
        (
            lambda case, reduction: -case.weights * (1 - case.y_hat) * case.scale(reduction),
            lambda case, reduction: case.y_hat * (1 - case.y_hat) * case.scale(reduction),
            lambda case, reduction: (
                (case.y_hat - case.weights) * case.y_hat * (1 - case.y_hat) * case.scale(reduction)
            ),
        ),
    ),
    Mistake(
        "the gradient by ŷ",
        "it returns −y/ŷ, ∂L/∂ŷ, and leaves out softmax",
        "go on through softmax: (ŷ − y){over}",
        (lambda case, reduction: -case.weights / case.y_hat * case.scale(reduction),),
    ),
    Mistake(
        "the labels take whole columns",
        "ŷ[:, y] −= 1 takes 1 from every example's entry of every label",
        "take one entry an example: ŷ[np.arange(m), y] −= 1 for rows",
        (_minus_columns,),
    ),
    Mistake(
        "the wrong axis",
        "its softmax normalises over the examples instead of the classes",
        AXIS_FIX,
        (gradient_of(wrong_axis),),
    ),
    Mistake(
        "one sum over the whole array",
        "in its softmax all entries together sum to 1, instead of each example's",
        AXIS_FIX,
        (gradient_of(global_sum),),
    ),
    *(
        Mistake(
            "clipped probabilities",
            f"ŷ is kept above ε = {epsilon:.3g}, or ε is added: where ŷ is smaller, the gradient "
            "is 0 instead of ŷ − y",
            "take the gradient as (ŷ − y){over}, or the loss from the logits, and clip nothing",
            (
                _chained(
                    lambda case, e=epsilon: np.where(
                        case.y_hat < e, 0.0, -case.weights / np.maximum(case.y_hat, e)
                    )
                ),
                _chained(lambda case, e=epsilon: -case.weights / (case.y_hat + e)),
                _chained(lambda case, e=epsilon: -case.weights / np.maximum(case.y_hat, e)),
            ),
        )
        for epsilon in EPSILONS
    ),
    Mistake("no max-shift", SHIFT, SHIFT_FIX, (gradient_of(no_shift),)),
    Mistake(
        "the maximum of the whole array",
        "an example far below another one underflows to 0/0",
        SHIFT_FIX,
        (gradient_of(global_shift),),
    ),
    Mistake(
        "the way through −y/ŷ",
        "where ŷ underflows to 0, −y/ŷ · ŷ is 0/0, nan",
        "cancel ŷ by hand first: (ŷ − y){over}",
        (
            _chained(lambda case: -case.weights / case.y_hat),
            _chained(lambda case: np.where(case.weights == 0, 0.0, -case.weights / case.y_hat)),
        ),
    ),
)
