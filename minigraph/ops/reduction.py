"""Ops that make one number of many, along axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.op import Op

Axis = int | tuple[int, ...] | None


def kept(x: Any, axis: Axis) -> tuple[int, ...]:
    """Return x's shape with length 1 along the axes that a reduction takes away."""
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = {i % x.ndim for i in axes} if x.ndim else ()  # NumPy takes axis 0 of a scalar
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape))


def count(x: Any, axis: Axis) -> int:
    """Return how many entries of x go into one entry of a reduction."""
    n = 1
    for full, one in zip(x.shape, kept(x, axis), strict=True):
        n *= full if one == 1 else 1
    return n


@dataclass(frozen=True)
class Sum(Op):
    """The sum along axes: Σ x. ∂L/∂x = g, repeated along the axes.

    Parameters
    ----------
    x : array_like
    axis : int, tuple of int or None
        None sums everything, the empty tuple nothing.
    keepdims : bool
        Keep the axes, with length 1.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.sum([[1.0, 2.0], [3.0, 4.0]], axis=0).value
    array([4., 6.])
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sum(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.broadcast_to(xp.reshape(cotangent, kept(x, self.axis)), x.shape),)


@dataclass(frozen=True)
class Mean(Op):
    """The mean along axes: (1/n) Σ x. ∂L/∂x = g/n, repeated along the axes.

    Parameters
    ----------
    x : array_like
        Integers give floats, as in NumPy.
    axis : int, tuple of int or None
        None averages everything, the empty tuple nothing.
    keepdims : bool
        Keep the axes, with length 1.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.mean([[1.0, 2.0], [3.0, 4.0]], axis=1).value
    array([1.5, 3.5])
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.mean(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        share = xp.reshape(cotangent / count(x, self.axis), kept(x, self.axis))
        return (xp.broadcast_to(share, x.shape),)


@dataclass(frozen=True)
class Max(Op):
    """The largest entry along axes: max x.

    The gradient flows to the largest entry; entries that tie share it evenly (the subgradient
    of least norm).

    Parameters
    ----------
    x : array_like
        At least one entry along the axes.
    axis : int, tuple of int or None
        None takes the largest of all, the empty tuple changes nothing.
    keepdims : bool
        Keep the axes, with length 1.

    Raises
    ------
    AxisError
        If an axis is out of range.
    ShapeError
        If there is no entry to choose from.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 3.0, 3.0], name="x")
    >>> mg.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.max(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        shape = kept(x, self.axis)
        ones = xp.where(x == xp.reshape(output, shape), xp.ones_like(x), 0)
        ties = xp.sum(ones, axis=self.axis, keepdims=True)
        return (xp.reshape(cotangent, shape) / ties * ones,)
