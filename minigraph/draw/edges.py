"""The edges of a described graph: one from a node to an op, however often the op uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from minigraph.draw.description import ADDED, Edge
from minigraph.draw.flows import MOST, Flows
from minigraph.draw.fold import Group
from minigraph.draw.matrices import MINUS, entries
from minigraph.node import Node

# More contributions of one edge are counted, and not written on it.
_MOST_WRITTEN = 3


def edges_of(
    shown: Sequence[Node],
    groups: Sequence[Group],
    ids: Mapping[Node, str],
    owners: Mapping[Node, str],
    labels: Mapping[Node, str],
    flows: Flows,
) -> tuple[list[Edge], dict[Group, tuple[str, ...]]]:
    """Return the edges in the order of what they belong to, and what enters each folded part.

    Parameters
    ----------
    shown : sequence of Node
        In topological order.
    groups : sequence of Group
        The folded parts.
    ids : mapping of Node to str
    owners : mapping of Node to str
        The id of what an edge to or from the node is drawn at: itself, or the part it is in.
    labels : mapping of Node to str
        How the cotangent of what is shown is written.
    flows : Flows
    """
    where = {ids[node]: node for node in shown}
    users: dict[Group | None, list[Node]] = {}
    for node, group in flows.users:
        users.setdefault(group, []).append(node)
    last = {group.end: group for group in groups}
    edges: list[Edge] = []
    entering: dict[Group, tuple[str, ...]] = {}
    for node in ids:
        group = last.get(node)
        if group is None and (node.op is None or ids[node] not in where):
            continue
        id = ids[node]
        op = f"{id}_op"
        mine = users.get(group, []) if group else [node]
        inside = set(group.nodes) if group else ()
        forward: dict[str, list[tuple[int, Node]]] = {}
        backward: dict[str, list[tuple[int, Node, int]]] = {}
        position = 0
        for user in mine:
            for i, (x, flow) in enumerate(zip(user.inputs, flows.through(user), strict=True)):
                if x not in inside:
                    forward.setdefault(owners[x], []).append((position, user))
                    if flow:
                        backward.setdefault(owners[x], []).append((position, user, i))
                    position += 1
        if group:
            entering[group] = tuple(forward)
        for tail, uses in forward.items():
            first = uses[0][0]
            edges.append(Edge(f"{id}_in{first}", tail, op, "forward", first, "", len(uses)))
        seen = group is None or group.output is not None
        if seen:
            edges.append(Edge(f"{id}_out", op, id, "forward", None, ""))
        if seen and any(flows.through(node)):
            edges.append(Edge(f"{id}_grad", id, op, "backward", None, labels[node]))
        for tail, sent in backward.items():
            first, label = sent[0][0], ""
            if tail in where:
                label = _label(where[tail], labels, flows, [(user, i) for _, user, i in sent])
            edges.append(Edge(f"{id}_grad{first}", op, tail, "backward", first, label, len(sent)))
    return edges, entering


def _label(
    x: Node, labels: Mapping[Node, str], flows: Flows, sent: Sequence[tuple[Node, int]]
) -> str:
    """Write what an edge carries, and if it is but a part, which one: "∂y/∂x += 3 + 3"."""
    uses = flows.uses(x)
    if len(uses) == 1:
        return labels[x]
    parts = flows.contributions(x)
    these = {(id(user), i) for user, i in sent}
    where = [k for k, (user, i) in enumerate(uses) if (id(user), i) in these]
    if not parts and len(uses) <= MOST:
        return f"{labels[x]}{ADDED}a part"  # the gradient comes from outside of the picture too
    if parts and x.size == 1 and len(where) <= _MOST_WRITTEN:
        numbers = sum_text(np.array([parts[i].item() for i in where], dtype=x.dtype))
        return f"{labels[x]}{ADDED}{numbers}"
    return f"{labels[x]}{ADDED}{_which(where)} of {len(uses)}"


def sum_text(numbers: np.ndarray, precision: int = 4) -> str:
    """Write numbers as a sum.

    Examples
    --------
    >>> sum_text(np.array([3.0, -1.5]))
    '3.0 + (−1.5)'
    """
    texts = entries(numbers, precision)
    return " + ".join(f"({text})" if text.startswith(MINUS) else text for text in texts)


def _which(where: Sequence[int]) -> str:
    """Name parts by their numbers: "part 2", "parts 1–3"; those of an op follow each other."""
    return f"parts {where[0] + 1}–{where[-1] + 1}" if len(where) > 1 else f"part {where[0] + 1}"
