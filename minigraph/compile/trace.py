"""Tracing: a function's graph, with its gradients, for the shapes and dtypes of given arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.autodiff import tidied
from minigraph.compile.blocks import Batch, batch_of
from minigraph.compile.derived import derived
from minigraph.compile.fused import FewClassesLoss, LabelledLoss
from minigraph.compile.images import images_of
from minigraph.compile.lower import lowered
from minigraph.compile.pieces import LabelsOf
from minigraph.derive.knowledge import Knowledge
from minigraph.facts import Finite
from minigraph.functions import GraphFunction
from minigraph.graph import added, dependents, topological_order
from minigraph.leaves import constant
from minigraph.node import FLOATING, Node
from minigraph.ops import arithmetic, probability, shape
from minigraph.sweep import sweep

# Ops that pass a cotangent on as it is: where it is 0, so is what they pass on.
_PLAIN = arithmetic.Add | arithmetic.Subtract | arithmetic.Negative


_LOSSES = LabelledLoss | probability.CrossEntropy | probability.SoftmaxCrossEntropy


class UnplannedError(Exception):
    """A graph that has no plan: the shape of an array depends on values, as with a mask."""


@dataclass(frozen=True, eq=False)
class Block:
    """The graph of a loss on a part of its examples.

    Attributes
    ----------
    examples : int
        How many there are.
    leaves : tuple of Node
        The leaves of the whole graph that are given to it, those with examples cut.
    inputs : tuple of Node
        The leaves of its own that stand for them.
    outputs : tuple of Node or None
        The block's share of the value, and of each gradient.
    axes : dict of Node to int
        The axis of the examples, in those of the leaves that have some.
    """

    examples: int
    leaves: tuple[Node, ...]
    inputs: tuple[Node, ...]
    outputs: tuple[Node | None, ...]
    axes: dict[Node, int]


@dataclass(frozen=True, eq=False)
class Trace:
    """A graph of primitive ops on leaves that stand for the arguments.

    Attributes
    ----------
    inputs : tuple of Node
        The leaf of each argument.
    outputs : tuple of Node or None
        The value, and a gradient for each node of ``wrt``; None where no path leads.
    labels : tuple of (Node, int)
        Labels that depend on the arguments, and the number of their classes.
    guarded : bool
        Whether a gradient of nan may be one that a guard would make 0.
    quick : bool
        Whether there is a form in it that an overflow spoils.
    trusting : bool
        Whether targets that are given are looked at, and have to be one-hot.
    blocks : tuple of Block
        The same in blocks: one, and where need be one for the examples that are left over.
    """

    inputs: tuple[Node, ...]
    outputs: tuple[Node | None, ...]
    labels: tuple[tuple[Node, int], ...]
    guarded: bool
    quick: bool
    trusting: bool
    blocks: tuple[Block, ...] = ()


def trace(
    f: GraphFunction,
    arrays: Sequence[np.ndarray],
    careful: bool = False,
    block: int | Callable[[Batch, Sequence[Node]], int | None] | None = None,
) -> Trace:
    """Return the graph of a function and of its gradients, in primitive ops, tidy.

    Parameters
    ----------
    f : GraphFunction
    arrays : sequence of numpy.ndarray
        Arguments that the function has taken.
    careful : bool
        Use no form that an overflow spoils.
    block : int or callable, optional
        How many examples a block has; 0 for no blocks; or a rule that says so for the batch and the
        nodes to differentiate by. Default: `blocks.Batch.size`.
    """
    inputs = tuple(
        constant(array, name=node.name, copy=False)
        for node, array in zip(f.inputs, arrays, strict=True)
    )
    know = _knowing(inputs)
    images = images_of(
        f, dict(zip(f.inputs, inputs, strict=True)), know, careful, few=not (careful or block)
    )
    value = images[f.output]
    targets = [images.get(node) for node in f.wrt or ()]
    ops = [node.op for node in topological_order(value)]
    quick = any(isinstance(op, FewClassesLoss) for op in ops)
    trusting = any(isinstance(op, LabelsOf) for op in ops)
    outputs, labels, guarded = _traced(value, targets, inputs, know)
    shared = [x for x in targets if x is not None]
    batch = None if block == 0 else batch_of(value, shared)
    blocks = ()
    if batch is not None:
        size = block(batch, shared) if callable(block) else block or batch.size(shared)
        if size is not None and size < batch.examples:
            blocks = _blocks(value, targets, inputs, batch, size)
    return Trace(inputs, outputs, labels, guarded, quick, trusting, blocks)


def _traced(
    value: Node, targets: Sequence[Node | None], inputs: Sequence[Node], know: Knowledge
) -> tuple[tuple[Node | None, ...], tuple[tuple[Node, int], ...], bool]:
    """Return a value and its gradients in primitive ops, its labels, and whether guards matter."""
    order = topological_order(value)
    there = set(order)
    gradients, guarded = _gradients(value, [x for x in targets if x in there], order, inputs, know)
    found = [gradients.get(x) if x is not None else None for x in targets]
    return lowered([value, *found], inputs), _labels(order, inputs), guarded


def _blocks(
    value: Node, targets: Sequence[Node | None], inputs: Sequence[Node], batch: Batch, size: int
) -> tuple[Block, ...]:
    """Trace the graph of a loss on a block of the examples, and on those that are left over."""
    order = topological_order(value)
    cut = [leaf for leaf in (*inputs, *order) if leaf.op is None and leaf in batch.axes]
    cut = list(dict.fromkeys(cut))
    leaves = dict.fromkeys([*inputs, *cut])
    found = []
    for examples in (size, batch.examples % size):
        if not examples:
            continue
        images: dict[Node, Node] = {}
        for leaf in leaves:
            array = leaf.value
            if leaf in batch.axes:
                array = array.take(range(examples), axis=batch.axes[leaf])
            images[leaf] = constant(array, name=leaf.name)
        for node in order:
            if node not in images:
                made = node.op and node.op(*(images[x] for x in node.inputs))
                images[node] = node if made is None else made.named(node.name)
        part = images[value]
        if value.op.reduction == "mean":  # its share of the mean over all examples
            part = (part * (examples / batch.examples)).named(value.name)
        of = [None if x is None else images.get(x, x) for x in targets]
        given = [images[leaf] for leaf in leaves]
        outputs, _, _ = _traced(part, of, given, _knowing(given))
        found.append(Block(examples, tuple(leaves), tuple(given), outputs, dict(batch.axes)))
    return tuple(found)


def _knowing(inputs: Sequence[Node]) -> Knowledge:
    """Return what is known of a graph on arguments: of these themselves, that they are numbers."""
    know = Knowledge()
    for leaf in inputs:
        know.assume(leaf, Finite())
    return know


def _gradients(
    value: Node,
    targets: Sequence[Any],
    order: Sequence[Node],
    inputs: Sequence[Node],
    know: Knowledge,
) -> tuple[dict[Node, Node], bool]:
    """Return the gradients of a scalar as Nodes, derived; and whether they may need guards."""
    if not targets:
        return {}, False
    seed = constant(np.ones_like(value.value))
    seed._source = value
    known = {*order, seed}
    flows = dependents(order, targets)
    path = [node for node in order if node in flows and node.dtype.kind == FLOATING]

    def belongs(node: Node, part: Node) -> None:
        for new in added(part, known):
            known.add(new)
            new._source, new._site = node, node._site

    def saved(node: Node) -> tuple[Any, ...]:
        op: Any = node.op
        return (node, *op.forward(namespace, *node.inputs)[1:])

    cotangents: dict[Node, Any] = {value: seed}
    on = set(path).__contains__
    sweep(namespace, path, cotangents, on, lambda _: True, lambda x: x, saved, belongs)
    guarded = any(
        n.op is not None and n.op.elementwise and not isinstance(n.op, _PLAIN) for n in path
    )
    found = tidied(cotangents, targets, [*order, seed])
    wanted = [found[x] for x in targets if x in found]
    new = derived(wanted, [*order, seed], inputs, know)
    found = {node: new.get(gradient, gradient) for node, gradient in found.items()}
    for node, gradient in found.items():
        if gradient.op is not None and gradient.name is None and node.name:
            gradient.name = f"∂{value.name or 'L'}/∂{node.name}"
    return found, guarded


def _labels(order: Sequence[Node], inputs: Sequence[Node]) -> tuple[tuple[Node, int], ...]:
    """Return the integer labels that depend on the arguments, and the number of their classes."""
    moving = dependents(order, inputs)
    found = []
    for node in order:
        if isinstance(node.op, _LOSSES):
            z, y = node.inputs[:2]
            if y not in moving or y.ndim == z.ndim:
                continue
            if isinstance(y.op, LabelsOf):
                continue
            while isinstance(y.op, shape.AsType):
                y = y.inputs[0]
            if y.op is not None:
                raise UnplannedError(f"{node.label}: its labels are computed, not given")
            found.append((y, z.shape[node.op.axis]))
    return tuple(found)
