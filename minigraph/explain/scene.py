"""Scene: a private copy of the user's graph, described and drawn, that the steps are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from minigraph.draw.description import DataNode, Description
from minigraph.draw.picture import Picture, _draw
from minigraph.explain.symbols import Symbols, named
from minigraph.explain.walk import Quantity, Role
from minigraph.formula.names import shorten, visible
from minigraph.graph import topological_order
from minigraph.node import Node

_LONGEST_NAME = 40


class Scene:
    """A graph on show.

    The gradients are those of a copy, so that the user's own nodes keep what they have.

    Parameters
    ----------
    loss : Node
        The user's.
    variables : sequence of mapping
        Where unnamed nodes find names: scopes, the nearest first.
    """

    def __init__(self, loss: Node, variables: Sequence[Mapping[str, Any]]) -> None:
        self.original = loss
        copies = copied(topological_order(loss))
        self.loss: Node = copies[loss]
        self.order: list[Node] = topological_order(self.loss)
        self.loss.backward()
        scopes = [
            {
                name: copies[value]
                for name, value in scope.items()
                if type(value) is Node and value in copies
            }
            for scope in variables
        ]
        self.picture: Picture = _draw((self.loss,), tuple(scopes), limit=None)
        self.description: Description = self.picture.description
        self.ids = {node: f"n{i}" for i, node in enumerate(self.order)}
        self.named = {node for node in self.order if self[node].named}
        self.symbols = Symbols(self.names, self.named, self.loss)

    def __getitem__(self, node: Node) -> DataNode:
        """Return what the description says of a node."""
        return self.description[self.ids[node]]

    @cached_property
    def names(self) -> dict[Node, str]:
        """What each node is called, fit to be shown."""
        return {node: shown_name(self[node].name) for node in self.order}

    def cotangent(self, node: Node) -> str:
        """Return how the gradient of a node is written: "∂L/∂z"."""
        return visible(shorten(self[node].cotangent, 2 * _LONGEST_NAME))

    def edges(self, direction: str, *ends: str) -> tuple[str, ...]:
        """Return the ids of the edges of a direction that have all these ends."""
        return tuple(
            edge.id
            for edge in self.description.edges
            if edge.direction == direction and {edge.tail, edge.head}.issuperset(ends)
        )

    def op_id(self, node: Node) -> str:
        """Return the id of the op that made a node."""
        op = self[node].op
        assert op is not None
        return op.id

    def quantity(self, node: Node, role: Role) -> Quantity:
        """Return a node's value, ready to be shown."""
        return quantity(self.names[node], role, node._value, self.ids[node])

    def gradient(self, node: Node, role: Role, value: np.ndarray) -> Quantity:
        """Return what arrived at a node, or a part of it, under the gradient's name."""
        return quantity(self.cotangent(node), role, value, self.ids[node])

    @property
    def parameters(self) -> list[Node]:
        """The leaves that training changes."""
        return [node for node in self.order if node._kind == "parameter"]


def shown_name(name: str) -> str:
    """Return a name as it is fit to be shown: any text, but of some length."""
    return visible(shorten(name, _LONGEST_NAME))


def quantity(name: str, role: Role, value: np.ndarray, node: str | None) -> Quantity:
    """Return an array under a name that is a formula as well."""
    return Quantity(name, role, value, named(name), node)


def copied(order: Sequence[Node]) -> dict[Node, Node]:
    """Return a copy of each node of a topological order; the values are shared."""
    copies: dict[Node, Node] = {}
    for node in order:
        inputs = tuple(copies[x] for x in node._inputs)
        copy = Node(node._value, node._op, inputs, node._saved, node._site)
        copy._kind, copy._active, copy.name = node._kind, node._active, node.name
        source = node._source
        copy._source = copies.get(source, source) if source is not None else None
        copies[node] = copy
    return copies
