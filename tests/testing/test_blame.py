"""The guilty node is found among right ones, and pointed out with the user's line."""

import re

import numpy as np
import pytest
from wrong_ops_ import FrozenSquare, HalfSwish, Square, Swish

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(3)
X, W = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))


def chain(first, second):
    def network(x, w):
        z = (x @ w).named("z")
        h = first(z).named("h")
        k = second(mg.exp(h)).named("k")  # this line
        return mg.mean(mg.sin(k) * k)

    return network


@pytest.mark.parametrize(
    ("ops", "name"),
    [((HalfSwish(), Square()), "h"), ((Swish(), HalfSwish()), "k")],
    ids=["early", "late"],
)
def test_the_guilty_node_of_a_chain_is_found(ops, name):
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(chain(*ops), X, W)
    assert caught.value.node.name == name
    assert f"guilty: {name} = HalfSwish(" in str(caught.value)


def test_of_two_guilty_nodes_the_first_is_named():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(chain(HalfSwish(), HalfSwish()), X, W)
    assert caught.value.node.name == "h"


def test_the_message_shows_the_line_that_made_it_and_the_rule():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(chain(Swish(), HalfSwish()), X, W)
    text = str(caught.value)
    assert re.search(r"at tests/testing/test_blame.py:\d+: k = second\(mg.exp\(h\)\)", text)
    assert re.search(r"its backward: tests/wrong_ops_.py:\d+: def backward\(self", text)


def test_a_wrong_second_derivative_has_a_guilty_node_too():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(chain(Swish(), FrozenSquare()), X, W, order=2)
    assert caught.value.order == 2
    assert caught.value.node.name == "k"
    assert "a backward takes it for a constant" in str(caught.value)


def test_a_value_taken_out_of_the_graph_is_nobodys_fault_but_the_functions():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: mg.exp(x) * mg.constant(x.value), X)
    assert caught.value.node is None
    assert "each op of the graph is right by itself" in str(caught.value)


def test_a_node_at_a_kink_is_said_to_have_it():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: mg.sum(mg.relu(x * 2)), [0.0, 1.0])
    assert caught.value.node.op.label == "ReLU"
    assert "guilty: ReLU(Multiply) has the kink" in str(caught.value)


def test_a_node_that_cannot_be_checked_by_itself_is_passed_over():
    # log 0 is −inf on the way; the exponential makes a finite 0 of it.
    def through_infinity(x):
        y = mg.exp(mg.log(mg.relu(x)))
        return mg.where(mg.constant(x.value > 0), y, 0.0) + HalfSwish()(x)

    with pytest.raises(GradientMismatch) as caught:
        check_gradient(through_infinity, [-1.0, 2.0])
    assert caught.value.node.op == HalfSwish()
