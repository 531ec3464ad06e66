"""Subject: what is compared, whether it is a graph or a plain function of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from minigraph.testing.recorded import Recorded

Arrays = list[np.ndarray]

# So many entries of all points together are held at once: 32 MiB.
ENTRIES = 2**22


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
    record : callable, optional
        Returns φ at many points at once, for inputs that are moved as far as its argument says,
        or raises whatever tells that it cannot be had.
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
    record: Callable[[Arrays], Recorded] | None = None
    # The values in the precision that φ is computed in, which are moved.
    point: Arrays = field(init=False)

    def __post_init__(self) -> None:
        self.point = [widened(value) for value in self.values]
        self._recorded: Recorded | None = None

    def prepare(self, moves: Arrays) -> None:
        """Find out whether φ can be had at many points at once, which is much quicker.

        Where it cannot, for whatever reason, it is computed at one point after the other.

        Parameters
        ----------
        moves : list of array
            How far each input will be moved.
        """
        if self.record is not None:
            with suppress(Exception):
                self._recorded = self.record(moves)

    def width(self, i: int) -> int:
        """Return at how many points to ask for φ at once, when input i is moved."""
        if self._recorded is not None:
            return self._recorded.width
        return max(1, ENTRIES // max(1, self.point[i].size))

    def sample(self, i: int, moved: np.ndarray) -> np.ndarray:
        """Return φ at each of n points: input i is moved, and the others stay.

        Parameters
        ----------
        i : int
        moved : array, shape (..., n)
            The places of input i, side by side along the last axis.
        """
        if self._recorded is not None:
            try:
                return self._recorded(i, moved)
            except Exception:  # of an op on a batch; what it means is seen one by one
                self._recorded = None
        point, values = list(self.point), []
        for place in np.moveaxis(moved, -1, 0):
            point[i] = place
            values.append(self.project(list(point)))
        return np.array(values)

    def line(self, i: int, direction: np.ndarray) -> Callable[[Any], Any]:
        """Return φ along a line: input i moved in a direction."""

        def along(t: Any) -> Any:
            moved = list(self.point)
            moved[i] = self.point[i] + t * direction
            return self.project(moved)

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
