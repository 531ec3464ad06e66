"""The local rules of the ops on the edges of a described graph: ∂L/∂θ = x (∂L/∂z)ᵀ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from minigraph.draw.description import Edge
from minigraph.formula import local_rules
from minigraph.node import Node


def with_rules(
    edges: Iterable[Edge],
    nodes: Iterable[Node],
    ids: Mapping[Node, str],
    names: Mapping[Node, str],
    loss: str = "L",
) -> list[Edge]:
    """Write on each backward edge how what it carries is computed.

    Where there are no backward edges, since there are no gradients, the rules stand on the edges
    that lead into the op.

    Parameters
    ----------
    edges : iterable of Edge
    nodes : iterable of Node
        Those whose ops are shown.
    ids, names : mapping of Node to str
    loss : str
        What the gradients are of.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> y = mg.exp(x)
    >>> edge = Edge("n1_in0", "n0", "n1_op", "forward", 0, "")
    >>> with_rules([edge], [y], {x: "n0", y: "n1"}, {x: "x", y: "y"})[0].rule
    '∂L/∂x = ∂L/∂y · y'
    """
    edges = list(edges)
    backward = any(edge.direction == "backward" for edge in edges)
    # Of a node that is used several times each rule gives but a part of the gradient.
    parts: Counter[str] = Counter()
    for edge in edges:
        if edge.direction == ("backward" if backward else "forward"):
            parts[edge.head if backward else edge.tail] += edge.times
    rules: dict[tuple[str, str], str] = {}
    for node in nodes:
        if node.op is None:
            continue
        found: dict[Node, list[str]] = {}
        formulas = local_rules(node, names, loss=loss)
        for x, formula in zip(node.inputs, formulas, strict=True):
            # An input that comes twice gets a part by each: the same one is written once.
            if formula is not None and formula.text not in found.setdefault(x, []):
                found[x].append(formula.text)
        for x, texts in found.items():
            op = f"{ids[node]}_op"
            text = "; ".join(texts)
            if parts[ids[x]] > 1:
                text = text.replace(" = ", " += ")
            rules[(op, ids[x]) if backward else (ids[x], op)] = text
    return [replace(edge, rule=rules.get((edge.tail, edge.head), "")) for edge in edges]
