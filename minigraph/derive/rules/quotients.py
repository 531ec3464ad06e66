"""Quotients and sums: what cancels, what sums to 1, what is multiplied out, what has a factor."""

from __future__ import annotations

from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import number_of
from minigraph.derive.measure import measure
from minigraph.derive.polynomial import Algebra
from minigraph.derive.rule import Rule, number, shaped
from minigraph.facts import Positive, SumsToOne
from minigraph.node import Node
from minigraph.ops import arithmetic, reduction


def nonzero(node: Node, know: Knowledge) -> bool:
    """Return whether it is known that no entry of a node is 0."""
    return bool(number_of(node)) or know.has(node, Positive())


def _cancel(node: Node, know: Knowledge) -> Node | None:
    match node:
        case (
            Node(
                op=arithmetic.Multiply(),
                inputs=(Node(op=arithmetic.Divide(), inputs=(a, b)), again),
            )
            | Node(
                op=arithmetic.Multiply(),
                inputs=(again, Node(op=arithmetic.Divide(), inputs=(a, b))),
            )
        ) if again is b and nonzero(b, know):
            return shaped(a, node)
        case Node(
            op=arithmetic.Divide(),
            inputs=(Node(op=arithmetic.Multiply(), inputs=(a, b)), again),
        ) if (a is again or b is again) and nonzero(again, know):
            return shaped(b if a is again else a, node)
    return None


CANCEL = Rule(
    name="cancel",
    before="(a / b) · b",
    after="a",
    condition="b is not 0: Positive of b, or a literal number",
    reason="dividing by a number that is not 0 and multiplying by it changes nothing",
    replace=_cancel,
    exact=True,
)


def _sum_to_one(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=reduction.Sum(axis), inputs=(x,)) if know.has(x, SumsToOne(axis)):
            return shaped(number(1, node), node)
    return None


SUM_TO_ONE = Rule(
    name="Σ = 1",
    before="Σ y",
    after="1",
    condition="SumsToOne of y, along the axes of the sum",
    reason="what is known to sum to 1 does",
    replace=_sum_to_one,
    exact=True,
)


def _multiply_out(node: Node, know: Knowledge) -> Node | None:
    if not isinstance(
        node.op, arithmetic.Multiply | arithmetic.Add | arithmetic.Subtract | arithmetic.Divide
    ):
        return None
    algebra = Algebra(lambda x: x.name is not None, lambda x: nonzero(x, know))
    polynomial = algebra.polynomial(node)
    if polynomial is None:
        return None
    result = algebra.node(polynomial, node)
    closed = algebra.closed
    # Only where something goes: to write the same in another order would be no step.
    gain = measure(result, closed, unseen=0)[0] < measure(node, closed, unseen=0)[0]
    return result if gain and result.dtype == node.dtype else None


def _written_out(node: Node) -> Node | None:
    return Algebra(lambda x: x.name is not None, lambda x: False).terms(node)


MULTIPLY_OUT = Rule(
    name="multiply out",
    before="b · (a / b + c)",
    after="a + b · c",
    condition="what cancels is not 0: Positive, or a literal number",
    reason="each product is written out, and what cancels goes",
    replace=_multiply_out,
    once=True,
    between=_written_out,
)


def _common_factor(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=arithmetic.Add(), inputs=(a, b)) if a is b:
            return 2 * a
        case Node(op=arithmetic.Subtract(), inputs=(a, b)) if a is b:
            return shaped(number(0, node), node)
        case Node(
            op=arithmetic.Add() | arithmetic.Subtract() as op,
            inputs=(
                Node(op=arithmetic.Divide(), inputs=(a, n)),
                Node(op=arithmetic.Divide(), inputs=(b, m)),
            ),
        ) if n is m or (number_of(n) is not None and number_of(n) == number_of(m)):
            return op(a, b) / n
        case Node(
            op=arithmetic.Add() | arithmetic.Subtract() as op,
            inputs=(
                Node(op=arithmetic.Multiply(), inputs=(a, x)),
                Node(op=arithmetic.Multiply(), inputs=(b, y)),
            ),
        ):
            for first, c in ((a, x), (x, a)):
                for second, d in ((b, y), (y, b)):
                    if _alike(c, d):
                        return (
                            op(first, second) * c if number_of(c) is None else c * op(first, second)
                        )
    return None


def _alike(a: Node, b: Node) -> bool:
    value = number_of(a)
    return a is b or (value is not None and value == number_of(b))


COMMON_FACTOR = Rule(
    name="a common factor",
    before="a / n − b / n, a · c + b · c",
    after="(a − b) / n, (a + b) · c",
    condition="",
    reason="what all terms are multiplied or divided by may stand outside",
    replace=_common_factor,
)

__all__ = ["CANCEL", "COMMON_FACTOR", "MULTIPLY_OUT", "SUM_TO_ONE", "nonzero"]
