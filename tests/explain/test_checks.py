"""Finite differences against derivatives that are known."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.checks import MOST, finite_differences
from minigraph.graph import topological_order


def check(loss, node):
    return finite_differences(loss, node, topological_order(loss))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [0.1, 1.0, 1e6])
def test_against_the_derivative(dtype, scale):
    x = mg.parameter(np.array([[0.5, -2.0], [1.5, 0.25]], dtype) * dtype(scale))
    inner = mg.sin(x / scale)
    loss = mg.sum(inner * inner)
    exact = np.sin(2 * x.value.astype(float) / scale) / scale
    np.testing.assert_allclose(check(loss, x), exact, rtol=1e-6)
    found = check(loss, inner)  # a node in the middle of the graph
    np.testing.assert_allclose(found, 2 * inner.value.astype(float), rtol=1e-6, atol=1e-6)
    assert found.shape == x.shape
    assert found.dtype == np.float64


def test_a_scalar_labels_and_numbers_in_expressions():
    x = mg.parameter(3.0)
    assert check(2.0 * x * x + 1, x) == pytest.approx(12.0, abs=1e-8)
    z = mg.parameter([[0.0, 1.0]])
    loss = mg.softmax_cross_entropy(z, mg.constant([1]))
    p = 1 / (1 + np.exp(1.0))
    np.testing.assert_allclose(check(loss, z), [[p, -p]], atol=1e-9)


def test_none_where_it_would_take_long():
    x = mg.parameter(np.ones(MOST // 4))
    assert check(mg.sum(x), x) is not None
    x = mg.parameter(np.ones(MOST // 4 + 1))
    assert check(mg.sum(x), x) is None


def test_nothing_is_written_and_nothing_warned():
    x = mg.parameter([np.inf, 1.0])
    loss = mg.sum(x * x)
    found = check(loss, x)
    assert np.isnan(found[0])
    assert x.value.tolist() == [np.inf, 1.0]
