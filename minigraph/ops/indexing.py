"""Ops that pick entries by position, and the one op that puts cotangents back where they came from.

A picking op says in `key` how NumPy would write it, ``x[key]``; `Scatter` adds up by the same key.
The array API standard has no such addition, so on other libraries' arrays `Scatter` compares
positions instead, which takes memory of the length of an axis times the entries picked.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any, ClassVar

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.errors import AxisError, DTypeError, ShapeError
from minigraph.node import Node
from minigraph.op import Op


@dataclass(frozen=True, repr=False)
class Slice:
    """A slice as a value: Python's own cannot be hashed before 3.12."""

    start: int | None
    stop: int | None
    step: int | None

    def __repr__(self) -> str:
        ends = "" if self.start is None else self.start, "" if self.stop is None else self.stop
        return "{}:{}".format(*ends) + ("" if self.step is None else f":{self.step}")


@dataclass(frozen=True, repr=False)
class Given:
    """The place of an index that is an array: an input of the op."""

    def __repr__(self) -> str:
        return "·"


Item = int | Slice | Given | EllipsisType | None


@dataclass(frozen=True)
class _Pick(Op):
    """What the ops that pick entries have in common: the way back."""

    # The key for which NumPy's ``x[key]`` is the op: key(x, arrays).
    key: ClassVar[Callable[..., tuple[Any, ...]]]
    # Zeros of x's shape plus the cotangent where it came from, by comparing alone:
    # spread(xp, cotangent, x, arrays).
    spread: ClassVar[Callable[..., Any]]

    def backward(
        self, xp: Any, cotangent: Any, output: Any, x: Any, *arrays: Any
    ) -> tuple[Any, ...]:
        scatter = Scatter(self, tuple(x.shape))
        return (lambda: scatter.on(xp, cotangent, *arrays), *[None] * len(arrays))


@dataclass(frozen=True)
class Scatter(Op):
    """Zeros, with entries added where an op picked them: the other way round of indexing.

    Entries that were picked more than once get the sum. ∂L/∂(entries) picks again.

    Parameters
    ----------
    entries : array_like of float
        Of the shape that the picking op gave.
    *arrays : array_like of int or bool
        The picking op's own arrays.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0, 3.0], name="x")
    >>> mg.sum(x[[0, 2, 2]]).backward()
    >>> x.grad
    array([1., 0., 2.])
    """

    pick: _Pick
    shape: tuple[int, ...]

    def forward(self, xp: Any, entries: Any, *arrays: Any) -> Any:
        if type(entries) is Node:
            return self(entries, *arrays)
        like = np.broadcast_to(np.int8(0), self.shape)  # its shape matters
        if xp is not NUMPY:
            return self.pick.spread(xp, entries, like, arrays)
        total = np.zeros(self.shape, entries.dtype)
        key = self.pick.key(like, arrays)
        if arrays:
            if like[key].shape != entries.shape:
                raise ShapeError(
                    f"shape {like[key].shape} is picked, but the entries have {entries.shape}: the "
                    "graph of a gradient picks as many as when it was made",
                    "build the gradient anew, or make the function of the loss, with wrt=[...]",
                )
            np.add.at(total, key, entries)
        else:
            total[key] = entries
        return total

    def backward(
        self, xp: Any, cotangent: Any, output: Any, entries: Any, *arrays: Any
    ) -> tuple[Any, ...]:
        return (self.pick.on(xp, cotangent, *arrays), *[None] * len(arrays))


@dataclass(frozen=True)
class Index(_Pick):
    """Entries by position: x[key], as in NumPy.

    ∂L/∂x has g where the entries came from, 0 elsewhere; entries that were picked more than once
    get the sum.

    Parameters
    ----------
    x : array_like
    *arrays : array_like of int or bool
        The indices of the key that are arrays, in their order: integers, or a mask.
    key : tuple
        Ints, slices, ``...``, None for a new axis, and a place for each array.

    Raises
    ------
    AxisError
        If an index is out of range, or there are more indices than axes.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([[1.0, 2.0], [3.0, 4.0]], name="x")
    >>> x[:, 1].value
    array([2., 4.])
    >>> x[[0, 1, 1], [0, 1, 1]].value
    array([1., 4., 4.])
    >>> x[x > 1.5].value
    array([2., 3., 4.])
    """

    items: tuple[Item, ...] = field(metadata={"in notation": True})

    @property
    def notation(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return "{}[" + ", ".join("..." if i is Ellipsis else repr(i) for i in self.items) + "]"

    def key(self, x: Any, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
        rest = iter(arrays)
        return tuple(
            slice(item.start, item.stop, item.step)
            if isinstance(item, Slice)
            else next(rest)
            if isinstance(item, Given)
            else item
            for item in self.items
        )

    def forward(self, xp: Any, x: Any, *arrays: Any) -> Any:
        return x[self.key(x, arrays)]

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        return super().mismatch(*shapes[1:])

    def spread(self, xp: Any, cotangent: Any, x: Any, arrays: tuple[Any, ...]) -> Any:
        size = math.prod(x.shape)
        if arrays:
            positions = xp.reshape(xp.arange(size), x.shape)[self.key(x, arrays)]
            flat, positions = (xp.reshape(a, (-1,)) for a in (cotangent, positions))
            total = _add_along(xp, flat, positions, size, 0)
        else:  # no entry comes twice, and where each comes from is known
            taken = np.arange(size).reshape(x.shape)[self.key(x, arrays)].ravel()
            source = np.full(size, len(taken))
            source[taken] = np.arange(len(taken))
            flat = xp.reshape(cotangent, (-1,))
            zero = xp.zeros((1,), dtype=cotangent.dtype)
            total = xp.take(xp.concat([flat, zero]), xp.asarray(source), axis=0)
        return xp.reshape(total, x.shape)


@dataclass(frozen=True)
class Take(_Pick):
    """Entries along an axis by their positions: x[..., indices, ...].

    ∂L/∂x has g where the entries came from; entries that were taken more than once get the sum.

    Parameters
    ----------
    x : array_like
    indices : array_like of int
        Of any shape, which takes the place of the axis; negative ones count from the end.
    axis : int
        May be left out if x has one axis.

    Raises
    ------
    AxisError
        If the axis or an index is out of range.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.take([[1.0, 2.0], [3.0, 4.0]], [1, 0, 0], axis=1).value
    array([[2., 1., 1.],
           [4., 3., 3.]])
    """

    axis: int

    def check(self, x: Any, indices: Any) -> None:
        _check_indices(x, indices)

    def key(self, x: Any, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*[slice(None)] * (self.axis % x.ndim), arrays[0])

    def forward(self, xp: Any, x: Any, indices: Any) -> Any:
        if xp is NUMPY:
            return xp.take(x, indices, axis=self.axis)
        axis = self.axis % x.ndim  # the standard knows one axis of indices only
        flat = xp.reshape(_from_the_start(xp, indices, x.shape[axis]), (-1,))
        shape = (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])
        return xp.reshape(xp.take(x, flat, axis=axis), shape)

    def spread(self, xp: Any, cotangent: Any, x: Any, arrays: tuple[Any, ...]) -> Any:
        (indices,) = arrays
        axis = self.axis % x.ndim
        before, after = x.shape[:axis], x.shape[axis + 1 :]
        flat = xp.reshape(cotangent, (*before, math.prod(indices.shape), *after))
        shape = tuple(-1 if i == axis else 1 for i in range(x.ndim))
        return _add_along(xp, flat, xp.reshape(indices, shape), x.shape[axis], axis)


@dataclass(frozen=True)
class TakeAlongAxis(_Pick):
    """One entry, or some, of each vector along an axis, by their positions in it.

    ∂L/∂x has g where the entries came from; entries that were taken more than once get the sum.

    Parameters
    ----------
    x : array_like
    indices : array_like of int
        With as many axes as x; the others than ``axis`` broadcast with those of x.
    axis : int

    Raises
    ------
    AxisError
        If the axis or an index is out of range.
    ShapeError
        If the shapes do not fit.

    Examples
    --------
    The probabilities of the right classes:

    >>> import minigraph as mg
    >>> y_hat = mg.constant([[0.25, 0.75], [0.5, 0.5]], name="ŷ")
    >>> mg.take_along_axis(y_hat, [[1], [0]], axis=1).value
    array([[0.75],
           [0.5 ]])
    """

    axis: int

    def check(self, x: Any, indices: Any) -> None:
        _check_indices(x, indices)

    def key(self, x: Any, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
        axis = self.axis % x.ndim
        # The other axes' own positions, which broadcast with the indices.
        key = list(np.indices(x.shape, sparse=True))
        key[axis] = arrays[0]
        return tuple(key)

    def forward(self, xp: Any, x: Any, indices: Any) -> Any:
        return xp.take_along_axis(x, indices, axis=self.axis)

    def spread(self, xp: Any, cotangent: Any, x: Any, arrays: tuple[Any, ...]) -> Any:
        (indices,) = arrays
        axis = self.axis % x.ndim
        total = _add_along(xp, cotangent, indices, x.shape[axis], axis)
        wide = tuple(i for i, n in enumerate(total.shape) if n != x.shape[i])
        return xp.sum(total, axis=wide, keepdims=True) if wide else total

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        x, indices = shapes
        if len(x) != len(indices):
            return (
                f"x has {len(x)} axes, the indices have {len(indices)}",
                "give the indices an axis for each of x's: mg.expand_dims(indices, axis)",
            )
        axis = self.axis % len(x)
        return super().mismatch(*((*s[:axis], 1, *s[axis + 1 :]) for s in shapes))


def _check_indices(x: Any, indices: Any) -> None:
    """Refuse a scalar, which has no axis, and indices that are no integers."""
    if not x.ndim:
        raise AxisError("a scalar has no axis to take entries from", "take from an array")
    if indices.dtype.kind not in "iu":
        raise DTypeError(
            f"indices are integers, not {indices.dtype}",
            "indices.astype(int), if they are whole numbers; by a mask it is x[mask]",
        )


def _from_the_start(xp: Any, indices: Any, length: int) -> Any:
    """Return indices that count from 0: not every library counts from the end."""
    return xp.where(indices < 0, indices + length, indices)


def _add_along(xp: Any, entries: Any, indices: Any, length: int, axis: int) -> Any:
    """Return zeros of a length along an axis, with the entries added at their indices."""
    after = axis + 1
    indices = xp.expand_dims(_from_the_start(xp, indices, length), axis=after)
    shape = tuple(-1 if i == after else 1 for i in range(entries.ndim + 1))
    hits = indices == xp.reshape(xp.arange(length, dtype=indices.dtype), shape)
    return xp.sum(xp.where(hits, xp.expand_dims(entries, axis=after), 0), axis=axis)


def parse(key: Any) -> tuple[tuple[Item, ...], list[Any]]:
    """Take a key apart: what is an op's parameter, and the arrays, which are its inputs."""
    items: list[Item] = []
    arrays: list[Any] = []
    for item in key if isinstance(key, tuple) else (key,):
        try:
            if item is None or item is Ellipsis:
                items.append(item)
            elif isinstance(item, slice):
                ends = (item.start, item.stop, item.step)
                items.append(Slice(*(None if i is None else operator.index(i) for i in ends)))
            elif isinstance(item, Node | np.ndarray | list | bool | np.bool):
                items.append(Given())
                # A list of nothing holds no integers by itself.
                arrays.append(np.zeros(0, int) if isinstance(item, list) and not item else item)
            else:
                items.append(operator.index(item))
        except TypeError:
            raise AxisError(
                f"{item!r} is no index",
                fix="an index is an int, a slice of ints, ..., None, or a list or an array of ints "
                "or booleans",
            ) from None
    return tuple(items), arrays
