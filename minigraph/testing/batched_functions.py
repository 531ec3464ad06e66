"""The array API standard's functions for batches: what an op's rule finds in its ``xp``.

Each does for every array of a batch what NumPy's of the name does for one. What is not here is
NumPy's own, which refuses batches; a caller then goes on with one array at a time.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.testing.batched import Batched, BatchError, matmul, whole_of


class _Namespace:
    """The functions below and NumPy's elementwise ones for batches, beside all else of NumPy."""

    __name__ = __name__

    def __getattr__(self, name: str) -> Any:
        return getattr(NUMPY, name)


BATCHED = _Namespace()


def _is_batch(x: Any) -> bool:
    if isinstance(x, list | tuple):
        return any(isinstance(item, Batched) for item in x)
    return isinstance(x, Batched)


def _of_batches(function: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """Put a function into the namespace; arrays alone go to NumPy's function of the name."""
    name = name or function.__name__.lstrip("_")
    numpys = getattr(NUMPY, name)

    def either(*arguments: Any, **options: Any) -> Any:
        for x in arguments:
            if type(x) is Batched or _is_batch(x):
                return function(*arguments, **options)
        return numpys(*arguments, **options)

    setattr(BATCHED, name, either)
    return function


def _axis(axis: Any, ndim: int) -> int:
    """Return an axis counted from the front, since the batch comes last."""
    axis = operator.index(axis)
    if not -ndim <= axis < ndim:
        raise BatchError(f"axis {axis} is out of range")
    return axis % ndim


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return an axis argument as axes counted from the front; None stands for all."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(_axis(i, ndim) for i in (axis if isinstance(axis, tuple) else (axis,)))


def _lengths(shape: Any, like: Batched) -> tuple[int, ...]:
    """Return a shape with the batch behind it."""
    shape = shape if isinstance(shape, tuple | list) else (shape,)
    return (*shape, like.whole.shape[-1])


def _elementwise(ufunc: np.ufunc) -> Callable[..., Any]:
    def function(*arrays: Any) -> Any:
        return Batched(ufunc(*map(whole_of, arrays)))

    return function


def _reduction(reduce: Callable[..., Any]) -> Callable[..., Any]:
    def function(x: Batched, /, *, axis: Any = None, **options: Any) -> Any:
        return Batched(reduce(x.whole, axis=_axes(axis, x.ndim), **options))

    return function


for _name, _theirs in vars(np).items():
    if isinstance(_theirs, np.ufunc) and _theirs.nout == 1 and not _theirs.signature:
        _of_batches(_elementwise(_theirs), _name)
for _name in "sum", "prod", "max", "min", "mean", "var", "std", "any", "all":
    _of_batches(_reduction(getattr(NUMPY, _name)), _name)
_of_batches(matmul)


@_of_batches
def _where(condition: Any, a: Any, b: Any, /) -> Any:
    return Batched(np.where(whole_of(condition), whole_of(a), whole_of(b)))


@_of_batches
def _clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    low, high = (bound if bound is None else whole_of(bound) for bound in (min, max))
    return Batched(np.clip(whole_of(x), low, high))


@_of_batches
def _astype(x: Batched, dtype: Any, /) -> Any:
    return Batched(x.whole.astype(dtype))


@_of_batches
def _ones_like(x: Batched, /) -> Any:
    return np.ones(x.shape, x.dtype)  # the same for all of the batch


@_of_batches
def _zeros_like(x: Batched, /) -> Any:
    return np.zeros(x.shape, x.dtype)


@_of_batches
def _matrix_transpose(x: Batched, /) -> Any:
    return x.mT


@_of_batches
def _permute_dims(x: Batched, /, axes: Any) -> Any:
    return Batched(x.whole.transpose(*_axes(tuple(axes), x.ndim), x.ndim))


@_of_batches
def _reshape(x: Batched, /, shape: Any) -> Any:
    return Batched(x.whole.reshape(_lengths(shape, x)))


@_of_batches
def _broadcast_to(x: Batched, /, shape: Any) -> Any:
    return Batched(np.broadcast_to(x.whole, _lengths(shape, x)))


@_of_batches
def _expand_dims(x: Batched, /, axis: Any = 0) -> Any:
    new = len(axis) if isinstance(axis, tuple) else 1
    return Batched(np.expand_dims(x.whole, _axes(axis, x.ndim + new)))


@_of_batches
def _squeeze(x: Batched, /, axis: Any) -> Any:
    return Batched(np.squeeze(x.whole, _axes(axis, x.ndim)))


def _spread(arrays: Any) -> list[np.ndarray]:
    """Return the whole of each, an array that is in no batch being repeated."""
    n = next(x.whole.shape[-1] for x in arrays if isinstance(x, Batched))
    data = [whole_of(x) for x in arrays]
    return [np.broadcast_to(x, (*x.shape[:-1], n)) for x in data]


@_of_batches
def _concat(arrays: Any, /, axis: int | None = 0) -> Any:
    if axis is None:
        arrays, axis = [BATCHED.reshape(x, (-1,)) for x in arrays], 0
    return Batched(np.concatenate(_spread(arrays), _axis(axis, arrays[0].ndim)))


@_of_batches
def _stack(arrays: Any, /, axis: int = 0) -> Any:
    return Batched(np.stack(_spread(arrays), _axis(axis, arrays[0].ndim + 1)))


@_of_batches
def _take(x: Batched, indices: np.ndarray, /, axis: int | None = None) -> Any:
    axis = 0 if axis is None and x.ndim == 1 else axis
    return Batched(np.take(x.whole, indices, axis=_axis(axis, x.ndim)))


@_of_batches
def _take_along_axis(x: Batched, indices: np.ndarray, /, axis: int = -1) -> Any:
    return Batched(np.take_along_axis(x.whole, indices[..., None], _axis(axis, x.ndim)))
