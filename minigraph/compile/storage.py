"""Memory: which nodes of a plan share a buffer, by when each is last used."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from minigraph.compile.write import is_view, may_be_view
from minigraph.node import Node


class Memory:
    """The buffers of a plan: each is taken by a node, and given back when nothing uses it any more.

    Parameters
    ----------
    order : sequence of Node
        The nodes of the plan, in the order in which they are computed.
    kept : collection of Node
        Nodes whose memory is never given back.
    """

    def __init__(self, order: Sequence[Node], kept: Collection[Node]) -> None:
        self._base: dict[Node, Node] = {}
        self._last: dict[Node, int] = {}
        for i, node in enumerate(order):
            base = node
            if is_view(node):
                base = self._base[node.inputs[0]]
            self._base[node] = base
            for x in node.inputs:
                if x in self._base:
                    self._last[self._base[x]] = i
        for node in order:
            if node.op is not None and not is_view(node) and may_be_view(node):
                for x in node.inputs:
                    self._last[self.base(x)] = len(order)
        for node in kept:
            if node in self._base:
                self._last[self._base[node]] = len(order)
        self._position = {node: i for i, node in enumerate(order)}
        # By shape and dtype, in the order in which they were given back.
        self._free: dict[Any, dict[Node, None]] = {}
        self._owned: set[Node] = set()

    def base(self, node: Node) -> Node:
        """Return the node whose memory a node looks into: itself, if it is no view."""
        return self._base.get(node, node)

    def dies(self, x: Node, node: Node) -> bool:
        """Return whether a buffer is used for the last time when a node is computed."""
        return x in self._owned and self._last.get(x) == self._position[node]

    def take(self, node: Node, beside: bool) -> Node | None:
        """Return the buffer that a node may be written to; None if it needs one of its own.

        Parameters
        ----------
        node : Node
        beside : bool
            Whether the buffer of an input may be written to while it is read, entry by entry.
        """
        found = None
        # NumPy takes its slow way where one single entry is read and written in one place.
        for x in node.inputs if beside and node.size > 1 else ():
            if self.base(x) is x and self.dies(x, node) and _kind(x) == _kind(node):
                found = x
                break
        if found is None:
            free = self._free.get(_kind(node))
            if free:
                found = next(iter(free))
                del free[found]
        self._owned.add(node)
        return found

    def release(self, node: Node, taken: Node | None) -> None:
        """Give back what was used for the last time when a node was computed, but for one."""
        for base in dict.fromkeys(self.base(x) for x in node.inputs):
            if base is not taken and self.dies(base, node):
                self._free.setdefault(_kind(base), {})[base] = None
                self._owned.discard(base)
        if taken is not None:
            self._owned.discard(taken)


def _kind(node: Node) -> Any:
    return node.shape, node.dtype
