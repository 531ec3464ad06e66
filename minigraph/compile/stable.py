"""Stable forms: what a node may be replaced by, so that it is right past underflow.

They are rules like those of a derivation, and some of them are the derivation's own. They are
applied to the graph of the output, node by node, before it is differentiated.
"""

from __future__ import annotations

from minigraph import namespace
from minigraph.compile.logistic import logistic_loss
from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import is_one
from minigraph.derive.rule import Rule
from minigraph.derive.rules import RULES
from minigraph.derive.rules.signs import TWO_MINUSES
from minigraph.node import Node
from minigraph.ops import activation, arithmetic, elementwise, probability, reduction


def stable(node: Node, know: Knowledge, rules: tuple[Rule, ...] | None = None) -> Node:
    """Return what takes a node's place: a stable form of it, or the node itself.

    Parameters
    ----------
    node : Node
        What it is made of is in its stable form already.
    know : Knowledge
    rules : tuple of Rule, optional
        Default: `FORWARD`.

    Examples
    --------
    >>> import minigraph as mg
    >>> z = mg.parameter([0.0, -800.0])
    >>> print(stable(mg.log(mg.softmax(z)), Knowledge()).value)
    [   0. -800.]
    """
    for _ in range(_MOST):
        for rule in FORWARD if rules is None else rules:
            found = rule.replace(node, know)
            if found is not None and _fits(found, node):
                node = found
                break
        else:
            break
    return node


def _fits(found: Node, node: Node) -> bool:
    """Return whether a node may take another one's place, and its name: nobody's own may."""
    named = found.op is None or found.name is not None
    return not named and found.shape == node.shape and found.dtype == node.dtype


_MOST = 8
"""How many stable forms a node takes one after the other at most; none is known to take four."""


def _cross_entropy_of_softmax(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=probability.CrossEntropy(axis, reduction),
            inputs=(Node(op=probability.Softmax(other), inputs=(z,)), y),
        ) if isinstance(other, int) and other % z.ndim == axis % z.ndim:
            return namespace.softmax_cross_entropy(z, y, axis, reduction)
    return None


CROSS_ENTROPY_OF_SOFTMAX = Rule(
    name="the cross-entropy of a softmax",
    before="−Σ y · log softmax(z), by two ops",
    after="softmax_cross_entropy(z, y)",
    condition="along one axis",
    reason="from the logits, the logarithm of a share that underflows is there",
    replace=_cross_entropy_of_softmax,
    stage="loss",
    exact=True,
)


def _log_of_softmax(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=elementwise.Log(), inputs=(Node(op=probability.Softmax(axis), inputs=(z,)),)):
            return namespace.log_softmax(z, axis)
    return None


LOG_OF_SOFTMAX = Rule(
    name="the log of a softmax",
    before="log (softmax(z))",
    after="log_softmax(z)",
    condition="",
    reason="z − log Σ e^z is there where softmax(z) underflows, and where it is close to 1",
    replace=_log_of_softmax,
    stage="loss",
    exact=True,
)


def _log_of_sigmoid(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=elementwise.Log(), inputs=(Node(op=activation.Sigmoid(), inputs=(z,)),)):
            return -namespace.softplus(-z)
        case Node(
            op=elementwise.Log(),
            inputs=(
                Node(
                    op=arithmetic.Subtract(),
                    inputs=(one, Node(op=activation.Sigmoid(), inputs=(z,))),
                ),
            ),
        ) if is_one(one):
            return -namespace.softplus(z)
    return None


LOG_OF_SIGMOID = Rule(
    name="the log of a sigmoid",
    before="log σ(z), log (1 − σ(z))",
    after="−softplus(−z), −softplus(z)",
    condition="",
    reason="log (1 + e^z) is there where σ(z) underflows, and where it is close to 1",
    replace=_log_of_sigmoid,
    stage="loss",
    exact=True,
)


def _logistic_loss(node: Node, know: Knowledge) -> Node | None:
    op = node.op
    if not isinstance(op, arithmetic.Add | arithmetic.Subtract):
        return None
    terms = [_weighted(x) for x in node.inputs]
    if any(t is None for t in terms):
        return None
    (minus, weight, x), (other_minus, other, w) = terms  # pyright: ignore[reportGeneralTypeIssues]
    if minus == (other_minus != isinstance(op, arithmetic.Subtract)):
        # One term has y and softplus(−z), the other one 1 − y and softplus(z).
        for y, q, a, b in ((weight, other, x, w), (other, weight, w, x)):
            if _is_rest(q, y) and _is_minus(a, b) and y.dtype.kind == "f":
                loss = logistic_loss(b, y)
                return -loss if minus else loss
    return None


def _weighted(node: Node) -> tuple[bool, Node, Node] | None:
    """Return ±w · softplus(x) as whether there is a minus, w, and x; None if it is no such node."""
    minus, parts = False, []
    if isinstance(node.op, arithmetic.Negative):
        minus, (node,) = True, node.inputs
    if not isinstance(node.op, arithmetic.Multiply):
        return None
    for x in node.inputs:
        if isinstance(x.op, arithmetic.Negative):
            minus, (x,) = not minus, x.inputs
        parts.append(x)
    for w, x in (parts, parts[::-1]):
        if isinstance(x.op, activation.Softplus):
            return minus, w, x.inputs[0]
    return None


def _is_rest(node: Node, y: Node) -> bool:
    match node:
        case Node(op=arithmetic.Subtract(), inputs=(one, other)):
            return other is y and is_one(one)
    return False


def _is_minus(node: Node, z: Node) -> bool:
    return isinstance(node.op, arithmetic.Negative) and node.inputs[0] is z


LOGISTIC_LOSS = Rule(
    name="the logistic loss",
    before="y · softplus(−z) + (1 − y) · softplus(z)",
    after="the same in one op, with ∂/∂z = σ(z) − y",
    condition="",
    reason="both need e^(−|z|) and no more; y σ(−z) and (1 − y) σ(z) make σ(z) − y",
    replace=_logistic_loss,
    stage="loss",
    exact=True,
)


def _minus_of_sum(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=reduction.Sum() | reduction.Mean() as op,
            inputs=(Node(op=arithmetic.Negative(), inputs=(x,)),),
        ):
            return -op(x)
    return None


MINUS_OF_SUM = Rule(
    name="the minus of a sum",
    before="Σ (−a), mean (−a)",
    after="−Σ a, −mean a",
    condition="",
    reason="one number changes its sign, in place of all that are added",
    replace=_minus_of_sum,
    stage="loss",
    exact=True,
)


FORWARD: tuple[Rule, ...] = (
    CROSS_ENTROPY_OF_SOFTMAX,
    LOG_OF_SOFTMAX,
    LOG_OF_SIGMOID,
    LOGISTIC_LOSS,
    MINUS_OF_SUM,
    TWO_MINUSES,
    *(rule for rule in RULES if rule.exact and rule.stage == "loss"),
)
"""The rules for the graph of the output, in the order in which they are tried."""
