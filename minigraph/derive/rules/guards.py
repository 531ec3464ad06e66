"""Guards: choices by a condition that facts settle."""

from __future__ import annotations

import math

from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import number_of
from minigraph.derive.rule import Rule, shaped
from minigraph.facts import BelowOne, Finite, NonNegative, Positive
from minigraph.node import Node
from minigraph.ops import arithmetic, selection


def _guard(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=selection.Where(), inputs=(_, a, b)) if a is b:
            return shaped(a, node)
        case Node(op=selection.Where(), inputs=(condition, a, b)):
            holds = settled(condition, know)
            if holds is not None:
                chosen = a if holds else b
                return shaped(chosen, node) if chosen.dtype == node.dtype else None
    return None


def settled(condition: Node, know: Knowledge) -> bool | None:
    """Return whether an equation holds everywhere, or nowhere; None if that is not known.

    Examples
    --------
    >>> import minigraph as mg
    >>> settled(mg.exp(mg.constant([1.0, 2.0])) == 0, Knowledge())
    False
    """
    match condition:
        case Node(op=arithmetic.Compare("equal"), inputs=(a, b)) if a is b:
            return True if know.has(a, Finite()) else None
        case Node(op=arithmetic.Compare("equal"), inputs=(a, b)):
            value = number_of(b)
            if value is not None and _never(a, value, know):
                return False
    return None


def _never(node: Node, value: float, know: Knowledge) -> bool:
    """Return whether no entry of a node is a number."""
    if not math.isfinite(value):
        return know.has(node, Finite())
    if value < 0:
        return know.has(node, NonNegative())
    if value == 0:
        return know.has(node, Positive())
    return value >= 1 and know.has(node, BelowOne())


GUARD = Rule(
    name="a guard that never fires",
    before="a if x = 0 else b",
    after="b",
    condition="Positive of x (likewise: Finite for x = ±∞, BelowOne for x = 1); or a is b",
    reason="it keeps a computer from 0/0 or 0 · log 0; here that case never comes, or it makes no "
    "difference",
    replace=_guard,
    stage="both",
)
