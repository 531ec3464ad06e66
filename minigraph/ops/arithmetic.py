"""Arithmetic: the operators + − * / ** of arrays, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.op import Op


@dataclass(frozen=True)
class Add(Op):
    """Sum of two arrays, entry by entry: a + b.

    ∂L/∂a = g and ∂L/∂b = g, for the output's cotangent g.

    Parameters
    ----------
    a, b : array_like, shapes that broadcast
        Any numeric dtypes; they promote as in NumPy, Python numbers being weak.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.add([1.0, 2.0], 10).value
    array([11., 12.])
    """

    __slots__ = ()
    elementwise = True
    notation = "{} + {}"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a + b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return cotangent, cotangent


@dataclass(frozen=True)
class Subtract(Op):
    """Difference of two arrays, entry by entry: a − b.

    ∂L/∂a = g and ∂L/∂b = −g.

    Parameters
    ----------
    a, b : array_like, shapes that broadcast
        Any numeric dtypes; they promote as in NumPy, Python numbers being weak.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.subtract([1.0, 2.0], [0.5, 0.5]).value
    array([0.5, 1.5])
    """

    __slots__ = ()
    elementwise = True
    notation = "{} − {}"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a - b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return cotangent, lambda: -cotangent


@dataclass(frozen=True)
class Multiply(Op):
    """Product of two arrays, entry by entry: a · b.

    ∂L/∂a = g · b and ∂L/∂b = g · a.

    Parameters
    ----------
    a, b : array_like, shapes that broadcast
        Any numeric dtypes; they promote as in NumPy, Python numbers being weak.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.multiply([1.0, 2.0], [3.0, 4.0]).value
    array([3., 8.])
    """

    __slots__ = ()
    elementwise = True
    notation = "{} × {}"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a * b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return lambda: cotangent * b, lambda: cotangent * a


@dataclass(frozen=True)
class Divide(Op):
    """Quotient of two arrays, entry by entry: a / b.

    ∂L/∂a = g / b and ∂L/∂b = −g · (a/b) / b.

    Parameters
    ----------
    a, b : array_like, shapes that broadcast
        Any numeric dtypes; integers give floats, as in NumPy.

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.divide([1.0, 2.0], 4).value
    array([0.25, 0.5 ])
    """

    __slots__ = ()
    elementwise = True
    notation = "{} / {}"
    remedy = "keep the divisor away from 0"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a / b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return lambda: cotangent / b, lambda: -(cotangent * output / b)


@dataclass(frozen=True)
class Negative(Op):
    """The negative, entry by entry: −x. ∂L/∂x = −g.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.negative([1.0, -2.0]).value
    array([-1.,  2.])
    """

    __slots__ = ()
    elementwise = True
    notation = "−{}"

    def forward(self, xp: Any, x: Any) -> Any:
        return -x

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (-cotangent,)


@dataclass(frozen=True)
class Pow(Op):
    """The power, entry by entry: x to the p.

    ∂L/∂x = g · p · x^(p−1), which is 0 for p = 0 whatever x is; ∂L/∂p = g · x^p · log x,
    which is taken as 0 where x = 0.

    Parameters
    ----------
    x, p : array_like, shapes that broadcast
        Any numeric dtypes; negative x takes whole p only (nan otherwise).

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([0.0, 3.0], name="x")
    >>> mg.sum(x**2).backward()
    >>> x.grad
    array([0., 6.])
    """

    __slots__ = ()
    elementwise = True

    remedy = "keep the base above 0, take a whole power, or for ½ mg.sqrt"

    def forward(self, xp: Any, x: Any, p: Any) -> Any:
        return x**p

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any, p: Any) -> tuple[Any, ...]:
        # For p = 0 any finite power will do in place of x⁻¹, which is infinite at 0.
        if isinstance(p, int | float):
            return lambda: cotangent * (p * x ** (p - 1 if p else 1)), None
        return (
            lambda: cotangent * (p * x ** xp.where(p == 0, xp.where(x == 0, 1, p - 1), p - 1)),
            lambda: cotangent * (output * xp.log(xp.where(x == 0, 1, x))),
        )


@dataclass(frozen=True)
class Compare(Op):
    """A comparison, entry by entry. It gives booleans, through which no gradient flows.

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
    >>> (mg.constant([1.0, 2.0]) < 1.5).value
    array([ True, False])
    """

    elementwise = True

    function: str

    @property
    def label(self) -> str:
        return self.function

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return getattr(xp, self.function)(a, b)

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return None, None
