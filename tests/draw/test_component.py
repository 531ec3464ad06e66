"""The lecture's diagram: each number a node, each edge a local derivative."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.component import Components, describe_components
from minigraph.draw.derivatives import Derivative
from minigraph.lecture import EXAMPLES, component_symbols, graph


def lecture(key: str) -> tuple[Any, Components]:
    example = EXAMPLES[key]
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    nodes.loss.backward()
    return nodes, describe_components(
        nodes.loss, components=component_symbols(nodes, example.classes)
    )


def by_label(graph: Components) -> dict[str, Derivative]:
    return {edge.label: edge for edge in graph.derivatives if edge.label}


def sums(graph: Components) -> Iterator[tuple[float, float]]:
    """Give each gradient by its paths, and as the engine has it."""
    (end,) = [node for node in graph.nodes if node.output]
    for node in graph.nodes:
        if node.gradient is not None and node is not end:
            paths = graph.paths(node.id, end.id)
            yield sum(math.prod(edge.number for edge in path) for path in paths), node.gradient


@pytest.mark.parametrize("key", list("ABDE"))
def test_the_products_along_the_paths_add_up_to_the_engine_s_gradient(key):
    nodes, graph = lecture(key)
    found = list(sums(graph))
    assert len(found) == nodes.theta.size + nodes.z.size + nodes.y_hat.size
    for by_paths, gradient in found:
        assert by_paths == pytest.approx(float(gradient), abs=1e-14)


@pytest.mark.parametrize("key", list("ABDE"))
def test_the_end_of_each_path_is_the_lecture_s_gradient(key):
    example = EXAMPLES[key]
    _, graph = lecture(key)
    by_name = {node.name: node for node in graph.nodes}
    figures = [f for f in example.figures() if f.quantity in ("∂L/∂b", "∂L/∂w", "∂L/∂θ")]
    assert figures
    for figure in figures:
        node = by_name[figure.symbol.removeprefix("∂L/∂")]
        assert node.cotangent == figure.symbol
        assert float(node.gradient) == pytest.approx(figure.exact, abs=1e-6)


def test_example_a_has_the_lecture_s_derivatives():
    nodes, graph = lecture("A")
    assert [node.name for node in graph.nodes] == [
        *("b₁", "b₂", "w₁", "w₂", "x₀", "x", "z₁", "z₂", "ŷ₁", "ŷ₂", "y₁", "y₂", "L")
    ]
    edges = by_label(graph)
    y1, y2 = nodes.y_hat.value.ravel()
    closed = {
        "∂z₁/∂b₁": ("x₀", 1.0),
        "∂z₁/∂w₁": ("x", 1.4),
        "∂z₂/∂w₂": ("x", 1.4),
        "∂ŷ₁/∂z₁": ("ŷ₁(1 − ŷ₁)", y1 * (1 - y1)),
        "∂ŷ₁/∂z₂": ("−ŷ₁ŷ₂", -y1 * y2),
        "∂ŷ₂/∂z₁": ("−ŷ₁ŷ₂", -y1 * y2),
        "∂ŷ₂/∂z₂": ("ŷ₂(1 − ŷ₂)", y2 * (1 - y2)),
        "∂L/∂ŷ₁": ("−y₁/ŷ₁", -1 / y1),
        "∂L/∂ŷ₂": ("−y₂/ŷ₂", 0.0),
    }
    for label, (symbol, number) in closed.items():
        assert edges[label].symbol == symbol
        assert edges[label].number == pytest.approx(number, abs=1e-15)
        assert edges[label].carries
    assert "∂z₁/∂w₂" not in edges  # θᵀx: a class has weights of its own
    assert not edges["∂z₁/∂x"].carries
    assert edges["∂z₁/∂x"].number == 0.2


def test_a_mean_over_examples_is_in_the_symbols():
    edges = by_label(lecture("E")[1])
    assert edges["∂L/∂ŷ₀⁽⁰⁾"].symbol == "−y₀⁽⁰⁾/(2ŷ₀⁽⁰⁾)"
    assert edges["∂z₀⁽¹⁾/∂w₀"].symbol == "x⁽¹⁾"
    assert "∂ŷ₀⁽⁰⁾/∂z₀⁽¹⁾" not in edges  # each example by itself


@dataclass(frozen=True)
class Cube(mg.Op):
    """A user's op."""

    def forward(self, xp: Any, x: Any) -> Any:
        return x * x * x

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (3 * x * x * cotangent,)


def test_a_user_s_op_has_the_view():
    x = mg.parameter([2.0, -1.0, 0.0], name="x")
    y = mg.sum(Cube()(x).named("y") * x).named("s")
    y.backward()
    described = describe_components(y)
    edges = by_label(described)
    assert (edges["∂y₁/∂x₁"].symbol, edges["∂y₁/∂x₁"].number) == ("3x₁²", 12.0)
    assert edges["∂y₃/∂x₃"].number == 0
    for by_paths, gradient in sums(described):
        assert by_paths == pytest.approx(float(gradient))
    assert x.grad == pytest.approx(4 * x.value**3)


def test_a_relu_that_is_off_shows_its_0():
    x = mg.parameter([-1.0, 2.0], name="x")
    edges = by_label(describe_components(mg.relu(x).named("h")))
    assert {label: edge.number for label, edge in edges.items()} == {"∂h₁/∂x₁": 0, "∂h₂/∂x₂": 1}
    assert edges["∂h₁/∂x₁"].symbol is None


def test_what_is_only_moved_is_left_out_unless_it_is_the_output():
    x = mg.parameter([[1.0, 2.0]], name="x")
    flat = mg.reshape(x.T, (2,)).named("flat")
    described = describe_components(mg.sum(mg.exp(flat).named("e")).named("s"))
    assert [node.name for node in described.nodes] == ["x₁", "x₂", "e₁", "e₂", "s"]
    assert by_label(described)["∂e₁/∂x₁"].number == math.exp(1)
    assert [node.name for node in describe_components(flat).nodes] == [
        *("x₁", "x₂", "flat₁", "flat₂")
    ]


def test_an_entry_that_comes_in_twice_has_one_edge_with_the_sum():
    x = mg.parameter(3.0, name="x")
    (edge,) = describe_components((x * x).named("y")).derivatives
    assert (edge.symbol, edge.number) == ("2x", 6)
    b = mg.parameter([[1.0, 2.0]], name="b")
    edges = by_label(describe_components((b @ b.T).named("y")))
    assert [(e.symbol, e.number) for e in edges.values()] == [("2b₁", 2), ("2b₂", 4)]


def test_labels_and_conditions_have_edges_without_a_derivative():
    z = mg.parameter([[0.1, 0.2], [0.3, 0.4]], name="z")
    labels = mg.constant([0, 1], name="y")
    each = mg.cross_entropy(z, labels, reduction="none").named("L")
    data = [(e.tail, e.head) for e in describe_components(each).edges if e.number is None]
    assert data == [("n4", "n6"), ("n5", "n7")]
    mean = describe_components(mg.cross_entropy(z, labels).named("L"))
    data = [e for e in mean.derivatives if e.number is None]
    assert [(e.tail, e.head, e.label, e.carries) for e in data] == [
        ("n4", "n6", "", False),
        ("n5", "n6", "", False),
    ]
    chosen = mg.where(z > mg.constant([0.2, 0.2], name="t"), z, 0.0).named("c")
    data = [e for e in describe_components(chosen).derivatives if e.number is None]
    assert len(data) == 4 + 4 + 4  # from z and from t to the condition, and from it to c
    assert by_label(describe_components(chosen))["∂c₁₁/∂z₁₁"].number == 0


def test_without_parameters_all_derivatives_count():
    x = mg.constant([1.0, 2.0], name="x")
    assert all(edge.carries for edge in describe_components(mg.exp(x)).derivatives)


def test_a_symbol_that_is_too_long_gives_way_to_the_number():
    x = mg.parameter([1.0], name="a_long_name_for_such_a_small_number")
    (edge,) = describe_components(mg.square(x)).derivatives
    assert (edge.symbol, edge.number) == (None, 2.0)


def test_a_symbol_stands_there_only_if_it_is_the_number():
    x = mg.parameter([1.0, 2.0], name="x")
    # Two entries of one name: the symbol of the second derivative would be that of the first.
    edges = describe_components(x * x, components={x: ["x", "x"]}).derivatives
    assert [(edge.symbol, edge.number) for edge in edges] == [("2x", 2), ("2x", 4)]
    (first, second) = mg.parameter(2.0, name="a"), mg.parameter(3.0, name="a")
    edges = describe_components((first * second).named("y")).derivatives
    assert [(edge.symbol, edge.number) for edge in edges] == [("a", 3), ("a", 2)]


def test_too_many_entries_are_a_lesson():
    x = mg.parameter(np.ones((10, 11)), name="x")
    with pytest.raises(mg.GraphError, match=r'110 entries .* most is 100(.|\n)*zoom="composite"'):
        describe_components(x)
    with pytest.raises(mg.GraphError, match=r"1600 entries"):  # which is not even tried
        describe_components(mg.broadcast_to(mg.parameter(np.ones(40), name="x"), (39, 40)))
    with pytest.raises(mg.GraphError, match=r"120 entries"):
        describe_components(mg.exp(mg.exp(mg.exp(mg.parameter(np.ones(30), name="x")))))
    with pytest.raises(mg.GraphError, match=r"40 entries"):  # with 400 edges
        describe_components(mg.softmax(mg.parameter(np.ones(20), name="x")))


def test_it_says_itself_in_words():
    _, graph = lecture("A")
    assert graph.title == "Computational graph of L, entry by entry"
    assert graph.summary.startswith("Leaves: b₁ (parameter), b₂ (parameter), w₁ (parameter)")
    assert "ŷ₁ from z₁, z₂" in graph.summary
    assert "Local derivatives: ∂z₁/∂b₁, ∂z₁/∂w₁" in graph.summary
    assert "∂z₁/∂x" not in graph.summary
    assert describe_components(mg.constant(1.0)).summary == (
        "Leaves: 1 (input). Local derivatives: none."
    )


def test_paths_are_counted_without_walking_them():
    x = mg.parameter(1.0, name="x")
    for _ in range(15):
        x = mg.sum(mg.stack([x * 1.0, x * 2.0]))
    described = describe_components(x)
    (end,) = [node.id for node in described.nodes if node.output]
    assert described.count_paths(end)["n0"] == 2**15


def test_an_output_that_other_outputs_depend_on_is_on_the_way_too():
    x = mg.parameter(2.0, name="x")
    y = mg.exp(x).named("y")
    z = mg.exp(y).named("z")
    described = describe_components(y, z)
    assert len(list(described.paths("n0", "n2"))) == 1
    assert [node.output for node in described.nodes] == [False, True, True]


def test_marks_are_on_every_entry():
    x = mg.parameter([1.0, 2.0], name="x")
    assert [n.mark for n in describe_components(mg.sum(x), mark={x: "look"}).nodes] == [
        *("look", "look", "")
    ]


def test_paths_do_not_get_lost_in_dead_ends():
    x = mg.parameter(2.0, name="x")
    loss, h = (x * x).named("L"), x
    for _ in range(35):
        h = mg.sin(h) + h
    picture = mg.draw(loss, h, zoom="component")
    assert "∂L/∂x" in str(picture)
