"""Batches: every op on many arrays at once gives what it gives on one array at a time."""

import operator

import numpy as np
import pytest
from cases_ import EVERY_OP
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.testing.batched import Batched, BatchError, matmul
from minigraph.testing.batched_functions import BATCHED
from minigraph.testing.recorded import Call, Recorded

rng = np.random.default_rng(17)
N = 4

# In these, entries are multiplied and added up in an order that memory decides.
INEXACT = {"pow", "xlogy", "matmul", "sum", "mean", "prod", "var", "logsumexp", "softmax"}
INEXACT |= {"log_softmax", "cross_entropy", "softmax_cross_entropy"}


class Namespace:
    """minigraph's functions, under the standard's names."""

    asarray = staticmethod(np.asarray)

    def __getattr__(self, name):
        return getattr(mg, name)


def places_of(x):
    """Return places close to x, side by side."""
    return np.stack([x + 1e-3 * rng.random(x.shape) for _ in range(N)], axis=-1)


def one_by_one(function, *arrays):
    """Return what a function gives for each of the batch, side by side."""
    values = [
        function(*(x.whole[..., k] if isinstance(x, Batched) else x for x in arrays))
        for k in range(N)
    ]
    return np.stack(values, axis=-1)


def assert_same(function, *arrays):
    found = function(*arrays)
    expected = one_by_one(function, *arrays)
    assert found.shape == expected.shape[:-1]
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.whole, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", EVERY_OP)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_op_and_its_gradient_are_those_of_one_array_at_a_time(name, data):
    case = data.draw(EVERY_OP[name])
    which = data.draw(
        st.lists(st.integers(0, len(case.arrays) - 1), min_size=1, unique=True).map(sorted)
    )
    nodes = [mg.parameter(x) for x in case.arrays]
    output = case.call(Namespace(), *nodes)
    gradients = mg.grad(output, nodes, cotangent=rng.normal(size=output.shape))
    places = [places_of(x) if i in which else None for i, x in enumerate(case.arrays)]
    for graph in [output, *gradients]:
        if graph is None:
            continue
        recorded = Recorded([Call.of(nodes, graph)], np.ones(graph.shape), np.inf)
        values = recorded._replay({nodes[i]: Batched(places[i]) for i in which})
        whole = values.whole if isinstance(values, Batched) else np.stack([values] * N, axis=-1)
        f = mg.function(graph, nodes)
        for k in range(N):
            pairs = zip(case.arrays, places, strict=True)
            value = f(*(x if p is None else p[..., k] for x, p in pairs))
            assert whole[..., k].shape == value.shape
            assert whole.dtype == value.dtype
            if graph is output and name not in INEXACT:
                np.testing.assert_array_equal(whole[..., k], value)
            else:
                np.testing.assert_allclose(whole[..., k], value, rtol=1e-12, atol=1e-13)


A, B = Batched(rng.uniform(0.5, 2, (2, 3, N))), Batched(rng.uniform(0.5, 2, (2, 3, N)))
ROW, MATRIX = rng.uniform(0.5, 2, 3), rng.uniform(0.5, 2, (2, 3))
OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow"]
OPERATORS += ["lt", "le", "eq", "ne", "gt", "ge"]


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("other", [B, B[0], ROW, MATRIX, 2, 1.5, np.float32(2), np.array(2.0)])
def test_operators_broadcast_from_either_side(name, other):
    function = getattr(operator, name)
    assert_same(function, A, other)
    assert_same(function, other, A)


def test_numbers_are_weak_and_other_arrays_are_not():
    x = Batched(np.ones((3, N), np.float32))
    assert (x * 2.5).dtype == np.float32
    assert (x * np.float64(2.5)).dtype == np.float64
    assert (x * ROW).dtype == np.float64
    assert (x**2).dtype == np.float32


def test_a_batch_is_negated_inverted_and_turned():
    for function in (operator.neg, operator.pos, abs, np.exp, lambda x: x.T, lambda x: x.mT):
        assert_same(function, A)
    assert_same(operator.invert, A < 1)
    assert_same(operator.and_, A < 1, MATRIX < 1)
    assert (A.ndim, A.size, len(A), [x.shape for x in A]) == (2, 6, 2, [(3,), (3,)])
    assert A.__array_namespace__() is BATCHED


@pytest.mark.parametrize("a", [(3,), (2, 3), (4, 2, 3), (5, 1, 2, 3), (0, 3)])
@pytest.mark.parametrize("b", [(3,), (3, 2), (4, 3, 1), (3, 0)])
@pytest.mark.parametrize("which", [(0,), (1,), (0, 1)])
def test_products_of_vectors_matrices_and_stacks_of_them(a, b, which):
    batches = [Batched(rng.normal(size=(*shape, N))) for shape in (a, b)]
    pair = [x if i in which else x.whole[..., 0] for i, x in enumerate(batches)]
    found, expected = operator.matmul(*pair), one_by_one(operator.matmul, *pair)
    assert found.shape == expected.shape[:-1]
    np.testing.assert_allclose(found.whole, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(BATCHED.matmul(*pair).whole, found.whole)


def test_what_is_in_no_batch_is_left_to_numpy():
    xp = BATCHED
    assert xp.where(MATRIX > 1, MATRIX, 0).shape == (2, 3)
    assert xp.concat([MATRIX, MATRIX]).shape == (4, 3)
    assert (xp.arange(3).tolist(), xp.float32, xp.isdtype(A.dtype, "real floating")) == (
        [0, 1, 2],
        np.float32,
        True,
    )
    assert xp.zeros_like(A).shape == xp.ones_like(A).shape == (2, 3)
    assert xp.sum(xp.zeros_like(A)) == 0
    assert xp.sum(xp.ones_like(A)) == 6


def test_functions_take_axes_as_the_standard_has_them():
    xp = BATCHED
    for function in (
        lambda x: np.asarray(x.sum()) if isinstance(x, np.ndarray) else xp.sum(x),
        lambda x: xp.std(x, axis=-1),
        lambda x: xp.any(x > 1, axis=0),
        lambda x: xp.matrix_transpose(x),
        lambda x: xp.expand_dims(x, (0, -1)),
        lambda x: xp.squeeze(xp.expand_dims(x, 0), 0),
        lambda x: xp.take(x[0], np.array([2, 0])),
        lambda x: xp.concat([x, MATRIX], axis=None),
        lambda x: xp.stack([MATRIX, x], axis=-1),
        lambda x: xp.stack([np.array(1.0), x[0, 0]]),
        lambda x: xp.reshape(x, 6),
        lambda x: x[..., None, 0],
        lambda x: x[1, np.array([0, 2])],
        lambda x: x[MATRIX > 1],
        lambda x: xp.clip(x, None, xp.min(x) + 0.1),
        lambda x: xp.astype(x, xp.float32),
    ):
        found, expected = function(A), one_by_one(function, A)
        assert found.shape == expected.shape[:-1]
        np.testing.assert_allclose(found.whole, expected, rtol=1e-6)


VECTOR, SCALAR = A[0], A[0, 0]
REFUSALS = {
    "if": lambda: bool(SCALAR),
    "float": lambda: float(SCALAR),
    "int": lambda: int(SCALAR),
    "an index": lambda: [1, 2, 3][SCALAR],
    "an array": lambda: np.asarray(VECTOR),
    "a function of NumPy": lambda: np.sort(VECTOR),
    "a reduction of NumPy": lambda: np.add.reduce(VECTOR),
    "two results": lambda: np.modf(VECTOR),
    "in place": lambda: operator.iadd(VECTOR, 1),
    "into an array": lambda: np.add(VECTOR, 1, out=np.zeros(3)),
    "a list": lambda: operator.add(VECTOR, [1, 2, 3]),
    "a batch of masks": lambda: VECTOR[VECTOR > 1],
    "a batch of indices": lambda: BATCHED.take(VECTOR, BATCHED.astype(VECTOR, int)),
    "a batch of indices of an array": lambda: BATCHED.take_along_axis(
        ROW, BATCHED.astype(VECTOR, int)
    ),
    "the length of a scalar": lambda: len(SCALAR),
    "the transpose of a vector": lambda: VECTOR.mT,
    "a product by a scalar": lambda: matmul(VECTOR, SCALAR),
    "an axis that is the batch's": lambda: BATCHED.sum(VECTOR, axis=1),
    "an axis of a scalar": lambda: BATCHED.sum(SCALAR, axis=0),
    "one index too many": lambda: VECTOR[0, 0],
    "another shape": lambda: BATCHED.reshape(VECTOR, (2, 2)),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_a_batch_cannot_do_it_refuses(name):
    with pytest.raises((BatchError, TypeError, ValueError, IndexError, AttributeError)):
        REFUSALS[name]()
