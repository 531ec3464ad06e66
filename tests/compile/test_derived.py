"""The gradient that is compiled is the one that is derived, where that keeps its digits."""

import re

import numpy as np
import pytest
from compile.compare_ import both
from derive.losses_ import softmax_regression
from hypothesis import given, settings

import minigraph as mg
from minigraph.compile.derived import derived
from minigraph.derive import Knowledge, SumsToOne
from minigraph.derive.rule import number
from minigraph.testing import strategies

RNG = np.random.default_rng(0)


def lines(f):
    """Return the body of a source without the memory."""
    return f.source[f.source.index("def step") :]


def regression(m=50):
    w = mg.parameter(RNG.normal(size=(3, 1)), name="w")
    x = mg.constant(RNG.normal(size=(m, 3)), name="x")
    return w, x, (x @ w).named("z")


def test_logistic_regression():
    w, x, z = regression()
    y = mg.constant(RNG.integers(0, 2, (50, 1)).astype(float), name="y")
    y_hat = mg.sigmoid(z).named("ŷ")
    loss = (-mg.mean(y * mg.log(y_hat) + (1 - y) * mg.log(1 - y_hat))).named("L")
    f = both(loss, [w, x, y], [w, z], w.value, x.value, y.value)
    assert "∂L/∂z = (1/50) · (σ(z) − y)" in f.source
    assert lines(f).count("np.exp") == 1


def test_linear_regression():
    w, x, y_hat = regression()
    y, y_hat = mg.constant(RNG.normal(size=(50, 1)), name="y"), y_hat.named("ŷ")
    for loss in (mg.mean((y_hat - y) ** 2), mg.mean(mg.square(y_hat - y))):
        f = both(loss.named("L"), [w, x, y], [w, y_hat], w.value, x.value, y.value)
        assert "# d = ŷ − y" in f.source
        assert "np.multiply(share, d)  # ∂L/∂ŷ = (1/25) · d" in f.source
        assert "power" not in f.source


@pytest.mark.parametrize("axis", [0, 1])
def test_soft_targets(axis):
    model = softmax_regression(m=6, axis=axis, targets="shares")
    inputs = [model.theta, model.x]
    f = both(model.loss, inputs, [model.theta, model.z], *(n.value for n in inputs))
    assert "∂L/∂z = (1/6) · (ŷ − y)" in f.source
    assert "expm1" not in f.source


def test_facts_of_arguments_are_not_taken_for_granted():
    model = softmax_regression(m=6, targets="shares")
    inputs = [model.theta, model.x, model.y]
    arrays = [model.theta.value, model.x.value, model.y.value * 2]
    f = both(model.loss, inputs, [model.theta], *arrays)
    assert "ŷ − y" not in f.source


def test_facts_of_ops_are():
    z, y = mg.parameter([[1.0, 2.0, -1.0]], name="z"), mg.constant([[0.2, 0.5, 0.1]], name="y")
    y_hat = mg.softmax(z).named("ŷ")
    # ∂/∂z of Σ ŷ is 0, and to divide by ŷ and multiply by it does nothing.
    loss = mg.sum((y / y_hat) * y_hat * z) + mg.sum(mg.sum(y_hat, axis=1))
    both(loss, [z, y], [z], z.value, y.value)
    gradient = (mg.exp(z) * (y / y_hat)) * 2
    ratio = gradient.inputs[0].inputs[1]
    new = derived([ratio * y_hat], [z, y, y_hat], [z, y], Knowledge())
    assert next(iter(new.values())) is not None
    assert new[list(new)[-1]] is y


def test_what_one_differentiates_by_is_not_looked_through():
    z, y = mg.parameter([[0.5, 1.0, -1.0]], name="z"), mg.one_hot([1], 3, name="y")
    y_hat = mg.softmax(z).named("ŷ")
    logs = mg.log(y_hat).named("l")
    total = mg.sum(y * logs)
    for wrt in ([y_hat], [logs], [z, y_hat, logs], [total], [logs, total]):
        both(total, [z], wrt, np.array([[0.1, 0.4, 0.3]]))
    both(mg.exp(total) + mg.sum(logs), [z], [total, z], np.array([[0.1, 0.4, 0.3]]))


def test_a_gradient_that_is_0_is_computed():
    z, b = mg.parameter([[0.5, 1.0]], name="z"), mg.parameter([[2.0]], name="b")
    loss = mg.cross_entropy(mg.softmax(z + b), [1])
    both(loss, [z, b], [b, z], np.array([[0.5, 1.0]]), np.array([[3.0]]), rtol=1e-10, atol=1e-15)


def test_a_softmax_by_hand_is_one():
    z = mg.parameter(RNG.normal(size=(5, 7)), name="z")
    e = mg.exp(z - mg.max(z, axis=0, keepdims=True))
    y_hat = (e / mg.sum(e, axis=0, keepdims=True)).named("ŷ")
    f = both(mg.cross_entropy(y_hat, RNG.integers(0, 5, 7), axis=0), [z], [z], z.value)
    assert "# signed = " in f.source  # the loss of labels, in its own form
    far = np.array([[0.0] * 7, [-900.0] * 7, [1.0] * 7, [2.0] * 7, [3.0] * 7])
    value, (dz,) = f(far)
    assert np.isfinite(value)
    assert np.isfinite(dz).all()


def test_names_are_not_given_to_what_is_somebody_elses():
    x = mg.parameter([1.0, 2.0], name="x")
    a = (-x).named("a")
    b = (-a).named("b")
    f = both(mg.sum(b * b * a), [x], [x, b], np.array([3.0, 4.0]))
    assert "def step(x):" in f.source


def test_large_graphs_are_not_derived():
    x = mg.parameter([1.0, 2.0], name="x")
    y = x
    for _ in range(1100):
        y = mg.sin(-y)
    both(mg.sum(y), [x], [x], np.array([0.5, 1.0]))


def test_a_minus_joins_a_number():
    x = mg.constant([1.0, 2.0], name="x")
    gradient = (number(3, x) * -mg.exp(x)) * number(2, x)
    new = derived([gradient], [x], [x], Knowledge())[gradient]
    n, rest = new.inputs
    assert (float(n), rest.op.label) == (-6.0, "Exp")


def test_what_gets_no_cheaper_stays():
    x, y = mg.constant([1.0, 2.0], name="x"), mg.constant([1.0, 2.0], name="y")
    assert derived([x * mg.exp(y)], [x, y], [x, y], Knowledge()) == {}
    assert derived([], [x], [x], Knowledge()) == {}


def test_the_negative_of_what_is_held_is_held():
    x, y = mg.parameter([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="y")
    f = both(-mg.sum(y * x), [x], [x], np.array([5.0, 6.0]))
    assert "negative(y" not in f.source


@settings(max_examples=40, deadline=None)
@given(strategies.graphs(max_steps=10))
def test_random_gradients_keep_their_values(graph):
    nodes = graph.parameters()
    loss = mg.sum(graph(*nodes))
    both(loss, nodes, nodes, *graph.values, rtol=1e-9, atol=1e-9)


def test_a_layers_slope_is_of_one_exponential():
    x, w = mg.constant(RNG.normal(size=(4, 9)), name="x"), mg.parameter(np.ones((4, 5)), name="W")
    for activation in (mg.tanh, mg.sigmoid):
        loss = mg.sum(mg.square(activation((w.T @ x).named("a"))))
        f = both(loss, [w, x], [w], w.value, x.value)
        assert len(re.findall(r"np\.exp\(", f.source)) == 1


def test_sums_that_are_declared_of_what_is_made_are_not_known():
    z = mg.parameter([[0.5, 1.0]], name="z")
    y = mg.constant([[0.4, 0.6]], facts=SumsToOne(axis=1))
    both(mg.softmax_cross_entropy(z, y * 2), [z], [z], np.array([[0.1, 0.2]]))
