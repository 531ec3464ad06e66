"""What predictions of mistakes are made of: wrong softmaxes, wrong sums, wrong divisors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.mistake import Prediction

SHIFT = "exp(z) overflows for big logits, and is 0 for all classes for very negative ones"
SHIFT_FIX = "subtract the maximum of each example: exp(z - z.max(axis={axis}, keepdims=True))"
AXIS_FIX = "sum over the classes: axis={axis}, keepdims=True"

# The epsilons that are around, the float's own among them.
EPSILONS = (
    *(10.0**-n for n in range(2, 31)),
    *(float(np.finfo(dtype).eps) for dtype in (np.float32, np.float64)),
    *(float(np.finfo(dtype).tiny) for dtype in (np.float32, np.float64)),
    *(1e-37, 1e-38, 1e-40, 1e-45, 1e-50, 1e-100, 1e-300),
)

# What a sum over the examples may be divided by: the name, the words, the number.
DIVISORS: tuple[tuple[str, str, Callable[[Classification], int]], ...] = (
    ("mean forgotten", "it is the sum over the m examples, not their mean", lambda case: 1),
    ("mean instead of sum", "it is divided by m, the number of examples", lambda case: case.m),
    (
        "mean over all entries",
        "it is divided by m·k, all entries, instead of m, the examples",
        lambda case: case.m * case.k,
    ),
    (
        "mean over the classes",
        "it is divided by k, the number of classes, instead of m, the examples",
        lambda case: case.k,
    ),
    ("mean taken twice", "it is divided by m twice", lambda case: case.m**2),
)


def class_sum(case: Classification, x: Any) -> Any:
    """Return the sums over the classes, with the axis kept."""
    return x.sum(axis=case.axis, keepdims=True)


def shifted(case: Classification) -> Any:
    """Return z − max z, of each example."""
    return case.z - case.z.max(axis=case.axis, keepdims=True)


def wrong_axis(case: Classification) -> Any:
    """Return the softmax along the other axis, if there is one."""
    if case.z.ndim < 2:
        return NotImplemented
    return Classification(case.z, case.weights, -1 - case.axis % 2).y_hat


def no_shift(case: Classification) -> Any:
    """Return the softmax as it is defined."""
    e = np.exp(case.z)
    return e / class_sum(case, e)


def global_shift(case: Classification) -> Any:
    """Return the softmax with the maximum of all examples subtracted."""
    e = np.exp(case.z - case.z.max())
    return e / class_sum(case, e)


def global_sum(case: Classification) -> Any:
    """Return exponentials over the sum of them all."""
    e = np.exp(case.z - case.z.max())
    return e / e.sum()


def reduced(case: Classification, losses: Any, reduction: str) -> Any:
    """Return the losses of the examples, their mean, or their sum."""
    return losses if reduction == "none" else losses.sum() * case.scale(reduction)


def loss_of_logs(case: Classification, logs: Any, reduction: str) -> Any:
    """Return the loss that these log ŷ give, with 0 · log 0 = 0."""
    terms = np.where(case.weights == 0, 0.0, case.weights * logs)
    return reduced(case, -terms.sum(axis=case.axis), reduction)


def loss_of(y_hat: Callable[[Classification], Any]) -> Prediction:
    """Return the prediction of a loss that takes the logarithm of a wrong ŷ."""

    def predict(case: Classification, reduction: str) -> Any:
        wrong = y_hat(case)
        if wrong is NotImplemented:
            return wrong
        return loss_of_logs(case, np.log(wrong), reduction)

    return predict


def gradient_of(y_hat: Callable[[Classification], Any]) -> Prediction:
    """Return the prediction of a gradient ŷ − y with a wrong ŷ."""

    def predict(case: Classification, reduction: str) -> Any:
        wrong = y_hat(case)
        if wrong is NotImplemented:
            return wrong
        return (wrong - case.weights) * case.scale(reduction)

    return predict


def batch_labels(case: Classification) -> Any:
    """Return the labels of a batch, or None where the targets are something else."""
    return case.y if case.y.ndim == case.z.ndim - 1 > 0 else None


def rows(case: Classification, x: Any) -> Any:
    """Return an array as rows of classes."""
    return np.moveaxis(x, case.axis, -1).reshape(case.m, case.k)
