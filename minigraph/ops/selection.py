"""Choices between entries: which of them goes through, and so where the cotangent goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.op import Op


@dataclass(frozen=True)
class Where(Op):
    """A choice, entry by entry: a where the condition holds, b elsewhere.

    ∂L/∂a = g where it holds, 0 elsewhere; ∂L/∂b the other way round. What the branch that was
    not taken holds, nan included, does not matter; nor does what functions that are applied entry
    by entry made it of.

    Parameters
    ----------
    condition : array_like of bool
    a, b : array_like
        The three shapes broadcast.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.where([True, False], [1.0, 2.0], 0).value
    array([1., 0.])
    """

    __slots__ = ()
    elementwise = True
    promotes = slice(1, None)  # not the condition's

    def forward(self, xp: Any, condition: Any, a: Any, b: Any) -> Any:
        return xp.where(condition, a, b)

    def backward(
        self, xp: Any, cotangent: Any, output: Any, condition: Any, a: Any, b: Any
    ) -> tuple[Any, ...]:
        return (
            None,
            lambda: xp.where(condition, cotangent, 0),
            lambda: xp.where(condition, 0, cotangent),
        )


@dataclass(frozen=True)
class Maximum(Op):
    """The larger of two arrays, entry by entry: max(a, b).

    The gradient flows to the larger entry; at a tie half of it flows to each (the subgradient
    of least norm).

    Parameters
    ----------
    a, b : array_like, shapes that broadcast

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.maximum([-1.0, 2.0], 0).value
    array([0., 2.])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.maximum(a, b)

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return (
            lambda: _share(xp, cotangent, a > b, a == b),
            lambda: _share(xp, cotangent, b > a, a == b),
        )


@dataclass(frozen=True)
class Minimum(Op):
    """The smaller of two arrays, entry by entry: min(a, b).

    The gradient flows to the smaller entry; at a tie half of it flows to each (the subgradient
    of least norm).

    Parameters
    ----------
    a, b : array_like, shapes that broadcast

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.minimum([-1.0, 2.0], 0).value
    array([-1.,  0.])
    """

    elementwise = True

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.minimum(a, b)

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return (
            lambda: _share(xp, cotangent, a < b, a == b),
            lambda: _share(xp, cotangent, b < a, a == b),
        )


def _share(xp: Any, cotangent: Any, wins: Any, ties: Any) -> Any:
    """Give the cotangent to the winner, and half of it at a tie."""
    return xp.where(wins, cotangent, xp.where(ties, cotangent / 2, 0))


@dataclass(frozen=True)
class Clip(Op):
    """The entries kept between two numbers: min where x < min, max where x > max, else x.

    ∂L/∂x = g strictly between them, 0 elsewhere: at a bound, 0 is the subgradient of least norm.

    Parameters
    ----------
    x : array_like of int or float, any shape
    min, max : int, float or None
        The bounds; None leaves a side open. Bounds that are arrays or Nodes take part as
        ``mg.maximum`` and ``mg.minimum`` have it: at a tie half of the cotangent goes to each.

    Raises
    ------
    OptionError
        If min is larger than max, or a bound is nan.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([-2.0, 0.5, 1.0], name="x")
    >>> y = mg.clip(x, 0, 1)
    >>> mg.sum(y).backward()
    >>> print(y.value, x.grad)
    [0.  0.5 1. ] [0. 1. 0.]
    """

    min: float | None
    max: float | None

    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.clip(x, self.min, self.max)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        if self.min is not None:
            cotangent = xp.where(x > self.min, cotangent, 0)
        if self.max is not None:
            cotangent = xp.where(x < self.max, cotangent, 0)
        return (cotangent,)
