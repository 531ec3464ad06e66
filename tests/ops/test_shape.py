"""Ops that move entries about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg
from minigraph.namespace import astype


@given(arrays(hnp.array_shapes(min_dims=2, max_dims=4, max_side=3)))
def test_matrix_transpose(x):
    np.testing.assert_array_equal(mg.constant(x).mT.value, np.swapaxes(x, -1, -2))
    check_gradients(mg.matrix_transpose, x)


@given(arrays(), st.data())
def test_permute_dims(x, data):
    axes = data.draw(st.permutations(range(x.ndim)))
    axes = [axis - x.ndim if data.draw(st.booleans()) else axis for axis in axes]
    np.testing.assert_array_equal(mg.permute_dims(x, axes).value, np.transpose(x, axes))
    check_gradients(lambda node: mg.permute_dims(node, axes), x)


@given(arrays())
def test_the_transpose_reverses_all_axes(x):
    np.testing.assert_array_equal(mg.constant(x).T.value, x.T)
    check_gradients(lambda node: node.T, x)


@given(arrays(), st.data())
def test_reshape(x, data):
    shape = data.draw(st.sampled_from([(-1,), x.size, (1, x.size), (x.size, -1), [*x.shape, 1]]))
    np.testing.assert_array_equal(mg.reshape(x, shape).value, np.reshape(x, shape))
    check_gradients(lambda node: mg.reshape(node, shape), x)


@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), st.data())
def test_broadcast_to(drawn, data):
    x = data.draw(arrays(drawn.input_shapes[0]))
    shape = drawn.result_shape
    np.testing.assert_array_equal(mg.broadcast_to(x, shape).value, np.broadcast_to(x, shape))
    check_gradients(lambda node: mg.broadcast_to(node, shape), x)


@given(arrays(), st.data())
def test_expand_dims_and_squeeze(x, data):
    axis = data.draw(st.integers(-x.ndim - 1, x.ndim))
    wide = mg.expand_dims(x, axis)
    np.testing.assert_array_equal(wide.value, np.expand_dims(x, axis))
    np.testing.assert_array_equal(mg.squeeze(wide, axis).value, x)
    check_gradients(lambda node: mg.expand_dims(node, axis), x)
    check_gradients(lambda node: mg.squeeze(node, axis), wide.value)


def test_squeeze_takes_several_axes():
    check_gradients(lambda node: mg.squeeze(node, (0, -1)), np.ones((1, 2, 1)))


@pytest.mark.parametrize("dtype", [np.float32, "float32", np.dtype("float32")])
def test_astype_brings_the_gradient_back_to_the_first_dtype(dtype):
    x = mg.parameter([1.0, 2.0])
    small = astype(x, dtype)
    assert small.dtype == np.float32
    mg.sum(small * small).backward()
    assert x.grad.dtype == np.float64
    assert small.grad.dtype == np.float32
    assert x.grad.tolist() == [2.0, 4.0]


def test_reading_integers_as_floats_gives_no_gradient_to_integers():
    x = mg.constant([1, 2])
    w = mg.parameter([1.0, 1.0])
    mg.sum(w * astype(x, np.float64)).backward()
    assert w.grad.tolist() == [1.0, 2.0]
    assert x.grad is None
