"""The lecture's graph against what it defines, in plain NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph, load_iris, step, with_ones


@st.composite
def samples(draw):
    """Draw θ, x and labels of n features, k classes and m examples."""
    n, k, m = (draw(st.integers(low, 5)) for low in (0, 1, 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = np.vstack([np.ones(m), rng.normal(scale=3, size=(n, m))])
    return rng.normal(size=(n + 1, k)), x, rng.integers(k, size=m)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


@given(samples(), st.booleans())
def test_it_computes_what_the_lecture_defines(sample, fused):
    theta, x, labels = sample
    k, m = theta.shape[1], x.shape[1]
    nodes = graph(theta, x, labels, fused=fused)
    z = theta.T @ x
    np.testing.assert_allclose(nodes.z.value, z)
    np.testing.assert_allclose(nodes.y_hat.value, softmax(z))
    np.testing.assert_array_equal(nodes.y.value, np.eye(k)[:, labels])
    of_each = -np.log(softmax(z)[labels, range(m)])
    np.testing.assert_allclose(float(nodes.loss), of_each.mean(), atol=1e-12)


@given(samples(), st.booleans(), st.floats(0.001, 10))
def test_a_step_goes_against_the_gradient(sample, fused, eta):
    theta, x, labels = sample
    k, m = theta.shape[1], x.shape[1]
    nodes = graph(theta, x, labels, fused=fused)
    updated = step(nodes, eta)
    by_theta = x @ (softmax(theta.T @ x) - np.eye(k)[:, labels]).T / m
    np.testing.assert_allclose(updated, theta - eta * by_theta, atol=1e-12)
    np.testing.assert_array_equal(nodes.theta.value, theta)
    np.testing.assert_array_equal(step(nodes, eta), updated)


@given(samples())
def test_a_batch_is_the_mean_of_its_examples(sample):
    theta, x, labels = sample
    batch = graph(theta, x, labels)
    batch.loss.backward()
    each = [graph(theta, x[:, [u]], labels[[u]]) for u in range(len(labels))]
    for nodes in each:
        nodes.loss.backward()
    mean = np.mean([nodes.theta.grad for nodes in each], axis=0)
    np.testing.assert_allclose(batch.theta.grad, mean, atol=1e-12)


def test_labels_counted_from_1_give_the_same_targets():
    a, d = EXAMPLES["A"], EXAMPLES["D"]
    from_1 = graph(a.theta, a.x, a.labels, a.classes)
    from_0 = graph(d.theta, d.x, d.labels)
    np.testing.assert_array_equal(from_1.y.value, from_0.y.value)
    assert from_1.y.kind == "target"


def test_soft_targets():
    soft = np.array([[0.2, 0.5], [0.8, 0.5]])
    theta, x = EXAMPLES["E"].theta, EXAMPLES["E"].x
    nodes = graph(theta, x, soft)
    nodes.loss.backward()
    np.testing.assert_array_equal(nodes.y.value, soft)
    np.testing.assert_allclose(nodes.z.grad, (softmax(theta.T @ x) - soft) / 2)


def test_the_nodes_have_the_lectures_symbols():
    c = EXAMPLES["C"]
    nodes = graph(c.theta, c.x, c.labels, c.classes)
    names = [node.name for node in (nodes.theta, nodes.x, nodes.y, nodes.z, nodes.y_hat)]
    assert [*names, nodes.loss.name] == ["θ", "x", "y", "z", "ŷ", "L"]
    assert (nodes.theta.kind, nodes.x.kind) == ("parameter", "constant")


def test_single_precision_stays_single():
    c = EXAMPLES["C"]
    nodes = graph(c.theta.astype(np.float32), c.x.astype(np.float32), c.labels, c.classes)
    assert nodes.z.dtype == np.float32
    assert step(nodes, 0.1).dtype == np.float32


def test_ones_lead():
    iris = load_iris()
    x = with_ones(iris.x)
    assert x.shape == (5, 150)
    assert np.all(x[0] == 1)
    np.testing.assert_array_equal(x[1:], iris.x.T)
    assert with_ones(np.empty((0, 2))).shape == (3, 0)


@pytest.mark.parametrize("features", [1.4, [1.4, 0.2], [[[1.4]]]])
def test_features_are_rows(features):
    with pytest.raises(mg.ShapeError, match="no rows of features"):
        with_ones(features)


def test_what_does_not_fit_together_is_refused():
    theta, x = np.zeros((3, 2)), np.ones((3, 4))
    with pytest.raises(mg.ShapeError):
        graph(theta, x[:2], [0, 0, 1, 1])
    with pytest.raises(mg.ShapeError):
        graph(theta, x, [0, 1])
    with pytest.raises(mg.ShapeError):
        graph(theta, x, np.ones((4, 2)))
    with pytest.raises(mg.LabelError):
        graph(theta, x, [0, 1, 2, 0])
    with pytest.raises(mg.LabelError):
        graph(theta, x, [0, 1, 1, 2], classes=[1, 2])
