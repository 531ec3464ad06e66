"""Multiplying out, and writing down again."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive.polynomial import Algebra
from minigraph.formula import expression

A, B, C = (mg.constant(v, name=n) for v, n in (([2.0], "a"), ([3.0], "b"), ([5.0], "c")))


def algebra(nonzero=True, closed=()):
    return Algebra(lambda node: node in set(closed), lambda node: nonzero)


def written(node, **options):
    known = algebra(**options)
    polynomial = known.polynomial(node)
    return None if polynomial is None else expression(known.node(polynomial, node))


CASES = {
    "a · b": A * B,
    "a² − b²": (A + B) * (A - B),
    "broadcast(0)": A * B - B * A,
    "2a": A + A,
    "a / 2": A / 4 + A / 4,
    "2a / 3": (A + A) / 3,
    "b + c": A * (B / A + C / A),
    "a / b": A * (A / B) / A,
    "a² / (a · b)": A * A / (A * B),
    "a³": A * A * A,
    "1 / a": B / A / B,
    "−a": -A,
    "2 − a": 3 - 1 - A,
    "a / (3b)": A / (3 * B),
    "a · 0.5": A * 0.5,
    "a / (b · c)": A / B / C,
    "a / (b + c)": A / (B + C),
}


@pytest.mark.parametrize(("text", "node"), CASES.items())
def test_what_is_written(text, node):
    assert str(written(node)) == text


@pytest.mark.parametrize("node", CASES.values(), ids=CASES)
def test_it_is_the_same_number(node):
    known = algebra()
    after = known.node(known.polynomial(node), node)
    assert np.allclose(after.value, node.value)
    assert after.shape == node.shape


def test_what_may_be_zero_does_not_cancel():
    assert algebra(nonzero=False).polynomial(A * (B / A)) is None
    assert algebra(nonzero=False).polynomial(A * (B / C)) is not None


def test_what_is_closed_is_an_atom():
    inner = A + B
    assert str(written(inner * C, closed=[inner])) == "(a + b) · c"


def test_a_quotient_by_zero_is_an_atom():
    known = algebra()
    assert len(known.polynomial(A / (A * 0).inputs[1])) == 1


def test_a_divisor_stays_whole():
    d = 1 - A
    assert str(written((B / d + C) * d)) == "b + (1 − a) · c"


def test_too_many_terms_are_given_up():
    total = A + B
    for i in range(5):
        total = total * (A + mg.constant([1.0], name=f"x{i}"))
    assert algebra().polynomial(total) is None
    assert algebra().terms(total) is None


def test_terms_before_they_cancel():
    def terms(node):
        return str(expression(algebra().terms(node)))

    assert terms((A + 1) * (B - C)) == "a · b − a · c + b − c"
    assert terms(-(A - B) / C) == "−a / c + b / c"
    assert terms(A * (B / A + 1)) == "a · (b / a) + a"
    assert terms(mg.exp(A)) == "e^a"


def test_polynomials_are_sums_of_monomials():
    known = algebra()
    assert known.polynomial(A * B / 2 + 3) == {
        ((0, 1), (1, 1)): Fraction(1, 2),
        (): Fraction(3),
    }


@settings(max_examples=100)
@given(data=st.data())
def test_random_expressions_keep_their_value(data):
    nodes = [A, B, C, A / 2, 3 * B]
    for _ in range(data.draw(st.integers(1, 6))):
        x, y = data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes))
        op = data.draw(st.sampled_from([mg.add, mg.subtract, mg.multiply, mg.divide]))
        if op is mg.divide and not y.value.all():
            continue
        nodes.append(op(x, y))
    known = algebra()
    polynomial = known.polynomial(nodes[-1])
    if polynomial is not None and np.isfinite(nodes[-1].value).all():
        after = known.node(polynomial, nodes[-1])
        assert np.allclose(after.value, nodes[-1].value, rtol=1e-9, atol=1e-9)
    terms = known.terms(nodes[-1])
    if terms is not None and np.isfinite(nodes[-1].value).all():
        assert np.allclose(terms.value, nodes[-1].value, rtol=1e-9, atol=1e-9)
