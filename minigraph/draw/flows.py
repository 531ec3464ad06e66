"""Which cotangents flow backward through the ops of a graph, and what they add up to."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY, quietly
from minigraph.draw.fold import Group
from minigraph.node import Node
from minigraph.sweep import guarded, sweep

# More contributions are counted, and not shown.
MOST = 6


class Flows:
    """The uses of nodes through which a cotangent went on.

    Parameters
    ----------
    shown : sequence of Node
        In topological order.
    groups : sequence of Group
        What is folded: of its nodes only those matter that use nodes outside of it.
    gradients : mapping of Node to numpy.ndarray
        What is shown as the nodes' gradients.

    Attributes
    ----------
    users : list of (Node, Group or None)
        The nodes that use what is shown or in another group, and their own group.
    """

    def __init__(
        self, shown: Sequence[Node], groups: Sequence[Group], gradients: Mapping[Node, np.ndarray]
    ) -> None:
        self._gradients = gradients
        made_inside = {group.output for group in groups}
        self.users: list[tuple[Node, Group | None]] = [
            (node, None) for node in shown if node.op is not None and node not in made_inside
        ]
        for group in groups:
            mine = set(group.nodes)
            self.users += [
                (node, group) for node in group.nodes if any(x not in mine for x in node._inputs)
            ]
        self._passed: dict[Node, list[bool]] = {}
        self._into: dict[Node, list[tuple[Node, int]]] = {}
        for node, group in self.users:
            mine = set(group.nodes) if group else ()
            for i, (x, flow) in enumerate(zip(node.inputs, self.through(node), strict=True)):
                if flow and x not in mine:
                    self._into.setdefault(x, []).append((node, i))
        self._added: dict[Node, tuple[np.ndarray, ...]] = {}

    def through(self, node: Node) -> list[bool]:
        """Return by input whether a cotangent went on: both ends have one, and the op passes it."""
        if node not in self._passed:
            parts = self._parts(node)
            self._passed[node] = [
                x in self._gradients and part is not None
                for x, part in zip(node.inputs, parts, strict=True)
            ]
        return self._passed[node]

    def uses(self, x: Node) -> list[tuple[Node, int]]:
        """Return the uses that sent a cotangent to a node: the user, and which of its inputs."""
        return self._into.get(x, [])

    def contributions(self, x: Node) -> tuple[np.ndarray, ...]:
        """Return what each use sent, if there are several, and they are what the gradient is."""
        uses = self.uses(x)
        gradient = self._gradients.get(x)
        if not 1 < len(uses) <= MOST or gradient is None:
            return ()
        if x not in self._added:
            sent = tuple(_sent(node, i, self._gradients[node]) for node, i in uses)
            # It may be of another loss, whose graph this is a part of.
            close = 1e3 * float(np.finfo(gradient.dtype).eps)
            largest = max(float(np.max(np.abs(part), initial=0.0)) for part in sent)
            total = quietly(sum, sent)
            same = np.allclose(total, gradient, rtol=close, atol=close * largest, equal_nan=True)
            self._added[x] = sent if same else ()
        return self._added[x]

    def _parts(self, node: Node) -> Sequence[Any]:
        gradient = self._gradients.get(node)
        if node.op is None or gradient is None or self._gradients.keys().isdisjoint(node.inputs):
            return [None] * len(node.inputs)
        output = (node.value, *node._saved) if node.op.saves else node.value
        return quietly(node.op.backward, NUMPY, gradient, output, *(x.value for x in node.inputs))


def _sent(node: Node, i: int, gradient: np.ndarray) -> np.ndarray:
    """Return the cotangent that an op sends to one of its inputs, as the sweep makes it."""
    # The same node may come twice: a stand-in tells this use from the others.
    x = node.inputs[i]
    stand_in = Node(x._value, None, (), (), x._site)
    inputs = tuple(stand_in if k == i else other for k, other in enumerate(node.inputs))
    twin = Node(node._value, node._op, inputs, node._saved, node._site)
    cotangents: dict[Node, Any] = {twin: gradient}
    only = {stand_in}.__contains__
    quietly(sweep, NUMPY, [twin], cotangents, only, only, _value, _saved, None, guarded)
    return cotangents[stand_in]


_value = operator.attrgetter("_value")


def _saved(node: Node) -> tuple[Any, ...]:
    return (node._value, *node._saved)
