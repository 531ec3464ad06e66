"""One neutral description of a graph: what there is to show, and not yet how.

The picture and the text tree read it, and so can any other view: it knows nothing of DOT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from minigraph.draw.large import is_large, words
from minigraph.draw.matrices import shape_text
from minigraph.node import Node

Kind = Literal["parameter", "constant", "target", "scalar", "computed"]
# Between a cotangent and the part of it that an edge carries.
ADDED = " += "
Direction = Literal["forward", "backward"]

# What leaves are called wherever a graph is shown: the difference is said in words, not by
# colour alone.
TAGS = {"parameter": "parameter", "constant": "input", "target": "target"}


@dataclass(frozen=True)
class OpNode:
    """An op, where it stands in the graph.

    Attributes
    ----------
    id : str
        Deterministic: from the position of its output in the topological order.
    text : str
        How it is written: "+", "MatMul".
    label : str
        Its name: "Add", "MatMul".
    parameters : str
        Those that are not at their defaults: "axis=0".
    number : int or None
        When it is evaluated: 1 for the first op.
    """

    id: str
    text: str
    label: str
    parameters: str
    number: int | None = None


@dataclass(frozen=True)
class Folded(OpNode):
    """A part of the graph that is shown as one.

    Attributes
    ----------
    times : int
        How many equal blocks it is made of, one after another.
    size : int
        How many nodes it stands for, in all.
    hidden : int
        How many of them are not shown: all, or all but the one that is used outside.
    uses : int
        How many edges from a node to an op are in it and not shown.
    steps : str
        The ops of a block in order; of what is no block, the most frequent ones.
    leaves : tuple of str
        The leaves that are in it, by name.
    inputs : tuple of str
        The ids of what it is applied to: nodes, or other folded parts.
    """

    times: int = 1
    size: int = 0
    hidden: int = 0
    uses: int = 0
    steps: str = ""
    leaves: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DataNode:
    """A value in the graph.

    Attributes
    ----------
    id : str
        Deterministic: from its position in the topological order.
    name : str
        What it is called; any text.
    named : bool
        Whether somebody gave it that name; otherwise it was made up from its op and inputs.
    kind : {"parameter", "constant", "target", "scalar", "computed"}
    output : bool
        Whether the graph was asked for as this node's.
    op : OpNode or None
        What made it.
    inputs : tuple of str
        The ids of what the op was applied to, in order; one id may come twice, and may be that of
        a folded part.
    value : numpy.ndarray
    gradient : numpy.ndarray or None
        None where no gradient was computed.
    cotangent : str
        How its gradient is written: "∂L/∂z".
    source : str or None
        In a gradient's graph: the id of the forward node it belongs to, if that is here too.
    mark : str
        What the node is pointed out for, in a word or two; mostly empty.
    active : bool
        Whether it depends on a parameter: if not, `Node.backward` gives it no gradient.
    uses : int
        How many times it got a cotangent.
    contributions : tuple of numpy.ndarray
        Of a node that got several, the cotangents that add up to its gradient, in the order
        of its uses; empty for any other node, and if they are many.
    """

    id: str
    name: str
    named: bool
    kind: Kind
    output: bool
    op: OpNode | None
    inputs: tuple[str, ...]
    value: np.ndarray
    gradient: np.ndarray | None
    cotangent: str
    source: str | None
    mark: str = ""
    active: bool = True
    uses: int = 0
    contributions: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class Edge:
    """What flows between a data node and an op; what is folded may be at either end.

    Attributes
    ----------
    id : str
    tail, head : str
        The ids of where it comes from and where it goes: one a data node's, one an op's.
    direction : {"forward", "backward"}
    position : int or None
        Which input of the op it is, the first one of several; None between an op and its output.
    label : str
        The cotangent that a backward edge carries; empty for a forward edge.
    times : int
        How many uses it stands for: 2 for the edge from x in x × x.
    rule : str
        How what it carries is computed, if that was asked for: "∂L/∂θ = x (∂L/∂z)ᵀ".
    """

    id: str
    tail: str
    head: str
    direction: Direction
    position: int | None
    label: str
    times: int = 1
    rule: str = ""


@dataclass(frozen=True)
class Cluster:
    """Nodes that are drawn together.

    Attributes
    ----------
    id : str
    label : str
        What they are: "ŷ = Softmax(z)", of which they are the primitives.
    members : tuple of str
        The ids of the data nodes; their ops are with them.
    backward : bool
        Whether it is a gradient's graph, drawn from right to left below its forward graph.
    """

    id: str
    label: str
    members: tuple[str, ...]
    backward: bool = False


@dataclass(frozen=True, eq=False)
class Description:
    """A graph, described: data nodes in topological order, and edges.

    Attributes
    ----------
    nodes : tuple of DataNode
    edges : tuple of Edge
        Node by node; of each, the forward edges before the backward ones.
    folded : tuple of Folded
        The parts that are not shown. One with a single output is that node's op as well.
    clusters : tuple of Cluster
        What is drawn together: apart from each other, and not all nodes are in one.
    halves : bool
        Whether a node has a place for its gradient.
    """

    nodes: tuple[DataNode, ...]
    edges: tuple[Edge, ...]
    folded: tuple[Folded, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    halves: bool = True

    @cached_property
    def ops(self) -> tuple[OpNode, ...]:
        """The ops, in topological order, those that stand for folded parts among them."""
        ops = {node.op.id: node.op for node in self.nodes if node.op is not None}
        ops |= {part.id: part for part in self.folded}
        return tuple(sorted(ops.values(), key=lambda op: int(op.id[1:].removesuffix("_op"))))

    @property
    def title(self) -> str:
        """What the graph is of, in a few words."""
        return "Computational graph of " + few([n.name for n in self.nodes if n.output])

    @property
    def summary(self) -> str:
        """The graph in sentences, for who cannot see it."""
        made = [
            f"{node.name} = [{node.op.label}]({', '.join(map(self.called, node.inputs))})"
            if isinstance(node.op, Folded)
            else f"{node.name} = {node.op.label}({', '.join(map(self.called, node.inputs))})"
            for node in self.nodes
            if node.op is not None
        ]
        with_gradient = [node.name for node in self.nodes if node.gradient is not None]
        leaves = [
            f"{n.name} ({TAGS[n.kind]})" for n in self.nodes if n.op is None and n.kind != "scalar"
        ]
        parts = ["Leaves: " + ", ".join(leaves)] if leaves else []
        parts += ["Computed: " + "; ".join(made)] if made else []
        parts.append("Gradients of: " + (", ".join(with_gradient) or "none"))
        rules = [edge.rule for edge in self.edges if edge.rule]
        parts += ["Local rules: " + "; ".join(rules)] if rules else []
        for cluster in self.clusters:
            parts.append(f"{cluster.label}: {', '.join(self[id].name for id in cluster.members)}")
        large = [
            f"{node.name} {shape_text(node.value.shape)}, {words(node.value)}"
            for node in self.nodes
            if is_large(node.value)
        ]
        parts += ["Large: " + "; ".join(large)] if large else []
        if self.folded:
            parts.append("Folded: " + "; ".join(part.label for part in self.folded))
        marked = [f"{node.name} ({node.mark})" for node in self.nodes if node.mark]
        parts += ["Marked: " + ", ".join(marked)] if marked else []
        return ". ".join(parts) + "."

    @cached_property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The ids of each gradient in a gradient's graph, and of the forward node it is of."""
        return tuple(
            (node.id, node.source) for node in self.nodes if node.source is not None and node.named
        )

    @cached_property
    def by_id(self) -> Mapping[str, DataNode]:
        """The data nodes by id."""
        return MappingProxyType({node.id: node for node in self.nodes})

    def called(self, id: str) -> str:
        """Return what a data node or a folded part is called."""
        found = self.by_id.get(id)
        return found.name if found else next(x.label for x in self.folded if x.id == id)

    def __getitem__(self, id: str) -> DataNode:
        return self.by_id[id]


def few(names: Sequence[str], most: int = 4) -> str:
    """Write names in a row, leaving out the middle of many.

    Examples
    --------
    >>> few("ab"), few("abcdefg")
    ('a, b', 'a, b, …, g')
    """
    return ", ".join(names if len(names) <= most else [*names[: most - 2], "…", names[-1]])


def describe(
    *outputs: Node,
    variables: Sequence[Mapping[str, Any]] = (),
    limit: int | None = None,
    mark: Mapping[Node, str] = MappingProxyType({}),
    fold: bool | int | None = False,
) -> Description:
    """Describe the graph of some outputs.

    Parameters
    ----------
    *outputs : Node
    variables : sequence of mapping
        Where unnamed nodes find names: scopes, the nearest first.
    limit : int, optional
        The most nodes that the graph may have, or that are left if it is folded.
    mark : mapping of Node to str, optional
        Nodes to point out, and the word or two to do it with.
    fold : bool, int or None
        Whether parts are folded, and to how many nodes: see `minigraph.draw`.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> y = (x * x).named("y")
    >>> y.backward()
    >>> for edge in describe(y).edges:
    ...     print(edge.direction, edge.tail, "→", edge.head, f"×{edge.times}", edge.label)
    forward n0 → n1_op ×2
    forward n1_op → n1 ×1
    backward n1 → n1_op ×1 ∂y/∂y
    backward n1_op → n0 ×2 ∂y/∂x += 3 + 3
    """
    from minigraph.draw.describing import describe_nodes

    return describe_nodes(outputs, variables, limit, mark, fold)
