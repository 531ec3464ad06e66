"""Where the loss begins, in graphs of many kinds."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.phases import loss_ops
from minigraph.graph import topological_order

X = mg.constant(np.ones((4, 3)), name="x")
W = mg.parameter(np.ones((3, 2)), name="W")
B = mg.parameter(np.zeros(2), name="b")
Y = mg.one_hot([0, 1, 1, 0], 2, name="y")


def of_loss(loss):
    """Return the labels of the loss's ops, in topological order."""
    order = topological_order(loss)
    found = loss_ops(loss, order)
    assert all(node.op is not None for node in found)
    return [node.label for node in order if node in found]


def z():
    return (X @ W + B).named("z")


def test_cross_entropy_of_targets():
    assert of_loss(mg.cross_entropy(mg.softmax(z()), Y).named("L")) == ["L"]
    assert of_loss(mg.softmax_cross_entropy(z(), Y).named("L")) == ["L"]


def test_cross_entropy_of_labels_or_of_a_constant():
    assert of_loss(mg.softmax_cross_entropy(z(), [0, 1, 1, 0])) == ["SoftmaxCrossEntropy"]
    y = mg.constant(np.full((4, 2), 0.5))
    assert of_loss(mg.square(mg.cross_entropy(mg.softmax(z()), y))) == ["CrossEntropy", "Square"]


def test_written_out_by_hand():
    loss = -mg.sum(Y * mg.log(mg.softmax(z())))
    assert of_loss(loss) == ["Multiply", "Sum", "Negative"]


def test_smoothed_targets_are_made_for_the_loss():
    smooth = (Y * 0.9 + 0.05).named("smooth")
    loss = mg.softmax_cross_entropy(z(), smooth).named("L")
    assert of_loss(loss) == ["Multiply", "smooth", "L"]


@pytest.mark.parametrize("first", [True, False])
def test_a_penalty_belongs_to_the_loss_wherever_it_stands(first):
    penalty = (mg.sum(W * W) * 0.1).named("penalty")
    loss = mg.softmax_cross_entropy(z(), Y).named("data")
    total = penalty + loss if first else loss + penalty
    assert set(of_loss(total)) == {"Multiply", "Sum", "penalty", "data", "Add"}
    assert "z" not in of_loss(total)


def test_squared_error_of_a_constant_that_comes_in_last():
    difference = (z() - mg.constant(np.zeros((4, 2)), name="t")).named("d")
    assert of_loss(mg.mean(difference * difference)) == ["d", "Multiply", "Mean"]


def test_the_input_is_no_target():
    assert of_loss(mg.sum(mg.relu(z()))) == ["Sum"]
    hidden = mg.relu(X @ W)
    last = mg.parameter(np.ones((2, 1)))
    assert of_loss(mg.sum(hidden @ last)) == ["Sum"]


def test_nothing_but_parameters():
    x = mg.parameter(2.0)
    assert of_loss(x * x) == ["Multiply"]
    assert of_loss(x) == []
