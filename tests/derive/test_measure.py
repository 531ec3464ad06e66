"""The measure, and that a part's goes down with the whole's."""

from itertools import pairwise

import pytest
from derive.losses_ import models
from derive.matches_ import MATCHES, draws
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive import RULES, Knowledge, measure
from minigraph.derive.measure import rank
from minigraph.derive.rewrite import Rewriter
from minigraph.graph import topological_order

X, Y = mg.constant([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="y")


def test_each_part_of_the_measure():
    assert measure(X) == (4, 0, 0, 0)
    assert measure(X + Y) == (9, 0, 0, 0)
    assert measure(-X) == (6, 1, 0, 0)
    assert measure(mg.exp(-X)) == (9, 1, 1, 0)
    assert measure(-(X / 3)) == (9, 2, 0, 0)
    assert measure((-X) / 3) == (9, 2, 0, 1)
    assert measure((2 * X) / 3) < measure(2 * (X / 3))
    assert measure((3 * X).inputs[0])[0] == 0


def test_what_is_closed_weighs_as_a_leaf():
    inner = mg.exp(X).named("e")
    assert measure(inner * Y, lambda n: n.name is not None) == (11, 0, 0, 0)
    assert measure(inner, lambda n: n.name is not None) == (7, 0, 0, 0)


def test_what_is_not_seen_weighs_what_one_says():
    wide = mg.broadcast_to(X, (3, 2))
    assert measure(wide)[0] - measure(wide, unseen=0)[0] == 1


def test_shared_parts_count_each_time_even_if_that_is_astronomic():
    x = X
    for _ in range(500):
        x = x + x
    assert measure(x)[0] == 4 * 2**500 + 2**500 - 1


def test_ranks():
    assert [rank(n) for n in (-X, X / 3, X * 3, 3 / X, X * Y, X)] == [0, 1, 2, None, None, None]


CONTEXTS = [
    lambda x: -x,
    lambda x: x / 3,
    lambda x: 2 * x,
    lambda x: mg.exp(x),
    lambda x: x + x,
    lambda x: mg.sum(x) * 5,
    lambda x: -(mg.tanh(x / 2) * 3),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@settings(max_examples=20)
@given(data=st.data(), d=draws)
def test_a_rule_lowers_the_measure_in_any_context(rule, data, d):
    before = data.draw(st.sampled_from(MATCHES[rule.name]))(d)
    after = rule.replace(before, Knowledge())
    for context in data.draw(st.lists(st.sampled_from(CONTEXTS), max_size=4)):
        before, after = context(before), context(after)
        assert measure(after) < measure(before)


@settings(max_examples=25, deadline=None)
@given(model=models, expanded=st.booleans())
def test_each_step_of_a_gradient_lowers_it(model, expanded):
    loss = mg.expand(model.loss) if expanded else model.loss
    gradient = mg.grad(loss, model.theta)
    rules = [rule for rule in RULES if rule.stage != "loss"]
    kept = topological_order(loss)
    rewriter = Rewriter(gradient, rules, Knowledge(), kept, lambda node: False, 300)
    measures = [measure(rewriter.root)]
    while rewriter.step() is not None:
        measures.append(measure(rewriter.root))
    assert all(b < a for a, b in pairwise(measures))


def test_a_rule_that_does_not_lower_it_is_not_applied():
    from dataclasses import replace

    turned = replace(RULES[-1], replace=lambda node, know: node.op(*reversed(node.inputs)))
    root = X * Y
    rewriter = Rewriter(root, [turned], Knowledge(), [X, Y], lambda node: False, 300)
    assert rewriter.step() is None
    assert rewriter.root is root
