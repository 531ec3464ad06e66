"""Whole random graphs: readable, shared, bounded, and right to differentiate."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from oracles_ import check_gradients

import minigraph as mg
from minigraph.testing.random_graphs import RandomGraph, Step, graphs


def smallest(strategy, condition=lambda drawn: True):
    return find(strategy, condition, settings=settings(max_examples=500, database=None))


@given(graphs())
def test_gradients_of_whole_graphs(graph):
    check_gradients(graph, *graph.values, rtol=1e-5, atol=1e-5)


@given(graphs(largest=5.0))
def test_graphs_are_bounded_and_in_one_piece(graph):
    nodes = graph.nodes(*graph.parameters())
    assert all(np.abs(node.value).max() <= 5 for node in nodes)
    assert 1 <= len(graph.steps) <= 6
    used = {i for step in graph.steps for i in step.inputs}
    assert used == set(range(len(nodes) - 1))


@given(graphs())
def test_the_repr_is_the_python_that_builds_it(graph):
    scope = {"mg": mg}
    exec(repr(graph), scope)
    last = repr(graph).splitlines()[-1].partition(" ")[0]
    np.testing.assert_array_equal(scope[last].value, graph(*graph.parameters()).value)


def test_they_shrink():
    assert repr(smallest(graphs())) == 'a = mg.parameter(1.0, name="a")\nb = mg.negative(a)'
    # A failure of some op shrinks to that op on the simplest numbers.
    graph = smallest(graphs(), lambda graph: any(s.function is mg.sin for s in graph.steps))
    assert repr(graph) == 'a = mg.parameter(1.0, name="a")\nb = mg.sin(a)'


def test_diamonds():
    def shared(graph):
        uses = [i for step in graph.steps for i in set(step.inputs)]
        return any(uses.count(i) > 1 for i in uses) and len(graph.values) == 1

    graph = smallest(graphs(), shared)
    assert len(graph.steps) == 2


def test_several_leaves():
    graph = smallest(graphs([mg.add, mg.exp]), lambda graph: len(graph.values) == 2)
    assert len(graph.steps) == 1


def test_a_node_used_twice_by_one_op():
    graph = smallest(graphs([mg.multiply]), lambda graph: graph.steps[0].inputs == (0, 0))
    assert repr(graph) == 'a = mg.parameter(1.0, name="a")\nb = mg.multiply(a, a)'


@dataclass(frozen=True)
class Swish(mg.Op):
    beta: float = 1.0

    def forward(self, xp, x):
        return x / (1 + xp.exp(-self.beta * x))

    def backward(self, xp, cotangent, output, x):
        gate = 1 / (1 + xp.exp(-self.beta * x))
        return (cotangent * (gate + self.beta * output * (1 - gate)),)


def double(x):
    return x + x


@pytest.mark.parametrize(
    ("ops", "line"),
    [
        ([Swish(2.0)], "b = Swish(beta=2.0)(a)"),
        ({"swish": Swish()}, "b = swish(a)"),
        ([double], "b = double(a)"),
        ({"twice": double}, "b = twice(a)"),
        ([(lambda *x: x[0] * x[1], 2)], "b = <lambda>(a, a)"),
        ({"mul": (mg.multiply, 2)}, "b = mul(a, a)"),
        ([mg.sum], "b = mg.sum(a)"),
    ],
)
def test_chosen_ops(ops, line):
    assert repr(smallest(graphs(ops))).splitlines()[-1] == line


def test_ops_that_do_not_fit_are_left_out():
    scalars = graphs([mg.tanh, mg.matmul], values=st.just((1.0, 2.0)))
    graph = smallest(scalars, lambda graph: len(graph.steps) > 2)
    assert {step.name for step in graph.steps} == {"mg.tanh"}


def test_leaves_of_ones_own():
    values = st.just((np.array([1.0, 2.0]), np.array(3.0)))
    graph = smallest(graphs(values=values), lambda graph: len(graph.values) == 2)
    assert graph.values[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("ops", "what"),
    [
        ([], "there are no ops to choose from"),
        (["tanh"], "an op of a random graph is a function of Nodes, not 'tanh'"),
        ([lambda *x: x], "the signature of <lambda> does not tell how many inputs it has"),
        ([type], "the signature of type does not tell how many inputs it has"),
    ],
)
def test_ops_that_are_none(ops, what):
    with pytest.raises(mg.OptionError, match=what):
        smallest(graphs(ops))


def test_a_graph_wants_all_its_leaves():
    graph = RandomGraph((np.array(1.0),), (Step("mg.exp", mg.exp, (0,)),))
    with pytest.raises(mg.OptionError, match="this graph has 1 leaves, got 0"):
        graph()


def test_many_nodes_have_names_too():
    steps = tuple(Step("mg.negative", mg.negative, (i,)) for i in range(27))
    assert repr(RandomGraph((np.array(1.0),), steps)).endswith("b1 = mg.negative(a1)")


def test_hypothesis_prints_a_failing_graph_as_python():
    @settings(max_examples=20, database=None, derandomize=True)
    @given(graphs([mg.tanh]))
    def fails(graph):
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()
    notes = "\n".join(caught.value.__notes__)
    assert 'a = mg.parameter(1.0, name="a")' in notes
    assert "Step(" not in notes
