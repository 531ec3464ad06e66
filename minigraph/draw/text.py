"""The graph as a tree of plain text, for terminals and where there is no drawing engine."""

from __future__ import annotations

from minigraph.draw.description import TAGS, DataNode, Description
from minigraph.draw.matrices import DASH, line, shape_text
from minigraph.draw.names import shorten, visible

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
    │  ├─ x (parameter): scalar, 3; ∂y/∂x 6
    │  └─ x ↑
    └─ 1
    """
    lines: list[str] = []
    written: set[str] = set()
    # What is still to be written, the next one last: the node, and the lines before it and below.
    stack = [(node, "", "") for node in reversed(graph.nodes) if node.output]
    while stack and len(lines) < most:
        node, lead, below = stack.pop()
        if node.id in written and node.kind != "scalar":
            lines.append(f"{lead}{_name(node)} ↑")
            continue
        written.add(node.id)
        lines.append(lead + _line(node, precision))
        last = len(node.inputs) - 1
        for i in range(last, -1, -1):
            branch, stem = ("└─ ", "   ") if i == last else ("├─ ", "│  ")
            stack.append((graph[node.inputs[i]], below + branch, below + stem))
    left = len(graph.nodes) - len(written)
    if stack:
        lines.append(f"… and {left} more node" + "s" * (left > 1) if left else "…")
    return "\n".join(lines)


def _name(node: DataNode) -> str:
    return visible(shorten(node.name, _LONGEST_NAME))


def _line(node: DataNode, precision: int) -> str:
    if node.kind == "scalar":
        return _name(node)
    mark = f"[{node.mark}] " if node.mark else ""
    made = f" ({TAGS[node.kind]})" if node.kind in TAGS else ""
    if node.op is not None:
        parameters = f"({node.op.parameters})" if node.op.parameters else ""
        made = f" = {node.op.label}{parameters}"
    value = line(node.value, precision=precision)
    if node.gradient is None:
        gradient = f"gradient {DASH}"
    else:
        cotangent = visible(shorten(node.cotangent, 2 * _LONGEST_NAME))
        gradient = f"{cotangent} {line(node.gradient, precision=precision)}"
    return f"{mark}{_name(node)}{made}: {shape_text(node.value.shape)}, {value}; {gradient}"
