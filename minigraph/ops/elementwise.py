"""Functions of numbers, applied entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.facts import NonNegative, Positive
from minigraph.op import Op


@dataclass(frozen=True)
class Exp(Op):
    """The exponential, entry by entry: eˣ. ∂L/∂x = g · eˣ.

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.exp([0.0, 1.0]).value
    array([1.        , 2.71828183])
    """

    __slots__ = ()
    elementwise = True
    facts = (Positive(),)
    remedy = "keep x below 709; mg.softmax and mg.logsumexp of larger numbers do not overflow"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.exp(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * output,)


@dataclass(frozen=True)
class Log(Op):
    """The natural logarithm, entry by entry: log x. ∂L/∂x = g / x.

    Parameters
    ----------
    x : array_like of float, any shape
        Negative entries give nan, 0 gives −inf.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.log([1.0, 10.0]).value
    array([0.        , 2.30258509])
    """

    __slots__ = ()
    elementwise = True
    remedy = (
        "keep x above 0; the logarithm of a softmax is mg.log_softmax(z), and its loss "
        "mg.softmax_cross_entropy(z, y)"
    )

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent / x,)


@dataclass(frozen=True)
class Expm1(Op):
    """The exponential less one, right to the last digits near 0: eˣ − 1. ∂L/∂x = g · eˣ.

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.expm1([1e-20, 1.0]).value
    array([1.00000000e-20, 1.71828183e+00])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.expm1(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.exp(x),)


@dataclass(frozen=True)
class Log1p(Op):
    """The logarithm of one more, right to the last digits near 0: log(1 + x). ∂L/∂x = g / (1 + x).

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.log1p([1e-20, 1.0]).value
    array([1.00000000e-20, 6.93147181e-01])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log1p(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent / (1 + x),)


@dataclass(frozen=True)
class Sign(Op):
    """The sign, entry by entry: −1, 0 or 1. Its gradient is 0 everywhere.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.sign([-3.0, 0.0, 2.0]).value
    array([-1.,  0.,  1.])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sign(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (None,)


@dataclass(frozen=True)
class Abs(Op):
    """The absolute value, entry by entry: ``|x|``. ∂L/∂x = g · sign(x), which is 0 at 0.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.abs([-3.0, 2.0]).value
    array([3., 2.])
    """

    elementwise = True
    facts = (NonNegative(),)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.abs(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.sign(x),)


@dataclass(frozen=True)
class Sqrt(Op):
    """The square root, entry by entry: √x. ∂L/∂x = g / (2√x), taken as 0 at 0.

    At 0 the slope is infinite; with 0 there, the norm √(Σ x²) has the gradient 0 at the origin,
    which is its subgradient of least norm.

    Parameters
    ----------
    x : array_like of float, any shape
        Negative entries give nan.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.sqrt([4.0, 9.0]).value
    array([2., 3.])
    """

    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sqrt(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.where(output == 0, 0, cotangent / (2 * xp.where(output == 0, 1, output))),)


@dataclass(frozen=True)
class Square(Op):
    """The square, entry by entry: x². ∂L/∂x = 2 g x.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.square([-3.0, 2.0]).value
    array([9., 4.])
    """

    elementwise = True
    facts = (NonNegative(),)

    def forward(self, xp: Any, x: Any) -> Any:
        return x * x

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * (2 * x),)


@dataclass(frozen=True)
class Sin(Op):
    """The sine, entry by entry. ∂L/∂x = g · cos x.

    Parameters
    ----------
    x : array_like of float, any shape
        In radians.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.sin([0.0, 1.0]).value
    array([0.        , 0.84147098])
    """

    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sin(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.cos(x),)


@dataclass(frozen=True)
class Cos(Op):
    """The cosine, entry by entry. ∂L/∂x = −g · sin x.

    Parameters
    ----------
    x : array_like of float, any shape
        In radians.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.cos([0.0, 1.0]).value
    array([1.        , 0.54030231])
    """

    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cos(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (-(cotangent * xp.sin(x)),)


@dataclass(frozen=True)
class Xlogy(Op):
    """The product x · log y, entry by entry, with 0 · log 0 = 0: a term of an entropy.

    ∂L/∂x = g · log y and ∂L/∂y = g · x / y, which is 0 where x and y are both 0.

    Parameters
    ----------
    x, y : array_like of float, shapes that broadcast

    Raises
    ------
    ShapeError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.xlogy([0.0, 1.0], [0.0, 0.5]).value
    array([ 0.        , -0.69314718])
    """

    elementwise = True
    remedy = "keep y above 0 wherever x is not 0"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.where(x == 0, xp.where(y == y, 0, y), x * xp.log(y))

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any, y: Any) -> tuple[Any, ...]:
        return (
            lambda: cotangent * xp.log(y),
            lambda: cotangent * x / _off_zero(xp, x, y),
        )


def _off_zero(xp: Any, x: Any, y: Any) -> Any:
    """Return y, but 1 where both x and y are 0."""
    return xp.where(x == 0, xp.where(y == 0, 1, y), y)
