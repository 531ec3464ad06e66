"""The same graph runs on the arrays of another library."""

import array
import sys
from types import SimpleNamespace

import array_api_strict as strict
import numpy as np
import pytest

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph


@pytest.mark.parametrize("key", EXAMPLES)
@pytest.mark.parametrize("fused", [False, True])
def test_the_lecture_on_strict_arrays(key, fused):
    example = EXAMPLES[key]
    made = graph(example.theta, example.x, example.labels, example.classes, fused=fused)
    made.loss.backward()
    f = mg.function(made.loss, [made.theta, made.x, made.y], wrt=[made.theta])
    values = [strict.asarray(node.value) for node in (made.theta, made.x, made.y)]
    loss, (gradient,) = f(*values)
    assert type(gradient) is type(values[0])
    np.testing.assert_allclose(float(loss), float(made.loss), rtol=1e-13)
    np.testing.assert_allclose(np.asarray(gradient), made.theta.grad, rtol=1e-12, atol=1e-15)


def test_constants_and_python_numbers_come_along():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.sum(2 * x * mg.constant([3.0, 4.0]) + x**2 / 2)
    value, (dx,) = mg.function(y, [x], wrt=[x])(strict.asarray([1.0, 2.0]))
    assert float(value) == 24.5
    assert np.asarray(dx).tolist() == [7.0, 10.0]


def test_a_library_without_a_namespace_of_its_own_is_looked_up(monkeypatch):
    found = SimpleNamespace(__name__="found", asarray=np.asarray, exp=np.exp)
    monkeypatch.setitem(
        sys.modules, "array_api_compat", SimpleNamespace(array_namespace=lambda x: found)
    )
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.function(mg.exp(x), [x])
    np.testing.assert_array_equal(f(array.array("d", [0.0])), [1.0])


def test_a_library_whose_size_is_a_method(monkeypatch):
    class Tensor(np.ndarray):
        def size(self):
            raise AssertionError("the array API's size is an attribute; this library's is not")

    found = SimpleNamespace(
        __name__="found",
        asarray=lambda x: np.asarray(x).view(Tensor),
        isdtype=np.isdtype,
        ones_like=np.ones_like,
        isnan=np.isnan,
        where=np.where,
        sum=np.sum,
        reshape=np.reshape,
        broadcast_to=np.broadcast_to,
    )
    monkeypatch.setitem(
        sys.modules, "array_api_compat", SimpleNamespace(array_namespace=lambda x: found)
    )
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.function(mg.sum(x * x), [x], wrt=[x])
    value, (dx,) = f(array.array("d", [3.0]))
    assert (float(value), dx.tolist()) == (9.0, [6.0])
