"""Functions of one number, applied to each entry, and choices between entries."""

from __future__ import annotations

from typing import Any

from minigraph.op import Op


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
    remedy = "keep x below 709; mg.softmax and mg.logsumexp of larger numbers do not overflow"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.exp(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * output,)


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
    remedy = (
        "keep x above 0; the logarithm of a softmax is mg.log_softmax(z), and its loss "
        "mg.softmax_cross_entropy(z, y)"
    )

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent / x,)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.expm1(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.exp(x),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log1p(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent / (1 + x),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sign(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (None,)


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

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.maximum(a, b)

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return (
            lambda: _share(xp, cotangent, a > b, a == b),
            lambda: _share(xp, cotangent, b > a, a == b),
        )


def _share(xp: Any, cotangent: Any, wins: Any, ties: Any) -> Any:
    """Give the cotangent to the winner, and half of it at a tie."""
    return xp.where(wins, cotangent, xp.where(ties, cotangent / 2, 0))


class Where(Op):
    """A choice, entry by entry: a where the condition holds, b elsewhere.

    ∂L/∂a = g where it holds, 0 elsewhere; ∂L/∂b the other way round. What the branch that was
    not taken holds, nan included, does not matter.

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

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.minimum(a, b)

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return (
            lambda: _share(xp, cotangent, a < b, a == b),
            lambda: _share(xp, cotangent, b < a, a == b),
        )


class Abs(Op):
    """The absolute value, entry by entry: |x|. ∂L/∂x = g · sign(x), which is 0 at 0.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.abs([-3.0, 2.0]).value
    array([3., 2.])
    """

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.abs(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.sign(x),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sqrt(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.where(output == 0, 0, cotangent / (2 * xp.where(output == 0, 1, output))),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return x * x

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * (2 * x),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sin(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * xp.cos(x),)


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

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cos(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (-(cotangent * xp.sin(x)),)
