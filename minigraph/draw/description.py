"""One neutral description of a graph: what there is to show, and not yet how.

The picture and the text tree read it, and so can any other view: it knows nothing of DOT.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from minigraph.arrays import NUMPY, quietly
from minigraph.draw.names import names_of
from minigraph.errors import GraphError
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.op import Op

Kind = Literal["parameter", "constant", "target", "scalar", "computed"]
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
    """

    id: str
    text: str
    label: str
    parameters: str


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
        The ids of what the op was applied to, in order; one id may come twice.
    value : numpy.ndarray
    gradient : numpy.ndarray or None
        None where no gradient was computed.
    cotangent : str
        How its gradient is written: "∂L/∂z".
    source : str or None
        In a gradient's graph: the id of the forward node it belongs to, if that is here too.
    mark : str
        What the node is pointed out for, in a word or two; mostly empty.
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


@dataclass(frozen=True)
class Edge:
    """What flows between a data node and an op.

    Attributes
    ----------
    id : str
    tail, head : str
        The ids of where it comes from and where it goes: one a data node's, one an op's.
    direction : {"forward", "backward"}
    position : int or None
        Which input of the op it is; None between an op and its output.
    label : str
        The cotangent that a backward edge carries; empty for a forward edge.
    """

    id: str
    tail: str
    head: str
    direction: Direction
    position: int | None
    label: str


@dataclass(frozen=True, eq=False)
class Description:
    """A graph, described: data nodes in topological order, and edges.

    Attributes
    ----------
    nodes : tuple of DataNode
    edges : tuple of Edge
        Node by node; of each, the forward edges before the backward ones.
    """

    nodes: tuple[DataNode, ...]
    edges: tuple[Edge, ...]

    @property
    def ops(self) -> tuple[OpNode, ...]:
        """The ops, in topological order."""
        return tuple(node.op for node in self.nodes if node.op is not None)

    @property
    def title(self) -> str:
        """What the graph is of, in a few words."""
        return "Computational graph of " + ", ".join(n.name for n in self.nodes if n.output)

    @property
    def summary(self) -> str:
        """The graph in sentences, for who cannot see it."""
        made = [
            f"{node.name} = {node.op.label}({', '.join(self[x].name for x in node.inputs)})"
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
        marked = [f"{node.name} ({node.mark})" for node in self.nodes if node.mark]
        parts += ["Marked: " + ", ".join(marked)] if marked else []
        return ". ".join(parts) + "."

    def __getitem__(self, id: str) -> DataNode:
        return self.nodes[int(id[1:])]


def describe(
    *outputs: Node,
    variables: Sequence[Mapping[str, Any]] = (),
    limit: int | None = None,
    mark: Mapping[Node, str] = MappingProxyType({}),
) -> Description:
    """Describe the graph of some outputs.

    Parameters
    ----------
    *outputs : Node
    variables : sequence of mapping
        Where unnamed nodes find names: scopes, the nearest first.
    limit : int, optional
        The most nodes that the graph may have.
    mark : mapping of Node to str, optional
        Nodes to point out, and the word or two to do it with.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> y = (x * x).named("y")
    >>> y.backward()
    >>> for edge in describe(y).edges:
    ...     print(edge.direction, edge.tail, "→", edge.head, edge.label)
    forward n0 → n1_op
    forward n0 → n1_op
    forward n1_op → n1
    backward n1 → n1_op ∂y/∂y
    backward n1_op → n0 ∂y/∂x, 1 of 2
    backward n1_op → n0 ∂y/∂x, 2 of 2
    """
    order = topological_order(*outputs)
    if limit is not None and len(order) > limit:
        raise GraphError(
            f"a graph of {len(order)} nodes is too large to draw; the limit is {limit}",
            fix="draw an inner node instead of the last one, or raise the limit "
            f"(mg.draw(..., limit={len(order)})) and be patient",
        )
    ids = {node: f"n{i}" for i, node in enumerate(order)}
    names = names_of(order, variables)
    # The loss is what backward() started from, if it is here.
    top = next((names[n][0] for n in outputs if n.grad is not None and _is_one(n.grad)), "L")
    nodes = tuple(
        DataNode(
            id=ids[node],
            name=names[node][0],
            named=names[node][1],
            kind=node.kind or "computed",
            output=any(node is output for output in outputs),
            op=None if node.op is None else _op_node(node.op, ids[node] + "_op"),
            inputs=tuple(ids[x] for x in node.inputs),
            value=node.value,
            gradient=node.grad,
            cotangent=f"∂{_factor(top)}/∂{_factor(names[node][0])}",
            source=ids.get(node.source),
            mark=mark.get(node, ""),
        )
        for node in order
    )
    return Description(nodes, tuple(_edges(order, nodes)))


def _is_one(gradient: np.ndarray) -> bool:
    return gradient.size == 1 and gradient.item() == 1


def _factor(name: str) -> str:
    return f"({name})" if " " in name or name.startswith("∂") else name or '""'


def _op_node(op: Op, id: str) -> OpNode:
    parameters = ""
    if is_dataclass(op):
        changed = [
            f"{field.name}={getattr(op, field.name)}"
            for field in fields(op)
            if getattr(op, field.name) not in (field.default, op.label)
            and "in notation" not in field.metadata
        ]
        parameters = ", ".join(changed)
    slots = op.notation.count("{}")
    text = op.notation.replace("{}", "(·)" if slots == 1 else "").strip()
    return OpNode(id, text or op.label, op.label, parameters)


def _edges(order: list[Node], nodes: tuple[DataNode, ...]) -> list[Edge]:
    flows = {node: _flows(node) for node in order}
    total = Counter(x for n in order for x, flow in zip(n.inputs, flows[n], strict=True) if flow)
    seen: Counter[Node] = Counter()
    labels = dict(zip(order, (data.cotangent for data in nodes), strict=True))
    edges = []
    for node, data in zip(order, nodes, strict=True):
        if data.op is None:
            continue
        op = data.op.id
        for i, tail in enumerate(data.inputs):
            edges.append(Edge(f"{data.id}_in{i}", tail, op, "forward", i, ""))
        edges.append(Edge(f"{data.id}_out", op, data.id, "forward", None, ""))
        if any(flows[node]):
            edges.append(Edge(f"{data.id}_grad", data.id, op, "backward", None, data.cotangent))
        for i, (x, flow) in enumerate(zip(node.inputs, flows[node], strict=True)):
            if flow:
                seen[x] += 1
                part = f", {seen[x]} of {total[x]}" if total[x] > 1 else ""
                label = labels[x] + part
                edges.append(Edge(f"{data.id}_grad{i}", op, data.inputs[i], "backward", i, label))
    return edges


def _flows(node: Node) -> list[bool]:
    """Return through which inputs a cotangent went on: both ends have one, and the op passes it."""
    if node.op is None or node.grad is None or all(x.grad is None for x in node.inputs):
        return [False] * len(node.inputs)
    output = (node.value, *node._saved) if node.op.saves else node.value
    values = [x.value for x in node.inputs]
    parts = quietly(node.op.backward, NUMPY, node.grad, output, *values)
    return [
        x.grad is not None and part is not None for x, part in zip(node.inputs, parts, strict=True)
    ]
