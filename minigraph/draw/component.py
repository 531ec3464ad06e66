"""A graph entry by entry, as the lecture draws it: each number a node, each edge a derivative.

A gradient is then the sum over all paths to the loss of the products of the derivatives on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from minigraph.draw.component_names import component_names
from minigraph.draw.derivatives import Derivative, derivatives, origins
from minigraph.draw.description import TAGS, DataNode, Description
from minigraph.draw.gradients import shown_gradients
from minigraph.draw.jacobians import local_jacobians
from minigraph.draw.names import names_of
from minigraph.errors import GraphError
from minigraph.graph import topological_order
from minigraph.node import Node

# More entries, or more derivatives, than this are no diagram any more.
MOST_ENTRIES, MOST_EDGES = 100, 300
# Before it is known which entries only repeat others.
_MOST_LOOKED_AT = 5 * MOST_ENTRIES


@dataclass(frozen=True, eq=False)
class Components(Description):
    """The entries of a graph's arrays, described.

    Its nodes are single numbers, none of which has an op, and its edges are derivatives.
    Arrays that only hold another's entries in other places (θᵀ) are left out.

    Attributes
    ----------
    neighbours : tuple of (str, str)
        The ids of entries that follow each other in an array that was computed.
    """

    neighbours: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """What the graph is of, in a few words."""
        return super().title + ", entry by entry"

    @property
    def summary(self) -> str:
        """The graph in sentences, for who cannot see it."""
        leaves = [f"{n.name} ({TAGS[n.kind]})" for n in self.nodes if n.kind in TAGS]
        parts = ["Leaves: " + ", ".join(leaves)] if leaves else []
        made = [
            f"{n.name} from {', '.join(self[edge.tail].name for edge in into)}"
            for n in self.nodes
            if (into := [edge for edge in self.derivatives if edge.head == n.id])
        ]
        parts += ["Computed: " + "; ".join(made)] if made else []
        carrying = [edge.label for edge in self.derivatives if edge.carries]
        parts.append("Local derivatives: " + (", ".join(carrying) or "none"))
        return ". ".join(parts) + "."

    @property
    def derivatives(self) -> tuple[Derivative, ...]:
        """The edges."""
        return self.edges  # pyright: ignore[reportReturnType]

    def paths(self, start: str, end: str) -> Iterator[tuple[Derivative, ...]]:
        """Give every path from one entry to another along edges that carry gradients.

        Parameters
        ----------
        start, end : str
            The ids of the entries.
        """
        leaving = defaultdict(list)
        left = self.count_paths(end)
        for edge in self.derivatives:
            if edge.carries and left[edge.head]:  # no dead ends: there may be a great many
                leaving[edge.tail].append(edge)
        stack: list[tuple[Derivative, ...]] = [(edge,) for edge in reversed(leaving[start])]
        while stack:
            path = stack.pop()
            if path[-1].head == end:
                yield path
            stack += [(*path, edge) for edge in reversed(leaving[path[-1].head])]

    def count_paths(self, end: str) -> dict[str, int]:
        """Return how many paths lead from each entry to the one at the end."""
        counts = dict.fromkeys((node.id for node in self.nodes), 0) | {end: 1}
        for edge in sorted(self.derivatives, key=lambda edge: -int(edge.head[1:])):
            counts[edge.tail] += counts[edge.head] * edge.carries
        return counts


def describe_components(
    *outputs: Node,
    variables: Sequence[Mapping[str, Any]] = (),
    components: Mapping[Node, Any] = MappingProxyType({}),
    mark: Mapping[Node, str] = MappingProxyType({}),
) -> Components:
    """Describe the graph of some outputs entry by entry.

    Parameters
    ----------
    *outputs : Node
    variables : sequence of mapping
        Where unnamed nodes find names: scopes, the nearest first.
    components : mapping of Node to nested sequence of str
        Names of a node's entries, in its shape; by default its name with subscripts.
    mark : mapping of Node to str, optional
        Nodes to point out, all entries of each.

    Raises
    ------
    GraphError
        If there are too many entries for a diagram.

    Examples
    --------
    >>> import minigraph as mg
    >>> w = mg.parameter([2.0, 3.0], name="w")
    >>> y = mg.sum(w * mg.constant([5.0, 7.0], name="x")).named("y")
    >>> for edge in describe_components(y).edges:
    ...     print(edge.label, edge.symbol, edge.number)
    ∂(w × x)₁/∂w₁ x₁ 5.0
    ∂(w × x)₁/∂x₁ w₁ 2.0
    ∂(w × x)₂/∂w₂ x₂ 7.0
    ∂(w × x)₂/∂x₂ w₂ 3.0
    ∂y/∂(w × x)₁ None 1.0
    ∂y/∂(w × x)₂ None 1.0
    """
    order = topological_order(*outputs)
    entries = sum(node.size for node in order)
    leaves = sum(node.size for node in order if node.op is None)
    if leaves > MOST_ENTRIES or entries > _MOST_LOOKED_AT:
        raise _too_many(entries)
    jacobians = {node: local_jacobians(node) for node in order if node.op is not None}
    origin = origins(order, jacobians, outputs)
    kept = [(node, i) for node in order for i in range(node.size) if origin[node, i][0] is node]
    if len(kept) > MOST_ENTRIES:
        raise _too_many(len(kept))
    named = names_of(order, variables)
    names = component_names(order, {node: name for node, (name, _) in named.items()}, components)
    for node, i in origin:  # what is left out goes by the name of what it holds
        source, j = origin[node, i]
        names[node].flat[i] = names[source].flat[j]
    top, gradients = shown_gradients(outputs, order)
    loss = "L" if top is None else names[top].item()
    ids = {entry: f"n{n}" for n, entry in enumerate(kept)}
    nodes = tuple(
        DataNode(
            id=ids[node, i],
            name=names[node].flat[i],
            named=named[node][1],
            kind=node.kind or "computed",
            output=any(node is output for output in outputs),
            op=None,
            inputs=(),
            value=node.value.reshape(-1)[i].reshape(()),
            gradient=gradients[node].reshape(-1)[i].reshape(()) if node in gradients else None,
            cotangent=f"∂{loss}/∂{names[node].flat[i]}",
            source=None,
            mark=mark.get(node, ""),
            active=node._active,
        )
        for node, i in kept
    )
    edges = derivatives(order, jacobians, origin, names, ids)
    if len(edges) > MOST_EDGES:
        raise _too_many(len(kept))
    neighbours = [
        (ids[node, i], ids[node, i + 1])
        for node, i in kept
        if node.op is not None and (node, i + 1) in ids
    ]
    return Components(nodes, tuple(edges), neighbours=tuple(neighbours))


def _too_many(entries: int) -> GraphError:
    return GraphError(
        f"{entries} entries are too many to draw each by itself; the most is {MOST_ENTRIES}",
        fix='draw the arrays whole (zoom="composite"), or draw fewer examples or an inner node',
    )
