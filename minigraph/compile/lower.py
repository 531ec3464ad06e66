"""Lowering: a graph in the ops that NumPy has, each of them once.

An op of minigraph's that NumPy has not (softplus, say) is opened by running its own ``forward`` on
Nodes, so there is no second copy of what it computes. An op of the user's own stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minigraph import namespace
from minigraph.compile.gradient_rules import SQUARE
from minigraph.compile.pieces import LabelsOf, LogAddExp, PutAt, Together
from minigraph.derive.knowledge import Knowledge
from minigraph.formula import expression
from minigraph.graph import added, rebuild, topological_order
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
from minigraph.tidy import tidy

PRIMITIVE = (
    arithmetic.Add
    | arithmetic.Subtract
    | arithmetic.Multiply
    | arithmetic.Divide
    | arithmetic.Negative
    | arithmetic.Pow
    | arithmetic.Compare
    | elementwise.Exp
    | elementwise.Log
    | elementwise.Expm1
    | elementwise.Log1p
    | elementwise.Sign
    | elementwise.Abs
    | elementwise.Sqrt
    | elementwise.Sin
    | elementwise.Cos
    | activation.Tanh
    | selection.Where
    | selection.Maximum
    | selection.Minimum
    | selection.Clip
    | linear_algebra.MatMul
    | reduction.Sum
    | reduction.Prod
    | reduction.Max
    | reduction.Min
    | reduction.Mean
    | shape.MatrixTranspose
    | shape.PermuteDims
    | shape.Reshape
    | shape.BroadcastTo
    | shape.ExpandDims
    | shape.Squeeze
    | shape.AsType
    | shape.Concat
    | shape.Stack
    | indexing.Index
    | indexing.Take
    | indexing.TakeAlongAxis
    | indexing.Scatter
    | PutAt
    | Together
    | LabelsOf
    | LogAddExp
)
"""The ops that NumPy has."""


def is_known(node: Node) -> bool:
    """Return whether a node is a leaf, or its op is one of minigraph's own."""
    return node.op is None or type(node.op).__module__.startswith("minigraph.")


def is_primitive(node: Node) -> bool:
    """Return whether a node's op is written in NumPy, or is the user's own and called as it is."""
    return isinstance(node.op, PRIMITIVE) or not is_known(node)


def lowered(outputs: Sequence[Node | None], inputs: Sequence[Node]) -> tuple[Node | None, ...]:
    """Return the outputs computed by primitive ops only, none of them twice.

    Parameters
    ----------
    outputs : sequence of Node or None
    inputs : sequence of Node
        Leaves that stand for arguments: each is another, whatever its value.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([1.0, 2.0], name="x")
    >>> (y,) = lowered([mg.softplus(x) + mg.sigmoid(x)], [x])
    >>> [node.label for node in topological_order(y) if node.label == "Exp"]
    ['Exp']
    """
    found = [x for x in outputs if x is not None]
    order = topological_order(*found)
    new: dict[Node, Any] = {node: node for node in (*order, *inputs) if node.op is None}
    for node in order:
        if node not in new:
            new[node] = _opened(node, tuple(new[x] for x in node.inputs))
    order = topological_order(*(new[x] for x in found))
    arguments = set(inputs)
    tidied = tidy([node for node in order if node not in arguments], inputs)
    return tuple(None if x is None else tidied.get(new[x], new[x]) for x in outputs)


_NOTHING = Knowledge()

MANY = 500_000
"""From how many multiplications on a product of matrices takes longer than its call."""


def _is_turned(node: Node) -> bool:
    """Return whether the transpose of a product is better had as the product of the transposes.

    Then it needs no copy. But in double precision, a product is up to twice as quick with the few
    rows of a gradient on the left (OpenBLAS), which is how the rule for θᵀx has it.
    """
    if not isinstance(node.op, linear_algebra.MatMul) or any(x.ndim != 2 for x in node.inputs):
        return False
    return node.dtype.char != "d" or node.size * node.inputs[0].shape[1] < MANY


def _opened(node: Node, inputs: tuple[Node, ...]) -> Node:
    """Return a node on other inputs, in primitive ops."""
    same = all(x is y for x, y in zip(inputs, node.inputs, strict=True))
    twin = node if same else rebuild(node, inputs)
    if isinstance(twin.op, reduction.Mean) and twin.inputs[0].dtype.itemsize >= 4:
        x, op = inputs[0], twin.op
        total = namespace.sum(x, op.axis, op.keepdims)
        mean = total / (x.size // total.size if total.size else 1)
        return mean.named(node.name)
    if isinstance(twin.op, shape.MatrixTranspose) and _is_turned(inputs[0]):
        a, b = inputs[0].inputs
        turned = namespace.matrix_transpose
        return (turned(b) @ turned(a)).named(node.name)
    square = SQUARE.replace(twin, _NOTHING)
    if square is not None and square.dtype == twin.dtype and square.shape == twin.shape:
        return square.named(node.name)
    if is_primitive(twin):
        return twin
    assert twin.op is not None
    made: Any = twin.op.forward(namespace, *inputs)
    output = made[0] if twin.op.saves else made
    known = set(inputs)
    new: dict[Node, Any] = {}
    for part in added(output, known):
        part._site, part._source = node._site, node
        if part.op is None:
            new[part] = part
        else:
            new[part] = _opened(part, tuple(new.get(x, x) for x in part.inputs))
    result = new.get(output, output)
    return result if result in known else result.named(node.name or _shown(twin))


_SHORT = 20


def _shown(node: Node) -> str | None:
    """Return how a node of named inputs is written, as σ(z), to be called so; None if that is long.

    In a graph that has been lowered, it says what a few lines of primitive ops come to.
    """
    if any(x.name is None or len(x.name) > _SHORT // 2 for x in node.inputs):
        return None
    of = {probability.Softmax: "softmax({})", probability.LogSoftmax: "log softmax({})"}
    if type(node.op) in of:  # along its usual axis or another
        text = of[type(node.op)].format(node.inputs[0].name)
    else:
        text = str(expression(node))
    return text if len(text) <= _SHORT else None
