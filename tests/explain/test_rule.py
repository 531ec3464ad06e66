"""An op's rule on its own gives what the engine's sweep gives."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.rule import apart, contributions, rule_graph, stand_in
from minigraph.graph import topological_order

X = mg.parameter([[0.5, 2.0, 1.5]], name="x")
B = mg.parameter([1.0, 2.0, 3.0], name="b")


@pytest.mark.parametrize(
    "node",
    [X + B, X * B, X @ B, mg.softmax(X), mg.softmax_cross_entropy(X, [1]), mg.sum(X, axis=0)],
    ids=lambda node: node.label,
)
def test_the_parts_are_the_engines(node):
    cotangent = np.random.default_rng(0).normal(size=node.shape)
    parts = contributions(apart(node), cotangent, range(2))
    for x, part in zip(node.inputs, parts, strict=True):
        if x.kind == "parameter":
            np.testing.assert_array_equal(part, mg.grad(node, x, cotangent).value)
            assert part.shape == x.shape
    for i, x in enumerate(node.inputs):
        if x.kind != "parameter":
            continue
        part, seed, _ = rule_graph(apart(node), i)
        assert seed in set(topological_order(part))
        np.testing.assert_allclose(part.value, mg.grad(node, x, np.ones(node.shape)).value)


def test_a_node_used_twice_has_two_parts():
    square = mg.multiply(B, B)
    own = apart(square)
    assert own.inputs[0] is not own.inputs[1]
    first, second = contributions(own, np.ones(3), (0, 1))
    np.testing.assert_array_equal(first, B.value)
    np.testing.assert_array_equal(second, B.value)
    assert contributions(own, np.ones(3), (1,))[0] is None


def test_other_values_give_another_output():
    other = apart(mg.softmax_cross_entropy(B, 0), [np.zeros(3), np.array(2)])
    np.testing.assert_allclose(other.value, np.log(3))
    assert len(other._saved) == 1


def test_integers_get_nothing():
    node = mg.softmax_cross_entropy(X, [1])
    assert contributions(apart(node), np.array(1.0), (0, 1))[1] is None
    leaf = stand_in(np.array([1, 2]), B)
    assert not leaf._active
    assert rule_graph(apart(mg.where(B > 1.0, B, 0.0)), 0) is None
