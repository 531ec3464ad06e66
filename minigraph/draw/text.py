"""The graph as a tree of plain text, for terminals and where there is no drawing engine."""

from __future__ import annotations

import numpy as np

from minigraph.draw.description import TAGS, DataNode, Description, Folded, few
from minigraph.draw.edges import sum_text
from minigraph.draw.large import words
from minigraph.draw.matrices import DASH, NO_GRADIENT, shape_text
from minigraph.formula.names import shorten, visible

_LONGEST_NAME = 40


def tree(graph: Description, *, precision: int = 4, most: int = 100) -> str:
    """Write a graph from its outputs down to its leaves.

    A node that is used again is written once; after that only its name stands there, marked ↑.

    Parameters
    ----------
    graph : Description
    precision : int
        The most decimals.
    most : int
        The most lines; what is below is counted.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.description import describe
    >>> x = mg.parameter(3.0, name="x")
    >>> y = (x * x + 1).named("y")
    >>> y.backward()
    >>> print(tree(describe(y)))
    y = Add: scalar, 10; ∂y/∂y 1
    ├─ x × x = Multiply: scalar, 9; ∂y/∂(x × x) 1
    │  ├─ x (parameter): scalar, 3; ∂y/∂x 6 = 3 + 3
    │  └─ x ↑
    └─ 1
    """
    rules: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.rule:
            op = edge.tail if edge.direction == "backward" else edge.head
            rules.setdefault(op.removesuffix("_op"), []).append(edge.rule)
    lines: list[str] = []
    written: set[str] = set()
    # What is still to be written, the next one last: the node, and the lines before it and below.
    folded = {part.id: part for part in graph.folded}
    stack: list[tuple[DataNode | Folded, str, str]] = [
        (node, "", "") for node in reversed(graph.nodes) if node.output
    ]
    while stack and len(lines) < most:
        node, lead, below = stack.pop()
        if node.id in written and not (isinstance(node, DataNode) and node.kind == "scalar"):
            lines.append(f"{lead}{_name(node)} ↑")
            continue
        written.add(node.id)
        if isinstance(node, DataNode):
            lines.append(lead + _line(node, graph, precision))
        else:
            lines.append(f"{lead}{visible(node.label)}{_with(node)}")
        last = len(node.inputs) - 1
        lines += [below + "│  " + visible(rule) for rule in rules.get(node.id, ())]
        for i in range(last, -1, -1):
            branch, stem = ("└─ ", "   ") if i == last else ("├─ ", "│  ")
            x = node.inputs[i]
            stack.append((folded[x] if x in folded else graph[x], below + branch, below + stem))
    alone = [part for part in graph.folded if part.hidden == part.size]
    left = len(graph.nodes) + len(alone) - len(written)
    if stack:
        lines.append(f"… and {left} more node" + "s" * (left > 1) if left else "…")
    return "\n".join(lines)


def _name(node: DataNode | Folded) -> str:
    return visible(shorten(node.name if isinstance(node, DataNode) else node.label, _LONGEST_NAME))


def _with(part: Folded) -> str:
    names = [visible(shorten(name, _LONGEST_NAME)) for name in part.leaves]
    return f", with {few(names)}" if names else ""


def _line(node: DataNode, graph: Description, precision: int) -> str:
    if node.kind == "scalar":
        return _name(node)
    mark = f"[{visible(shorten(node.mark, _LONGEST_NAME))}] " if node.mark else ""
    made = f" ({TAGS[node.kind]})" if node.kind in TAGS else ""
    if node.op is not None:
        parameters = f"({visible(node.op.parameters)})" if node.op.parameters else ""
        made = f" = {visible(shorten(node.op.label, _LONGEST_NAME))}{parameters}"
    if isinstance(node.op, Folded):
        made = f" by {visible(node.op.label)}{_with(node.op)}"
    if node.source is not None and not node.named:
        made += f", for {_name(graph[node.source])}"
    value = f"{shape_text(node.value.shape)}, {words(node.value, precision)}"
    if not graph.halves:
        return f"{mark}{_name(node)}{made}: {value}"
    if node.gradient is None:
        gradient = f"gradient {DASH}" if node.active else NO_GRADIENT
    else:
        cotangent = visible(shorten(node.cotangent, 2 * _LONGEST_NAME))
        gradient = f"{cotangent} {words(node.gradient, precision)}{_sum(node, precision)}"
    return f"{mark}{_name(node)}{made}: {value}; {gradient}"


def _sum(node: DataNode, precision: int) -> str:
    """Write what a gradient is the sum of, if a node is used more than once."""
    if node.uses < 2:
        return ""
    if node.contributions and node.value.size == 1:
        parts = np.array([part.item() for part in node.contributions], dtype=node.value.dtype)
        return f" = {sum_text(parts, precision)}"
    return f", the sum of {node.uses} parts"
