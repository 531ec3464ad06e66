"""A graph with its composites opened, for a picture: which primitives belong to which composite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.draw.gradients import gradients_of, shown_gradients
from minigraph.draw.names import names_of
from minigraph.graph import expand, topological_order
from minigraph.node import Node
from minigraph.op import Composite, Op


@dataclass(frozen=True)
class _Together(Op):
    """What joins several outputs in one graph; it computes nothing."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A graph, expanded.

    Attributes
    ----------
    outputs : tuple of Node
    top : Node or None
        The output that the gradients are of.
    gradients : mapping of Node to numpy.ndarray
        Those of the expanded nodes; the nodes' own ``grad`` stay as they are.
    clusters : list of (str, set of Node)
        The composites, as what they computed, and their primitives.
    twins : mapping of Node to Node
        By a node of the graph as it was: the one that took its place. A composite in a
        gradient's graph may have none.
    """

    outputs: tuple[Node, ...]
    top: Node | None
    gradients: Mapping[Node, np.ndarray]
    clusters: list[tuple[str, Set[Node]]]
    twins: Mapping[Node, Node]


def opened(outputs: Sequence[Node], variables: Sequence[Mapping[str, Any]] = ()) -> Opened:
    """Expand a graph, with its gradients.

    Parameters
    ----------
    outputs : sequence of Node
    variables : sequence of mapping
        Where unnamed nodes find names.

    Examples
    --------
    >>> import minigraph as mg
    >>> y_hat = mg.softmax(mg.parameter([1.0, 2.0], name="z")).named("ŷ")
    >>> [(label, len(members)) for label, members in opened([y_hat]).clusters]
    [('ŷ = Softmax(z)', 5)]
    """
    order = topological_order(*outputs)
    joined = Node(outputs[0].value, _Together(), tuple(outputs), (), outputs[0]._site)
    new = expand(joined).inputs
    twins = _twins(order, topological_order(*new)) | dict(zip(outputs, new, strict=True))
    top, stored = shown_gradients(outputs, order)
    if top is None:
        gradients = {}
        for node, gradient in stored.items():
            if isinstance(node.op, Composite) and node in twins:
                gradients |= _inside(twins[node], gradient)
        gradients |= {twins[n]: gradient for n, gradient in stored.items() if n in twins}
    else:
        top = twins[top]
        gradients = gradients_of(top)
    return Opened(new, top, gradients, _clusters(order, new, variables), twins)


def _inside(output: Node, gradient: np.ndarray) -> dict[Node, np.ndarray]:
    """Return the gradients of the primitives of a composite, from that of what they compute."""

    def belongs(node: Node) -> bool:
        return node.source is not None and node.source is output.source

    return gradients_of(output, gradient, belongs)


def _twins(order: Sequence[Node], new: Sequence[Node]) -> dict[Node, Node]:
    """Return for a node the one that has taken its place, where that can be told."""
    # What stands on other inputs has kept its value; of a composite's primitives the last is it.
    same = {id(node.value): node for node in new}
    last = {node.source: node for node in new if node.source is not None}
    twins = {node: same[id(node.value)] for node in order if id(node.value) in same}
    twins |= {node: last[node] for node in order if isinstance(node.op, Composite) and node in last}
    return twins


def _clusters(
    order: Sequence[Node], new: Sequence[Node], variables: Sequence[Mapping[str, Any]]
) -> list[tuple[str, Set[Node]]]:
    names = {node: name for node, (name, _) in names_of(order, variables).items()}
    before = {id(node.value) for node in order}
    # Primitives know the composite, or if that is one of a gradient's graph, its forward node.
    composites: dict[Node, list[str]] = {}
    for node in order:
        if isinstance(node.op, Composite):
            label = f"{names[node]} = {node.op.label}({', '.join(names[x] for x in node.inputs)})"
            composites.setdefault(node if node.source is None else node.source, []).append(label)
    members: dict[Node, set[Node]] = {}
    for node in topological_order(*new):
        if id(node.value) not in before and node.source in composites:
            members.setdefault(node.source, set()).add(node)
    return [("; ".join(composites[source]), nodes) for source, nodes in members.items()]
