"""Softmax, its logarithm, and the logistic function, recognised in what they are made of."""

from __future__ import annotations

from minigraph import namespace as mg
from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import is_one
from minigraph.derive.rule import Rule, shaped
from minigraph.facts import Finite, Positive
from minigraph.node import Node
from minigraph.ops import activation, arithmetic, elementwise, probability, reduction
from minigraph.ops.reduction import kept


def _softmax(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Divide(),
            inputs=(
                Node(op=elementwise.Exp(), inputs=(z,)) as e,
                Node(op=reduction.Sum(axis, keepdims=True), inputs=(summed,)),
            ),
        ) if e is summed and z.size and know.has(z, Finite()):
            return mg.softmax(z, axis=axis)
    return None


SOFTMAX = Rule(
    name="softmax",
    before="e^z / Σ e^z",
    after="softmax(z)",
    condition="Finite of z",
    reason="that is what softmax means",
    replace=_softmax,
    stage="loss",
    exact=True,
)


def _careful_sum(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Subtract(),
            inputs=(
                Node(
                    op=arithmetic.Subtract(),
                    inputs=(
                        Node(
                            op=reduction.Sum() as total,
                            inputs=(Node(op=arithmetic.Add(), inputs=(a, b)),),
                        ),
                        c,
                    ),
                ),
                Node(op=reduction.Sum() as other, inputs=(again,)),
            ),
        ) if total == other and again is b and a.shape == b.shape:
            return total(a) - c
    return None


CAREFUL_SUM = Rule(
    name="a careful sum",
    before="Σ (a + b) − c − Σ b",
    after="Σ a − c",
    condition="",
    reason="summing a part apart from the rest saves digits on a computer; it is the same sum",
    replace=_careful_sum,
    stage="loss",
)


def _log1p(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=elementwise.Log1p(), inputs=(Node(op=arithmetic.Subtract(), inputs=(x, one)),)
        ) if is_one(one):
            return shaped(mg.log(x), node)
    return None


LOG1P = Rule(
    name="log(1 + (x − 1))",
    before="log(1 + (x − 1))",
    after="log x",
    condition="",
    reason="1 is added and taken away again",
    replace=_log1p,
    stage="loss",
    exact=True,
)


def _log_sum_exp(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=elementwise.Log(),
            inputs=(
                Node(
                    op=reduction.Sum(axis, keepdims),
                    inputs=(Node(op=elementwise.Exp(), inputs=(z,)),),
                ),
            ),
        ) if z.size and z.ndim and axis != ():
            return mg.logsumexp(z, axis=axis, keepdims=keepdims)
    return None


LOG_SUM_EXP = Rule(
    name="logsumexp",
    before="log Σ e^z",
    after="logsumexp(z)",
    condition="",
    reason="that is what logsumexp means",
    replace=_log_sum_exp,
    stage="loss",
    exact=True,
)


def _log_softmax(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Subtract(),
            inputs=(z, Node(op=probability.LogSumExp(axis, keepdims=True), inputs=(again,))),
        ) if z is again:
            return mg.log_softmax(z, axis=axis)
    return None


LOG_SOFTMAX = Rule(
    name="the logarithm of a softmax",
    before="z − logsumexp(z)",
    after="log softmax(z)",
    condition="",
    reason="the logarithm of e^z / Σ e^z is z − log Σ e^z",
    replace=_log_softmax,
    stage="loss",
    exact=True,
)


def _shift(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=probability.Softmax(axis) | probability.LogSoftmax(axis) as op, inputs=(x,)):
            match x:
                case Node(op=arithmetic.Subtract() | arithmetic.Add(), inputs=(z, c)) if (
                    z.shape == node.shape and _constant_along(c, z, axis) and know.has(c, Finite())
                ):
                    return op(z)
        case Node(
            op=arithmetic.Add(),
            inputs=(
                c,
                Node(
                    op=probability.LogSumExp(axis, keepdims=True) as op,
                    inputs=(Node(op=arithmetic.Subtract(), inputs=(z, again)),),
                ),
            ),
        ) if c is again and _constant_along(c, z, axis) and know.has(c, Finite()):
            return op(z)
    return None


def _constant_along(c: Node, z: Node, axis: reduction.Axis) -> bool:
    """Return whether c, broadcast to z's shape, is the same number all along the axes."""
    shape = (1,) * (z.ndim - c.ndim) + c.shape
    whole = kept(z, axis)
    return len(shape) == z.ndim and all(
        n == 1 for n, one, full in zip(shape, whole, z.shape, strict=True) if one == 1 != full
    )


SHIFT = Rule(
    name="softmax does not see a shift",
    before="softmax(z − c)",
    after="softmax(z)",
    condition="Finite of c, which is one number for all classes (likewise log softmax, and "
    "c + logsumexp(z − c))",
    reason="e^(z − c) = e^z / e^c, and e^c cancels between each class and the sum over all",
    replace=_shift,
    stage="loss",
    exact=True,
)


def _sigmoid(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=arithmetic.Divide(), inputs=(one, Node(op=arithmetic.Add(), inputs=(a, b)))
        ) if is_one(one):
            if is_one(b):
                a, b = b, a
            match b:
                case Node(
                    op=elementwise.Exp(), inputs=(Node(op=arithmetic.Negative(), inputs=(z,)),)
                ) if is_one(a):
                    return shaped(mg.sigmoid(z), node)
    return None


SIGMOID = Rule(
    name="the logistic function",
    before="1 / (1 + e^(−z))",
    after="σ(z)",
    condition="",
    reason="that is what σ means",
    replace=_sigmoid,
    stage="loss",
    exact=True,
)


def _exp_log(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(
            op=elementwise.Exp(), inputs=(Node(op=probability.LogSoftmax(axis), inputs=(z,)),)
        ):
            return mg.softmax(z, axis=axis)
        case Node(
            op=elementwise.Expm1(), inputs=(Node(op=probability.LogSoftmax(axis), inputs=(z,)),)
        ):
            return mg.softmax(z, axis=axis) - 1
        case Node(op=elementwise.Exp(), inputs=(Node(op=elementwise.Log(), inputs=(x,)),)):
            return x if know.has(x, Positive()) else None
        case Node(op=elementwise.Log(), inputs=(Node(op=elementwise.Exp(), inputs=(x,)),)):
            return x
    return None


EXP_LOG = Rule(
    name="e and log undo each other",
    before="e^(log x)",
    after="x",
    condition="Positive of x, which a softmax is",
    reason="the exponential of a logarithm is the number itself",
    replace=_exp_log,
)


def _sigmoid_minus(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(op=activation.Sigmoid(), inputs=(Node(op=arithmetic.Negative(), inputs=(z,)),)):
            return 1 - mg.sigmoid(z)
    return None


SIGMOID_MINUS = Rule(
    name="σ of a negative",
    before="σ(−z)",
    after="1 − σ(z)",
    condition="",
    reason="1 / (1 + e^z) and 1 / (1 + e^(−z)) add up to 1",
    replace=_sigmoid_minus,
)
