"""Blocks: a batch worked through in parts that stay in the processor's cache.

If a loss is a mean over examples, each computed from its own slices of the data, it is a sum over
blocks of examples, and so are its gradients. Whether it is, is read off the graph: from the loss
back to the leaves, along which axis each node has the examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from minigraph.compile import write
from minigraph.compile.fused import LabelledLoss
from minigraph.compile.pieces import LabelsOf
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.ops import linear_algebra, probability, shape

LARGE = 16 * 2**20
"""From how many bytes of examples on a batch is worked through in blocks."""

CACHED = 640 * 2**10
"""How many bytes of examples a block has at most: a part of a core's own cache."""

MOST = 96
"""How many examples a block has at most: where products of matrices are quick by then."""

_LOSSES = LabelledLoss | probability.SoftmaxCrossEntropy | probability.CrossEntropy


@dataclass(frozen=True, eq=False)
class Batch:
    """Where the examples of a batch are.

    Attributes
    ----------
    axes : mapping of Node to int
        The axis of the examples, for each node that has one.
    examples : int
        How many there are.
    """

    axes: Mapping[Node, int]
    examples: int

    @property
    def leaves(self) -> list[Node]:
        """The leaves that are cut into blocks."""
        return [node for node in self.axes if node.op is None]

    def size(self, shared: Iterable[Node]) -> int | None:
        """Return how many examples a block has by itself; None for no blocks.

        Blocks pay where the batch is too large for the cache, what all blocks share is not, and an
        example is a row: of columns, a block is in pieces all over the memory.

        Parameters
        ----------
        shared : iterable of Node
            The parameters, which each block reads and whose gradients it adds to.
        """
        batch = sum(leaf.value.nbytes for leaf in self.leaves)
        rows = all(self.axes[leaf] == 0 for leaf in self.leaves)
        if not rows or batch < LARGE or sum(node.value.nbytes for node in shared) > CACHED:
            return None
        return max(32, min(MOST, CACHED * self.examples // batch // 32 * 32))


def batch_of(loss: Node, kept: Iterable[Node]) -> Batch | None:
    """Return where the examples are in the graph of a loss; None if it is no sum over examples.

    Parameters
    ----------
    loss : Node
    kept : iterable of Node
        The nodes to differentiate by: all examples must share them.

    Examples
    --------
    >>> import minigraph as mg
    >>> theta, x = mg.parameter([[0.1, 0.2]], name="θ"), mg.constant([[1.0, 2.0, 3.0]], name="x")
    >>> batch = batch_of(mg.softmax_cross_entropy(theta.T @ x, [0, 1, 1], axis=0), [theta])
    >>> batch.examples, batch.axes[x]
    (3, 1)
    """
    op = loss.op
    if not isinstance(op, _LOSSES) or op.reduction == "none":
        return None
    z, y = loss.inputs[:2]
    if z.ndim != 2 or len(loss.inputs) != 2:
        return None
    axis = 1 - op.axis % 2
    examples = z.shape[axis]
    axes: dict[Node, int] = {}
    shared: set[Node] = set()
    waiting = [(z, axis), (y, axis if y.ndim == 2 else 0)]
    while waiting:
        node, axis = waiting.pop()
        if axes.setdefault(node, axis) != axis:
            return None
        if node.op is None:
            continue
        found = _inputs(node, axis, examples)
        if found is None:
            return None
        for x, at in zip(node.inputs, found, strict=True):
            if at is None:
                shared.add(x)
            else:
                waiting.append((x, at))
    common = topological_order(*shared, *kept) if shared else list(kept)
    if not axes.keys().isdisjoint(common) or examples < 2:
        return None
    return Batch(axes, examples)


def _inputs(node: Node, axis: int, examples: int) -> list[int | None] | None:
    """Return the axis of the examples in each input; None for what is the same for all of them."""
    op = node.op
    assert op is not None
    if op.elementwise or write.ufunc(node) is not None:
        found: list[int | None] = []
        for x in node.inputs:
            at = axis - (node.ndim - x.ndim)
            found.append(at if at >= 0 and x.shape[at] == examples else None)
        return found
    if isinstance(op, LabelsOf):
        return [1 - op.axis]
    if isinstance(op, shape.AsType):
        return [axis]
    if node.ndim != 2 or any(x.ndim != 2 for x in node.inputs):
        return None
    match op:
        case linear_algebra.MatMul():
            return [None, 1] if axis else [0, None]
        case shape.MatrixTranspose():
            return [1 - axis]
        case probability.Softmax(other) | probability.LogSoftmax(other):
            return [axis] if isinstance(other, int) and other % 2 != axis else None
    return None
