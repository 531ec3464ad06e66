"""Each rule proved right on graphs that match it, and the proof proved able to fail."""

import numpy as np
import pytest
from derive.matches_ import BY_NAME, MATCHES, draws, variants
from digits_ import Far, loses_digits
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive import RULES, Knowledge, measure
from minigraph.graph import topological_order

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


# What is made of logits, which no graph of floats has to more digits than they differ by.
OF_LOGITS = {
    "softmax",
    "logsumexp",
    "the logarithm of a softmax",
    "softmax does not see a shift",
    "the logistic function",
    "Σ = 1",
}
EXACT = [
    pytest.param(rule, i, id=f"{rule.name} {i}")
    for rule in RULES
    if rule.exact
    for i in range(len(MATCHES[rule.name]))
]


@pytest.mark.parametrize(("rule", "i"), EXACT)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
@pytest.mark.filterwarnings("ignore::minigraph.NonFiniteWarning")
def test_an_exact_rule_loses_no_digits_at_any_magnitude(rule, i, dtype, seed):
    logits = rule.name in OF_LOGITS
    before = MATCHES[rule.name][i](Far(seed, 3, 2, dtype, logits))
    after = rule.replace(before, Knowledge())
    if after is None:  # a fact that does not hold of numbers as far as these
        return
    most = float(max(np.abs(n.value).max() for n in topological_order(before) if n.size))
    roundings = 4 * (16 + min(most, 1500)) if logits else 64
    floor = min(most, 1500) if rule.name in LOGARITHMS else 0
    assert not loses_digits(before, after, roundings, floor)


# A logarithm that is close to 0 is a difference, before and after.
LOGARITHMS = {"logsumexp", "softmax does not see a shift", "the transpose of a product"}


def losers():
    """Return, for each rule that is not exact, a graph whose digits it loses."""
    z, big = mg.constant([[0.0, -40.0]]), mg.constant([1.7e308])
    other, four = mg.constant([1.6e308]), mg.constant([4.0])
    e, below = mg.exp(z), mg.exp(z) * mg.sign(z)
    apart = mg.sum(e + below, axis=1) - 1 - mg.sum(below, axis=1)
    a, c, b = mg.constant([1 + 4e-15]), mg.constant([1.0]), mg.constant([3.3])
    return {
        "a careful sum": apart,
        "e and log undo each other": mg.expm1(mg.log_softmax(z)),
        "σ of a negative": mg.sigmoid(-mg.constant([40.0])),
        "a number comes to the front": (big / 8) * four,
        "multiply out": (a - c) * (b + 1) - (a - c),
        "a common factor": big / 4 + other / 4,
    }


@pytest.mark.parametrize("name", losers())
def test_a_rule_for_reading_loses_digits(name):
    rule, before = BY_NAME[name], losers()[name]
    assert not rule.exact
    assert loses_digits(before, rule.replace(before, Knowledge()))


def test_a_guard_is_for_a_computer():
    # What is positive may underflow: then it is the guard that keeps 0/0 from being computed.
    rule, y_hat = BY_NAME["a guard that never fires"], mg.softmax(mg.constant([0.0, -800.0]))
    before = mg.where(y_hat == 0, 1, y_hat)
    after = rule.replace(before, Knowledge())
    y = mg.constant([1.0, 0.0])
    assert np.isfinite((y / before).value).all()
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(y.value / after.value).all()


def test_which_rules_are_exact():
    reading = {rule.name for rule in RULES if not rule.exact}
    assert reading == {*losers(), "a guard that never fires"}


def test_numbers_are_joined_where_the_product_has_its_digits():
    rule, x = BY_NAME["arithmetic"], mg.constant([1e-300])
    for before in (1e200 * (1e200 * x), 1e-200 * (1e-200 * (x * 1e300)), x / 1e200 / 1e200):
        assert rule.replace(before, Knowledge()) is None
    assert rule.replace(2 * (3 * mg.constant([1, 2])), Knowledge()).value.tolist() == [6, 12]
