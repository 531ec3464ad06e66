"""minigraph as an array API namespace over Nodes: through it an op's rule reads as a graph.

Names and signatures are the array API standard's wherever it has them. A function of no
parameters *is* its op; the others make the op with their parameters and apply it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from minigraph.errors import AxisError, DTypeError, OptionError, ShapeError
from minigraph.leaves import constant
from minigraph.node import Node
from minigraph.op import Op
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    indexing,
    linear_algebra,
    probability,
    reduction,
    selection,
)
from minigraph.ops import shape as shapes
from minigraph.ops.probability import Reduction
from minigraph.ops.reduction import Axis

add = arithmetic.Add()
subtract = arithmetic.Subtract()
multiply = arithmetic.Multiply()
divide = arithmetic.Divide()
negative = arithmetic.Negative()
pow = arithmetic.Pow()
equal = arithmetic.Compare("equal")
not_equal = arithmetic.Compare("not_equal")
less = arithmetic.Compare("less")
less_equal = arithmetic.Compare("less_equal")
greater = arithmetic.Compare("greater")
greater_equal = arithmetic.Compare("greater_equal")

exp = elementwise.Exp()
log = elementwise.Log()
expm1 = elementwise.Expm1()
log1p = elementwise.Log1p()
sign = elementwise.Sign()
abs = elementwise.Abs()
sqrt = elementwise.Sqrt()
square = elementwise.Square()
sin = elementwise.Sin()
cos = elementwise.Cos()
tanh = activation.Tanh()
relu = activation.ReLU()
sigmoid = activation.Sigmoid()
softplus = activation.Softplus()
xlogy = elementwise.Xlogy()

maximum = selection.Maximum()
minimum = selection.Minimum()
where = selection.Where()

matmul = linear_algebra.MatMul()
matrix_transpose = shapes.MatrixTranspose()

# Ops are values: equal parameters give the same op, made once.
_sum = lru_cache(reduction.Sum)
_mean = lru_cache(reduction.Mean)
_max = lru_cache(reduction.Max)
_min = lru_cache(reduction.Min)
_prod = lru_cache(reduction.Prod)
_var = lru_cache(reduction.Var)
_softmax = lru_cache(probability.Softmax)
_log_softmax = lru_cache(probability.LogSoftmax)
_logsumexp = lru_cache(probability.LogSumExp)
_cross_entropy = lru_cache(probability.CrossEntropy)
_softmax_cross_entropy = lru_cache(probability.SoftmaxCrossEntropy)


def _integer(number: Any) -> int:
    if isinstance(number, bool | np.bool):  # one of the other arguments, in the wrong place
        raise TypeError
    return operator.index(number)


def _axes(axis: Any) -> Any:
    """Return an axis argument as an int, a tuple of ints or None."""
    if axis is None or type(axis) is int:
        return axis
    try:
        if not isinstance(axis, list | tuple):
            return _integer(axis)
        axes = tuple(map(_integer, axis))
        if len(set(axes)) == len(axes):
            return axes
        problem = f"axis {axis!r} names an axis twice"
    except TypeError:
        problem = f"axis {axis!r} is no axis"
    raise AxisError(problem, fix="an axis is an int, a tuple of ints, or None")


def _axis(axis: Any) -> int:
    """Return an axis argument that is one axis."""
    try:
        return _integer(axis)
    except TypeError:
        raise AxisError(f"axis {axis!r} is no axis", fix="an axis is an int") from None


def _lengths(shape: Any) -> tuple[int, ...]:
    try:
        return tuple(operator.index(n) for n in (shape if np.iterable(shape) else (shape,)))
    except TypeError:
        raise ShapeError(f"{shape!r} is no shape", fix="a shape is a tuple of ints") from None


def _flag(keepdims: Any) -> bool:
    if not isinstance(keepdims, bool | np.bool | int):
        raise OptionError(f"keepdims={keepdims!r} is not known", fix="it is True or False")
    return bool(keepdims)


def _correction(correction: Any) -> Any:
    if not isinstance(correction, int | float | np.integer | np.floating):
        raise OptionError(
            f"correction={correction!r} is no number",
            fix="it is 0 for a population, 1 for a sample",
        )
    return correction


def _known(reduction: Any) -> Reduction:
    if not isinstance(reduction, str) or reduction not in ("mean", "sum", "none"):
        raise OptionError(
            f"reduction={reduction!r} is not known", fix="it is 'mean', 'sum' or 'none'"
        )
    return reduction


def _documented(op: type[Op]) -> Callable[[Any], Any]:
    """Give a function the documentation of the op that it applies."""

    def decorate(function: Any) -> Any:
        function.__doc__ = op.__doc__
        return function

    return decorate


@_documented(selection.Clip)
def clip(x: Any, /, min: Any = None, max: Any = None) -> Node:
    x = asarray(x)
    lower, upper = _bound(min), _bound(max)
    if lower is not None and upper is not None and lower > upper:
        raise OptionError(
            f"clip: min={lower} is above max={upper}", fix="give the smaller bound first"
        )
    if lower is None and min is not None:
        x = maximum(x, min)
    if lower is not None or upper is not None:
        x = selection.Clip(lower, upper)(x)
    return minimum(x, max) if upper is None and max is not None else x


@_documented(indexing.Index)
def index(x: Any, key: Any, /) -> Node:
    items, arrays = indexing.parse(key)
    return indexing.Index(items)(x, *arrays)


@_documented(indexing.Take)
def take(x: Any, indices: Any, /, axis: int | None = None) -> Node:
    x = asarray(x)
    if axis is None and x.ndim != 1:
        raise AxisError(
            f"take: x has {x.ndim} axes", nodes=[x], fix="say along which one: axis=0, for example"
        )
    return indexing.Take(0 if axis is None else _axis(axis))(x, _indices(indices))


@_documented(indexing.TakeAlongAxis)
def take_along_axis(x: Any, indices: Any, /, axis: int = -1) -> Node:
    return indexing.TakeAlongAxis(_axis(axis))(x, _indices(indices))


@_documented(shapes.Concat)
def concat(arrays: Any, /, axis: int | None = 0) -> Node:
    arrays = _several("concat", arrays)
    if axis is None:
        return shapes.Concat(0)(*(reshape(x, (-1,)) for x in arrays))
    return shapes.Concat(_axis(axis))(*arrays)


@_documented(shapes.Stack)
def stack(arrays: Any, /, axis: int = 0) -> Node:
    return shapes.Stack(_axis(axis))(*_several("stack", arrays))


@_documented(shapes.PermuteDims)
def permute_dims(x: Any, /, axes: tuple[int, ...]) -> Node:
    return shapes.PermuteDims(_lengths(axes))(x)


@_documented(shapes.Reshape)
def reshape(x: Any, /, shape: int | tuple[int, ...]) -> Node:
    return shapes.Reshape(_lengths(shape))(x)


@_documented(shapes.BroadcastTo)
def broadcast_to(x: Any, /, shape: int | tuple[int, ...]) -> Node:
    return shapes.BroadcastTo(_lengths(shape))(x)


@_documented(shapes.ExpandDims)
def expand_dims(x: Any, /, axis: int = 0) -> Node:
    return shapes.ExpandDims(_axes(axis))(x)


@_documented(shapes.Squeeze)
def squeeze(x: Any, /, axis: int | tuple[int, ...]) -> Node:
    return shapes.Squeeze(_axes(axis))(x)


@_documented(reduction.Sum)
def sum(x: Any, /, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Node:
    return _sum(_axes(axis), _flag(keepdims))(_cast(x, dtype))


@_documented(reduction.Prod)
def prod(x: Any, /, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Node:
    return _prod(_axes(axis), _flag(keepdims))(_cast(x, dtype))


@_documented(reduction.Mean)
def mean(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _mean(_axes(axis), _flag(keepdims))(x)


@_documented(reduction.Var)
def var(x: Any, /, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Node:
    return _var(_axes(axis), _correction(correction), _flag(keepdims))(_floats(x))


@_documented(reduction.Max)
def max(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _max(_axes(axis), _flag(keepdims))(x)


@_documented(reduction.Min)
def min(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _min(_axes(axis), _flag(keepdims))(x)


@_documented(probability.LogSumExp)
def logsumexp(x: Any, /, axis: Axis = -1, keepdims: bool = False) -> Node:
    return _logsumexp(_axes(axis), _flag(keepdims))(_floats(x))


@_documented(probability.Softmax)
def softmax(z: Any, /, axis: Axis = -1) -> Node:
    return _softmax(_axes(axis))(_floats(z))


@_documented(probability.LogSoftmax)
def log_softmax(z: Any, /, axis: Axis = -1) -> Node:
    return _log_softmax(_axes(axis))(_floats(z))


@_documented(probability.CrossEntropy)
def cross_entropy(y_hat: Any, y: Any, axis: int = -1, reduction: Reduction = "mean") -> Node:
    return _cross_entropy(_axes(axis), _known(reduction))(_floats(y_hat), asarray(y))


@_documented(probability.SoftmaxCrossEntropy)
def softmax_cross_entropy(z: Any, y: Any, axis: int = -1, reduction: Reduction = "mean") -> Node:
    return _softmax_cross_entropy(_axes(axis), _known(reduction))(_floats(z), asarray(y))


@_documented(shapes.AsType)
def astype(x: Any, dtype: Any, /) -> Node:
    try:
        known = np.dtype(dtype)
    except TypeError:
        known = None
    if known is None or known.kind not in "biuf":
        raise DTypeError(
            f"dtype={dtype!r} is no dtype of real numbers", fix="it is np.float32, for example"
        )
    return shapes.AsType(known.name)(x)


isdtype = np.isdtype


def __getattr__(name: str) -> Any:
    """Return the dtype of this name, as NumPy has it."""
    if name in np.sctypeDict:
        return np.dtype(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _floats(x: Any) -> Node:
    """Return x as a node of floats: differences of small integers would wrap around."""
    x = asarray(x)
    return x if x.dtype.kind == "f" else astype(x, np.float64)


def _cast(x: Any, dtype: Any) -> Any:
    """Return x in the dtype that was asked for, if one was."""
    return x if dtype is None else astype(x, dtype)


def _several(name: str, arrays: Any) -> tuple[Any, ...]:
    """Return the arrays that are to be joined: a sequence of some, or the rows of one."""
    arrays = tuple(arrays) if np.iterable(arrays) else ()
    if not arrays:
        raise ShapeError(f"{name}: there is nothing to join", fix="give a list of arrays")
    return arrays


def _indices(indices: Any) -> Any:
    """Return indices as data: beside floats a number would be one, and a list of nothing floats."""
    if isinstance(indices, Node):
        return indices
    array = np.asarray(indices)
    return array.astype(int) if array.size == 0 else array


def _bound(bound: Any) -> Any:
    """Return a bound that is a number; None for one that is none, or takes part as an array."""
    if not isinstance(bound, bool | int | float | np.generic):
        return None
    number = bound.item() if isinstance(bound, np.generic) else bound
    if number != number:
        raise OptionError("clip: a bound is nan", fix="bounds are numbers, or None")
    return number


# What a rule may make: constants.


def asarray(value: Any, /) -> Node:
    """Return the value as a node: itself, or a constant."""
    return value if isinstance(value, Node) else constant(value)


def ones_like(x: Node, /) -> Node:
    """Return a constant of ones, of x's shape and dtype."""
    return constant(np.ones_like(x.value))


def zeros_like(x: Node, /) -> Node:
    """Return a constant of zeros, of x's shape and dtype."""
    return constant(np.zeros_like(x.value))


def arange(stop: int, /, dtype: Any = None) -> Node:
    """Return a constant of the integers 0..stop−1."""
    return constant(np.arange(stop, dtype=dtype))
