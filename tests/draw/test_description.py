"""The neutral description: every node, op and edge of a graph."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.graph import topological_order


@pytest.mark.parametrize("key", list("ABCDE"))
@pytest.mark.parametrize("fused", [False, True])
def test_it_has_every_node_and_edge_of_the_graph(worked, key, fused):
    loss = worked(key, fused)
    order = topological_order(loss)
    graph = describe(loss)
    assert [node.value.shape for node in graph.nodes] == [node.shape for node in order]
    count = Counter(edge.direction for edge in graph.edges)
    made = [node for node in order if node.op is not None]
    assert count["forward"] == sum(len(node.inputs) + 1 for node in made)
    into = sum(x.grad is not None for node in made for x in node.inputs)
    assert count["backward"] == into + sum(node.grad is not None for node in made)
    assert len({edge.id for edge in graph.edges}) == len(graph.edges)


def test_a_repeated_input_has_one_edge_that_says_how_often_and_what_it_carries():
    a = mg.parameter(2.0, name="a")
    b = (a + a).named("b")
    b.backward()
    graph = describe(b)
    edges = {(e.tail, e.head): (e.times, e.label) for e in graph.edges}
    assert edges["n0", "n1_op"] == (2, "")
    assert edges["n1_op", "n0"] == (2, "∂b/∂a += 1 + 1")


def test_no_backward_edges_without_gradients(worked):
    assert not [e for e in describe(worked("A", backward=False)).edges if e.label]


@dataclass(frozen=True)
class Stop(mg.Op):
    """The identity, with no gradient."""

    def forward(self, xp: Any, x: Any) -> Any:
        return x + 0

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (None,)


def test_an_op_that_stops_gradients_has_no_backward_edge_even_if_its_input_has_a_gradient():
    x = mg.parameter(2.0, name="x")
    stopped = Stop()(x).named("s")
    y = (x * stopped * mg.parameter(1.0, name="p")).named("y")
    y.backward()
    stopped.grad = np.array(1.0)
    graph = describe(y)
    (stop,) = [node for node in graph.nodes if node.name == "s"]
    assert not [e for e in graph.edges if e.direction == "backward" and e.tail == stop.op.id]


def test_the_cotangent_is_named_after_the_loss_and_parenthesised_where_needed():
    x = mg.parameter(2.0, name="x")
    loss = mg.exp(x + 1.0).named("loss")
    loss.backward()
    assert [n.cotangent for n in describe(loss).nodes] == [
        "∂loss/∂x",
        "∂loss/∂1",
        "∂loss/∂(x + 1)",
        "∂loss/∂loss",
    ]
    assert describe(x).nodes[0].cotangent == "∂L/∂x"  # its loss is not in this graph


def test_a_gradient_graph_knows_its_forward_nodes():
    x = mg.parameter(3.0, name="x")
    y = (x * x).named("y")
    graph = describe(mg.grad(y, x), y)
    by_name = {node.name: node for node in graph.nodes}
    assert by_name["∂y/∂x"].source == by_name["x"].id
    assert by_name["∂y/∂x"].cotangent == "∂L/∂(∂y/∂x)"


def test_ops_are_written_in_their_notation():
    x = mg.parameter([[1.0]], name="x")
    texts = {op.label: op.text for op in describe(x + x * -x, x.T @ x, mg.sum(x, axis=0)).ops}
    assert texts == {
        "Negative": "−(·)",
        "Multiply": "×",
        "Add": "+",
        "MatrixTranspose": "(·)ᵀ",
        "MatMul": "MatMul",
        "Sum": "Sum",
    }


def test_parameters_of_an_op_are_told_if_they_say_something_new():
    x = mg.parameter([[1.0]], name="x")
    parameters = {op.label: op.parameters for op in describe(mg.sum(x, axis=0), x < 1.0).ops}
    assert parameters == {"Sum": "axis=0", "less": ""}


def test_the_summary_is_text_for_who_cannot_see(worked):
    graph = describe(worked("A"))
    assert graph.title == "Computational graph of L"
    assert graph.summary == (
        "Leaves: θ (parameter), x (input), y (target). Computed: θᵀ = MatrixTranspose(θ); "
        "z = MatMul(θᵀ, x); ŷ = Softmax(z); L = CrossEntropy(ŷ, y). "
        "Gradients of: θ, θᵀ, z, ŷ, L."
    )
    assert describe(mg.constant(1.0)).summary == "Leaves: 1 (input). Gradients of: none."


def test_a_graph_over_the_limit_is_refused_with_the_remedy(worked):
    with pytest.raises(mg.GraphError, match=r"7 nodes .* limit is 6(.|\n)*limit=7"):
        describe(worked("A"), limit=6)


@pytest.mark.untraced
def test_nothing_recurses():
    x = mg.parameter(1.0, name="x")
    for _ in range(20_000):
        x = x + 1.0
    assert len(describe(x).nodes) == 40_001


def test_a_mark_is_kept_and_told_to_who_cannot_see():
    x = mg.parameter(2.0, name="x")
    graph = describe(mg.exp(x).named("y"), mark={x: "look"})
    assert [node.mark for node in graph.nodes] == ["look", ""]
    assert graph.summary.endswith(" Marked: x (look).")


def test_an_index_is_written_as_in_numpy():
    x = mg.parameter(np.zeros((4, 3)), name="x")
    rows = x[1:3, 0]
    picked = x[..., [0, 2]]
    described = describe(rows, picked)
    assert [node.name for node in described.nodes] == ["x", "x[1:3, 0]", "v₁", "x[..., ·]"]
    assert [(op.text, op.parameters) for op in described.ops] == [
        ("(·)[1:3, 0]", ""),
        ("(·)[..., ·]", ""),
    ]
