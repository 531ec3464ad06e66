"""A classification to test on: logits, targets, and the right answers in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Classification:
    """Logits and targets that fit together, and what softmax and cross-entropy make of them.

    The answers are plain NumPy in float64, written down apart from the ops of minigraph.

    Parameters
    ----------
    z : numpy.ndarray of float
        The logits, k classes along ``axis``.
    y : numpy.ndarray
        Targets of z's shape (one-hot or soft), or integer labels, without the axis.
    axis : int
        The axis of the classes: −1 for rows (m, k), 0 for columns (k, m).

    Examples
    --------
    >>> import numpy as np
    >>> from minigraph.testing.classification import Classification
    >>> case = Classification(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([0, 1]))
    >>> case
    Classification(z=[[0.0, 0.0], [0.0, 0.0]], y=[0, 1], axis=-1)
    >>> case.y_hat.tolist(), case.gradient("mean").tolist()
    ([[0.5, 0.5], [0.5, 0.5]], [[-0.25, 0.25], [0.25, -0.25]])
    """

    z: np.ndarray
    y: np.ndarray
    axis: int = -1

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # hypothesis would list the fields

    def __repr__(self) -> str:
        return f"Classification(z={self.z.tolist()}, y={self.y.tolist()}, axis={self.axis})"

    @property
    def k(self) -> int:
        """How many classes."""
        return self.z.shape[self.axis]

    @property
    def m(self) -> int:
        """How many examples."""
        return self.z.size // self.k

    @property
    def weights(self) -> np.ndarray:
        """The targets in z's shape: labels become one-hot."""
        if self.y.ndim == self.z.ndim:
            return self.y
        axis = self.axis % self.z.ndim
        return np.moveaxis(np.eye(self.k)[self.y], -1, axis)

    @property
    def log_y_hat(self) -> np.ndarray:
        """Log ŷᵢ = dᵢ − log Σⱼ exp(dⱼ), with d = z − max z.

        The largest exponential is 1; log1p of the others keeps the digits of a confident ŷ.
        """
        with np.errstate(all="ignore"):
            d = self.z - self.z.max(axis=self.axis, keepdims=True)
            others = np.delete(np.sort(np.exp(d), axis=self.axis), -1, axis=self.axis)
            return d - np.log1p(others.sum(axis=self.axis, keepdims=True))

    @property
    def y_hat(self) -> np.ndarray:
        """ŷ = softmax(z)."""
        return np.exp(self.log_y_hat)

    def loss(self, reduction: str) -> np.ndarray:
        """Return L = −Σᵢ yᵢ log ŷᵢ of each example, with 0 · log 0 = 0; or their mean or sum."""
        logs = np.where(self.weights == 0, 0.0, self.log_y_hat)
        with np.errstate(over="ignore"):
            losses = -(self.weights * logs).sum(axis=self.axis)
            # Divided first: the mean of large losses is finite where their sum is not.
            return losses if reduction == "none" else (losses * self.scale(reduction)).sum()

    def gradient(self, reduction: str) -> np.ndarray:
        """Return ∂L/∂z = ŷ Σy − y, over m for the mean: ŷ − y for targets that sum to 1.

        Written as ŷ(Σy − y) − y(1 − ŷ), so that nothing cancels where ŷ is close to 1.
        """
        y, log_y_hat = self.weights, self.log_y_hat
        others = y.sum(axis=self.axis, keepdims=True) - y
        return (np.exp(log_y_hat) * others + y * np.expm1(log_y_hat)) * self.scale(reduction)

    def scale(self, reduction: str) -> float:
        """Return what each example counts: 1/m for the mean, else 1."""
        return 1 / self.m if reduction == "mean" else 1.0

    def representable(self, naive: bool) -> bool:
        """Say whether floats can hold the loss; with ``naive`` also ŷ where y is not 0."""
        logs = self.log_y_hat[self.weights != 0]
        least = logs.min() if logs.size else 0.0
        # exp(−600) squared would be 0, but neither it nor its reciprocal needs squaring.
        return bool(least > -600) if naive else -float(least) * self.m < 1e300

    def as_given(self) -> tuple[np.ndarray, np.ndarray | int]:
        """Return copies of z and y as a function gets them: one label is a Python int."""
        return self.z.copy(), int(self.y) if self.y.ndim == 0 else self.y.copy()
