"""Literal numbers: those of an expression or of a rule, which are nobody's data."""

from __future__ import annotations

import numpy as np

from minigraph.node import Node
from minigraph.ops import shape


def is_literal(node: Node) -> bool:
    """Return whether a leaf is a number of an expression or of a rule, and nobody's data."""
    return node.op is None and (node.kind == "scalar" or node.source is not None)


def number_of(node: Node) -> float | int | None:
    """Return the one literal number that a node holds everywhere; None if it is no such node.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([1.0, 2.0])
    >>> number_of((x / 3).inputs[1]), number_of(mg.constant(3.0))
    (3.0, None)
    """
    while isinstance(node.op, shape.BroadcastTo | shape.Reshape | shape.AsType | shape.ExpandDims):
        node = node.inputs[0]
    if not is_literal(node) or not node.size or node.dtype.kind == "b":
        return None
    first = node.value.flat[0]
    return first.item() if bool(np.all(node.value == first)) else None


def is_one(node: Node) -> bool:
    """Return whether a node is the literal number 1."""
    return number_of(node) == 1


def is_number(node: Node) -> bool:
    """Return whether a node is a literal number."""
    return number_of(node) is not None
