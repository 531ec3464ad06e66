"""Facts: what is known of an array's numbers, whatever they are, declared by ops and by leaves.

A fact is a statement of mathematics, about real numbers: a softmax of real logits is positive,
though as a float it may underflow to 0. Whoever declares a fact of a value has it checked there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from minigraph.errors import InputError, OptionError


@dataclass(frozen=True)
class Fact:
    """A property that a value has, or has not.

    Attributes
    ----------
    words : str
        What it says of a value, after its name: "is positive".
    """

    words: ClassVar[str]

    def on(self, shape: tuple[int, ...]) -> Fact:
        """Return the fact with its axes counted from the front, as a value of a shape has them.

        Raises
        ------
        OptionError
            If the shape has no such axis.
        """
        return self

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it; sums to a few roundings."""
        raise NotImplementedError

    def implied(self) -> Iterable[Fact]:
        """Return the facts that follow from it."""
        return ()

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Finite(Fact):
    """Every entry is a real number: neither ±inf nor nan."""

    words = "is finite"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        return bool(np.isfinite(value).all())


@dataclass(frozen=True)
class NonNegative(Fact):
    """No entry is below 0."""

    words = "is nowhere negative"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        return bool((value >= 0).all())


@dataclass(frozen=True)
class Positive(Fact):
    """Every entry is above 0."""

    words = "is positive"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        return bool((value > 0).all())

    def implied(self) -> Iterable[Fact]:
        """Return the facts that follow from it."""
        return (NonNegative(),)


@dataclass(frozen=True)
class BelowOne(Fact):
    """Every entry is below 1."""

    words = "is below 1"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        return bool((value < 1).all())


@dataclass(frozen=True)
class _AlongAxes(Fact):
    axis: int | tuple[int, ...] | None = None

    def on(self, shape: tuple[int, ...]) -> Fact:
        given = range(len(shape)) if self.axis is None else self.axis
        axes = tuple(given) if np.iterable(given) else (given,)
        if any(not isinstance(i, int) or not -len(shape) <= i < len(shape) for i in axes):
            raise OptionError(
                f"{self!r} names an axis that shape {shape} does not have",
                fix="axes count from 0, or from -1 backwards",
            )
        return type(self)(tuple(sorted({i % len(shape) for i in axes})))

    def _axes(self, value: np.ndarray) -> tuple[int, ...]:
        fact = self.on(value.shape)
        assert isinstance(fact, _AlongAxes)
        assert isinstance(fact.axis, tuple)
        return fact.axis

    def __repr__(self) -> str:
        axis = self.axis
        if isinstance(axis, tuple) and len(axis) == 1:
            axis = axis[0]
        return f"{type(self).__name__}(axis={axis})"

    def _along(self) -> str:
        axis = self.axis
        axes = axis if isinstance(axis, tuple) else (axis,)
        if axis is None:
            return ""
        return f" along ax{'i' if len(axes) == 1 else 'e'}s {', '.join(map(str, axes))}"


@dataclass(frozen=True, repr=False)
class SumsToOne(_AlongAxes):
    """The entries along the axes sum to 1.

    Parameters
    ----------
    axis : int, tuple of int or None
        None for all.

    Examples
    --------
    >>> import numpy as np
    >>> SumsToOne(axis=0).holds(np.array([[0.25, 0.5], [0.75, 0.5]]))
    True
    """

    words = "sums to 1"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        axes = self._axes(value)
        total = value.sum(axis=axes)
        terms = max(value.size // max(total.size, 1), 1)
        kind = value.dtype if value.dtype.kind == "f" else np.float64
        return bool((abs(total - 1) <= 4 * terms * np.finfo(kind).eps).all())

    def __str__(self) -> str:
        return self.words + self._along()


@dataclass(frozen=True, repr=False)
class OneHot(_AlongAxes):
    """Along the axes one entry is 1, and the others are 0.

    Parameters
    ----------
    axis : int, tuple of int or None
        None for all.

    Examples
    --------
    >>> import numpy as np
    >>> OneHot(axis=-1).holds(np.array([[0.0, 1.0], [1.0, 0.0]]))
    True
    """

    words = "is one-hot"

    def holds(self, value: np.ndarray) -> bool:
        """Return whether a value has it."""
        ones = (value == 1).sum(axis=self._axes(value))
        return bool(((value == 0) | (value == 1)).all() and (ones == 1).all())

    def implied(self) -> Iterable[Fact]:
        """Return the facts that follow from it."""
        return (SumsToOne(self.axis), NonNegative())

    def __str__(self) -> str:
        return self.words + self._along()


def checked(facts: Any, value: np.ndarray, what: str) -> tuple[Fact, ...]:
    """Return the facts that are declared of a value, or say which of them it does not have.

    Parameters
    ----------
    facts : Fact or iterable of Fact
    value : numpy.ndarray
    what : str
        What to call the value: "a constant 'y'".

    Raises
    ------
    OptionError
        If one is no fact, or names an axis that is not there.
    InputError
        If one does not hold.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.facts import SumsToOne
    >>> mg.constant([0.5, 0.6], name="y", facts=[SumsToOne(axis=0)])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    minigraph.errors.InputError: a constant 'y' was declared SumsToOne(axis=0), but ...
    """
    if isinstance(facts, Fact):
        facts = (facts,)
    facts = tuple(facts) if np.iterable(facts) else (facts,)
    for fact in facts:
        if not isinstance(fact, Fact):
            raise OptionError(
                f"{what} was declared {fact!r}, which is no fact",
                fix="facts are objects, such as minigraph.derive.SumsToOne(axis=0)",
            )
        if not fact.on(value.shape).holds(value):
            raise InputError(
                f"{what} was declared {fact!r}, but that is not so: look at its value",
                fix="declare only what the value has, or mend the value before",
            )
    return tuple(fact.on(value.shape) for fact in facts)
