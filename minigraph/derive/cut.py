"""The cut: a graph as a function of one of its nodes, which is then a leaf, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from minigraph.derive.knowledge import Knowledge
from minigraph.graph import added, rebuild, topological_order
from minigraph.leaves import parameter
from minigraph.node import Node
from minigraph.tidy import tidy


@dataclass(frozen=True, eq=False)
class Cut:
    """An output as a function of one node, so that no rule looks through that node.

    Attributes
    ----------
    output, target : Node
        Of the function: the target is a leaf.
    originals : dict of Node to Node
        The nodes of the graph that was cut, by those that stand for them.
    order : list of Node
        The graph that was cut.
    """

    output: Node
    target: Node
    originals: dict[Node, Node]
    order: list[Node]

    def back(self, root: Node) -> Node:
        """Return a node made on the function's graph as one on the graph that was cut.

        What is there already is not made again.
        """
        new = dict(self.originals)
        for node in topological_order(root):
            if node not in new:
                new[node] = _on(node, new)
        found = new[root]
        return tidy(added(found, set(self.order)), self.order).get(found, found)

    def forth(self, root: Node) -> Node:
        """Return a node made on the graph that was cut as one on the function's graph."""
        new = {node: twin for twin, node in self.originals.items()}
        for node in topological_order(root):
            if node not in new:
                new[node] = _on(node, new)
        return new[root]


def cut(output: Node, target: Node, know: Knowledge) -> Cut:
    """Return an output as a function of a node, of which the facts stay known.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([1.0, 2.0], name="x")
    >>> z = mg.exp(x).named("z")
    >>> function = cut(mg.sum(z * z), z, Knowledge())
    >>> function.target
    <Node 'z': parameter → [2.718282, 7.389056]>
    >>> function.back(function.target) is z
    True
    """
    order = topological_order(output)
    new: dict[Node, Node] = {}
    literals = Literals()
    for node in order:
        if node is target and node.op is not None:
            leaf = new[node] = parameter(node.value, node.name)
            leaf._saved = tuple(sorted(know.of(node), key=repr))
        else:
            new[node] = literals.one(_on(node, new))
    return Cut(new[output], new[target], {twin: node for node, twin in new.items()}, order)


def inputs_on(node: Node, new: Mapping[Node, Node]) -> tuple[Node, ...]:
    """Return a node's inputs, or what took their places."""
    return tuple(new.get(x, x) for x in node.inputs)


def _on(node: Node, new: Mapping[Node, Node]) -> Node:
    """Return a node on what took the place of its inputs."""
    inputs = inputs_on(node, new)
    same = all(x is y for x, y in zip(inputs, node.inputs, strict=True))
    return node if same else rebuild(node, inputs)


@dataclass(eq=False)
class Literals:
    """The literal numbers of a graph: each one node, so that what is the same is one node."""

    _found: dict[Any, Node] = field(default_factory=dict)

    def one(self, node: Node) -> Node:
        """Return the one node for a literal number; any other node as it is."""
        if node.op is not None or node.kind != "scalar":
            return node
        key = (node.dtype, node.value.tobytes())
        return self._found.setdefault(key, node)

    def merged(self, root: Node, kept: Set[Node]) -> tuple[Node, dict[Node, Node]]:
        """Return a graph with one node for each number, and what took its nodes' places."""
        new: dict[Node, Node] = {}
        for node in added(root, kept):
            new[node] = self.one(_on(node, new))
        return new.get(root, root), new
