"""A picture shows the gradients of its own output, whatever was computed after them."""

import numpy as np

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.draw.gradients import gradients_of, is_seed, shown_gradients
from minigraph.graph import topological_order


def two_losses():
    theta = mg.parameter([1.0, 2.0], name="θ")
    first = mg.sum(theta * theta).named("L₁")
    second = mg.sum(mg.exp(theta)).named("L₂")
    return theta, first, second


def test_another_loss_s_backward_does_not_change_the_picture():
    theta, first, second = two_losses()
    first.backward()
    before = mg.draw(first).source
    second.backward()
    assert mg.draw(first).source == before
    node = describe(first).nodes[0]
    assert node.cotangent == "∂L₁/∂θ"
    assert node.gradient.tolist() == [2, 4]
    assert theta.grad.tolist() == np.exp([1.0, 2.0]).tolist()  # which is the last one's
    assert describe(second).nodes[0].gradient.tolist() == theta.grad.tolist()


def test_of_two_losses_in_one_picture_it_is_the_last_one_s():
    theta, first, second = two_losses()
    first.backward()
    second.backward()
    graph = describe(first, second)
    assert [n.cotangent for n in graph.nodes if n.name == "θ"] == ["∂L₂/∂θ"]
    assert [n.gradient is None for n in graph.nodes if n.output] == [True, False]
    theta.grad = np.zeros(2)  # of neither
    top, found = shown_gradients([first, second], topological_order(first, second))
    assert top is first
    assert found[theta].tolist() == [2, 4]


def test_of_an_inner_node_there_is_what_the_nodes_have():
    _, first, _ = two_losses()
    first.backward()
    (square,) = first.inputs
    top, found = shown_gradients([square], topological_order(square))
    assert top is None
    assert found[square].tolist() == [1, 1]
    assert describe(square).nodes[-1].cotangent == "∂L/∂(θ × θ)"


def test_without_backward_there_are_none():
    _, first, _ = two_losses()
    assert shown_gradients([first], topological_order(first)) == (None, {})


def test_gradients_are_those_of_backward(worked):
    loss = worked("C")
    found = gradients_of(loss)
    for node in topological_order(loss):
        if node.grad is None:
            assert node not in found
        else:
            assert found[node].tolist() == node.grad.tolist()


def test_what_backward_starts_from():
    assert [is_seed(g) for g in (None, np.array(1.0), np.array([[1.0]]), np.array(2.0))] == [
        *(False, True, True, False)
    ]
    assert not is_seed(np.ones(2))
