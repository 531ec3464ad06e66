"""Rules for the gradient that is compiled: a derivation's that keep digits, and a few more."""

from __future__ import annotations

from minigraph.compile.logistic import sigmoid_slope
from minigraph.compile.naming import called
from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import number_of
from minigraph.derive.rule import Rule, number, shaped
from minigraph.derive.rules import RULES
from minigraph.derive.rules.shapes import FACTORS_OF_SHAPES, TRANSPOSE
from minigraph.facts import SumsToOne
from minigraph.node import Node
from minigraph.ops import activation, arithmetic, elementwise, probability, reduction


def _soft_targets(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Add(),
            inputs=(
                Node(
                    op=arithmetic.Multiply(), inputs=(g, Node(op=elementwise.Expm1(), inputs=(a,)))
                ),
                Node(
                    op=arithmetic.Multiply(),
                    inputs=(
                        Node(
                            op=elementwise.Exp(),
                            inputs=(Node(op=probability.LogSoftmax(axis)) as b,),
                        ) as y_hat,
                        Node(
                            op=arithmetic.Subtract(),
                            inputs=(
                                Node(op=reduction.Sum(along, True), inputs=(summed,)),
                                again,
                            ),
                        ),
                    ),
                ),
            ),
        ) if a is b and g is summed and g is again and axis == along:
            factor, y = _factor(g)
            if know.has(y, SumsToOne(axis)) and _far_from_one(y) and y.shape == node.shape:
                called(y_hat, y_hat.name or "ŷ")
                found = called(y_hat - y, f"{y_hat.name} − {y.name or 'y'}")
                return found if factor is None else factor * found
    return None


def _factor(node: Node) -> tuple[Node | None, Node]:
    match node:
        case Node(op=arithmetic.Multiply(), inputs=(n, y)) if number_of(n) is not None:
            return n, y
    return None, node


def _far_from_one(y: Node) -> bool:
    """Return whether 1 − y, and so ŷ − y where ŷ is close to 1, has all but a digit of ŷ's."""
    return y.op is None and bool((y.value <= 15 / 16).all())


SOFT_TARGETS = Rule(
    name="soft targets",
    before="y · (e^log ŷ − 1) + e^log ŷ · (Σ y − y)",
    after="ŷ − y",
    condition="SumsToOne of y; no y is above 15/16, where ŷ − y would lose digits",
    reason="multiplied out, ŷ · Σ y − y is left, and Σ y = 1",
    replace=_soft_targets,
    exact=True,
)


def _minus_in(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Negative(), inputs=(Node(op=arithmetic.Multiply(), inputs=(n, x)),)
        ):
            if (value := number_of(n)) is not None and value:
                return shaped(number(-value, node), n) * x if n.ndim else number(-value, node) * x
    return None


MINUS_IN = Rule(
    name="a minus joins a number",
    before="−(n · x)",
    after="(−n) · x",
    condition="n is a literal number",
    reason="one multiplication does both; this is done last, when signs have met",
    replace=_minus_in,
    exact=True,
)


def _twice(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=arithmetic.Add(), inputs=(a, b)) if a is b:
            return number(2, node) * a
    return None


TWICE = Rule(
    name="twice",
    before="a + a",
    after="2 · a",
    condition="",
    reason="as many operations, and the number joins others",
    replace=_twice,
    exact=True,
)


def _square(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=arithmetic.Pow(), inputs=(x, p)) if number_of(p) == 2:
            return x * x
    return None


SQUARE = Rule(
    name="a square",
    before="a ** 2",
    after="a · a",
    condition="",
    reason="a product is rounded as well as a power, and takes NumPy a fraction of the time",
    replace=_square,
    exact=True,
)


def _sigmoid_slope(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Multiply(),
            inputs=(
                Node(
                    op=arithmetic.Multiply(), inputs=(g, Node(op=activation.Sigmoid(), inputs=(z,)))
                ),
                Node(op=activation.Sigmoid(), inputs=(other,)),
            ),
        ) if _is_minus(other, z):
            return g * sigmoid_slope(z)
    return None


def _is_minus(a: Node, z: Node) -> bool:
    """Return whether a is −z: its negative, or another multiple of the same."""
    match a, z:
        case Node(op=arithmetic.Negative(), inputs=(x,)), _ if x is z:
            return True
        case (
            Node(op=arithmetic.Multiply(), inputs=(n, x)),
            Node(op=arithmetic.Multiply(), inputs=(m, y)),
        ):
            numbers = number_of(n), number_of(m)
            return x is y and None not in numbers and numbers[0] == -(numbers[1] or 0)
    return False


SIGMOID_SLOPE = Rule(
    name="the slope of σ",
    before="a · σ(z) · σ(−z)",
    after="a · e / (1 + e)², with e = e^(−|z|)",
    condition="",
    reason="both sigmoids are made of one exponential, which σ(z) itself has computed already",
    replace=_sigmoid_slope,
    exact=True,
)


_MOVES_ONLY = (TRANSPOSE, FACTORS_OF_SHAPES)
"""Exact rules that help to read: which way round a product goes, lowering decides by its size."""

GRADIENT: tuple[Rule, ...] = (
    SOFT_TARGETS,
    SIGMOID_SLOPE,
    TWICE,
    *(r for r in RULES if r.exact and r.stage != "loss" and r not in _MOVES_ONLY),
)
"""The rules for the gradient, in the order in which they are tried at each node."""

LAST: tuple[Rule, ...] = (MINUS_IN,)
"""The rules that are applied when no other does."""

LOWERING: tuple[Rule, ...] = (SQUARE,)
"""The rules that are applied to both graphs at the end, when there is nothing left to derive."""
