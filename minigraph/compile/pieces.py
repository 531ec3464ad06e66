"""Ops that NumPy has and minigraph's users have no need of: what quick forms are made of.

They have no gradients: they take part only where the gradient is there already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.op import Op


@dataclass(frozen=True)
class PutAt(Op):
    """The array x with other numbers at some of its places, counted in row-major order."""

    notation = "{} [{} ← {}]"

    def forward(self, xp: Any, x: Any, places: Any, numbers: Any) -> Any:
        """Return x with the numbers at the places."""
        result = np.array(x)
        result.reshape(-1)[places] = numbers
        return result


@dataclass(frozen=True)
class Together(Op):
    """An array put together from pieces: places, counted in row-major order, and their numbers."""

    shape: tuple[int, ...]

    def forward(self, xp: Any, *pieces: Any) -> Any:
        """Return the array."""
        result = np.empty(math.prod(self.shape), pieces[1].dtype)
        for places, numbers in zip(pieces[::2], pieces[1::2], strict=True):
            result[places] = numbers
        return result.reshape(self.shape)


@dataclass(frozen=True)
class LabelsOf(Op):
    """The labels of one-hot targets: where along the axis the 1 is.

    In a plan it looks, too, whether that is what they are, and gives up if not.
    """

    axis: int

    def forward(self, xp: Any, y: Any) -> Any:
        """Return the labels."""
        return np.argmax(y, axis=self.axis)


@dataclass(frozen=True)
class LogAddExp(Op):
    """The logarithm of a sum of two exponentials, entry by entry: NumPy's own."""

    elementwise = True
    notation = "log(e^{} + e^{})"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        """Return log(eᵃ + eᵇ)."""
        return np.logaddexp(a, b)


put_at = PutAt()
log_add_exp = LogAddExp()
