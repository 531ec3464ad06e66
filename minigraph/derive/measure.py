"""The measure that every rule lowers, so that every derivation ends.

A node's measure is a tuple of whole numbers, compared from the left:

1. the weight of its formula, written out as a tree: the weights of its ops and leaves, added up;
2. how many signs and numeric factors (−x, x/n, n·x) it has;
3. how deep these lie: for each, the number of other ops around it;
4. how many pairs of them are out of order, which is −, then /n, then n·, from the outside.

Each is a sum over the formula's places, so whatever lowers the measure of a part lowers that of
the whole. There is no infinite descent in tuples of whole numbers: a derivation comes to its end.
"""

from __future__ import annotations

from collections.abc import Callable

from minigraph.derive.literals import is_number
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.ops import arithmetic, shape

Measure = tuple[int, int, int, int]

_LEAF = 4
_WEIGHTS: dict[type, int] = {
    arithmetic.Negative: 2,
    arithmetic.Add: 1,
    arithmetic.Subtract: 1,
    shape.MatrixTranspose: 1,
    shape.PermuteDims: 1,
}
_OTHER = 3

UNSEEN = shape.BroadcastTo | shape.Reshape | shape.ExpandDims | shape.Squeeze | shape.AsType
"""What formulas mostly do not show."""


def rank(node: Node) -> int | None:
    """Return where a sign or a numeric factor belongs: − outermost (0), /n (1), n· (2); else None.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([1.0, 2.0])
    >>> rank(-x), rank(x / 3), rank(2 * x), rank(x * x)
    (0, 1, 2, None)
    """
    match node.op:
        case arithmetic.Negative():
            return 0
        case arithmetic.Divide() if is_number(node.inputs[1]):
            return 1
        case arithmetic.Multiply() if any(map(is_number, node.inputs)):
            return 2
    return None


def measure(
    node: Node, closed: Callable[[Node], bool] = lambda node: False, unseen: int = 1
) -> Measure:
    """Return the measure of a node.

    Parameters
    ----------
    node : Node
    closed : callable
        Which nodes are written as a name, and so weigh as a leaf does. The node itself is open.
    unseen : int
        The weight of ops that only reshape and repeat, which formulas do not show.

    Examples
    --------
    >>> import minigraph as mg
    >>> x, y = mg.constant([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="y")
    >>> measure(x / 3 - y / 3), measure((x - y) / 3)
    ((15, 2, 2, 0), (12, 1, 0, 0))
    >>> measure((-x) * y), measure(-(x * y))
    ((13, 1, 1, 0), (13, 1, 0, 0))
    """
    found: dict[Node, tuple[int, list[int], int, int]] = {}
    order = topological_order(node, within=lambda x: not closed(x))
    inside = set(order)
    for n in order:
        if n.op is None:
            found[n] = (0 if is_number(n) else _LEAF, [0, 0, 0], 0, 0)
            continue
        # What is closed was not followed: it is a leaf here.
        parts = [found[x] if x in inside else (_LEAF, [0, 0, 0], 0, 0) for x in n.inputs]
        own = unseen if isinstance(n.op, UNSEEN) else _WEIGHTS.get(type(n.op), _OTHER)
        weight = own + sum(p[0] for p in parts)
        counts = [sum(p[1][i] for p in parts) for i in range(3)]
        depth, wrong = sum(p[2] for p in parts), sum(p[3] for p in parts)
        place = rank(n)
        if place is None:
            depth += sum(counts)
        else:
            # Those inside it that belong outside it.
            wrong += sum(counts[:place])
            counts[place] += 1
        found[n] = (weight, counts, depth, wrong)
    weight, counts, depth, wrong = found[node]
    return weight, sum(counts), depth, wrong
