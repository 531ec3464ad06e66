"""Numbers that know what they were made of, so that an op's rule, run on them, says its symbol.

An op's ``backward`` is written for any array; in an array of `Scalar` it gives, entry by entry,
both the number and how it is written: −1.625 and −y₁/ŷ₁.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY, quietly

# A factor of a product: where it stands among the others, and its text.
_Atom = tuple[tuple[int, int], str]
# A product without its number: each factor with its exponent, in order.
_Product = tuple[tuple[_Atom, float], ...]

_NAMED, _CALLED, _BRACKETED = range(3)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _operator(function: Any) -> Any:
    """Make an operator's other side a Scalar; an array is left to NumPy, which goes through it."""

    def operate(self: Scalar, other: Any) -> Any:
        return NotImplemented if np.ndim(other) else function(self, as_scalar(other))

    return operate


class Scalar:
    """A number, and how it is written: a sum of products of named numbers.

    Comparisons look at the number, so a rule takes the branch that it takes on plain numbers.

    Parameters
    ----------
    value : float
    terms : dict, optional
        Each product's number, by the product; default: the value, as a number without a name.
        None if nobody can say how it is written.

    Examples
    --------
    >>> a, b = named("ŷ₁", 0.25, 0), named("ŷ₂", 0.75, 1)
    >>> product = b * (0 - a)
    >>> product.value, product.text
    (-0.1875, '−ŷ₁ŷ₂')
    >>> (a * (1 - a)).text, (-(named("y₁", 1.0, 2) / 2) / a).text
    ('ŷ₁(1 − ŷ₁)', '−y₁/(2ŷ₁)')
    """

    # What makes it at home in NumPy's arrays of objects, as an entry of none of their axes.
    shape, ndim, size, dtype = (), 0, 1, np.dtype(object)
    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __init__(self, value: Any, terms: dict[_Product, float] | str | None = "number") -> None:
        self.value = float(value)
        if isinstance(terms, str):
            terms = {(): self.value} if self.value else {}
        self.terms = terms

    @property
    def text(self) -> str | None:
        """How it is written; None if nobody can say."""
        return None if self.terms is None else _sum_text(self.terms)

    @property
    def is_number(self) -> bool:
        """Whether no named number is in it."""
        return self.terms is not None and not any(self.terms)

    def __float__(self) -> float:
        return self.value

    def __bool__(self) -> bool:
        return self.value != 0

    def __neg__(self) -> Scalar:
        return self * -1

    def __abs__(self) -> Scalar:
        return -self if self.value < 0 else self

    @_operator
    def __add__(self, other: Scalar) -> Scalar:
        value = self.value + other.value
        if self.terms is None or other.terms is None:
            return Scalar(value, None)
        terms = dict(self.terms)
        for product, number in other.terms.items():
            total = terms.pop(product, 0.0) + number
            if total:
                terms[product] = total
        return Scalar(value, terms)

    @_operator
    def __sub__(self, other: Scalar) -> Scalar:
        return self + -other

    @_operator
    def __mul__(self, other: Scalar) -> Scalar:
        value = quietly(np.multiply, self.value, other.value)
        # Nothing is 0 times whatever it may be.
        if any(x.is_number and not x.value for x in (self, other)):
            return Scalar(value)
        if self.terms is None or other.terms is None:
            return Scalar(value, None)
        for x, rest in ((self, other), (other, self)):
            if x.is_number and x.value == 1:
                return Scalar(value, rest.terms)
        (p, a), (q, b) = _as_product(self.terms), _as_product(other.terms)
        powers = dict(p)
        for atom, power in q:
            powers[atom] = powers.get(atom, 0) + power
        product = tuple(sorted((atom, power) for atom, power in powers.items() if power))
        return Scalar(value, {product: a * b})

    @_operator
    def __truediv__(self, other: Scalar) -> Scalar:
        return self * other**-1

    @_operator
    def __pow__(self, other: Scalar) -> Scalar:
        value = quietly(np.power, self.value, other.value)
        power = other.value
        if not other.is_number or self.terms is None:
            return Scalar(value, None)
        if power == 0 or self.is_number:
            return Scalar(value)
        product, number = _as_product(self.terms)
        if number < 0 and not power.is_integer():
            return Scalar(value, None)
        return Scalar(value, {tuple((a, p * power) for a, p in product): number**power})

    @_operator
    def __radd__(self, other: Scalar) -> Scalar:
        return other + self

    @_operator
    def __rsub__(self, other: Scalar) -> Scalar:
        return other - self

    @_operator
    def __rmul__(self, other: Scalar) -> Scalar:
        return other * self

    @_operator
    def __rtruediv__(self, other: Scalar) -> Scalar:
        return other / self

    @_operator
    def __rpow__(self, other: Scalar) -> Scalar:
        return other**self

    @_operator
    def __eq__(self, other: Scalar) -> bool:
        return self.value == other.value

    @_operator
    def __ne__(self, other: Scalar) -> bool:
        return self.value != other.value

    @_operator
    def __lt__(self, other: Scalar) -> bool:
        return self.value < other.value

    @_operator
    def __le__(self, other: Scalar) -> bool:
        return self.value <= other.value

    @_operator
    def __gt__(self, other: Scalar) -> bool:
        return self.value > other.value

    @_operator
    def __ge__(self, other: Scalar) -> bool:
        return self.value >= other.value

    def __getattr__(self, function: str) -> Any:
        """Be what NumPy looks for when a function of numbers meets an array of objects."""
        ufunc = getattr(np, function, None)
        if not isinstance(ufunc, np.ufunc) or ufunc.nin != 1:
            raise AttributeError(function)
        return functools.partial(_apply, ufunc, self)


def as_scalar(number: Any) -> Scalar:
    """Return a number as a Scalar without a name; a Scalar as it is."""
    return number if isinstance(number, Scalar) else Scalar(number)


def named(name: str | None, value: Any, place: int) -> Scalar:
    """Return a number with a name.

    Parameters
    ----------
    name : str or None
        None for a number that is none of those on show: nothing made of it has a text.
    value : float
    place : int
        Where it stands among the factors of a product.
    """
    atom = ((_NAMED, place), name or "")
    return Scalar(value, None if name is None else {((atom, 1.0),): 1.0})


def _apply(ufunc: np.ufunc, x: Scalar) -> Scalar:
    value = quietly(ufunc, x.value)
    if x.terms is None or x.is_number:
        return Scalar(value, None if x.terms is None else "number")
    atom = ((_CALLED, 0), f"{ufunc.__name__}({_sum_text(x.terms)})")
    return Scalar(value, {((atom, 1.0),): 1.0})


def _as_product(terms: dict[_Product, float]) -> tuple[_Product, float]:
    """Return a sum as one product: of one term as it is, of more as a factor in brackets."""
    if len(terms) == 1:
        return next(iter(terms.items()))
    return ((((_BRACKETED, 0), f"({_sum_text(terms)})"), 1.0),), 1.0


def _sum_text(terms: dict[_Product, float]) -> str:
    text = ""
    for product, number in terms.items():
        written = _product_text(product, abs(number))
        sign = ("−" if number < 0 else "") if not text else " − " if number < 0 else " + "
        text += sign + written
    return text or "0"


def _product_text(product: _Product, number: float) -> str:
    above = [_power_text(text, power) for (_, text), power in product if power > 0]
    below = [_power_text(text, -power) for (_, text), power in product if power < 0]
    # Half of ŷ is ŷ/2, a third ŷ/3: the numbers that a mean makes.
    if number != 1 and (1 / number).is_integer():
        below.insert(0, f"{1 / number:g}")
    elif number != 1 or not above:
        above.insert(0, f"{number:.6g}")
    top = "".join(above) or "1"
    if not below:
        return top
    bottom = "".join(below)
    return f"{top}/{bottom}" if len(below) == 1 else f"{top}/({bottom})"


def _power_text(text: str, power: float) -> str:
    if power == 1:
        return text
    if power.is_integer():
        return text + f"{power:.0f}".translate(_RAISED)
    return f"{text}^{power:g}"


class _ObjectNamespace:
    """NumPy for arrays of Scalars: what it cannot do on objects is done on their numbers."""

    __name__ = "numpy"

    @staticmethod
    def isnan(x: Any, /) -> Any:
        return np.vectorize(lambda entry: math.isnan(float(entry)), otypes=[bool])(x)

    @staticmethod
    def isfinite(x: Any, /) -> Any:
        return np.vectorize(lambda entry: math.isfinite(float(entry)), otypes=[bool])(x)

    def __getattr__(self, name: str) -> Any:
        return getattr(NUMPY, name)


OBJECTS: Any = _ObjectNamespace()
