"""Closed forms are shown where they hold, and nowhere else."""

import numpy as np

import minigraph as mg
from minigraph.explain.closed_forms import closed_forms
from minigraph.graph import topological_order

Z = np.array([[0.5, -1.0, 0.25], [2.0, 0.0, 0.5]])


def forms(loss, node):
    """Return the closed forms of a node's gradient, after the engine's backward."""
    loss.backward()
    order = topological_order(loss)
    names = {x: x.name or x.label for x in order}
    found = closed_forms(loss, node, order, names)
    for _, value in found:
        np.testing.assert_allclose(value, node.grad, rtol=1e-13, atol=1e-15)
    return [text for text, _ in found]


def z(dtype=np.float64):
    return mg.parameter(Z.astype(dtype), name="z")


def test_softmax_then_cross_entropy():
    logits, y = z(np.float64), mg.one_hot([0, 2], 3, name="y")
    y_hat = mg.softmax(logits).named("ŷ")
    assert forms(mg.cross_entropy(y_hat, y), logits) == ["(ŷ − y) / 2"]
    assert forms(mg.cross_entropy(y_hat, y, reduction="sum"), logits) == ["ŷ − y"]


def test_float32():
    logits, y = z(np.float32), mg.one_hot([0, 2], 3, name="y")
    loss = mg.cross_entropy(mg.softmax(logits).named("ŷ"), y)
    loss.backward()
    names = {x: x.name or "L" for x in topological_order(loss)}
    ((text, value),) = closed_forms(loss, logits, topological_order(loss), names)
    assert text == "(ŷ − y) / 2"
    np.testing.assert_allclose(value, logits.grad, atol=1e-7)


def test_the_fused_loss_and_integer_labels():
    for y, name in ((mg.one_hot([0, 2], 3, name="y"), "y"), (None, "one-hot(y)")):
        logits = z()
        y = mg.constant([0, 2], name="y") if y is None else y
        assert forms(mg.softmax_cross_entropy(logits, y), logits) == [
            f"(softmax(z, axis=1) − {name}) / 2"
        ]


def test_soft_targets_that_sum_to_1_and_others():
    logits = z()
    soft = mg.constant(np.full((2, 3), 1 / 3), name="y")
    assert forms(mg.softmax_cross_entropy(logits, soft), logits) == ["(softmax(z, axis=1) − y) / 2"]
    wrong = mg.constant(np.full((2, 3), 0.5), name="y")
    assert forms(mg.softmax_cross_entropy(logits, wrong), logits) == []


def test_any_graph_that_has_it():
    logits, y = mg.parameter([0.3, -0.2], name="z"), mg.constant([1.0, 0.0], name="y")
    p = mg.sigmoid(logits).named("p")
    loss = -mg.mean(y * mg.log(p) + (1 - y) * mg.log(1 - p))
    assert forms(loss, logits) == ["(p − y) / 2"]
    x = mg.parameter([1.0, 5.0], name="x")
    half = mg.exp(x).named("e") - y
    assert forms(mg.sum(half * half) / 2, half) == ["e − y"]


def test_an_accident_of_the_numbers_is_no_rule():
    y = mg.constant([1.0, 1.0], name="y")
    x = mg.parameter([2.0, 2.0], name="x")
    double = (x * x / 2).named("a")  # a − y is 1, and so is ∂L/∂a
    assert (double.value - y.value).tolist() == [1.0, 1.0]
    assert forms(mg.sum(double) + mg.sum(y), double) == []


def cross_entropy(dtype=np.float64):
    logits, y = z(dtype), mg.one_hot([0, 2], 3, name="y")
    return logits, mg.cross_entropy(mg.softmax(logits).named("ŷ"), y, reduction="sum")


def test_nor_is_a_weight_that_happens_to_be_1_or_0():
    for build in (
        lambda loss, logits: mg.constant(1.0, name="c") * loss,
        lambda loss, logits: loss + mg.constant(0.0, name="λ") * mg.sum(logits * logits),
        lambda loss, logits: loss + 1e-6 * mg.sum(logits * logits),
        lambda loss, logits: loss * mg.constant(1e-15, name="s"),
        lambda loss, logits: loss * 1.05,
    ):
        for dtype in (np.float16, np.float32, np.float64):
            logits, loss = cross_entropy(dtype)
            total = build(loss, logits)
            total.backward()
            order = topological_order(total)
            names = {x: x.name or x.label for x in order}
            assert closed_forms(total, logits, order, names) == ()


def test_nor_is_what_is_0_because_nothing_flows():
    w, t = mg.parameter([-5.0, -6.0], name="w"), mg.constant([0.0, 0.0], name="t")
    a = mg.relu(w).named("a")
    assert forms(mg.sum((a - t) ** 4) / 4, a) == []
    o = mg.constant([0.0, 0.0], name="o")
    h = mg.tanh(w).named("h")
    assert forms(mg.sum(h * h) / 2 + mg.sum(o), h) == []


def test_nothing_without_targets_or_gradient_or_of_what_is_too_large():
    x = mg.parameter([1.0, 2.0], name="x")
    assert forms(mg.sum(mg.softmax(x) * x), x) == []
    loss = mg.sum(x)
    assert closed_forms(loss, x, [x, loss], {}) == ()
    large = mg.parameter(np.zeros((1001, 2)), name="z")
    y = mg.one_hot(np.zeros(1001, int), 2, name="y")
    assert forms(mg.softmax_cross_entropy(large, y), large) == []
