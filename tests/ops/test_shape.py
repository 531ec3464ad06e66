"""Ops that move entries about."""

import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg
from minigraph.namespace import astype


@both_given(arrays(hnp.array_shapes(min_dims=2, max_dims=4, max_side=3)))
def test_matrix_transpose(form, x):
    np.testing.assert_array_equal(form.value(mg.parameter(x).mT), np.swapaxes(x, -1, -2))
    check_gradients(mg.matrix_transpose, x, form=form)


@both_given(arrays(), st.data())
def test_permute_dims(form, x, data):
    axes = data.draw(st.permutations(range(x.ndim)))
    axes = [axis - x.ndim if data.draw(st.booleans()) else axis for axis in axes]
    np.testing.assert_array_equal(
        form.value(mg.permute_dims(mg.parameter(x), axes)), np.transpose(x, axes)
    )
    check_gradients(lambda node: mg.permute_dims(node, axes), x, form=form)


@both_given(arrays())
def test_the_transpose_reverses_all_axes(form, x):
    np.testing.assert_array_equal(form.value(mg.parameter(x).T), x.T)
    check_gradients(lambda node: node.T, x, form=form)


@both_given(arrays(), st.data())
def test_reshape(form, x, data):
    shape = data.draw(st.sampled_from([(-1,), x.size, (1, x.size), (x.size, -1), [*x.shape, 1]]))
    np.testing.assert_array_equal(
        form.value(mg.reshape(mg.parameter(x), shape)), np.reshape(x, shape)
    )
    check_gradients(lambda node: mg.reshape(node, shape), x, form=form)


@both_given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), st.data())
def test_broadcast_to(form, drawn, data):
    x = data.draw(arrays(drawn.input_shapes[0]))
    shape = drawn.result_shape
    np.testing.assert_array_equal(
        form.value(mg.broadcast_to(mg.parameter(x), shape)), np.broadcast_to(x, shape)
    )
    check_gradients(lambda node: mg.broadcast_to(node, shape), x, form=form)


@both_given(arrays(), st.data())
def test_expand_dims_and_squeeze(form, x, data):
    axis = data.draw(st.integers(-x.ndim - 1, x.ndim))
    wide = mg.expand_dims(mg.parameter(x), axis)
    np.testing.assert_array_equal(form.value(wide), np.expand_dims(x, axis))
    np.testing.assert_array_equal(form.value(mg.squeeze(wide, axis)), x)
    check_gradients(lambda node: mg.expand_dims(node, axis), x, form=form)
    check_gradients(lambda node: mg.squeeze(node, axis), wide.value, form=form)


@both
def test_squeeze_takes_several_axes(form):
    check_gradients(lambda node: mg.squeeze(node, (0, -1)), np.ones((1, 2, 1)), form=form)


@both
@pytest.mark.parametrize("dtype", [np.float32, "float32", np.dtype("float32")])
def test_astype_brings_the_gradient_back_to_the_first_dtype(form, dtype):
    x = mg.parameter([1.0, 2.0])
    small = astype(x, dtype)
    assert small.dtype == np.float32
    dx, ds = form.slopes(mg.sum(small * small), [x, small])
    assert dx.dtype == np.float64
    assert ds.dtype == np.float32
    assert dx.tolist() == [2.0, 4.0]


def test_reading_integers_as_floats_gives_no_gradient_to_integers():
    x = mg.constant([1, 2])
    w = mg.parameter([1.0, 1.0])
    mg.sum(w * astype(x, np.float64)).backward()
    assert w.grad.tolist() == [1.0, 2.0]
    assert x.grad is None
