"""Nests: the ops of a graph gathered into nests of loops, as many in each as may share it.

An op joins a nest if it runs over the same indices, and if what it reads is there already: from an
earlier nest, or from this one at the very same place.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from minigraph.compile.loops import reading, scalars
from minigraph.compile.pieces import LabelsOf, PutAt, Together
from minigraph.compile.trace import UnplannedError
from minigraph.node import Node
from minigraph.ops import indexing, linear_algebra, reduction, shape

SHORT = 32
"""How many entries the last axis has at most to be summed within a nest, one after the other."""


@dataclass(eq=False)
class Nest:
    """Ops that one nest of loops computes.

    Attributes
    ----------
    space : tuple of int
        How far the loops run.
    nodes : list of Node
        In the order in which an entry of each is computed.
    whole : bool
        Whether it is one op that is no loop over single entries, as a product of matrices.
    """

    space: tuple[int, ...]
    nodes: list[Node] = field(default_factory=list)
    whole: bool = False


def is_view(node: Node) -> bool:
    """Return whether a node's entries are entries of its input."""
    return reading.inner(node, ("0",) * node.ndim) is not None


def seen(node: Node, place: reading.Place) -> tuple[Node, reading.Place]:
    """Return the node that is looked at in the end, and the place in it."""
    while (found := reading.inner(node, place)) is not None:
        node, place = node.inputs[0], found
    return node, place


def space_of(node: Node) -> tuple[int, ...] | None:
    """Return what the loops of an op run over; None if it is computed as a whole.

    Raises
    ------
    UnplannedError
        If there are no loops for the op.
    """
    scalars.check_dtypes(node)
    if scalars.is_entrywise(node) or isinstance(node.op, indexing.Take):
        return node.shape
    if scalars.is_reduction(node):
        return None if is_long_sum(node) else node.inputs[0].shape
    if isinstance(node.op, linear_algebra.MatMul):
        if max(x.ndim for x in node.inputs) > 2:
            raise UnplannedError(f"{node.label}: a stack of matrices")
        return None
    if isinstance(node.op, PutAt | Together | LabelsOf | shape.Concat | shape.Stack):
        return None
    if isinstance(node.op, indexing.Scatter) and len(node.inputs) == 1:
        return None
    raise UnplannedError(f"{node.op.label if node.op else node.label}: no loops for it")


def is_long_sum(node: Node) -> bool:
    """Return whether an op is a sum over the last axes of many entries, or over all of them."""
    x = node.inputs[0]
    axes = reduced(node)
    tail = axes == tuple(range(x.ndim - len(axes), x.ndim)) and bool(axes)
    many = math.prod(x.shape[i] for i in axes) > SHORT
    return isinstance(node.op, reduction.Sum) and tail and many and node.dtype.kind == "f"


def reduced(node: Node) -> tuple[int, ...]:
    """Return the axes that a reduction takes, from the front."""
    axis = getattr(node.op, "axis", None)
    n = node.inputs[0].ndim
    if axis is None or not n:  # NumPy takes axis 0 of a scalar
        return tuple(range(n))
    return tuple(sorted(i % n for i in (axis if isinstance(axis, tuple) else (axis,))))


def nests(order: Sequence[Node], ready: Collection[Node] = ()) -> list[Nest]:
    """Gather nodes into nests.

    Parameters
    ----------
    order : sequence of Node
        What is to be computed, each after its inputs; what only looks at others may be among it.
    ready : collection of Node
        What is there before.

    Raises
    ------
    UnplannedError
        If an op is among them that loops do not do.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> z = mg.parameter([[1.0, 2.0, 3.0]], name="z")
    >>> e = mg.exp(z - mg.max(z, axis=0))
    >>> order = topological_order(e / mg.sum(e, axis=0))
    >>> [[node.op.label for node in nest.nodes] for nest in nests(order[1:], order[:1])]
    [['Max'], ['Subtract', 'Exp', 'Sum'], ['Divide']]
    """
    waiting = [node for node in order if not is_view(node)]
    spaces = {node: space_of(node) for node in waiting}
    # Entries from here and there keep a loop from being vectorized: they have one of their own.
    picks = {node for node in waiting if isinstance(node.op, indexing.Take)}
    pending = set(waiting)
    found = []
    while waiting:
        space = spaces[waiting[0]]
        if space is None:
            nest = Nest((), [waiting[0]], whole=True)
        else:
            nest = Nest(space)
            within: set[Node] = set()
            for node in waiting:
                alike = spaces[node] == space and (node in picks) == (waiting[0] in picks)
                if alike and _fits(node, space, pending, within):
                    nest.nodes.append(node)
                    if not scalars.is_reduction(node):
                        within.add(node)
        found.append(nest)
        pending.difference_update(nest.nodes)
        waiting = [node for node in waiting if node in pending]
    return found


def _fits(
    node: Node, space: tuple[int, ...], pending: Collection[Node], within: Collection[Node]
) -> bool:
    """Return whether all that a node reads is there when its nest comes to an entry."""
    here = reading.axes(space)
    for x, place in read_by(node, here):
        base, at = seen(x, place)
        if base in pending and not (base in within and at == here and base.shape == space):
            return False
    return True


def read_by(node: Node, here: reading.Place) -> list[tuple[Node, reading.Place]]:
    """Return what an entry of a node is computed from, and at which place of each."""
    if scalars.is_reduction(node):
        return [(node.inputs[0], here)]
    if isinstance(node.op, indexing.Take):
        x, places = node.inputs
        n, axis = places.ndim, node.op.axis % x.ndim
        return [(places, here[axis : axis + n]), (x, ("?",) * x.ndim)]
    return [(x, reading.broadcast(x.shape, here)) for x in node.inputs]
