"""How facts go on from an op's inputs to its output: one rule a fact, by the kind of op."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from minigraph.derive.literals import is_one
from minigraph.facts import BelowOne, Fact, Finite, NonNegative, OneHot, Positive, SumsToOne
from minigraph.node import Node
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    indexing,
    linear_algebra,
    probability,
    reduction,
    selection,
    shape,
)

Given = Sequence[frozenset[Fact]]

_MOVES = (
    shape.MatrixTranspose
    | shape.PermuteDims
    | shape.Reshape
    | shape.BroadcastTo
    | shape.ExpandDims
    | shape.Squeeze
)
_PICKS = indexing.Index | indexing.Take | indexing.TakeAlongAxis
_JOINS = shape.Concat | shape.Stack
_REAL = (
    _MOVES
    | _PICKS
    | _JOINS
    | arithmetic.Add
    | arithmetic.Subtract
    | arithmetic.Multiply
    | arithmetic.Negative
    | elementwise.Exp
    | elementwise.Expm1
    | elementwise.Sign
    | elementwise.Abs
    | elementwise.Square
    | elementwise.Sin
    | elementwise.Cos
    | activation.ReLU
    | activation.Sigmoid
    | activation.Softplus
    | activation.Tanh
    | selection.Where
    | selection.Maximum
    | selection.Minimum
    | linear_algebra.MatMul
    | reduction.Sum
    | reduction.Max
    | reduction.Min
    | reduction.Prod
    | probability.LogSumExp
    | probability.Softmax
    | probability.LogSoftmax
)
"""Ops whose output is real for any real inputs."""


def spread(node: Node, given: Given) -> Iterator[Fact]:
    """Go through the facts of an op's output that follow from those of its inputs.

    Parameters
    ----------
    node : Node
        Not a leaf.
    given : sequence of frozenset of Fact
        What is known of each input.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.facts import Positive
    >>> x = mg.constant([1.0, 2.0])
    >>> list(spread(x * x, [frozenset({Positive()})] * 2))
    [Positive(), NonNegative()]
    """
    if _finite(node, given):
        yield Finite()
    for fact in (Positive(), NonNegative()):
        if _signed(node, given, fact):
            yield fact
    if _below_one(node, given):
        yield BelowOne()
    yield from _along_axes(node, given)


def _finite(node: Node, given: Given) -> bool:
    facts = [g for g, x in zip(given, node.inputs, strict=True) if x.dtype.kind == "f"]
    if not all(Finite() in g for g in facts):
        return False
    match node.op:
        case arithmetic.Divide():
            return Positive() in given[1]
        case elementwise.Log():
            return Positive() in given[0]
        case elementwise.Sqrt() | elementwise.Log1p():
            return NonNegative() in given[0]
        case reduction.Mean():
            return node.inputs[0].size > 0
    return isinstance(node.op, _REAL)


def _signed(node: Node, given: Given, fact: Positive | NonNegative) -> bool:
    """Return whether an output is positive, or nowhere negative."""
    has = [fact in g for g in given]
    match node.op:
        case arithmetic.Add():
            return NonNegative() in given[0] and NonNegative() in given[1] and any(has)
        case arithmetic.Subtract():
            a = node.inputs[0]
            return is_one(a) and BelowOne() in given[1]
        case arithmetic.Multiply():
            if fact == NonNegative() and node.inputs[0] is node.inputs[1]:
                return True
            return all(has)
        case arithmetic.Divide():
            return has[0] and Positive() in given[1]
        case arithmetic.Pow() | elementwise.Sqrt():
            return has[0]
        case selection.Maximum():
            return any(has)
        case selection.Where():
            return has[1] and has[2]
        case linear_algebra.MatMul() | reduction.Sum() | reduction.Mean():
            # An empty sum is 0, an empty mean nothing.
            filled = all(x.size for x in node.inputs)
            return all(has) and (filled or fact == NonNegative())
        case selection.Minimum() | reduction.Max() | reduction.Min() | reduction.Prod():
            return all(has)
    if isinstance(node.op, _MOVES | _PICKS | _JOINS):
        return all(has[: 1 if isinstance(node.op, _PICKS) else None])
    return False


def _below_one(node: Node, given: Given) -> bool:
    match node.op:
        case arithmetic.Subtract():
            return is_one(node.inputs[0]) and Positive() in given[1]
        case selection.Minimum():
            return any(BelowOne() in g for g in given)
    return isinstance(node.op, _MOVES | _PICKS) and BelowOne() in given[0]


def _along_axes(node: Node, given: Given) -> Iterator[Fact]:
    """Go through the facts along axes: they move with the axes."""
    if isinstance(node.op, _MOVES):
        for fact in sorted(given[0], key=repr):
            if isinstance(fact, SumsToOne | OneHot):
                assert isinstance(fact.axis, tuple)
                axes = _moved(node, fact.axis)
                if axes is not None:
                    yield type(fact)(axes)
    match node:
        case Node(
            op=arithmetic.Divide(),
            inputs=(a, Node(op=reduction.Sum(axis, keepdims=True), inputs=(b,))),
        ) if a is b and Positive() in given[1]:
            yield SumsToOne(axis).on(node.shape)
    if (axis := labels_axis(node)) is not None:
        yield OneHot((axis,))


def _moved(node: Node, axes: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return where axes of an op's input are in its output; None if not all of them are there."""
    op, x = node.op, node.inputs[0]
    match op:
        case shape.MatrixTranspose():
            order = [*range(x.ndim - 2), x.ndim - 1, x.ndim - 2]
            return tuple(sorted(order.index(i) for i in axes))
        case shape.PermuteDims():
            order = [i % x.ndim for i in op.axes]
            return tuple(sorted(order.index(i) for i in axes))
        case shape.BroadcastTo():
            lead = node.ndim - x.ndim
            kept = all(node.shape[i + lead] == x.shape[i] for i in axes)
            return tuple(i + lead for i in axes) if kept else None
    # What else moves axes here only adds and takes away axes of length 1, or it is not followed.
    old = [i for i, n in enumerate(x.shape) if n != 1]
    new = [i for i, n in enumerate(node.shape) if n != 1]
    if [x.shape[i] for i in old] != [node.shape[i] for i in new] or not set(axes) <= set(old):
        return None
    return tuple(new[old.index(i)] for i in axes)


def labels_axis(node: Node) -> int | None:
    """Return the axis of the classes, for the weights that a loss makes of integer labels.

    The loss has checked that each label is one of the classes, so along that axis they are one-hot.
    """
    losses = probability.CrossEntropy | probability.SoftmaxCrossEntropy
    if node.source is None or not isinstance(node.source.op, losses):
        return None
    match node:
        case Node(
            op=selection.Where(),
            inputs=(
                Node(
                    op=arithmetic.Compare("equal"),
                    inputs=(Node(op=shape.ExpandDims(axis)), Node(op=shape.Reshape(), inputs=(k,))),
                ),
                yes,
                no,
            ),
        ) if _counts(k) and is_one(yes) and not no.value.any():
            return axis % node.ndim
    return None


def _counts(node: Node) -> bool:
    """Return whether a leaf is 0, 1, 2, ..."""
    return (
        node.op is None
        and node.dtype.kind in "iu"
        and not node.value[:1].any()
        and all(b - a == 1 for a, b in pairwise(node.value.tolist()))
    )
