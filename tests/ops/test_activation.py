"""Activations and other smooth or hinged functions of one number, against many digits."""

import mpmath
import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg

ORACLES = {
    "abs": abs,
    "sqrt": mpmath.sqrt,
    "square": lambda x: x * x,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}


@pytest.mark.parametrize("name", ORACLES)
@both_given(st.floats(-700, 700).filter(lambda x: abs(x) > 1e-3))
def test_value_and_slope_keep_their_digits_in_the_tails(form, name, x):
    x = abs(x) if name == "sqrt" else x
    node = mg.parameter(x)
    y = getattr(mg, name)(node)
    found = form.value(y)
    (dx,) = form.slopes(y, [node], atol=1e-300)
    with mpmath.workdps(700):
        value = ORACLES[name](mpmath.mpf(x))
        slope = mpmath.diff(ORACLES[name], mpmath.mpf(x))
    near = 1e-13 if name in ("sin", "cos") else 1e-300
    np.testing.assert_allclose(found, float(value), rtol=1e-13, atol=near)
    np.testing.assert_allclose(dx, float(slope), rtol=1e-12, atol=near)


@pytest.mark.parametrize("name", ["square", "sin", "cos", "tanh", "sigmoid", "softplus"])
@both_given(arrays(low=-3, high=3))
def test_gradients_of_two_orders(form, name, x):
    function = getattr(mg, name)
    check_gradients(function, x, form=form)

    def slope(node):
        return mg.grad(mg.sum(function(node)), node)

    check_gradients(slope, x, rtol=1e-5, atol=1e-6, form=form)


@both
def test_minimum_is_the_negative_of_the_maximum_of_negatives(form):
    a, b = mg.parameter([1.0, 2.0, 3.0]), mg.parameter([2.0, 2.0, -1.0])
    assert form.value(mg.minimum(a, b)).tolist() == [1.0, 2.0, -1.0]
    da, db = form.slopes(mg.sum(mg.minimum(a, b)), [a, b])
    assert da.tolist() == [1.0, 0.5, 0.0]
    assert db.tolist() == [0.0, 0.5, 1.0]


@both
def test_kinks_have_their_least_norm_subgradient(form):
    x = mg.parameter([0.0, 0.0])
    assert np.abs(x).value.tolist() == [0.0, 0.0]
    for y in (mg.abs(x), mg.relu(x), abs(x), mg.sqrt(x)):
        assert form.slopes(mg.sum(y), [x])[0].tolist() == [0.0, 0.0]
    assert form.slopes(mg.sqrt(mg.sum(mg.square(x))), [x])[0].tolist() == [0.0, 0.0]


@both
def test_the_third_derivative_of_the_sigmoid_at_0(form):
    x = mg.parameter(0.0)
    y = mg.sigmoid(x)
    for _ in range(3):
        y = mg.grad(y, x)
    assert form.value(y) == -0.125


def test_the_slope_of_tanh_is_0_where_its_cosh_overflows():
    x = mg.parameter([-800.0, 0.0, 800.0])
    with np.errstate(all="raise"):
        mg.sum(mg.tanh(x)).backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]
