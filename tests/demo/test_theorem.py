"""∂L/∂z = (ŷ − y)/m by every way, and that a wrong derivative would be found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.demo import theorem
from minigraph.demo.theorem import (
    Differences,
    closed_form,
    compare,
    confirm,
    finite_differences,
    random_graph,
)
from minigraph.lecture import EXAMPLES, graph


@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_it_holds_for_random_graphs(seed, fused, soft):
    assert compare(random_graph(np.random.default_rng(seed), fused=fused, soft=soft)).passes


@given(st.integers(0, 2**32))
def test_finite_differences_are_the_closed_form(seed):
    nodes = random_graph(np.random.default_rng(seed), fused=True, soft=True)
    z, y = nodes.z.value, nodes.y.value
    np.testing.assert_allclose(finite_differences(z, y), closed_form(z, y), atol=1e-9)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_closed_form_is_the_lectures(example):
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    derivative = example.m * closed_form(nodes.z.value, nodes.y.value)
    if "∂L⁽ᵘ⁾/∂z" in example.quantities:
        np.testing.assert_allclose(derivative, example.quantities["∂L⁽ᵘ⁾/∂z"].exact)
    np.testing.assert_allclose(derivative.sum(axis=0), 0, atol=1e-15)


def test_all_is_confirmed():
    groups = confirm(seed=3, graphs=40)
    assert [(c.group, c.fused, c.targets, c.graphs) for c in groups] == [
        ("worked", False, "one-hot", 5),
        ("worked", True, "one-hot", 5),
        ("random", False, "one-hot", 10),
        ("random", False, "soft", 10),
        ("random", True, "one-hot", 10),
        ("random", True, "soft", 10),
    ]
    for c in groups:
        assert c.differences.passes
        assert c.differences.backward < 1e-15
        assert c.differences.grad < 1e-15
        # Finite differences are never exact: a zero would mean that nothing was compared.
        assert 0 < c.differences.finite < 1e-9
    assert groups[0].entries == 2 + 3 + 9 + 2 + 4


def test_the_same_seed_gives_the_same_numbers():
    assert confirm(seed=5, graphs=8) == confirm(seed=5, graphs=8)
    assert confirm(seed=5, graphs=8) != confirm(seed=6, graphs=8)


def test_random_graphs_differ_in_size():
    rng = np.random.default_rng(0)
    shapes = [random_graph(rng, fused=False, soft=False).z.shape for _ in range(300)]
    assert {k for k, _ in shapes} == set(range(1, 9))
    assert {m for _, m in shapes} == set(range(1, 13))


def test_a_wrong_derivative_is_found(monkeypatch):
    # The lecture's single example, without the mean: wrong as soon as m > 1.
    monkeypatch.setattr(theorem, "closed_form", lambda z, y: np.exp(z) / np.exp(z).sum(axis=0) - y)
    worked, *others = confirm(graphs=8)
    assert worked.differences.backward > 0.1
    assert not worked.differences.passes
    assert not any(c.differences.passes for c in others)


@pytest.mark.parametrize("place", range(3))
def test_not_a_number_never_passes(place):
    found = [0.0, 0.0, 0.0]
    assert Differences(*found).passes
    found[place] = float("nan")
    assert not Differences(*found).passes
