"""Sum, mean and max along any axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg


@st.composite
def reductions(draw, min_dims=0):
    x = draw(arrays())
    axes = st.sampled_from(range(-x.ndim, x.ndim)) if x.ndim else st.just(())
    several = st.lists(
        st.integers(0, x.ndim - 1) if x.ndim else st.nothing(), unique=True, max_size=x.ndim
    ).map(tuple)
    return x, draw(st.none() | axes | several), draw(st.booleans())


@pytest.mark.parametrize("name", ["sum", "mean", "max"])
@given(reductions())
def test_values_and_gradients(name, drawn):
    x, axis, keepdims = drawn
    value = getattr(mg, name)(x, axis=axis, keepdims=keepdims).value
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    assert value.shape == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-15)
    check_gradients(lambda node: getattr(mg, name)(node, axis=axis, keepdims=keepdims), x)


def test_the_empty_tuple_of_axes_reduces_nothing():
    x = np.array([[1.0, 2.0]])
    for reduce in (mg.sum, mg.mean, mg.max):
        np.testing.assert_array_equal(reduce(x, axis=()).value, x)
        check_gradients(lambda node, reduce=reduce: reduce(node, axis=()), x)


def test_axes_may_be_a_list_or_integers_of_numpy():
    x = np.ones((2, 3, 4))
    assert mg.sum(x, axis=[0, np.int64(2)]).shape == (3,)
    assert mg.sum(x, axis=np.int64(1)).shape == (2, 4)


def test_ties_of_max_share_evenly():
    x = mg.parameter([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]])
    mg.sum(mg.max(x, axis=1)).backward()
    np.testing.assert_allclose(x.grad, [[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])


def test_ties_of_infinities_share_too():
    x = mg.parameter([-np.inf, -np.inf])
    mg.grad(mg.max(x), x)
    assert mg.grad(mg.max(x), x).value.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool])
def test_integers_reduce_as_in_numpy(dtype):
    x = np.array([[1, 0], [1, 1]], dtype=dtype)
    for name in ("sum", "mean", "max"):
        value, expected = getattr(mg, name)(x).value, getattr(np, name)(x)
        assert value == expected
        assert value.dtype == expected.dtype


def test_a_sum_of_nothing_is_0_and_its_gradient_empty():
    x = mg.parameter(np.zeros((0, 3)))
    total = mg.sum(x)
    total.backward()
    assert float(total) == 0.0
    assert x.grad.shape == (0, 3)


def test_a_mean_of_nothing_is_nan_without_a_warning():
    assert np.isnan(mg.mean(np.zeros(0)).value)
    assert mg.mean(np.zeros((0, 2)), axis=1).shape == (0,)


def test_a_number_is_an_array_without_axes():
    assert float(mg.sum(2.0)) == float(mg.mean(2.0)) == float(mg.max(2.0)) == 2.0


@pytest.mark.parametrize("name", ["sum", "mean", "max", "softmax", "logsumexp"])
@pytest.mark.parametrize("axis", [0, -1, None])
def test_a_scalar_has_an_axis_of_its_own_as_in_numpy(name, axis):
    x = mg.parameter(2.0)
    reduced = getattr(mg, name)(x, axis=axis)
    reduced.backward()
    assert reduced.shape == x.grad.shape == ()


def test_a_variance_without_degrees_of_freedom_is_not_finite():
    assert np.isposinf(mg.var([1.0, 2.0], correction=2).value)
    assert np.isposinf(mg.var([1.0, 2.0], correction=3).value)
    assert np.isnan(mg.var([1.0], correction=1).value)


def test_the_product_of_the_others_in_each_row():
    x = mg.parameter([[2.0, 3.0, 5.0, 7.0], [1.0, 2.0, 0.0, 4.0]], name="x")
    mg.sum(mg.prod(x, axis=1)).backward()
    assert x.grad.tolist() == [[105.0, 70.0, 42.0, 30.0], [0.0, 0.0, 8.0, 0.0]]
