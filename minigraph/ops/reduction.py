"""Ops that make one number of many, along axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.op import Composite, Op

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
    dtype : dtype, optional
        Of the function: what x is cast to first.

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
class _Extremum(Op):
    """What the largest and the smallest entry have in common: where the cotangent goes."""

    axis: Axis = None
    keepdims: bool = False

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        shape = kept(x, self.axis)
        ones = xp.where(x == xp.reshape(output, shape), xp.ones_like(x), 0)
        ties = xp.sum(ones, axis=self.axis, keepdims=True)
        return (xp.reshape(cotangent, shape) / ties * ones,)


@dataclass(frozen=True)
class Max(_Extremum):
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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.max(x, axis=self.axis, keepdims=self.keepdims)


@dataclass(frozen=True)
class Min(_Extremum):
    """The smallest entry along axes: min x.

    The gradient flows to the smallest entry; entries that tie share it evenly (the subgradient
    of least norm).

    Parameters
    ----------
    x : array_like
        At least one entry along the axes.
    axis : int, tuple of int or None
        None takes the smallest of all, the empty tuple changes nothing.
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
    >>> x = mg.parameter([1.0, 3.0, 1.0], name="x")
    >>> mg.min(x).backward()
    >>> x.grad
    array([0.5, 0. , 0.5])
    """

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.min(x, axis=self.axis, keepdims=self.keepdims)


@dataclass(frozen=True)
class Prod(Op):
    """The product along axes: Π x. ∂L/∂xᵢ = g · Π x over the other entries.

    The product of the others is made by multiplications alone, so it is right, and so is every
    further derivative, where entries are 0.

    Parameters
    ----------
    x : array_like
    axis : int, tuple of int or None
        None multiplies everything, the empty tuple nothing.
    keepdims : bool
        Keep the axes, with length 1.
    dtype : dtype, optional
        Of the function: what x is cast to first.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([2.0, 0.0, 5.0], name="x")
    >>> mg.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.])
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.prod(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        shape = kept(x, self.axis)
        stay = [i for i, n in enumerate(shape) if n == x.shape[i]]
        order = stay + [i for i in range(x.ndim) if i not in stay]
        # The axes that are multiplied go last, as one.
        moved = xp.permute_dims(x, tuple(order))
        lead = moved.shape[: len(stay)]
        others = _others(xp, xp.reshape(moved, (*lead, count(x, self.axis))))
        others = xp.reshape(others, moved.shape)
        back = tuple(order.index(i) for i in range(x.ndim))
        return (xp.reshape(cotangent, shape) * xp.permute_dims(others, back),)


def _others(xp: Any, x: Any) -> Any:
    """Return, for each entry along the last axis, the product of the others.

    Products of pairs, of pairs of pairs, ... up to the whole; then down again, each pair passing
    to one entry what came from above times the other entry.
    """
    lengths, levels = [x.shape[-1]], []
    while lengths[-1] > 1:
        if lengths[-1] % 2:
            x = xp.concat([x, xp.ones_like(x[..., :1])], axis=-1)
        levels.append(x)
        x = x[..., 0::2] * x[..., 1::2]
        lengths.append(x.shape[-1])
    product = xp.ones_like(x)
    for level, length in zip(reversed(levels), reversed(lengths[:-1]), strict=True):
        pair = xp.stack([product * level[..., 1::2], product * level[..., 0::2]], axis=-1)
        product = xp.reshape(pair, level.shape)[..., :length]
    return product


@dataclass(frozen=True)
class Var(Composite):
    """The variance along axes: Σ (x − x̄)² / (n − c). ∂L/∂x = g · 2(x − x̄) / (n − c).

    Parameters
    ----------
    x : array_like of float
    axis : int, tuple of int or None
        None takes the variance of everything, the empty tuple of each entry alone.
    correction : int or float
        c: 0 for the variance of a population, 1 for the estimate from a sample (Bessel).
    keepdims : bool
        Keep the axes, with length 1.

    Raises
    ------
    AxisError
        If an axis is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.var([1.0, 2.0, 3.0], correction=1).value
    array(1.)
    """

    axis: Axis = None
    correction: float = 0.0
    keepdims: bool = False

    remedy = "give it more entries than the correction takes away"

    def forward(self, xp: Any, x: Any) -> Any:
        deviation = x - xp.mean(x, axis=self.axis, keepdims=True)
        total = xp.sum(deviation * deviation, axis=self.axis, keepdims=self.keepdims)
        return total / self._freedom(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        deviation = x - xp.mean(x, axis=self.axis, keepdims=True)
        share = xp.reshape(cotangent / self._freedom(x), kept(x, self.axis))
        return (share * (2 * deviation),)

    def _freedom(self, x: Any) -> float:
        return max(count(x, self.axis) - self.correction, 0)
