"""Signs and numeric factors: they come to the front, where they meet."""

from __future__ import annotations

import numpy as np

from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import is_number, is_one, number_of
from minigraph.derive.rule import Rule, number, shaped
from minigraph.node import Node
from minigraph.ops import arithmetic, linear_algebra, reduction, selection, shape

_LINEAR = (
    reduction.Sum
    | shape.MatrixTranspose
    | shape.PermuteDims
    | shape.BroadcastTo
    | shape.Reshape
    | shape.ExpandDims
    | shape.Squeeze
)


def _minus(node: Node) -> Node | None:
    """Return what is under a minus."""
    return node.inputs[0] if isinstance(node.op, arithmetic.Negative) else None


def _minus_out(node: Node, know: Knowledge) -> Node | None:
    op, parts = node.op, [_minus(x) for x in node.inputs]
    match op:
        case arithmetic.Multiply() | linear_algebra.MatMul() | arithmetic.Divide():
            for i, part in enumerate(parts):
                if part is not None:
                    return -op(*(part if j == i else x for j, x in enumerate(node.inputs)))
        case selection.Where() if parts[1] is not None and number_of(node.inputs[2]) == 0:
            return -op(node.inputs[0], parts[1], node.inputs[2])
        case arithmetic.Subtract() if parts[0] is not None and parts[1] is None:
            return -(parts[0] + node.inputs[1])
        case arithmetic.Add() if parts[0] is not None and parts[1] is not None:
            return -(parts[0] + parts[1])
    if isinstance(op, _LINEAR) and parts[0] is not None:
        return -op(parts[0])
    return None


MINUS_OUT = Rule(
    name="a minus comes to the front",
    before="(−a) · b, Σ (−a)",
    after="−(a · b), −Σ a",
    condition="",
    reason="minus is a factor −1, and a factor may be taken out of products and sums",
    replace=_minus_out,
    exact=True,
)


def _two_minuses(node: Node, know: Knowledge) -> Node | None:
    parts = [_minus(x) for x in node.inputs]
    match node.op, node.inputs:
        case arithmetic.Negative(), (x,):
            return parts[0] if parts[0] is not None else _turned(x)
        case arithmetic.Add(), (a, b):
            if parts[1] is not None:
                return a - parts[1]
            return None if parts[0] is None else b - parts[0]
        case arithmetic.Subtract(), (a, _) if parts[1] is not None:
            return a + parts[1]
    return None


def _turned(node: Node) -> Node | None:
    """Return −node for a difference, or a numeric multiple of one, as the difference turned."""
    match node:
        case Node(op=arithmetic.Subtract(), inputs=(a, b)):
            return b - a
        case Node(
            op=arithmetic.Divide(),
            inputs=(Node(op=arithmetic.Subtract(), inputs=(a, b)), n),
        ) if is_number(n):
            return (b - a) / n
    return None


TWO_MINUSES = Rule(
    name="two minuses",
    before="a − (−b), −(a − b)",
    after="a + b, b − a",
    condition="",
    reason="minus times minus is plus",
    replace=_two_minuses,
    exact=True,
)


def _split(node: Node) -> tuple[str, Node, Node] | None:
    """Return how a node is a multiple of another one: "/" or "·", the number, the other."""
    match node:
        case Node(op=arithmetic.Divide(), inputs=(a, n)) if is_number(n):
            return "/", n, a
        case Node(op=arithmetic.Multiply(), inputs=(n, a)) if is_number(n):
            return "·", n, a
        case Node(op=arithmetic.Multiply(), inputs=(a, n)) if is_number(n):
            return "·", n, a
    return None


def _scaled(how: str, n: Node, node: Node) -> Node:
    value = number(number_of(n) or 0, node)
    return node / value if how == "/" else value * node


def _numbers_out(node: Node, know: Knowledge) -> Node | None:
    op, inputs = node.op, node.inputs
    parts = [_split(x) for x in inputs]
    match op:
        case arithmetic.Multiply() | linear_algebra.MatMul():
            for i, part in enumerate(parts):
                other = inputs[1 - i]
                if part is None or (part[0] == "·" and is_number(other)):
                    continue
                how, n, x = part
                if is_one(x):  # (1 / n) · b is b / n
                    return shaped(_scaled(how, n, other), node)
                return _scaled(how, n, op(x, other) if i == 0 else op(other, x))
        case arithmetic.Divide() if parts[0] is not None and not is_number(inputs[1]):
            how, n, x = parts[0]
            return _scaled(how, n, x / inputs[1])
        case selection.Where() if parts[1] is not None and number_of(inputs[2]) == 0:
            how, n, x = parts[1]
            return _scaled(how, n, op(inputs[0], x, inputs[2]))
        case arithmetic.Negative():
            return None
    if isinstance(op, _LINEAR) and parts[0] is not None:
        how, n, x = parts[0]
        return _scaled(how, n, op(x))
    return None


NUMBERS_OUT = Rule(
    name="a number comes to the front",
    before="(a / n) · b, Σ (n · a)",
    after="(a · b) / n, n · Σ a",
    condition="n is a literal number",
    reason="a constant factor may be taken out of products and sums",
    replace=_numbers_out,
)


def _arithmetic(node: Node, know: Knowledge) -> Node | None:
    numbers = [number_of(x) for x in node.inputs]
    match node.op, numbers:
        case arithmetic.Multiply(), [a, b] if a is not None and b is not None:
            return shaped(number(a * b, node), node)
        case arithmetic.Add(), [a, b] if a is not None and b is not None:
            return shaped(number(a + b, node), node)
        case arithmetic.Subtract(), [a, b] if a is not None and b is not None:
            return shaped(number(a - b, node), node)
        case arithmetic.Divide(), [a, b] if a is not None and b and (a / b).is_integer():
            return shaped(number(a / b, node), node)
        case arithmetic.Multiply(), _ if -1 in numbers:
            return shaped(-node.inputs[1 - numbers.index(-1)], node)
        case arithmetic.Multiply(), [a, b]:
            # n · (m · x), (m · x) / n
            return _two_numbers(node)
        case arithmetic.Divide(), [_, b] if b is not None:
            return _two_numbers(node)
        case arithmetic.Pow(), [_, p] if p == 1:
            return shaped(node.inputs[0], node)
    return None


def _two_numbers(node: Node) -> Node | None:
    outer = _split(node)
    inner = None if outer is None else _split(outer[2])
    if outer is None or inner is None:
        return None
    (how, n, _), (inner_how, m, y) = outer, inner
    a, b = float(number_of(n) or 0), float(number_of(m) or 0)
    if how == inner_how and _is_plain(a * b, node):
        return shaped(_scaled(how, number(a * b, node), y), node)
    over, under = (b, a) if how == "/" else (a, b)
    if how != inner_how and under and (over / under).is_integer():
        return shaped(_scaled("·", number(over / under, node), y), node)
    return None


def _is_plain(value: float, like: Node) -> bool:
    """Return whether a number has all its digits in a node's dtype."""
    if like.dtype.kind != "f":
        return True
    kind = np.finfo(like.dtype)
    return float(kind.tiny) <= abs(value) <= float(kind.max)


ARITHMETIC = Rule(
    name="arithmetic",
    before="n · (m · x)",
    after="(nm) · x",
    condition="n and m are literal numbers",
    reason="numbers are added and multiplied",
    replace=_arithmetic,
    exact=True,
)
