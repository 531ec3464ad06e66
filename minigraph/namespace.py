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

from minigraph.errors import AxisError, OptionError, ShapeError
from minigraph.leaves import constant
from minigraph.node import Node
from minigraph.op import Op
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    linear_algebra,
    probability,
    reduction,
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
maximum = elementwise.Maximum()
minimum = elementwise.Minimum()
abs = elementwise.Abs()
sqrt = elementwise.Sqrt()
square = elementwise.Square()
sin = elementwise.Sin()
cos = elementwise.Cos()
tanh = activation.Tanh()
relu = activation.ReLU()
sigmoid = activation.Sigmoid()
softplus = activation.Softplus()
where = elementwise.Where()

matmul = linear_algebra.MatMul()
matrix_transpose = shapes.MatrixTranspose()

# Ops are values: equal parameters give the same op, made once.
_sum = lru_cache(reduction.Sum)
_mean = lru_cache(reduction.Mean)
_max = lru_cache(reduction.Max)
_softmax = lru_cache(probability.Softmax)
_log_softmax = lru_cache(probability.LogSoftmax)
_logsumexp = lru_cache(probability.LogSumExp)
_cross_entropy = lru_cache(probability.CrossEntropy)
_softmax_cross_entropy = lru_cache(probability.SoftmaxCrossEntropy)


def _axes(axis: Any) -> Any:
    """Return an axis argument as an int, a tuple of ints or None."""
    if axis is None or type(axis) is int:
        return axis
    try:
        if not isinstance(axis, list | tuple):
            return operator.index(axis)
        axes = tuple(operator.index(i) for i in axis)
        if len(set(axes)) == len(axes):
            return axes
        problem = f"axis {axis!r} names an axis twice"
    except TypeError:
        problem = f"axis {axis!r} is no axis"
    raise AxisError(problem, fix="an axis is an int, a tuple of ints, or None")


def _lengths(shape: Any) -> tuple[int, ...]:
    try:
        return tuple(operator.index(n) for n in (shape if np.iterable(shape) else (shape,)))
    except TypeError:
        raise ShapeError(f"{shape!r} is no shape", fix="a shape is a tuple of ints") from None


def _known(reduction: Any) -> Reduction:
    if reduction not in ("mean", "sum", "none"):
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
def sum(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _sum(_axes(axis), keepdims)(x)


@_documented(reduction.Mean)
def mean(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _mean(_axes(axis), keepdims)(x)


@_documented(reduction.Max)
def max(x: Any, /, axis: Axis = None, keepdims: bool = False) -> Node:
    return _max(_axes(axis), keepdims)(x)


@_documented(probability.LogSumExp)
def logsumexp(x: Any, /, axis: Axis = -1, keepdims: bool = False) -> Node:
    return _logsumexp(_axes(axis), keepdims)(_floats(x))


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
    return shapes.AsType(np.dtype(dtype).name)(x)


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


# What a rule may make: constants.


def asarray(value: Any, /) -> Node:
    """Return the value as a node: itself, or a constant."""
    return value if isinstance(value, Node) else constant(value)


def ones_like(x: Node, /) -> Node:
    """Return a constant of ones, of x's shape and dtype."""
    return constant(np.ones_like(x.value), copy=False)


def zeros_like(x: Node, /) -> Node:
    """Return a constant of zeros, of x's shape and dtype."""
    return constant(np.zeros_like(x.value), copy=False)


def arange(stop: int, /) -> Node:
    """Return a constant of the integers 0..stop−1."""
    return constant(np.arange(stop), copy=False)
