"""Tidying a gradient's graph: nothing is multiplied by one, no zero is added, nothing comes twice.

An op's rule is written for any cotangent, so as a graph it leaves products with the seed 1, sums
to the shape that is there already, and what another rule computes too. All that goes here, in one
place for all ops; the values stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minigraph.graph import rebuild
from minigraph.node import Node
from minigraph.ops import arithmetic, reduction, selection, shape


def tidy(order: Iterable[Node], known: Iterable[Node]) -> dict[Node, Node]:
    """Return, for each new node, the node that takes its place: of the same value, but tidy.

    Parameters
    ----------
    order : iterable of Node
        The new nodes, each after its inputs.
    known : iterable of Node
        The nodes that were there before, each after its inputs. They stay as they are, and serve
        for new ones that compute the same.

    Returns
    -------
    dict of Node to Node
    """
    first: dict[Any, Node] = {}
    fixed: set[Node] = set()
    known = list(known)
    there = set(known)
    for node in known:
        if is_fixed(node, fixed):
            fixed.add(node)
        if node._op is not None:
            first.setdefault(_identity(node), node)
    new: dict[Node, Node] = {}
    for node in order:
        inputs = tuple(new.get(x, x) for x in node._inputs)
        same = all(x is y for x, y in zip(inputs, node._inputs, strict=True))
        twin = node if same else rebuild(node, inputs)
        twin = _simplified(twin, fixed)
        if twin not in there:  # what stands for an argument is no constant of the same value
            twin = first.setdefault(_identity(twin), twin)
        if is_fixed(twin, fixed):
            fixed.add(twin)
        new[node] = twin
    return new


def is_fixed(node: Node, fixed: set[Node]) -> bool:
    """Return whether a node is made of a rule's or an expression's numbers, and of nobody's data.

    Only such numbers may be counted on to be 1 or 0: whatever has been given, may be given anew.
    """
    if node._op is not None:
        return fixed.issuperset(node._inputs)
    return node._kind == "scalar" or node._source is not None


def _identity(node: Node) -> Any:
    """Return what nodes that compute the same have in common."""
    if node._op is None:
        value = node._value
        return node._kind, value.dtype, value.shape, value.tobytes()
    op = node._op
    try:
        hash(op)
    except TypeError:  # a user's op, with a list among its parameters
        return node
    fields = getattr(op, "__dataclass_fields__", {})
    if not set(getattr(op, "__dict__", ())) <= set(fields):  # or with some that are no fields
        return node
    return type(node._op), node._op, tuple(map(id, node._inputs))


def _simplified(node: Node, fixed: set[Node]) -> Node:
    """Return what a node merely repeats, as a node of its shape and dtype; else the node."""

    def holds(x: Node, number: int) -> bool:
        return x in fixed and bool((x._value == number).all())

    match node._op, node._inputs:
        case arithmetic.Multiply(), (a, b) if holds(a, 1):
            return _as(node, b)
        case arithmetic.Multiply() | arithmetic.Divide() | arithmetic.Pow(), (a, b) if holds(b, 1):
            return _as(node, a)
        case arithmetic.Add(), (a, b) if holds(a, 0):
            return _as(node, b)
        case arithmetic.Add() | arithmetic.Subtract(), (a, b) if holds(b, 0):
            return _as(node, a)
        case selection.Where(), (c, a, _) if c in fixed and c._value.all():
            return _as(node, a)
        case selection.Where(), (c, _, b) if c in fixed and not c._value.any():
            return _as(node, b)
        case ((arithmetic.Add() | arithmetic.Subtract()), _) if not node.ndim and is_fixed(
            node, fixed
        ):
            return _number(node)
        case ((shape.AsType() | shape.Reshape() | shape.BroadcastTo() | reduction.Sum()), (x,)) if (
            x.shape == node.shape and x.dtype == node.dtype  # a sum of single entries, too
        ):
            return x
        case shape.PermuteDims(axes), (x,) if axes == tuple(range(x.ndim)):
            return x
        case shape.BroadcastTo(), (Node(op=shape.Reshape(), inputs=(x,)),) if not x.ndim:
            return _as(node, x)
        case (arithmetic.Negative() | shape.MatrixTranspose()) as op, (x,) if x._op == op:
            return x._inputs[0]
    return node


def _as(node: Node, x: Node) -> Node:
    """Return x, repeated to the node's shape where need be; the node if the dtypes differ."""
    if x.dtype != node.dtype or x.shape == node.shape:
        return node if x.dtype != node.dtype else x
    return _placed(node, Node(node._value, shape.BroadcastTo(node.shape), (x,), (), node._site))


def _number(node: Node) -> Node:
    """Return a number as a leaf."""
    leaf = Node(node._value, None, (), (), node._site)
    leaf._kind = "scalar"
    return _placed(node, leaf)


def _placed(node: Node, twin: Node) -> Node:
    """Give a node the name and the forward node of the one whose place it takes."""
    twin._source, twin.name = node._source, node.name
    return twin
