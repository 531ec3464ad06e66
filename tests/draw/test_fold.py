"""What is folded, and that nothing is lost by it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from folding_ import (
    chain,
    check,
    halves,
    ladder,
    layers,
    random,
    recurrent,
    stacked,
    wide,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.draw.describing import SHOWN
from minigraph.draw.description import describe
from minigraph.draw.fold import fold
from minigraph.graph import topological_order


@pytest.mark.parametrize(
    ("make", "times", "steps"),
    [
        (lambda: layers(12), 12, "MatMul → Add → Tanh"),
        (lambda: layers(12, weights_first=True), 11, "MatMul → Add → Tanh"),
        (lambda: chain(900), 899, "Tanh"),
        (lambda: ladder(50), 49, "Multiply → Divide → Add"),
        (lambda: wide(50), 48, "Add"),
        (lambda: stacked(50), 50, "Exp"),
        (lambda: recurrent(12), 11, "MatMul → MatMul → Add → Tanh"),
    ],
)
def test_blocks_that_follow_each_other_become_one(make, times, steps):
    y = make()
    graph = describe(y, fold=True)
    check(graph, y)
    (part,) = graph.folded
    assert (part.times, part.steps, part.text) == (times, steps, f"×{times}")


def test_twice_is_no_repetition_unless_it_is_long():
    assert describe(layers(2), fold=True).folded == ()
    x = mg.parameter(1.0, name="x")
    for _ in range(2):
        for f in (mg.exp, mg.tanh, mg.sin, mg.cos, mg.negative, mg.square) * 2:
            x = f(x) if f is not mg.square else mg.square(mg.tanh(x))
    y = mg.log(x)
    (part,) = describe(y, fold=True).folded
    assert part.times == 4  # what comes twice in it comes so often in all


def test_blocks_of_other_shapes_are_others():
    h = mg.constant(np.ones((2, 8)), name="x")
    for i, (a, b) in enumerate([(8, 7), (7, 6), (6, 5), (5, 4), (4, 3)]):
        h = mg.tanh(h @ mg.parameter(np.ones((a, b)), name=f"W{i}"))
    assert describe(mg.sum(h), fold=True).folded == ()


def test_the_gradient_of_layers_folds_forward_and_backward():
    loss = layers(30)
    leaves = [node for node in topological_order(loss) if node.kind == "parameter"]
    gradient = mg.grad(loss, leaves[0])
    graph = describe(gradient, fold=20)
    check(graph, gradient)
    assert max(part.times for part in graph.folded) >= 28
    assert len(graph.nodes) + len(graph.folded) <= 40


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("near", [None, 20])
@pytest.mark.parametrize("most", [1, 5, 20, 60])
def test_what_has_no_order_is_cut_into_few_parts(seed, near, most):
    y = random(600, seed, near)
    graph = describe(y, fold=most)
    check(graph, y)
    # The leaves that all depends on, and the output, stay to be seen.
    assert len(graph.nodes) <= most + 10
    assert graph.nodes[-1].output


def test_a_deep_part_with_one_value_becomes_one_and_the_end_stays_open():
    left, right = random(300, 1), random(150, 2)
    y = (mg.exp(left.named(None)) * right.named(None)).named("y")
    graph = describe(y, fold=12)
    check(graph, y)
    assert {part.text for part in graph.folded if part.times == 1}
    names = [op.label for op in graph.ops]
    assert "Multiply" in names
    assert "Exp" in names


def test_a_part_says_what_is_in_it():
    y = mg.exp(random(100, 3).named(None)).named("y")
    graph = describe(y, fold=2)
    check(graph, y)
    part = max(graph.folded, key=lambda part: part.size)
    assert part.text == f"… {part.size} nodes"
    assert part.label == f"{part.size} nodes folded"
    assert "Tanh, " in part.steps
    assert part.steps.endswith(", …")


def test_leaves_alone_can_be_folded():
    leaves = [mg.parameter(1.0, name=f"w{i}") for i in range(50)]
    y = mg.sum(mg.stack(leaves)).named("y")
    graph = describe(y, fold=True)
    check(graph, y)
    (part,) = graph.folded
    assert (part.label, part.steps, part.inputs) == ("50 leaves", "50 parameters", ())
    assert part.leaves[:2] == ("w0", "w1")


def test_leaves_of_several_shapes_in_turn_are_a_block_too():
    leaves = [mg.parameter(np.ones(2 + i % 2)) for i in range(40)]
    y = mg.sum(mg.concat(leaves)).named("y")
    graph = describe(y, fold=True)
    check(graph, y)
    assert [part.times for part in graph.folded] == [20]


def test_outputs_and_marked_nodes_are_always_seen():
    y = chain(500)
    middle = topological_order(y)[250]
    graph = describe(y, fold=True, mark={middle: "here"})
    check(graph, y)
    assert [node.mark for node in graph.nodes if node.mark] == ["here"]
    assert len(graph.folded) == 2
    graph = describe(middle, y, fold=True)
    check(graph, middle, y)
    assert sum(node.output for node in graph.nodes) == 2


@pytest.mark.parametrize("near", [None, 30])
@pytest.mark.parametrize("seed", range(3))
def test_marked_nodes_are_seen_in_what_has_no_order(near, seed):
    y = random(800, seed, near)
    mark = {node: f"{i}" for i, node in enumerate(topological_order(y)[7::50])}
    graph = describe(y, fold=10, mark=mark)
    check(graph, y)
    assert sorted(node.mark for node in graph.nodes if node.mark) == sorted(mark.values())


def test_of_very_many_outputs_the_first_are_seen():
    outputs = [mg.exp(mg.parameter(float(i))) for i in range(1000)]
    graph = describe(*outputs, fold=60)
    check(graph, *outputs)
    assert [n.id for n in graph.nodes if n.output][:20] == [f"n{2 * i + 1}" for i in range(20)]
    assert len(graph.nodes) < 70


@dataclass(frozen=True)
class Scale(mg.Op):
    """An op whose parameter has no hash."""

    factors: np.ndarray

    def forward(self, xp: Any, x: Any) -> Any:
        return x * self.factors


def test_an_op_whose_parameter_is_an_array_can_be_in_a_block():
    y = mg.parameter(np.arange(4.0), name="x")
    for i in range(20):
        y = Scale(np.full(4, float(i)))(y)
    graph = describe(y, fold=True)
    check(graph, y)
    assert graph.folded[0].times == 19
    assert graph.ops[-1].parameters == "factors=[19, 19, 19, 19]"


def test_a_block_of_indices():
    y = mg.parameter(np.arange(4.0), name="x")
    for _ in range(20):
        y = y[[3, 2, 1, 0]] * 0.5
    graph = describe(y, fold=True)
    check(graph, y)
    assert graph.folded[0].times == 19


def test_the_gradient_flows_through_what_is_folded():
    loss = layers(12)
    loss.backward()
    graph = describe(loss, fold=True)
    (part,) = graph.folded
    edges = {(e.tail, e.head): e.label for e in graph.edges if e.direction == "backward"}
    (output,) = [node for node in graph.nodes if node.op is part]
    assert edges[output.id, part.id] == output.cotangent
    # x is data: nothing flows to it.
    assert [tail for tail, _ in edges].count(part.id) == 0
    w = mg.parameter([1.0, 2.0], name="w")
    y = w
    for _ in range(10):
        y = mg.tanh(y * w)
    loss = mg.sum(y).named("L")
    loss.backward()
    graph = describe(loss, fold=True)
    (part,) = graph.folded
    ((label, times),) = [(e.label, e.times) for e in graph.edges if e.tail == part.id if e.label]
    # In the first block w is used twice.
    assert (label, times) == ("∂L/∂w += parts 1–11 of 11", 11)


@pytest.mark.untraced
def test_the_default_is_the_whole_graph_up_to_the_limit():
    assert describe(chain(299), limit=300, fold=None).folded == ()
    assert describe(chain(300), limit=300, fold=None).folded
    assert describe(chain(300), limit=None, fold=None).folded == ()
    assert describe(random(60), limit=300, fold=True).folded == ()
    graph = describe(random(2000), limit=300, fold=None)
    assert len(graph.nodes) + len(graph.folded) <= SHOWN + 10
    # Few repetitions are not enough for a large graph.
    assert len(describe(random(2000), limit=300, fold=True).nodes) <= SHOWN + 10


def test_a_number_is_how_many_nodes_there_are_to_see():
    y = random(150)
    whole = len(topological_order(y))
    assert len(describe(y, fold=whole).nodes) == whole
    assert len(describe(y, fold=whole - 1).nodes) < whole
    with pytest.raises(mg.OptionError, match=r"fold=0 is no number of nodes(.|\n)*at least 1"):
        describe(y, fold=0)


@pytest.mark.parametrize("option", [{"zoom": "component"}, {"gradients": []}])
def test_what_cannot_be_folded_says_so(option):
    with pytest.raises(mg.OptionError, match="do not go together"):
        mg.draw(chain(3), fold=True, **option)


def test_it_is_the_same_each_time():
    make = [lambda: layers(20), lambda: random(700, 5), lambda: halves(200)]
    for one in make:
        assert mg.draw(one(), fold=20).source == mg.draw(one(), fold=20).source


@pytest.mark.parametrize("zoom", ["composite", "primitive"])
def test_at_both_zooms(zoom):
    h = mg.parameter(np.ones((3, 2)), name="x")
    for i in range(12):
        h = mg.softmax(mg.parameter(np.eye(3), name=f"W{i}") @ h, axis=0)
    y = mg.sum(h).named("y")
    y.backward()
    picture = mg.draw(y, zoom=zoom, fold=True, rules=True)
    (part,) = picture.description.folded
    assert part.times >= 10
    assert picture.svg().count('class="node op folded"') == 1
    # A frame is around all of an opened softmax, or there is none.
    for cluster in picture.description.clusters:
        assert len(cluster.members) == 5


steps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 8), st.integers(1, 8), st.integers(1, 4)),
    min_size=1,
    max_size=20,
)


@pytest.mark.untraced
@settings(max_examples=60, deadline=None)
@given(steps, st.integers(1, 15), st.booleans())
def test_nothing_is_lost_in_any_graph(recipe, most, backward):
    nodes = [mg.parameter(0.3, name="a"), mg.parameter(-0.2, name="b")]
    for kind, back, other, times in recipe:
        for _ in range(times):
            a, b = nodes[-min(back, len(nodes))], nodes[-min(other, len(nodes))]
            nodes.append([a + b, a * b, mg.tanh(a), mg.sin(a) * mg.parameter(0.1)][kind])
    y = nodes[-1]
    if backward and y.op is not None:
        y.backward()
    for folding in (most, True):
        graph = describe(y, fold=folding)
        check(graph, y)
    whole = describe(y)
    # What is not hidden is as in the whole graph.
    for node in graph.nodes:
        twin = whole[node.id]
        assert node.gradient is twin.gradient or np.array_equal(node.gradient, twin.gradient)
        assert (node.name, node.uses) == (twin.name, twin.uses) or graph.folded


@pytest.mark.untraced
@pytest.mark.parametrize("make", [chain, ladder, wide, stacked, halves, random])
def test_ten_thousand_nodes_are_drawn(make):
    # How long it takes is in the benchmarks: some 2 s at most.
    count = {ladder: 2000, wide: 5000, stacked: 5000, halves: 5000, random: 4000}.get(make, 10_000)
    y = make(count)
    assert len(topological_order(y)) >= 9999
    picture = mg.draw(y)
    svg = picture.svg()
    check(picture.description, y)
    graph = picture.description
    assert len(graph.nodes) + len(graph.folded) <= SHOWN + 10
    assert svg.count('class="node') == len(graph.nodes) + len(graph.ops)


def test_a_group_of_no_single_value_has_no_output():
    y = stacked(20)
    (group,) = fold(topological_order(y), {y}, 0, parts=False)
    assert group.output is None
    assert group.end is group.nodes[-1]


def test_what_is_no_way_to_fold_is_refused():
    with pytest.raises(mg.OptionError, match="fold='yes' is not known"):
        mg.draw(mg.parameter(1.0, name="x") * 2, fold="yes")
