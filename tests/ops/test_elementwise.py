"""Functions of numbers, entry by entry: values as NumPy's, gradients."""

import numpy as np
import pytest
from hypothesis import given
from oracles_ import check_gradients
from strategies_ import arrays

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
