"""Sum, mean and max along any axes."""

import numpy as np
import pytest
from forms_ import EAGER, both, both_given
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
@both_given(reductions())
def test_values_and_gradients(form, name, drawn):
    x, axis, keepdims = drawn
    value = form.value(getattr(mg, name)(mg.parameter(x), axis=axis, keepdims=keepdims))
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    assert value.shape == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-15 if form is EAGER else 1e-13)
    check_gradients(
        lambda node: getattr(mg, name)(node, axis=axis, keepdims=keepdims), x, form=form
    )


@both
def test_the_empty_tuple_of_axes_reduces_nothing(form):
    x = np.array([[1.0, 2.0]])
    for reduce in (mg.sum, mg.mean, mg.max):
        np.testing.assert_array_equal(form.value(reduce(mg.parameter(x), axis=())), x)
        check_gradients(lambda node, reduce=reduce: reduce(node, axis=()), x, form=form)


def test_axes_may_be_a_list_or_integers_of_numpy():
    x = np.ones((2, 3, 4))
    assert mg.sum(x, axis=[0, np.int64(2)]).shape == (3,)
    assert mg.sum(x, axis=np.int64(1)).shape == (2, 4)


@both
def test_ties_of_max_share_evenly(form):
    x = mg.parameter([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]])
    (dx,) = form.slopes(mg.sum(mg.max(x, axis=1)), [x])
    np.testing.assert_allclose(dx, [[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])


@both
def test_ties_of_infinities_share_too(form):
    x = mg.parameter([-np.inf, -np.inf])
    assert form.slopes(mg.max(x), [x])[0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool])
def test_integers_reduce_as_in_numpy(dtype):
    x = np.array([[1, 0], [1, 1]], dtype=dtype)
    for name in ("sum", "mean", "max"):
        value, expected = getattr(mg, name)(x).value, getattr(np, name)(x)
        assert value == expected
        assert value.dtype == expected.dtype


@both
def test_a_sum_of_nothing_is_0_and_its_gradient_empty(form):
    x = mg.parameter(np.zeros((0, 3)))
    assert form.value(mg.sum(x)) == 0.0
    assert form.slopes(mg.sum(x), [x])[0].shape == (0, 3)


@both
def test_a_mean_of_nothing_is_nan_without_a_warning(form):
    assert np.isnan(form.value(mg.mean(mg.parameter(np.zeros(0)))))
    assert form.value(mg.mean(mg.parameter(np.zeros((0, 2))), axis=1)).shape == (0,)


def test_a_number_is_an_array_without_axes():
    assert float(mg.sum(2.0)) == float(mg.mean(2.0)) == float(mg.max(2.0)) == 2.0


@both
@pytest.mark.parametrize("name", ["sum", "mean", "max", "softmax", "logsumexp"])
@pytest.mark.parametrize("axis", [0, -1, None])
def test_a_scalar_has_an_axis_of_its_own_as_in_numpy(form, name, axis):
    x = mg.parameter(2.0)
    reduced = getattr(mg, name)(x, axis=axis)
    assert form.value(reduced).shape == form.slopes(reduced, [x])[0].shape == ()


@both
def test_a_variance_without_degrees_of_freedom_is_not_finite(form):
    two, one = mg.parameter([1.0, 2.0]), mg.parameter([1.0])
    assert np.isposinf(form.value(mg.var(two, correction=2)))
    assert np.isposinf(form.value(mg.var(two, correction=3)))
    assert np.isnan(form.value(mg.var(one, correction=1)))


@both
def test_the_product_of_the_others_in_each_row(form):
    x = mg.parameter([[2.0, 3.0, 5.0, 7.0], [1.0, 2.0, 0.0, 4.0]], name="x")
    (dx,) = form.slopes(mg.sum(mg.prod(x, axis=1)), [x])
    assert dx.tolist() == [[105.0, 70.0, 42.0, 30.0], [0.0, 0.0, 8.0, 0.0]]
