"""Which node of a graph is guilty: the first whose op is wrong by itself, where it stands."""

from __future__ import annotations

from collections.abc import Callable

from minigraph.errors import MinigraphError
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.testing.mismatch import GradientMismatch

Check = Callable[[Node], object]


def find_guilty(output: Node, check: Check) -> tuple[Node, GradientMismatch] | None:
    """Check each op of a graph on its own inputs; return the first node that fails, and how.

    Parameters
    ----------
    output : Node
    check : callable
        Raises GradientMismatch if a node's op, applied to values of the node's inputs, is wrong.
    """
    for node in topological_order(output):
        if node.op is None or not node._active:
            continue
        try:
            check(node)
        except GradientMismatch as mismatch:
            return node, mismatch
        except MinigraphError:  # it cannot be checked by itself, as at a value that is not finite
            continue
    return None
