"""Schedules, and the runs of equal blocks in them."""

from itertools import pairwise

import numpy as np
import pytest
from folding_ import halves, layers, random, recurrent, stacked, wide

import minigraph as mg
from minigraph.draw.repeats import Run, _free, runs, schedule
from minigraph.graph import topological_order


def never(left):
    return False


def planned(y, keep=None):
    return schedule(topological_order(y), {y} if keep is None else keep)


@pytest.mark.parametrize("make", [layers, random, halves, recurrent])
def test_a_schedule_is_an_order_of_evaluation(make):
    y = make(40)
    plan = planned(y)
    assert set(plan.nodes) == set(topological_order(y))
    for i, inputs in enumerate(plan.inputs):
        assert [plan.nodes[j] for j in inputs] == list(plan.nodes[i].inputs)
        assert all(j < i for j in inputs)
        assert all(plan.last[j] >= i for j in inputs)
    assert plan.last[-1] == len(plan.nodes)


def test_the_leaves_of_a_layer_stand_in_the_layer():
    plan = planned(layers(3, weights_first=True))
    names = [node.name for node in plan.nodes if node.op is None]
    assert names == ["W1", "x", "b1", "W2", "b2", "W3", "b3"]


def test_runs_go_on_as_they_began():
    for y, period in ((layers(9), 5), (wide(9), 2), (stacked(9), 2)):
        plan = planned(y)
        (run,) = runs(plan, never)
        assert (run.stop - run.start) == run.times * period
        labels = [(n.label if n.op else "leaf") for n in plan.nodes[run.start : run.stop]]
        assert labels == labels[:period] * run.times


def test_no_more_is_folded_than_needed():
    x = mg.parameter(1.0, name="x")
    for op in (mg.exp, mg.tanh, mg.sin):
        for _ in range({mg.exp: 3, mg.tanh: 30, mg.sin: 10}[op]):
            x = op(x)
    plan = planned(x)
    assert len(runs(plan, never)) == 3
    assert [run.times for run in runs(plan, lambda left: left <= 20)] == [30]
    assert runs(plan, lambda left: True) == []


def test_the_smallest_block_is_found_not_a_multiple_of_it():
    x = mg.parameter(1.0, name="x")
    for _ in range(24):
        x = mg.exp(mg.negative(x))
    assert [run.times for run in runs(planned(x), never)] == [23]


def test_a_long_block_that_comes_twice_is_one_and_a_short_one_is_not():
    def block(x, ops):
        for op in ops:
            x = op(x)
        return x

    ops = [mg.exp, mg.tanh, mg.sin, mg.cos, mg.sqrt, mg.square, mg.abs, mg.sigmoid, mg.relu]
    ops += [mg.softplus]
    x = mg.parameter(1.0, name="x")
    y = mg.negative(block(block(x, ops), ops))
    assert [run.times for run in runs(planned(y), never)] == [2]
    y = mg.negative(block(block(x, ops[:9]), ops[:9]))
    assert runs(planned(y), never) == []


def test_blocks_within_blocks_the_outer_ones_count():
    x = mg.parameter(1.0, name="x")
    for _ in range(5):
        for _ in range(4):
            x = mg.tanh(x)
        x = mg.exp(x)
    x = mg.negative(x)
    (run,) = runs(planned(x), never)
    assert (run.times, run.stop - run.start) == (5, 25)


def test_what_is_taken_is_left_out():
    assert _free(0, 10, [(2, 4), (6, 12)]) == [(0, 2), (4, 6)]
    assert _free(0, 10, [(0, 10)]) == []
    assert _free(4, 6, [(0, 4), (6, 9)]) == [(4, 6)]


def test_runs_are_apart():
    y = halves(300)
    found = runs(planned(y), never)
    assert len(found) > 1
    assert all(a.stop <= b.start for a, b in pairwise(found))
    assert all(isinstance(run, Run) for run in found)


def test_an_op_of_many_inputs_is_like_no_other():
    x = mg.parameter(np.ones(2), name="x")
    for _ in range(6):
        x = mg.sum(mg.stack([x] * 5), axis=0)
    assert runs(planned(x), never) == []
