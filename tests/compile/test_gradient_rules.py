"""The compiler's own rules proved right, to the digits, and the proof proved able to fail."""

import numpy as np
import pytest
from compile.matches_of_compile_ import OWN_MATCHES, own_variants
from derive.matches_ import draws
from digits_ import Far, loses_digits, terms
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.compile.gradient_rules import GRADIENT, MINUS_IN, SIGMOID_SLOPE, SOFT_TARGETS, TWICE
from minigraph.compile.rules import OWN
from minigraph.derive import Knowledge, SumsToOne
from minigraph.derive.rule import number

CASES = [
    pytest.param(rule, i, id=f"{rule.name} {i}")
    for rule, graphs in OWN_MATCHES.items()
    for i in range(len(graphs))
]
ALGEBRA = {"the minus of a sum", "twice", "a minus joins a number", "a square"}


def prove(rule, node):
    """Check that a rule gives another node of the same value, to the last digits."""
    after = rule.replace(node, Knowledge())
    assert after is not None, "the rule does not match"
    assert (after.shape, after.dtype) == (node.shape, node.dtype)
    assert not loses_digits(node, after, scale=size_of(rule, node))


def size_of(rule, node):
    """Return from what the digits of a node count: of a difference of shares, from these."""
    return terms(node) if rule.name == SOFT_TARGETS.name else None


def test_every_rule_of_the_compilers_own_is_proved():
    assert set(OWN_MATCHES) == set(OWN)
    assert all(rule.exact for rule in OWN)
    assert {rule.name for rule, _ in own_variants()} == {rule.name for rule in OWN}


@pytest.mark.parametrize(("rule", "i"), CASES)
@settings(max_examples=20, deadline=None)
@given(d=draws)
def test_rule_keeps_the_value(rule, i, d):
    prove(rule, OWN_MATCHES[rule][i](d))


@pytest.mark.parametrize(("rule", "i"), CASES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_rule_loses_no_digits_at_any_magnitude(rule, i, dtype, seed):
    far = Far(seed, 3, 2, dtype, logits=rule.name not in ALGEBRA)
    before = OWN_MATCHES[rule][i](far)
    after = rule.replace(before, Knowledge())
    assert after is not None
    # The exponential of a difference of 1400 is as uncertain as that.
    assert not loses_digits(before, after, 4 * 1500, scale=size_of(rule, before))


@pytest.mark.parametrize(("rule", "node"), own_variants(), ids=lambda x: getattr(x, "name", ""))
def test_a_wrong_variant_fails_the_proof(rule, node):
    with pytest.raises(AssertionError):
        prove(rule, node)


def test_soft_targets_that_are_not_known_to_be_soft():
    z, values = mg.constant([[0.0], [-4.0]]), np.array([[0.75], [0.25]])

    def replaced(y, again=None, l2=None):
        logs = mg.log_softmax(z, axis=0)
        total = mg.sum(y, axis=0, keepdims=True)
        return SOFT_TARGETS.replace(
            y * mg.expm1(logs)
            + mg.exp(logs if l2 is None else l2) * (total - (y if again is None else again)),
            Knowledge(),
        )

    sums = SumsToOne(axis=0)
    y = mg.constant(values, facts=sums)
    assert replaced(y) is not None
    assert replaced(mg.constant(values)) is None
    assert replaced(mg.constant([[1.0], [0.0]], facts=sums)) is None
    assert replaced(mg.softmax(z, axis=0)) is None
    assert replaced(y, again=mg.constant(values, facts=sums)) is None
    assert replaced(y, l2=mg.log_softmax(z + 1, axis=0)) is None


def test_what_is_left_alone():
    z, x = mg.constant([1.0, 2.0]), mg.constant([0.5, 3.0])
    s = mg.sigmoid(z)
    for node in (
        (x * s) * mg.sigmoid(z),
        (x * s) * mg.sigmoid(-x),
        (x * mg.sigmoid(2 * z)) * mg.sigmoid(3 * z),
        (x * mg.sigmoid(x * z)) * mg.sigmoid(x * z),
        x * s,
    ):
        assert SIGMOID_SLOPE.replace(node, Knowledge()) is None
    assert TWICE.replace(x + z, Knowledge()) is None
    assert MINUS_IN.replace(-(x * z), Knowledge()) is None
    assert MINUS_IN.replace(-(number(0, x) * z), Knowledge()) is None


def test_a_derivations_rules_that_lose_digits_are_not_among_them():
    assert all(rule.exact for rule in GRADIENT)
