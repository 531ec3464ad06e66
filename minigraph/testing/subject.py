"""Subject: what is compared, whether it is a graph or a plain function of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = list[np.ndarray]


@dataclass
class Subject:
    """A scalar φ = Σ v·f(x, ...) of some arrays, and the gradient that is claimed for it.

    Attributes
    ----------
    title : str
        What the function is called.
    order : int
        Of the derivative that is claimed.
    names : list of str
        Of the inputs that are compared.
    values : list of array
        Of these inputs, in the dtype that they were given in.
    claimed : list of (array or None)
        ∂φ/∂input as it is claimed; None claims 0.
    cotangent : array
        v.
    project : callable
        φ as a number, for a list of arrays in the place of the values.
    size : float
        Of the terms of φ, and of the functions that it is the derivative of: what is rounded.
    eps : float
        The precision that φ is computed in.
    scaled : callable
        For a factor c, the claimed gradients for the cotangent c·v.
    shapes : dict of str to tuple
        Of all inputs that are arrays, those that are data too.
    analytic : bool
        Whether it is worth a try to give φ complex numbers.
    """

    title: str
    order: int
    names: list[str]
    values: Arrays
    claimed: Sequence[np.ndarray | None]
    cotangent: np.ndarray
    project: Callable[[Arrays], Any]
    size: float
    eps: float
    scaled: Callable[[float], Sequence[np.ndarray | None]]
    shapes: dict[str, tuple[int, ...]]
    analytic: bool = False
    # The values in the precision that φ is computed in, which are moved.
    point: Arrays = field(init=False)

    def __post_init__(self) -> None:
        self.point = [widened(value) for value in self.values]

    def line(self, i: int | None, directions: Any) -> Callable[[Any], Any]:
        """Return φ along a line: input i moved in a direction, or each input in one of its own."""
        point, project = self.point, self.project

        def along(t: Any) -> Any:
            if i is None:
                return project([x + t * d for x, d in zip(point, directions, strict=True)])
            moved = list(point)
            moved[i] = point[i] + t * directions
            return project(moved)

        return along


def widened(array: np.ndarray) -> np.ndarray:
    """Return a copy in float64, or better if it was: differences of float32 have few digits."""
    return np.array(array, dtype=np.promote_types(array.dtype, np.float64), order="C")


def random_cotangent(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Draw a cotangent whose entries differ, none of them being close to 0.

    Never all ones: along those the gradient of a softmax, right or wrong, may well be 0.
    """
    size = rng.uniform(0.5, 1.5, shape)
    return np.asarray(np.where(rng.random(shape) < 0.5, -size, size), dtype=dtype)


def same_bits(a: Any, b: Any) -> bool:
    """Return whether two arrays are the same in shape, dtype and every bit, nan included."""
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
