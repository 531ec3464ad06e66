"""The ways in which an input is moved: each entry by itself, or all in random directions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Coordinates:
    """One entry after the other, each by a step of its own.

    Parameters
    ----------
    shape : tuple of int
        Of the input.
    places : array of int, shape (n,)
        Of the entries that are moved, in row-major order.
    steps : array of float, shape (n,)
    """

    shape: tuple[int, ...]
    places: np.ndarray
    steps: np.ndarray

    def parts(self, width: int) -> Iterator[slice]:
        """Return parts of the ways, whose ends are few enough to have at once."""
        return _parts(len(self.steps), width)

    def direction(self, n: int) -> np.ndarray:
        """Return the n-th way as a vector of the input's shape."""
        return unit_vector(self.shape, int(self.places[n]))

    def derivatives(self, gradient: np.ndarray) -> np.ndarray:
        """Return the slope along each way that a gradient claims."""
        return gradient.ravel()[self.places]

    def lengths(self, gradient: np.ndarray) -> np.ndarray:
        """Return the length of what the gradient has along each way."""
        return np.abs(self.derivatives(gradient))

    def ends(self, x: np.ndarray, part: slice) -> np.ndarray:
        """Return x moved forth along each way of a part, back along each, and unmoved."""
        places, steps = self.places[part], self.steps[part]
        n = len(places)
        moved = np.repeat(x.reshape(-1, 1), 2 * n + 1, axis=1)
        moved[places, np.arange(n)] += steps
        moved[places, np.arange(n, 2 * n)] -= steps
        return moved.reshape(*x.shape, 2 * n + 1)


@dataclass(frozen=True)
class Directions:
    """All entries at once, along vectors.

    Parameters
    ----------
    vectors : list of array
        Each of the input's shape.
    steps : array of float, shape (n,)
    """

    vectors: list[np.ndarray]
    steps: np.ndarray

    def parts(self, width: int) -> Iterator[slice]:
        """Return parts of the ways, whose ends are few enough to have at once."""
        return _parts(len(self.steps), width)

    def direction(self, n: int) -> np.ndarray:
        """Return the n-th way as a vector of the input's shape."""
        return self.vectors[n]

    def derivatives(self, gradient: np.ndarray) -> np.ndarray:
        """Return the slope along each way that a gradient claims."""
        return np.array([np.sum(gradient * d) for d in self.vectors])

    def lengths(self, gradient: np.ndarray) -> np.ndarray:
        """Return the length of what the gradient has along each way."""
        return np.array([np.linalg.norm(gradient * d) for d in self.vectors])

    def ends(self, x: np.ndarray, part: slice) -> np.ndarray:
        """Return x moved forth along each way of a part, back along each, and unmoved."""
        moves = [h * d for h, d in zip(self.steps[part], self.vectors[part], strict=True)]
        return np.stack([*(x + d for d in moves), *(x - d for d in moves), x], axis=-1)


def _parts(count: int, width: int) -> Iterator[slice]:
    length = max(1, width // 2)
    return (slice(start, start + length) for start in range(0, count, length))


def random_signs(rng: np.random.Generator, x: np.ndarray, step: float | None) -> np.ndarray:
    """Draw ±1 for each entry, times what the step is relative to; 0 where x is not finite."""
    signs = np.where(rng.random(x.shape) < 0.5, -1.0, 1.0) * unit_of(x, step)
    return np.where(np.isfinite(x), signs, 0.0)


def unit_of(x: np.ndarray, step: float | None) -> np.ndarray:
    """Return what the step of each entry is relative to: max(1, |x|), as a power of two.

    A step that somebody gave is taken as it is.
    """
    if step:
        return np.ones_like(x)
    size = np.maximum(1, np.abs(x))
    return np.exp2(np.floor(np.log2(np.where(np.isfinite(size), size, 1))))


def unit_vector(shape: tuple[int, ...], place: int) -> np.ndarray:
    """Return a 1 at a place, counted in row-major order, and 0 elsewhere."""
    vector = np.zeros(shape)
    vector.flat[place] = 1
    return vector
