"""Which cotangents flow, what they add up to, and what stands on the edges."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.draw.edges import sum_text


def by_name(graph):
    return {node.name: node for node in graph.nodes}


def test_a_node_used_twice_has_its_contributions_in_the_order_of_its_uses():
    x = mg.parameter(3.0, name="x")
    y = (x * x * 2.0 + mg.exp(x)).named("y")
    y.backward()
    node = by_name(describe(y))["x"]
    assert node.uses == 3
    assert [part.item() for part in node.contributions] == [6.0, 6.0, np.exp(3.0)]


def test_contributions_have_their_node_s_shape_and_dtype():
    b = mg.parameter(np.ones(2, dtype=np.float32), name="b")
    x = mg.constant(np.ones((3, 2), dtype=np.float32), name="x")
    y = mg.sum((x + b) * b).named("y")
    y.backward()
    parts = by_name(describe(y))["b"].contributions
    assert [(part.shape, part.dtype) for part in parts] == [((2,), np.float32)] * 2
    assert [part.tolist() for part in parts] == [[3.0, 3.0], [6.0, 6.0]]


@given(st.lists(st.sampled_from(["add", "mul", "tanh", "where", "max"]), min_size=1, max_size=5))
def test_contributions_add_up_to_the_gradient(kinds):
    x = mg.parameter([0.5, -1.0, 2.0], name="x")
    terms = {
        "add": lambda: x + x,
        "mul": lambda: x * 2.0,
        "tanh": lambda: mg.tanh(x),
        "where": lambda: mg.where(np.array([True, False, True]), x, 1.0),
        "max": lambda: mg.maximum(x, 0.0),
    }
    total = terms[kinds[0]]()
    for kind in kinds[1:]:
        total = total + terms[kind]()
    y = mg.sum(total).named("y")
    y.backward()
    node = by_name(describe(y))["x"]
    assert node.uses == len(kinds) + kinds.count("add")
    if 1 < node.uses <= 6:
        np.testing.assert_allclose(sum(node.contributions), x.grad)
    else:
        assert node.contributions == ()


def test_an_op_that_saves_is_asked_with_what_it_saved():
    z = mg.parameter([[1.0], [2.0]], name="z")
    y = (mg.softmax_cross_entropy(z, [0], axis=0) + mg.sum(z)).named("y")
    y.backward()
    node = by_name(describe(y))["z"]
    np.testing.assert_allclose(sum(node.contributions), z.grad)


def test_a_part_of_a_gradient_from_elsewhere_says_so():
    x = mg.parameter(3.0, name="x")
    inner = (x * x).named("inner")
    loss = (inner * 2.0 + mg.exp(x)).named("L")
    loss.backward()
    graph = describe(inner)  # the exponential's part comes from outside of it
    node = by_name(graph)["x"]
    assert node.contributions == ()
    assert [e.label for e in graph.edges if e.head == node.id] == ["∂L/∂x += a part"]


@dataclass(frozen=True)
class OneWay(mg.Op):
    """Passes a gradient to its first input only."""

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a * b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        return (lambda: cotangent * b, None)


def test_only_the_inputs_that_get_a_gradient_count():
    x = mg.parameter(3.0, name="x")
    y = OneWay()(x, x).named("y")
    y.backward()
    graph = describe(y)
    edges = {edge.direction: edge for edge in graph.edges if edge.position is not None}
    assert (edges["forward"].times, edges["backward"].times) == (2, 1)
    assert edges["backward"].label == "∂y/∂x"
    assert by_name(graph)["x"].contributions == ()


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        (lambda x: x * x, ["∂y/∂x += 3 + 3"]),
        (lambda x: x * x - x, ["∂y/∂x += 3 + 3", "∂y/∂x += (−1)"]),
        (lambda x: mg.sum(mg.stack([x] * 5)), ["∂y/∂x += parts 1–5 of 5"]),
        (lambda x: mg.sum(mg.stack([x] * 9)), ["∂y/∂x += parts 1–9 of 9"]),
        (lambda x: mg.exp(x), ["∂y/∂x"]),
    ],
)
def test_edges_to_a_number_say_what_they_bring(make, labels):
    x = mg.parameter(3.0, name="x")
    y = make(x).named("y")
    y.backward()
    graph = describe(y)
    assert [e.label for e in graph.edges if e.head == "n0" and e.direction == "backward"] == labels


def test_edges_to_an_array_say_which_parts_they_bring():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.sum(mg.exp(x) + x * x).named("y")
    y.backward()
    graph = describe(y)
    assert [e.label for e in graph.edges if e.head == "n0" and e.direction == "backward"] == [
        "∂y/∂x += part 1 of 3",
        "∂y/∂x += parts 2–3 of 3",
    ]


def test_a_folded_part_brings_the_parts_of_all_that_is_in_it():
    x, w = mg.parameter([1.0, 2.0], name="x"), mg.parameter([1.0, 2.0], name="w")
    h = x
    for _ in range(4):
        h = mg.tanh(mg.exp(w * h) * w)
    y = (mg.sum(h * w) + mg.sum(w)).named("y")
    y.backward()
    graph = describe(y, fold=True)
    labels = [e.label for e in graph.edges if e.tail == graph.folded[0].id and "∂w" in e.label]
    assert labels == ["∂y/∂w += parts 3–10 of 10"]


def test_a_use_in_one_op_and_no_other_has_no_times():
    x = mg.parameter(2.0, name="x")
    assert {edge.times for edge in describe(mg.exp(x)).edges} == {1}


def test_every_use_is_in_an_edge(worked):
    loss = worked("C")
    graph = describe(mg.expand(loss))
    uses = sum(len(node.inputs) for node in graph.nodes)
    forward = [e for e in graph.edges if e.direction == "forward" and e.position is not None]
    assert sum(edge.times for edge in forward) == uses
    assert len(forward) <= uses


def test_sums():
    assert sum_text(np.array([1.0, -0.5, -0.0])) == "1.0 + (−0.5) + 0.0"
