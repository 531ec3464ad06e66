"""Ops that move entries about without changing them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from minigraph.op import Op


@dataclass(frozen=True)
class MatrixTranspose(Op):
    """The transpose of a matrix, or of each matrix of a batch: the last two axes swapped.

    ∂L/∂x = gᵀ.

    Parameters
    ----------
    x : array_like, shape (..., n, m)

    Raises
    ------
    ShapeError
        If x has fewer than two axes.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.matrix_transpose([[1.0, 2.0]]).value
    array([[1.],
           [2.]])
    """

    __slots__ = ()
    notation = "{}ᵀ"

    def forward(self, xp: Any, x: Any) -> Any:
        return x.mT

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent.mT,)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"a matrix has two axes, shape {shapes[0]} has {len(shapes[0])}",
            "make a column of a vector first: mg.expand_dims(x, axis=1)",
        )


@dataclass(frozen=True)
class PermuteDims(Op):
    """The axes in another order. The cotangent's axes go back to the first order.

    Parameters
    ----------
    x : array_like
    axes : tuple of int
        Axis i of the output is axis ``axes[i]`` of x.

    Raises
    ------
    ShapeError
        If ``axes`` is no permutation of x's axes.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.permute_dims([[1.0, 2.0]], (1, 0)).shape
    (2, 1)
    """

    axes: tuple[int, ...]

    def forward(self, xp: Any, x: Any) -> Any:
        # Not every library counts from the end.
        return xp.permute_dims(x, tuple(i + x.ndim if i < 0 else i for i in self.axes))

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        axes = [axis % x.ndim for axis in self.axes]
        return (xp.permute_dims(cotangent, tuple(axes.index(i) for i in range(x.ndim))),)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"axes {self.axes} are no permutation of the axes of shape {shapes[0]}",
            f"name each of 0 to {len(shapes[0]) - 1} once",
        )


@dataclass(frozen=True)
class Reshape(Op):
    """The same entries in another shape, in row-major order. The cotangent gets x's shape.

    Parameters
    ----------
    x : array_like
    shape : tuple of int
        One length may be −1: what remains.

    Raises
    ------
    ShapeError
        If the number of entries differs.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.reshape([1.0, 2.0, 3.0, 4.0], (2, -1)).value
    array([[1., 2.],
           [3., 4.]])
    """

    shape: tuple[int, ...]

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.reshape(x, self.shape)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.reshape(cotangent, x.shape),)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"the {math.prod(shapes[0])} entries of shape {shapes[0]} do not fill "
            f"shape {self.shape}",
            "the new lengths multiply to the number of entries; one of them may be -1",
        )


@dataclass(frozen=True)
class BroadcastTo(Op):
    """The entries repeated along new axes, and along those of length 1. Cotangents add up.

    Parameters
    ----------
    x : array_like
    shape : tuple of int

    Raises
    ------
    ShapeError
        If x does not broadcast to the shape.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.broadcast_to([1.0, 2.0], (2, 2)).value
    array([[1., 2.],
           [1., 2.]])
    """

    shape: tuple[int, ...]

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.broadcast_to(x, self.shape)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent,)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"shape {shapes[0]} does not broadcast to {self.shape}",
            "only axes of length 1 repeat, and new axes come in front; see mg.expand_dims",
        )


@dataclass(frozen=True)
class ExpandDims(Op):
    """A new axis of length 1. The cotangent loses it again.

    Parameters
    ----------
    x : array_like
    axis : int
        Where it goes, in the output.

    Raises
    ------
    AxisError
        If the axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.expand_dims([1.0, 2.0], axis=0).shape
    (1, 2)
    """

    axis: int

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.expand_dims(x, axis=self.axis)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.reshape(cotangent, x.shape),)


@dataclass(frozen=True)
class Squeeze(Op):
    """One or more axes of length 1 taken away. The cotangent gets them back.

    Parameters
    ----------
    x : array_like
    axis : int or tuple of int

    Raises
    ------
    ShapeError
        If an axis is longer than 1.
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.squeeze([[1.0, 2.0]], axis=0).shape
    (2,)
    """

    axis: int | tuple[int, ...]

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.squeeze(x, axis=self.axis)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.reshape(cotangent, x.shape),)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"axis {self.axis} of shape {shapes[0]} is not of length 1",
            "squeeze takes away axes of length 1 only; see mg.sum, mg.reshape",
        )


@dataclass(frozen=True)
class AsType(Op):
    """The same numbers in another dtype. The cotangent goes back to the first dtype.

    Parameters
    ----------
    x : array_like
    dtype : str
        The dtype's name, as "float32".

    Examples
    --------
    >>> import numpy as np
    >>> from minigraph.namespace import astype
    >>> astype([1, 2], np.float32).value
    array([1., 2.], dtype=float32)
    """

    dtype: str

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.astype(x, getattr(xp, self.dtype))

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent,)


@dataclass(frozen=True)
class Concat(Op):
    """Arrays one after the other along an axis. Each gets its part of the cotangent.

    Parameters
    ----------
    arrays : sequence of array_like
        Of equal lengths but along the axis.
    axis : int or None
        None flattens the arrays first.

    Raises
    ------
    ShapeError
        If other lengths differ, or there is no array.
    AxisError
        If the axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.concat([[[1.0, 2.0]], [[3.0, 4.0]]], axis=0).value
    array([[1., 2.],
           [3., 4.]])
    """

    axis: int

    def forward(self, xp: Any, *arrays: Any) -> Any:
        return xp.concat(arrays, axis=self.axis)

    def backward(self, xp: Any, cotangent: Any, output: Any, *arrays: Any) -> tuple[Any, ...]:
        # The standard wants an index or a slice for each axis.
        before = (slice(None),) * (self.axis % cotangent.ndim)
        after = (slice(None),) * (cotangent.ndim - len(before) - 1)
        parts, stop = [], 0
        for array in arrays:
            start, stop = stop, stop + array.shape[self.axis]
            parts.append(lambda part=slice(start, stop): cotangent[(*before, part, *after)])
        return tuple(parts)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        if () in shapes:
            return "a scalar has no axis to join along", "mg.stack makes a new axis"
        return (
            f"the shapes {' and '.join(map(str, shapes))} differ in more than axis {self.axis}",
            "give the arrays equal lengths along the other axes (mg.stack makes a new axis)",
        )


@dataclass(frozen=True)
class Stack(Op):
    """Arrays of one shape side by side, along a new axis. Each gets its part of the cotangent.

    Parameters
    ----------
    arrays : sequence of array_like
        Of equal shapes.
    axis : int
        Where the new axis goes, in the output.

    Raises
    ------
    ShapeError
        If shapes differ, or there is no array.
    AxisError
        If the axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.stack([[1.0, 2.0], [3.0, 4.0]], axis=1).value
    array([[1., 3.],
           [2., 4.]])
    """

    axis: int

    def forward(self, xp: Any, *arrays: Any) -> Any:
        return xp.stack(arrays, axis=self.axis)

    def backward(self, xp: Any, cotangent: Any, output: Any, *arrays: Any) -> tuple[Any, ...]:
        before = (slice(None),) * (self.axis % cotangent.ndim)
        after = (slice(None),) * (cotangent.ndim - len(before) - 1)
        return tuple(lambda i=i: cotangent[(*before, i, *after)] for i in range(len(arrays)))

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return (
            f"the shapes {' and '.join(map(str, shapes))} differ",
            "give all arrays one shape (mg.concat joins along an axis that is there)",
        )
