"""The operators: values as NumPy's, gradients as finite differences say."""

import operator

import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays, broadcastable

import minigraph as mg

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.mark.parametrize("operation", BINARY)
@both_given(broadcastable(2), st.data())
def test_values_and_gradients_of_shapes_that_broadcast(form, operation, shapes, data):
    a, b = (data.draw(arrays(shape, 0.5, 2.0)) for shape in shapes)
    np.testing.assert_array_equal(form.value(operation(mg.parameter(a), b)), operation(a, b))
    check_gradients(operation, a, b, form=form)


@pytest.mark.parametrize("operation", BINARY)
@both_given(arrays(low=0.5), st.sampled_from([2, -1, 0.5]))
def test_numbers_on_either_side(form, operation, x, number):
    check_gradients(lambda node: operation(node, number), x, form=form)
    check_gradients(lambda node: operation(abs(number), node), x, form=form)


@both_given(arrays())
def test_signs(form, x):
    check_gradients(operator.neg, x, form=form)
    node = mg.parameter(x)
    assert +node is node


@both
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.0, 2.0])
def test_a_whole_power_has_every_derivative_at_0(form, exponent):
    x = mg.parameter(0.0)
    y, expected = x**exponent, [0.0**exponent]
    for order in range(1, 5):
        y = mg.grad(y, x) if y is not None else None
        expected.append(np.prod(exponent - np.arange(order)) if order == exponent else 0.0)
        assert (0.0 if y is None else float(form.value(y))) == expected[-1]


@both
def test_a_power_of_0_has_no_slope_in_its_exponent(form):
    p = mg.parameter([0.5, 2.0])
    (dp,) = form.slopes(mg.sum(mg.constant([0.0, 0.0]) ** p), [p])
    assert dp.tolist() == [0.0, 0.0]


@both
def test_negative_bases_take_whole_powers(form):
    x = mg.parameter([-2.0, -1.0])
    assert form.slopes(mg.sum(x**3), [x])[0].tolist() == [12.0, 3.0]


@both
def test_the_same_node_twice_gets_both_gradients(form):
    x = mg.parameter(3.0)
    assert form.slopes(x * x + x - x / x, [x])[0].tolist() == 7.0


@both
@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (operator.eq, [False, True, False]),
        (operator.ne, [True, False, True]),
        (operator.lt, [True, False, False]),
        (operator.le, [True, True, False]),
        (operator.gt, [False, False, True]),
        (operator.ge, [False, True, True]),
    ],
)
def test_comparisons_give_booleans_and_no_gradient(form, operation, expected):
    x = mg.parameter([1.0, 2.0, 3.0])
    compared = operation(x, 2.0)
    assert form.value(compared).tolist() == expected
    (dx,) = form.slopes(mg.sum(compared * x), [x])
    assert dx.tolist() == [float(e) for e in expected]
    assert repr(compared.op).startswith("Compare(function=")
    assert compared.label == compared.op.function


def test_a_comparison_passes_no_gradient_on():
    x = mg.parameter([1.0, 2.0])
    loss = mg.sum(mg.expand_dims(x < 1.5, axis=0) * 1.0)
    assert mg.grad(loss, x) is None
    # Asked directly, it says so for each input.
    assert (x < 1.5).op.backward(np, np.ones(2), None, x.value, 1.5) == (None, None)


@both
def test_second_derivatives_of_a_power_at_zeros(form):
    x, p = mg.parameter([2.0, 0.0]), mg.parameter([0.0, 2.0])
    dx, dp = mg.grad(mg.sum(x**p), [x, p])
    (by_p,) = form.slopes(mg.sum(dx), [p])
    by_x, twice = form.slopes(mg.sum(dp), [x, p])
    np.testing.assert_allclose(by_p, by_x)
    np.testing.assert_allclose(by_x, [0.5, 0.0])
    assert twice[1] == 0.0
