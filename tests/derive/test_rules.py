"""Each rule proved right on graphs that match it, and the proof proved able to fail."""

import numpy as np
import pytest
from derive.matches_ import BY_NAME, MATCHES, draws, variants
from hypothesis import given, settings

import minigraph as mg
from minigraph.derive import RULES, Knowledge, measure

CASES = [
    pytest.param(rule, i, id=f"{rule.name} {i}")
    for rule in RULES
    for i in range(len(MATCHES[rule.name]))
]


def prove(rule, node):
    """Check that a rule gives another node of the same value, and that it lowers the measure."""
    with np.errstate(all="ignore"):
        after = rule.replace(node, Knowledge())
    assert after is not None, "the rule does not match"
    assert (after.shape, after.dtype) == (node.shape, node.dtype)
    scale = 1 + np.abs(node.value).max()
    assert np.abs(after.value - node.value).max() <= 1e-13 * scale * 64
    assert measure(after) < measure(node)


def test_every_rule_is_proved_and_named_once():
    assert set(MATCHES) == set(BY_NAME)
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize(("rule", "i"), CASES)
@settings(max_examples=30)
@given(d=draws)
def test_rule_keeps_the_value_and_lowers_the_measure(rule, i, d):
    prove(rule, MATCHES[rule.name][i](d))


@pytest.mark.parametrize(("name", "rule", "node"), variants())
@pytest.mark.filterwarnings("ignore::minigraph.NonFiniteWarning")
def test_a_wrong_variant_fails_the_proof(name, rule, node):
    with pytest.raises(AssertionError):
        prove(rule, node)


def test_every_rule_has_a_wrong_variant():
    assert {name for name, _, _ in variants()} == set(BY_NAME)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_leaves_alone_what_it_does_not_match(rule):
    x, y = mg.constant([[1.0, -2.0]]), mg.constant([[3.0, 0.5]])
    others = [x + y, x * y, x / y, -x, mg.exp(x), mg.log(y), mg.sigmoid(x), mg.sum(x), x @ y.T]
    others += [mg.where(x == y, x, y), mg.where(x > 0, x, y), mg.softmax(x), x - y, mg.log1p(y)]
    others += [mg.softmax(x + x), mg.reshape(x, (2, 1)), mg.exp(mg.log(x)), (x / y) * y, (x @ y.T)]
    others += [mg.log_softmax(x - y), x + mg.logsumexp(y - x, axis=1, keepdims=True), x**y]
    others += [1 / (2 + mg.exp(-x)), 1 / (1 + mg.exp(x))]
    others += [x - mg.logsumexp(y, axis=1, keepdims=True)]
    others += [x / mg.sum(x, axis=1, keepdims=True), mg.where(x == 0, 0, y), 2 * x, x / 3]
    for node in others:
        assert rule.replace(node, Knowledge()) is None, node


def test_a_guard_stays_where_its_case_may_come():
    guard = BY_NAME["a guard that never fires"]
    x = mg.constant([1.0, np.inf])
    zero = mg.constant([0.0, 1.0])
    for node in (
        mg.where(zero == 0, 1, zero),
        mg.where(x == np.inf, 1, x),
        mg.where(x == x, x, 1),
        mg.where(mg.sigmoid(zero) == 0.5, 1, zero),
        mg.where(mg.square(zero) == 0, 1, zero),
        mg.where(zero != 0, zero, 1),
        mg.where(mg.exp(zero) == zero, zero, 1),
    ):
        assert guard.replace(node, Knowledge()) is None


def test_a_guard_does_not_change_a_dtype():
    node = mg.where(mg.exp(mg.constant([1.0])) == 0, 1.5, mg.constant([1]))
    assert BY_NAME["a guard that never fires"].replace(node, Knowledge()) is None
