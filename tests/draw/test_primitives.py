"""A graph with its composites opened."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.primitives import opened
from minigraph.graph import topological_order
from minigraph.op import Composite


@pytest.mark.parametrize("key", list("ABCDE"))
@pytest.mark.parametrize("fused", [False, True])
def test_the_primitives_have_the_engine_s_values_and_gradients(worked, key, fused):
    loss = worked(key, fused)
    order = topological_order(loss)
    before = [node.grad for node in order]
    graph = opened([loss])
    new = topological_order(*graph.outputs)
    assert not any(isinstance(node.op, Composite) for node in new)
    assert graph.top is graph.outputs[0]
    for node in order:
        twin = graph.twins[node]
        assert twin.value == pytest.approx(node.value, abs=1e-15)
        if node.grad is not None:
            assert graph.gradients[twin] == pytest.approx(node.grad, abs=1e-14)
    assert all(node.grad is grad for node, grad in zip(order, before, strict=True))
    assert all(node.grad is None for node in set(new).difference(order))


def test_each_primitive_is_in_the_frame_of_its_composite(worked):
    graph = mg.draw(worked("A"), zoom="primitive").description
    labels = {cluster.label: cluster.members for cluster in graph.clusters}
    assert set(labels) == {"ŷ = Softmax(z)", "L = CrossEntropy(ŷ, y)"}
    ops = [graph[id].op.label for id in labels["ŷ = Softmax(z)"]]
    assert ops == ["Max", "Subtract", "Exp", "Sum", "Divide"]
    outside = {node.name for node in graph.nodes} - {
        graph[id].name for members in labels.values() for id in members
    }
    assert outside == {"θ", "θᵀ", "x", "z", "y"}
    svg = mg.draw(worked("A"), zoom="primitive").svg()
    assert svg.count('class="cluster together"') == 2
    assert "<title>ŷ = Softmax(z)</title>" in svg
    assert "ŷ = Softmax(z): Max(z), z − Max(z)" in graph.summary


def test_composites_in_composites_belong_to_the_outer_one():
    z = mg.parameter([1.0, 2.0], name="z")
    (label, members), *others = opened([mg.softmax_cross_entropy(z, 0).named("L")]).clusters
    assert label.startswith("L = SoftmaxCrossEntropy(z, ")
    assert not others
    assert len(members) > 10


def test_several_outputs_share_what_they_shared():
    z = mg.parameter([1.0, 2.0], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    graph = opened([mg.exp(y_hat).named("a"), mg.sin(y_hat).named("b")])
    assert [len(members) for _, members in graph.clusters] == [5]
    assert [node.name for node in graph.outputs] == ["a", "b"]
    assert graph.gradients == {}


def test_an_inner_node_keeps_the_gradients_that_there_are():
    z = mg.parameter([1.0, 2.0], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    loss = mg.mean(y_hat * y_hat)
    loss.backward()
    graph = opened([y_hat])
    assert graph.top is None
    assert graph.gradients[z].tolist() == z.grad.tolist()
    assert graph.gradients[graph.outputs[0]].tolist() == y_hat.grad.tolist()
    # Of the primitives, too: they are those of the loss, were it opened as a whole.
    whole = opened([loss]).gradients
    names = {node.op.label: gradient.tolist() for node, gradient in whole.items() if node.op}
    inner = {node.op.label: gradient for node, gradient in graph.gradients.items() if node.op}
    assert set(inner) == {"Max", "Subtract", "Exp", "Sum", "Divide"}
    for label in ("Max", "Subtract", "Exp", "Divide"):
        assert inner[label] == pytest.approx(np.array(names[label]))


def test_a_gradient_s_graph_opens_too():
    theta = mg.parameter([1.0, 2.0], name="θ")
    total = mg.logsumexp(theta).named("S")
    gradient = mg.grad(total, theta)
    labels = [label for label, _ in opened([gradient, total]).clusters]
    # The rule of S has a softmax of its own.
    assert [label.split("(")[0] for label in labels] == ["S = LogSumExp", "∂S/∂θ = Softmax"]
    assert not any(
        isinstance(n.op, Composite) for n in topological_order(*opened([gradient]).outputs)
    )
    assert mg.draw(gradient, zoom="primitive").svg()


def test_a_composite_of_a_rule_has_a_frame_even_if_its_forward_node_is_not_here():
    theta = mg.parameter([1.0, 2.0], name="θ")
    gradient = mg.grad(mg.softmax_cross_entropy(theta, 0).named("L"), theta)
    ((label, _),) = opened([gradient]).clusters
    assert label.endswith(" = LogSoftmax(θ)")


def test_marks_go_along():
    z = mg.parameter([1.0, 2.0], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    graph = mg.draw(mg.exp(y_hat), zoom="primitive", mark={y_hat: "look", z: "here"}).description
    assert {node.name: node.mark for node in graph.nodes if node.mark} == {
        "ŷ": "look",
        "z": "here",
    }


def test_a_graph_without_composites_stays_as_it_is():
    x = mg.parameter(2.0, name="x")
    y = mg.exp(x).named("y")
    graph = opened([y])
    assert graph.outputs[0] is y
    assert graph.clusters == []
