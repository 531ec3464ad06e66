"""Functions of one number, and choices: values as NumPy's, gradients, kinks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays, broadcastable

import minigraph as mg


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p", "sign"])
@given(arrays(low=0.2, high=3.0))
def test_values_are_those_of_numpy(name, x):
    np.testing.assert_array_equal(getattr(mg, name)(x).value, getattr(np, name)(x))


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p"])
@given(arrays(low=0.2, high=3.0))
def test_gradients(name, x):
    check_gradients(getattr(mg, name), x)


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p"])
@given(arrays(low=0.2, high=3.0))
def test_second_derivatives(name, x):
    def slope(node):
        return mg.grad(mg.sum(getattr(mg, name)(node)), node)

    check_gradients(slope, x)


def test_sign_has_no_gradient():
    x = mg.parameter([-2.0, 0.0, 3.0])
    assert mg.grad(mg.sum(mg.sign(x)), x) is None
    (mg.sum(mg.sign(x)) + mg.sum(x)).backward()
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


@given(broadcastable(2), st.data())
def test_maximum(shapes, data):
    a, b = (data.draw(arrays(shape)) for shape in shapes)
    np.testing.assert_array_equal(mg.maximum(a, b).value, np.maximum(a, b))
    if np.abs(a - b).min() > 1e-3:
        check_gradients(mg.maximum, a, b)


def test_a_tie_of_maximum_is_split():
    a, b = mg.parameter([1.0, 2.0, 3.0]), mg.parameter([1.0, 3.0, 2.0])
    mg.sum(mg.maximum(a, b)).backward()
    assert a.grad.tolist() == [0.5, 0.0, 1.0]
    assert b.grad.tolist() == [0.5, 1.0, 0.0]


def test_relu_at_0_by_maximum_takes_half():
    x = mg.parameter([-1.0, 0.0, 1.0])
    mg.sum(mg.maximum(x, 0)).backward()
    assert x.grad.tolist() == [0.0, 0.5, 1.0]


@given(broadcastable(3), st.data())
def test_where(shapes, data):
    condition, a, b = (data.draw(arrays(shape)) for shape in shapes)
    expected = np.where(condition > 0, a, b)
    np.testing.assert_array_equal(mg.where(condition > 0, a, b).value, expected)
    check_gradients(lambda a, b: mg.where(condition > 0, a, b), a, b)


def test_the_branch_not_taken_may_hold_anything():
    x = mg.parameter([np.nan, 1.0, -np.inf])
    mg.sum(mg.where([False, True, False], x, 0.0)).backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("condition", [True, False])
def test_a_condition_of_python(condition):
    x = mg.parameter([1.0, 2.0])
    chosen = mg.where(condition, x, 0)
    assert chosen.inputs[0].dtype == bool
    mg.sum(chosen).backward()
    assert x.grad.tolist() == [float(condition)] * 2
