"""Functions of numbers, entry by entry: values as NumPy's, gradients."""

import numpy as np
import pytest
from forms_ import both, both_given
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p", "sign"])
@both_given(arrays(low=0.2, high=3.0))
def test_values_are_those_of_numpy(form, name, x):
    value = form.value(getattr(mg, name)(mg.parameter(x)))
    np.testing.assert_array_equal(value, getattr(np, name)(x))


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p"])
@both_given(arrays(low=0.2, high=3.0))
def test_gradients(form, name, x):
    check_gradients(getattr(mg, name), x, form=form)


@pytest.mark.parametrize("name", ["exp", "log", "expm1", "log1p"])
@both_given(arrays(low=0.2, high=3.0))
def test_second_derivatives(form, name, x):
    def slope(node):
        return mg.grad(mg.sum(getattr(mg, name)(node)), node)

    check_gradients(slope, x, form=form)


@both
def test_sign_has_no_gradient(form):
    x = mg.parameter([-2.0, 0.0, 3.0])
    assert form.slopes(mg.sum(mg.sign(x)), [x]) == (None,)
    assert form.slopes(mg.sum(mg.sign(x)) + mg.sum(x), [x])[0].tolist() == [1.0, 1.0, 1.0]
