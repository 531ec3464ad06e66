"""Shapes: axes of length 1 and repetitions that a formula does not show; and transposes."""

from __future__ import annotations

from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import number_of
from minigraph.derive.rule import Rule, number, shaped
from minigraph.formula.forms import is_transpose
from minigraph.node import Node
from minigraph.ops import arithmetic, linear_algebra, probability, reduction, shape
from minigraph.ops.reduction import kept


def _shapes(node: Node, know: Knowledge) -> Node | None:
    op, inputs = node.op, node.inputs
    if isinstance(op, arithmetic.Compare):
        return None
    if op is not None and op.elementwise and len(inputs) > 1:
        for i, x in enumerate(inputs):
            if isinstance(x.op, shape.BroadcastTo):
                bare = op(*(x.inputs[0] if j == i else y for j, y in enumerate(inputs)))
                if bare.shape == node.shape and bare.dtype == node.dtype:
                    return bare
    match node:
        case Node(op=shape.Reshape(), inputs=(Node(op=reduction.Sum(axis, False), inputs=(x,)),)):
            if kept(x, axis) == node.shape:
                return reduction.Sum(axis, True)(x)
        case Node(
            op=shape.Reshape() | shape.Squeeze(),
            inputs=(
                Node(
                    op=reduction.Sum(axis, True) | probability.LogSumExp(axis, True) as total,
                    inputs=(x,),
                ),
            ),
        ):
            flat = type(total)(axis, False)(x)
            if flat.shape == node.shape:
                return flat
        case Node(op=shape.BroadcastTo() | shape.Reshape() | shape.ExpandDims(), inputs=(x,)):
            value = number_of(x)
            if value is not None and x.op is not None:
                return shaped(number(value, node), node)
            if isinstance(node.op, shape.BroadcastTo) and isinstance(x.op, shape.BroadcastTo):
                return shaped(x.inputs[0], node)
    return None


SHAPES = Rule(
    name="shapes",
    before="broadcast(a) · b",
    after="a · b",
    condition="",
    reason="arrays of matching shapes are repeated by themselves",
    replace=_shapes,
    stage="both",
    silent=True,
    exact=True,
)


def _linear_inside(node: Node, know: Knowledge) -> Node | None:
    """Move signs and numbers out of what only reshapes, which formulas do not show."""
    from minigraph.derive.rules.signs import MINUS_OUT, NUMBERS_OUT

    if isinstance(node.op, shape.BroadcastTo | shape.Reshape | shape.ExpandDims | shape.Squeeze):
        found = MINUS_OUT.replace(node, know)
        return NUMBERS_OUT.replace(node, know) if found is None else found
    return None


FACTORS_OF_SHAPES = Rule(
    name="factors of what is repeated",
    before="broadcast(−a), broadcast(a / n)",
    after="−broadcast(a), broadcast(a) / n",
    condition="n is a literal number",
    reason="repeating a number and changing its sign may be done in either order",
    replace=_linear_inside,
    silent=True,
    exact=True,
)


def _transpose(node: Node, know: Knowledge) -> Node | None:
    match node:
        case Node(inputs=(Node(op=linear_algebra.MatMul(), inputs=(a, b)),)) if (
            is_transpose(node) and a.ndim == b.ndim == node.ndim
        ):
            if is_transpose(b):
                return b.inputs[0] @ a.mT
            if is_transpose(a):
                return b.mT @ a.inputs[0]
    return None


TRANSPOSE = Rule(
    name="the transpose of a product",
    before="(A Bᵀ)ᵀ",
    after="B Aᵀ",
    condition="",
    reason="a product of matrices is transposed factor by factor, in the opposite order",
    replace=_transpose,
    exact=True,
)


__all__ = ["FACTORS_OF_SHAPES", "SHAPES", "TRANSPOSE"]
