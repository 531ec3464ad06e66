"""The edges between the entries of a graph's arrays: local derivatives, with their symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minigraph.draw.description import Edge
from minigraph.draw.jacobians import LocalJacobian, symbolic_jacobians
from minigraph.draw.symbolic import Scalar
from minigraph.node import Node

# A symbol longer than this is harder to read than the number.
LONGEST_SYMBOL = 24

# Where an entry is: its node, and its place in the flattened value.
Entry = tuple[Node, int]


@dataclass(frozen=True)
class Derivative(Edge):
    """An edge from one entry to another, with the derivative of the second by the first.

    Attributes
    ----------
    label : str
        The derivative: "∂z₁/∂w₁".
    symbol : str or None
        What it is in the symbols of the graph: "x"; None if the op's rule says only a number.
    number : float or None
        None where there is a dependence, but no derivative: on a label, say.
    carries : bool
        Whether a gradient flows back along the edge: not to data.
    """

    symbol: str | None = None
    number: float | None = None
    carries: bool = True


def origins(
    order: Sequence[Node],
    jacobians: Mapping[Node, Mapping[Node, LocalJacobian]],
    outputs: Sequence[Node],
) -> dict[Entry, Entry]:
    """Return for each entry the one that is drawn for it: its own, or the one it repeats."""
    origin = {}
    for node in order:
        found = jacobians.get(node, {})
        taken = sum((j.values.sum(axis=1) for j in found.values()), np.zeros(node.size))
        moved = (
            all(jacobian.moved for jacobian in found.values())
            and bool(np.all(taken == 1))
            and not any(node is output for output in outputs)
        )
        for i in range(node.size):
            origin[node, i] = (node, i)
            for x, jacobian in found.items() if moved else ():
                if jacobian.values[i].any():
                    origin[node, i] = origin[x, int(jacobian.values[i].argmax())]
    return origin


def derivatives(
    order: Sequence[Node],
    jacobians: Mapping[Node, Mapping[Node, LocalJacobian]],
    origin: Mapping[Entry, Entry],
    names: Mapping[Node, np.ndarray],
    ids: Mapping[Entry, str],
) -> list[Derivative]:
    """Return the edges that lead to each entry that is drawn, in a topological order.

    Parameters
    ----------
    order : sequence of Node
    jacobians : mapping
        By each node with an op, then by its inputs.
    origin : mapping of Entry to Entry
        Of `origins`.
    names : mapping of Node to array of str
    ids : mapping of Entry to str
        Of the entries that are drawn.
    """
    edges = []
    # Without any parameter all derivatives count.
    active = any(node._active for node in order)
    for node in order:
        if node.op is None or (node, 0) not in ids:
            continue
        symbolic = symbolic_jacobians(node, names)
        for i in range(node.size):
            for source, found in _parts(node, i, jacobians[node], symbolic, origin).items():
                numbers = [number for number, _ in found if number is not None]
                number = sum(numbers) if numbers else None
                head, tail = names[node].flat[i], names[source[0]].flat[source[1]]
                edges.append(
                    Derivative(
                        id=f"{ids[source]}_{ids[node, i]}",
                        tail=ids[source],
                        head=ids[node, i],
                        direction="forward",
                        position=None,
                        label="" if number is None else f"∂{head}/∂{tail}",
                        symbol=_symbol([written for _, written in found], number),
                        number=number,
                        carries=number is not None
                        and (source[0]._active or not (active or source[0]._kind == "scalar")),
                    )
                )
    return edges


def _parts(
    node: Node,
    i: int,
    jacobians: Mapping[Node, LocalJacobian],
    symbolic: Mapping[Node, np.ndarray],
    origin: Mapping[Entry, Entry],
) -> dict[Entry, list[tuple[float | None, Scalar | None]]]:
    """Return the derivatives of an entry, by what they are by.

    It may come in twice, by different ways: then there are two, which add up.
    """
    parts: dict[Entry, list[tuple[float | None, Scalar | None]]] = {}
    for x in dict.fromkeys(node.inputs):
        if x not in jacobians:
            for j in _dependence(node, x, i):
                parts.setdefault(origin[x, j], []).append((None, None))
            continue
        for j in np.flatnonzero(jacobians[x].present[i]):
            written = symbolic[x][i, j] if x in symbolic else None
            value = float(jacobians[x].values[i, j])
            parts.setdefault(origin[x, int(j)], []).append((value, written))
    return parts


def _dependence(node: Node, x: Node, i: int) -> list[int]:
    """Return on what an output's entry depends without a derivative: its own, or all."""
    if node.op.elementwise:
        places = np.arange(x.size).reshape(x.shape)
        return [int(np.broadcast_to(places, node.shape).flat[i])]
    return [i] if x.size == node.size else list(range(x.size))


def _symbol(written: list[Scalar | None], number: float | None) -> str | None:
    """Return how a derivative is written, if it says more than the number."""
    known = [part for part in written if part is not None]
    if number is None or len(known) < len(written):
        return None
    total = sum(known, Scalar(0))
    if total.is_number or total.text is None or len(total.text) > LONGEST_SYMBOL:
        return None
    # A symbol stands on a picture only if it is this number.
    return total.text if np.isclose(total.value, number, rtol=1e-6, equal_nan=True) else None
