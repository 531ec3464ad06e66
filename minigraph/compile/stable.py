"""Stable forms: what a node may be replaced by, so that it is right past underflow.

Each rule looks at one node and what it was made of, and returns the node of the same value in exact
arithmetic that takes its place, or None. Whoever applies them sees to it that no node that is asked
for disappears: a rule looks through such nodes only as `Pattern.seen` lets it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from minigraph import namespace
from minigraph.node import Node
from minigraph.ops import activation, arithmetic, elementwise, probability, reduction


def stable(node: Node, kept: Collection[Node]) -> Node:
    """Return what takes a node's place: a stable form of it, or the node itself.

    Parameters
    ----------
    node : Node
    kept : collection of Node
        The nodes that must stay in the graph: no rule looks into them.

    Examples
    --------
    >>> import minigraph as mg
    >>> z = mg.parameter([0.0, -800.0])
    >>> loss = mg.log(mg.softmax(z))  # doctest: +ELLIPSIS
    >>> print(stable(loss, ()).value)
    [   0. -800.]
    """
    for rule in RULES:
        found = rule(node, lambda x: None if x in kept else x.op)
        if found is not None and found.dtype == node.dtype:
            return found
    return node


Seen = Callable[[Node], object]


def _cross_entropy_of_softmax(node: Node, seen: Seen) -> Node | None:
    """CrossEntropy(softmax(z), y) is SoftmaxCrossEntropy(z, y), along one axis."""
    op = node.op
    if not isinstance(op, probability.CrossEntropy):
        return None
    y_hat, y = node.inputs
    softmax = seen(y_hat)
    if not isinstance(softmax, probability.Softmax) or not _along(y_hat, softmax.axis, op.axis):
        return None
    return namespace.softmax_cross_entropy(y_hat.inputs[0], y, op.axis, op.reduction)


def _log_of_softmax(node: Node, seen: Seen) -> Node | None:
    """Log(softmax(z)) is log_softmax(z)."""
    if not isinstance(node.op, elementwise.Log):
        return None
    (y_hat,) = node.inputs
    softmax = seen(y_hat)
    if not isinstance(softmax, probability.Softmax):
        return None
    return namespace.log_softmax(y_hat.inputs[0], softmax.axis)


def _log_of_sigmoid(node: Node, seen: Seen) -> Node | None:
    """Log(σ(x)) is −softplus(−x), and log(1 − σ(x)) is −softplus(x)."""
    if not isinstance(node.op, elementwise.Log):
        return None
    (x,) = node.inputs
    op = seen(x)
    if isinstance(op, activation.Sigmoid):
        return -namespace.softplus(-x.inputs[0])
    if isinstance(op, arithmetic.Subtract):
        one, y_hat = x.inputs
        same = y_hat.shape == x.shape
        if same and _is_one(one) and isinstance(seen(y_hat), activation.Sigmoid):
            return -namespace.softplus(y_hat.inputs[0])
    return None


def _log_of_sum_of_exp(node: Node, seen: Seen) -> Node | None:
    """Log(Σ exp(x)) is logsumexp(x)."""
    if not isinstance(node.op, elementwise.Log):
        return None
    (total,) = node.inputs
    op = seen(total)
    if not isinstance(op, reduction.Sum) or op.axis == () or not total.inputs[0].size:
        return None
    (e,) = total.inputs
    if not isinstance(seen(e), elementwise.Exp) or not e.ndim:
        return None
    return namespace.logsumexp(e.inputs[0], op.axis, op.keepdims)


def _along(node: Node, one: object, other: int) -> bool:
    return isinstance(one, int) and one % node.ndim == other % node.ndim


def _is_one(node: Node) -> bool:
    return node.kind == "scalar" and bool((node.value == 1).all())


RULES = (_cross_entropy_of_softmax, _log_of_softmax, _log_of_sigmoid, _log_of_sum_of_exp)
