"""Every public op, and how to draw its inputs: what the generic tests of all ops go by.

A case is inputs of floats and one call. The call is made on a namespace, so that the same line runs
as ``mg.sum(x, axis=0)``, as ``np.sum(x, axis=0)`` and as ``array_api_strict.sum(x, axis=0)``. For
what NumPy lacks, `REFERENCE` has the definition.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@dataclass(frozen=True)
class Case:
    """One call of an op."""

    arrays: tuple[np.ndarray, ...]
    call: Callable[..., Any]
    # What only NumPy has: another library need not take it.
    beyond_the_standard: bool = False

    def __repr__(self):
        return f"Case({', '.join(map(repr, self.arrays))})"


def spaced(draw, shapes, low=-2.0, high=2.0):
    """Draw arrays in which no two entries, and no entry and 0, are close: no kink is near."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = [math.prod(shape) for shape in shapes]
    places = np.linspace(low, high, sum(sizes) + 2)[1:-1]
    places = places[np.abs(places) > 0.02]
    places = np.concatenate([places, high + 0.05 * (1 + np.arange(sum(sizes)))])
    values = rng.permutation(places[: sum(sizes)])
    parts = np.split(values, np.cumsum(sizes)[:-1])
    return tuple(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))


SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
FILLED = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)


def together(number, min_side=0):
    """Draw shapes that broadcast together."""
    return hnp.mutually_broadcastable_shapes(
        num_shapes=number, min_dims=0, max_dims=3, min_side=min_side, max_side=3
    ).map(lambda drawn: drawn.input_shapes)


def unary(name, low=-2.0, high=2.0):
    @st.composite
    def cases(draw):
        return Case(spaced(draw, [draw(SHAPES)], low, high), lambda xp, x: getattr(xp, name)(x))

    return cases()


def binary(name, low=-2.0, high=2.0):
    @st.composite
    def cases(draw):
        arrays = spaced(draw, draw(together(2)), low, high)
        return Case(arrays, lambda xp, a, b: getattr(xp, name)(a, b))

    return cases()


@st.composite
def axes_of(draw, shape, several=True):
    """Draw an axis argument: one axis, from either end, several, none of them, or None."""
    if not shape:
        return draw(st.sampled_from([None, ()])) if several else None
    one = st.integers(-len(shape), len(shape) - 1)
    many = st.lists(st.integers(0, len(shape) - 1), unique=True).flatmap(
        lambda axes: st.tuples(*(st.sampled_from([i, i - len(shape)]) for i in axes))
    )
    return draw(st.none() | one | many if several else one)


def reduction(name, shapes=SHAPES, low=-2.0, high=2.0, several=True):
    @st.composite
    def cases(draw):
        (x,) = spaced(draw, [draw(shapes)], low, high)
        axis, keepdims = draw(axes_of(x.shape, several)), draw(st.booleans())
        return Case((x,), lambda xp, x: getattr(xp, name)(x, axis=axis, keepdims=keepdims))

    return cases()


@st.composite
def variances(draw):
    (x,) = spaced(draw, [draw(FILLED)])
    axis, keepdims = draw(axes_of(x.shape)), draw(st.booleans())
    axes = range(x.ndim) if axis is None else np.atleast_1d(np.array(axis, dtype=int))
    count = math.prod(x.shape[i] for i in axes)
    correction = draw(st.sampled_from([0, 0.5, 1])) if count > 1 else 0
    return Case((x,), lambda xp, x: xp.var(x, axis=axis, correction=correction, keepdims=keepdims))


def along(name):
    """Draw cases of the softmax family: an axis, or several."""

    @st.composite
    def cases(draw):
        (x,) = spaced(draw, [draw(FILLED)])
        axis = draw(axes_of(x.shape).filter(lambda axis: axis != ()))
        return Case((x,), lambda xp, x: getattr(xp, name)(x, axis=axis))

    return cases()


def loss(name, low, high):
    @st.composite
    def cases(draw):
        shape = draw(FILLED)
        axis = draw(st.integers(-len(shape), len(shape) - 1))
        reduction = draw(st.sampled_from(["mean", "sum", "none"]))
        if draw(st.booleans()):
            z, y = spaced(draw, [shape, shape], low, high)
            return Case((z, np.abs(y)), lambda xp, z, y: getattr(xp, name)(z, y, axis, reduction))
        (z,) = spaced(draw, [shape], low, high)
        examples = [n for i, n in enumerate(shape) if i != axis % len(shape)]
        labels = draw(
            hnp.arrays(np.int64, tuple(examples), elements=st.integers(0, shape[axis] - 1))
        )
        return Case((z,), lambda xp, z: getattr(xp, name)(z, labels, axis, reduction))

    return cases()


@st.composite
def matmuls(draw):
    drawn = draw(
        hnp.mutually_broadcastable_shapes(
            signature=np.matmul.signature, max_dims=2, max_side=3, min_side=0
        )
    )
    return Case(spaced(draw, drawn.input_shapes), lambda xp, a, b: xp.matmul(a, b))


@st.composite
def transposes(draw):
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=3))
    return Case(spaced(draw, [shape]), lambda xp, x: xp.matrix_transpose(x))


@st.composite
def permutations(draw):
    (x,) = spaced(draw, [draw(SHAPES)])
    axes = tuple(draw(st.permutations(range(x.ndim))))
    axes = tuple(draw(st.sampled_from([i, i - x.ndim])) for i in axes)
    return Case((x,), lambda xp, x: xp.permute_dims(x, axes))


@st.composite
def reshapes(draw):
    (x,) = spaced(draw, [draw(SHAPES)])
    shape = tuple(draw(st.permutations((*x.shape, 1))))
    shape = draw(st.sampled_from([shape, (x.size,), (-1,) if x.size else (0,)]))
    return Case((x,), lambda xp, x: xp.reshape(x, shape))


@st.composite
def broadcasts(draw):
    small, large = draw(
        hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3).map(
            lambda drawn: (drawn.input_shapes[0], drawn.result_shape)
        )
    )
    return Case(spaced(draw, [small]), lambda xp, x: xp.broadcast_to(x, large))


@st.composite
def expansions(draw):
    (x,) = spaced(draw, [draw(SHAPES)])
    axis = draw(st.integers(-x.ndim - 1, x.ndim))
    return Case((x,), lambda xp, x: xp.expand_dims(x, axis=axis))


@st.composite
def squeezes(draw):
    shape = list(draw(SHAPES))
    places = sorted(draw(st.sets(st.integers(0, len(shape)), min_size=1, max_size=2)))
    for place in reversed(places):
        shape.insert(place, 1)
    ones = [i for i, n in enumerate(shape) if n == 1]
    axis = tuple(draw(st.lists(st.sampled_from(ones), unique=True)))
    axis = axis[0] - len(shape) if len(axis) == 1 else axis
    return Case(spaced(draw, [shape]), lambda xp, x: xp.squeeze(x, axis=axis))


@st.composite
def concats(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3))
    axis = draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    lengths = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    shapes = [
        tuple(n if axis is not None and i == axis % len(shape) else m for i, m in enumerate(shape))
        for n in lengths
    ]
    return Case(spaced(draw, shapes), lambda xp, *arrays: xp.concat(arrays, axis=axis))


@st.composite
def stacks(draw):
    shape = draw(SHAPES)
    axis = draw(st.integers(-len(shape) - 1, len(shape)))
    number = draw(st.integers(1, 3))
    return Case(spaced(draw, [shape] * number), lambda xp, *arrays: xp.stack(arrays, axis=axis))


@st.composite
def takes(draw):
    (x,) = spaced(draw, [draw(FILLED)])
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    n = x.shape[axis]
    standard = draw(st.booleans())
    low, dims = (0, 1) if standard else (-n, 2)
    shapes = hnp.array_shapes(min_dims=1 if standard else 0, max_dims=dims, min_side=0, max_side=4)
    indices = draw(hnp.arrays(np.int64, shapes, elements=st.integers(low, n - 1)))
    if x.ndim == 1 and draw(st.booleans()):
        return Case((x,), lambda xp, x: xp.take(x, xp.asarray(indices)), not standard)
    return Case((x,), lambda xp, x: xp.take(x, xp.asarray(indices), axis=axis), not standard)


@st.composite
def takes_along(draw):
    (x,) = spaced(draw, [draw(FILLED)])
    axis = draw(st.integers(-x.ndim, x.ndim - 1))
    n = x.shape[axis]
    shape = [draw(st.sampled_from([m, 1])) for m in x.shape]
    shape[axis] = draw(st.integers(0, 3))
    pairs = enumerate(zip(x.shape, shape, strict=True))
    standard = all(m == k for i, (m, k) in pairs if i != axis % x.ndim)
    low = 0 if standard else -n
    indices = draw(hnp.arrays(np.int64, tuple(shape), elements=st.integers(low, n - 1)))
    return Case(
        (x,),
        lambda xp, x: xp.take_along_axis(x, xp.asarray(indices), axis=axis),
        not standard,
    )


@st.composite
def indices(draw):
    (x,) = spaced(draw, [draw(FILLED)])
    kind = draw(st.sampled_from(["basic", "integers", "mask", "mixed"]))
    if kind == "basic":
        key = draw(hnp.basic_indices(x.shape, allow_newaxis=True))
        items = key if isinstance(key, tuple) else (key,)
        named = sum(item is not None and item is not Ellipsis for item in items)
        standard = Ellipsis in items or named == x.ndim
    elif kind == "integers":
        key = draw(hnp.integer_array_indices(x.shape, result_shape=FILLED))
        standard = all((index >= 0).all() for index in key)
    elif kind == "mask":
        key = draw(hnp.arrays(bool, x.shape))
        standard = True
    else:
        length = draw(st.integers(0, 3))
        key = (draw(hnp.arrays(np.int64, length, elements=st.integers(0, x.shape[0] - 1))), ...)
        standard = False

    def call(xp, x):
        arrays = [
            xp.asarray(item) if isinstance(item, np.ndarray) else item
            for item in (key if isinstance(key, tuple) else (key,))
        ]
        return x[tuple(arrays)]

    return Case((x,), call, not standard)


@st.composite
def wheres(draw):
    condition, a, b = draw(together(3))
    holds = draw(hnp.arrays(bool, condition))
    return Case(spaced(draw, [a, b]), lambda xp, a, b: xp.where(xp.asarray(holds), a, b))


@st.composite
def clips(draw):
    (x,) = spaced(draw, [draw(SHAPES)])
    low, high = draw(st.sampled_from([(-0.901, 0.803), (None, 0.501), (-0.503, None), (0.0, 5)]))
    return Case((x,), lambda xp, x: xp.clip(x, low, high))


@st.composite
def clips_between_arrays(draw):
    x, low, high = spaced(draw, draw(together(3, min_side=1)))
    low, high = low - 2.1, high + 2.1
    keep = draw(st.booleans())
    if keep:  # some are out of bounds
        low = low + 2.0
    return Case((x, low, high), lambda xp, x, low, high: xp.clip(x, low, high))


EVERY_OP = {
    "add": binary("add"),
    "subtract": binary("subtract"),
    "multiply": binary("multiply"),
    "divide": binary("divide", 0.5, 2.0),
    "pow": binary("pow", 0.5, 2.0),
    "negative": unary("negative"),
    "abs": unary("abs"),
    "exp": unary("exp"),
    "log": unary("log", 0.2, 3.0),
    "expm1": unary("expm1"),
    "log1p": unary("log1p", -0.5, 3.0),
    "sqrt": unary("sqrt", 0.2, 3.0),
    "square": unary("square"),
    "sin": unary("sin"),
    "cos": unary("cos"),
    "tanh": unary("tanh"),
    "sign": unary("sign"),
    "relu": unary("relu"),
    "sigmoid": unary("sigmoid"),
    "softplus": unary("softplus"),
    "xlogy": binary("xlogy", 0.2, 2.0),
    "maximum": binary("maximum"),
    "minimum": binary("minimum"),
    "clip": clips() | clips_between_arrays(),
    "where": wheres(),
    "matmul": matmuls(),
    "matrix_transpose": transposes(),
    "permute_dims": permutations(),
    "reshape": reshapes(),
    "broadcast_to": broadcasts(),
    "expand_dims": expansions(),
    "squeeze": squeezes(),
    "concat": concats(),
    "stack": stacks(),
    "take": takes(),
    "take_along_axis": takes_along(),
    "index": indices(),
    "sum": reduction("sum"),
    "mean": reduction("mean", FILLED),
    "max": reduction("max", FILLED),
    "min": reduction("min", FILLED),
    "prod": reduction("prod"),
    "var": variances(),
    "logsumexp": along("logsumexp"),
    "softmax": along("softmax"),
    "log_softmax": along("log_softmax"),
    "cross_entropy": loss("cross_entropy", 0.1, 1.0),
    "softmax_cross_entropy": loss("softmax_cross_entropy", -2.0, 2.0),
}

# The definitions of what NumPy lacks.


def _softmax(x, axis=-1):
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


def _cross_entropy(y_hat, y, axis=-1, reduction="mean"):
    if np.ndim(y) < y_hat.ndim:
        y = np.moveaxis(np.eye(y_hat.shape[axis])[y], -1, axis)
    losses = -np.sum(y * np.log(y_hat), axis=axis)
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](losses)


class Reference:
    """NumPy, and the definitions beside it."""

    relu = staticmethod(lambda x: np.where(x > 0, x, 0))
    sigmoid = staticmethod(lambda x: 1 / (1 + np.exp(-x)))
    softplus = staticmethod(lambda x: np.log(1 + np.exp(x)))
    xlogy = staticmethod(lambda x, y: x * np.log(y))
    logsumexp = staticmethod(lambda x, axis=-1: np.log(np.sum(np.exp(x), axis=axis)))
    softmax = staticmethod(_softmax)
    log_softmax = staticmethod(lambda x, axis=-1: np.log(_softmax(x, axis)))
    cross_entropy = staticmethod(_cross_entropy)
    softmax_cross_entropy = staticmethod(
        lambda z, y, axis, reduction: _cross_entropy(_softmax(z, axis), y, axis, reduction)
    )
    var = staticmethod(
        lambda x, axis=None, correction=0, keepdims=False: np.var(
            x, axis=axis, ddof=correction, keepdims=keepdims
        )
    )

    def __getattr__(self, name):
        return getattr(np, name)


REFERENCE = Reference()
