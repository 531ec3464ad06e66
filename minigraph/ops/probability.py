"""The softmax family: composites, each one node in the graph, written in other ops.

All shift by the maximum, so that no finite logits overflow, and sum what is *not* the maximum
apart from it, so that a confident prediction keeps its digits: log(1 + 4e-18) is 4e-18 and not 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.errors import AxisError, LabelError, ShapeError
from minigraph.facts import Fact, Positive, SumsToOne
from minigraph.op import Composite
from minigraph.ops.reduction import Axis, kept

Reduction = Literal["mean", "sum", "none"]


def _log_sum_exp(xp: Any, shifted: Any, axis: Axis) -> Any:
    """Return log Σ exp(d), with the axis kept, for d whose largest entry is 0."""
    e = xp.exp(shifted)
    below = e * xp.sign(shifted)  # 0 at the maximum, −e elsewhere
    ties = xp.sum(e + below, axis=axis, keepdims=True)
    return xp.log1p((ties - 1) - xp.sum(below, axis=axis, keepdims=True))


@dataclass(frozen=True)
class LogSumExp(Composite):
    """The logarithm of a sum of exponentials: log Σⱼ exp(xⱼ). ∂L/∂x = g · softmax(x).

    Parameters
    ----------
    x : array_like of float
        Any finite numbers, and −inf; all −inf gives −inf.
    axis : int, tuple of int or None
    keepdims : bool
        Keep the axes, with length 1.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.logsumexp([1000.0, 1000.0]).value
    array(1000.69314718)
    """

    axis: Axis = -1
    keepdims: bool = False

    def forward(self, xp: Any, x: Any) -> Any:
        top = xp.max(x, axis=self.axis, keepdims=True)
        top = xp.where(top == -math.inf, 0, top)
        output = top + _log_sum_exp(xp, x - top, self.axis)
        if self.keepdims:
            return output
        axes = tuple(range(x.ndim)) if self.axis is None else self.axis
        return xp.squeeze(output, axis=axes)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        shape = kept(x, self.axis)
        # All -inf: any mixture of the entries is a subgradient; the one of least norm is even.
        x = xp.where(xp.reshape(output, shape) == -math.inf, 0, x)
        return (xp.reshape(cotangent, shape) * _softmax(self.axis).on(xp, x),)


@dataclass(frozen=True)
class Softmax(Composite):
    """Probabilities from logits: ŷᵢ = exp(zᵢ) / Σⱼ exp(zⱼ).

    ∂ŷᵢ/∂zⱼ = ŷᵢ(δ(i, j) − ŷⱼ), so that ∂L/∂z = ŷ · (g − Σ g ŷ).

    Parameters
    ----------
    z : array_like of float
        The logits; −inf (masked) gives 0, but where all are masked there is nothing to choose
        from, and the probabilities are nan.
    axis : int, tuple of int or None
        The axis of the classes: −1 for rows (m, k), 0 for the lecture's columns (k, m).

    Raises
    ------
    AxisError
        If an axis is out of range.

    Notes
    -----
    Slide "Softmax function".

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.softmax([0.28, -0.05, 0.02]).value.round(4)
    array([0.4016, 0.2887, 0.3097])
    """

    axis: Axis = -1

    remedy = "leave at least one logit of each example above -inf"

    @property
    def facts(self) -> tuple[Fact, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The output is positive, and sums to 1."""
        return Positive(), SumsToOne(self.axis)

    def forward(self, xp: Any, z: Any) -> Any:
        e = xp.exp(z - xp.max(z, axis=self.axis, keepdims=True))
        return e / xp.sum(e, axis=self.axis, keepdims=True)

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any) -> tuple[Any, ...]:
        mean = xp.sum(cotangent * output, axis=self.axis, keepdims=True)
        return (output * (cotangent - mean),)


@dataclass(frozen=True)
class LogSoftmax(Composite):
    """The logarithm of the softmax: log ŷᵢ = zᵢ − log Σⱼ exp(zⱼ).

    ∂L/∂z = g − ŷ Σ g, summed so that nothing cancels where ŷ is close to 1.

    Parameters
    ----------
    z : array_like of float
        The logits; −inf (masked) stays −inf.
    axis : int, tuple of int or None
        The axis of the classes.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.log_softmax([0.0, -40.0]).value
    array([-4.24835426e-18, -4.00000000e+01])
    """

    axis: Axis = -1

    def forward(self, xp: Any, z: Any) -> Any:
        shifted = z - xp.max(z, axis=self.axis, keepdims=True)
        return shifted - _log_sum_exp(xp, shifted, self.axis)

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any) -> tuple[Any, ...]:
        return (_log_softmax_pullback(xp, -cotangent, output, self.axis),)


# Ops are values: equal parameters give the same op, made once.
_softmax = lru_cache(Softmax)
_log_softmax = lru_cache(LogSoftmax)


def _log_softmax_pullback(xp: Any, g: Any, log_y_hat: Any, axis: Axis) -> Any:
    """Return ŷ Σg − g, which is ŷ − y for g = y, so that its digits survive where ŷ is close to 1.

    It is ŷ (Σg − g) − g (1 − ŷ), and −(1 − ŷ) = expm1(log ŷ).
    """
    others = xp.sum(g, axis=axis, keepdims=True) - g
    return g * xp.expm1(log_y_hat) + xp.exp(log_y_hat) * others


def _check_targets(axis: int, prediction: Any, y: Any) -> None:
    """Refuse targets that would merely broadcast, and labels that are no class."""
    if type(axis) is not int or not -prediction.ndim <= axis < prediction.ndim:
        raise AxisError(
            f"there is no axis {axis} of classes in shape {prediction.shape}",
            "it is one int: -1 for rows of classes, 0 for columns",
        )
    axis %= prediction.ndim
    if not prediction.shape[axis]:
        raise ShapeError(
            f"there are no classes in shape {prediction.shape} along axis {axis}",
            "give at least one class",
        )
    if y.shape == prediction.shape:
        return
    examples = prediction.shape[:axis] + prediction.shape[axis + 1 :]
    if y.shape != examples:
        raise ShapeError(
            f"targets of shape {y.shape} do not match predictions of shape {prediction.shape} "
            f"with their classes along axis {axis}",
            f"give targets of shape {prediction.shape}, or labels of shape {examples}",
        )
    if y.dtype.kind not in "iu":
        raise LabelError(
            f"labels are integers, not {y.dtype}", "labels.astype(int), if they are whole numbers"
        )
    k = prediction.shape[axis]
    wrong = (y < 0) | (y >= k)
    if wrong.any():
        raise LabelError(
            f"label {y[wrong].flat[0]} is out of range for {k} classes, 0 to {k - 1}",
            "count classes from 0, or name them: mg.one_hot(labels, classes=[1, 2, 3])",
        )


def _weights(xp: Any, y: Any, like: Any, axis: int) -> Any:
    """Return the targets as weights of the classes: y itself, or one-hot from integer labels."""
    if y.ndim == like.ndim:
        return y
    axis %= like.ndim
    classes = xp.reshape(
        xp.arange(like.shape[axis]), tuple(-1 if i == axis else 1 for i in range(like.ndim))
    )
    return xp.where(xp.expand_dims(y, axis=axis) == classes, xp.ones_like(like), 0)


def _safe(xp: Any, y: Any, y_hat: Any) -> Any:
    """Return ŷ, but 1 where both y and ŷ are 0: there 0 · log 0 is 0, and so is its derivative."""
    return xp.where(y == 0, xp.where(y_hat == 0, 1, y_hat), y_hat)


def _product(xp: Any, y: Any, logs: Any) -> Any:
    """Return y · logs in the dtype of the logs: whole or float64 targets leave float32 as it is."""
    terms = y * logs
    return terms if terms.dtype == logs.dtype else xp.astype(terms, logs.dtype)


def _reduce(xp: Any, terms: Any, axis: int, reduction: Reduction) -> Any:
    """Sum the terms of each example; take the mean over the examples, or the sum, or leave them."""
    if reduction == "none":
        return xp.sum(terms, axis=axis)
    # Divide first: the mean of large losses is finite where their sum is not.
    return xp.sum(terms / _examples(terms, axis) if reduction == "mean" else terms)


def _examples(x: Any, axis: int) -> int:
    return math.prod(x.shape) // x.shape[axis]


def _spread(xp: Any, cotangent: Any, like: Any, axis: int, reduction: Reduction) -> Any:
    """Return the cotangent of the terms that `_reduce` summed: the loss's, one an example."""
    if reduction == "none":
        return xp.expand_dims(cotangent, axis=axis)
    return cotangent / _examples(like, axis) if reduction == "mean" else cotangent


@dataclass(frozen=True)
class CrossEntropy(Composite):
    """The loss of predicted probabilities: L = −(1/m) Σᵤ Σᵢ yᵢ log ŷᵢ, with 0 · log 0 = 0.

    ∂L/∂ŷᵢ = −yᵢ / (m ŷᵢ), and 0 off the label.

    Parameters
    ----------
    y_hat : array_like of float, shape (..., k, ...)
        Probabilities, k classes along ``axis``.
    y : array_like
        One-hot or soft targets of y_hat's shape, or the integer labels 0..k−1, without the axis.
    axis : int
        The axis of the classes.
    reduction : {"mean", "sum", "none"}
        Over the examples: "none" leaves one loss an example.

    Raises
    ------
    ShapeError
        If the shape of y is neither (it must not merely broadcast).
    LabelError
        If integer labels are out of range, or labels are not integers.

    Notes
    -----
    Slides "Loss function" and "Generalization - Batch".

    Examples
    --------
    >>> import minigraph as mg
    >>> y_hat = mg.constant([0.4016, 0.2887, 0.3097], name="ŷ")
    >>> round(float(mg.cross_entropy(y_hat, 0)), 4)
    0.9123
    """

    axis: int = -1
    reduction: Reduction = "mean"

    remedy = "take the loss from the logits: mg.softmax_cross_entropy(z, y)"

    def check(self, y_hat: Any, y: Any) -> None:
        _check_targets(self.axis, y_hat, y)

    def forward(self, xp: Any, y_hat: Any, y: Any) -> Any:
        y = _weights(xp, y, y_hat, self.axis)
        logs = xp.log(_safe(xp, y, y_hat))
        return -_reduce(xp, _product(xp, y, logs), self.axis, self.reduction)

    def backward(self, xp: Any, cotangent: Any, output: Any, y_hat: Any, y: Any) -> tuple[Any, ...]:
        g = _spread(xp, cotangent, y_hat, self.axis, self.reduction)
        weights = _weights(xp, y, y_hat, self.axis)
        return (
            lambda: -(g * weights / _safe(xp, weights, y_hat)),
            lambda: -(g * xp.log(y_hat)),
        )


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Composite):
    """The cross-entropy of the softmax, from logits: L = −(1/m) Σᵤ Σᵢ yᵢ log softmax(z)ᵢ.

    ∂L/∂z = (ŷ Σy − y)/m, which is (ŷ − y)/m for targets that sum to 1.

    Right to the last digits for any finite logits and for −inf (masked) logits of wrong classes;
    a confident prediction keeps its digits in the loss and in the gradient.

    Parameters
    ----------
    z : array_like of float, shape (..., k, ...)
        The logits, k classes along ``axis``.
    y : array_like
        One-hot or soft targets of z's shape, or the integer labels 0..k−1, without the axis.
    axis : int
        The axis of the classes.
    reduction : {"mean", "sum", "none"}
        Over the examples: "none" leaves one loss an example.

    Raises
    ------
    ShapeError
        If the shape of y is neither (it must not merely broadcast).
    LabelError
        If integer labels are out of range, or labels are not integers.

    Examples
    --------
    >>> import minigraph as mg
    >>> z = mg.parameter([0.0, -40.0], name="z")
    >>> loss = mg.softmax_cross_entropy(z, 0)
    >>> loss.backward()
    >>> print(loss.value, z.grad)
    4.248354255291589e-18 [-4.24835426e-18  4.24835426e-18]
    """

    axis: int = -1
    reduction: Reduction = "mean"

    saves = True

    def check(self, z: Any, y: Any) -> None:
        _check_targets(self.axis, z, y)

    def forward(self, xp: Any, z: Any, y: Any) -> tuple[Any, Any]:
        y = _weights(xp, y, z, self.axis)
        if xp is NUMPY and (found := self._usual(z, y)):
            return found
        log_y_hat = _log_softmax(self.axis).on(xp, z)
        possible = xp.where(log_y_hat == -math.inf, 0, log_y_hat)  # where y is 0: 0 · log 0 = 0
        terms = _product(xp, y, xp.where(y == 0, possible, log_y_hat))
        return -_reduce(xp, terms, self.axis, self.reduction), log_y_hat

    def _usual(self, z: Any, y: Any) -> tuple[Any, Any] | None:
        """Return what `forward` does by half the calls to NumPy, which matter for small batches.

        None where it takes them all: the largest logits tie, a logit is masked, the sum of the
        losses overflows.
        """
        axis = self.axis
        top = np.maximum.reduce(z, axis, keepdims=True)
        shifted = z - top
        others = np.exp(shifted)
        others *= np.sign(shifted)  # 0 at the maximum, −e elsewhere
        log_y_hat = shifted - np.log1p(-np.add.reduce(others, axis, keepdims=True))
        ties = shifted.size - np.count_nonzero(shifted) != top.size
        if ties or self.reduction == "none":
            return None
        loss = -np.add.reduce(_product(NUMPY, y, log_y_hat), None)
        if self.reduction == "mean":
            loss /= top.size
        return (loss, log_y_hat) if math.isfinite(loss) else None

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any, y: Any) -> tuple[Any, ...]:
        log_y_hat = output[1]
        g = _spread(xp, cotangent, z, self.axis, self.reduction)
        weights = _weights(xp, y, z, self.axis)
        return (
            lambda: _log_softmax_pullback(xp, g * weights, log_y_hat, self.axis),
            lambda: -(g * log_y_hat),
        )
