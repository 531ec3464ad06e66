"""The proof of the long derivation: what each line is, as numbers and as polynomials."""

from __future__ import annotations

from functools import cache

import numpy as np

from minigraph import namespace
from minigraph.derive.polynomial import Algebra, Polynomial
from minigraph.jacobian import jacobian
from minigraph.leaves import parameter
from minigraph.node import Node

Row = list[Node]

FIRST_OF_ALGEBRA = 4
"""The first line that is a polynomial identity with the line before it."""


def line_values(z: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Return the values of each line for i = 0, 1, ..., with the derivatives that the ops give.

    Parameters
    ----------
    z, y : numpy.ndarray, shape (k,)
        The logits and the targets of one example.

    Examples
    --------
    >>> values = line_values(np.array([0.3, -0.2]), np.array([1.0, 0.0]))
    >>> all(np.allclose(line, values[0]) for line in values)
    True
    """
    logits = parameter(z)
    p_node = namespace.softmax(logits)
    p = p_node.value
    of_log = jacobian(namespace.log(p_node), logits).value  # [k, i]
    of_softmax = jacobian(p_node, logits).value
    inner = parameter(p)
    by_p = np.diagonal(jacobian(namespace.log(inner), inner).value)
    others = ~np.eye(len(p), dtype=bool)
    rest = others @ y  # Σ_{k≠i} yₖ
    return [
        -(y @ of_log),
        -((y * by_p) @ of_softmax),
        -((y / p) @ of_softmax),
        -y / p * (p * (1 - p)) - (others * (y / p * -p)[None, :]).sum(axis=1) * p,
        -y * (1 - p) + rest * p,
        -y + y * p + rest * p,
        p * (y + rest) - y,
        p - y,
    ]


def line_node(number: int, p: Row, y: Row, i: int) -> Node:
    """Write a line as a node of single numbers, for one i; from the fourth line on."""
    rest = [k for k in range(len(p)) if k != i]
    if number == 3:
        total = -y[i] * (1 / p[i]) * (p[i] * (1 - p[i]))
        for k in rest:
            total = total - y[k] * (1 / p[k]) * (-(p[k] * p[i]))
        return total
    if number == 4:
        total = -y[i] * (1 - p[i])
    elif number == 5:
        total = -y[i] + y[i] * p[i]
    elif number == 6:
        inside = y[i]
        for k in rest:
            inside = inside + y[k]
        return p[i] * inside - y[i]
    else:
        return p[i] - y[i]
    for k in rest:
        total = total + y[k] * p[i]
    return total


@cache
def proved(number: int, classes: int = 4) -> bool:
    """Return whether a line equals the one before it, exactly, as polynomials in ŷ and y.

    The last one does for Σ y = 1, so yᵢ is written as 1 − Σ_{k≠i} yₖ there.

    Examples
    --------
    >>> [proved(number) for number in range(8)]
    [False, False, False, False, True, True, True, True]
    """
    if number < FIRST_OF_ALGEBRA:
        return False
    return all(_equal(number - 1, number, classes, i) for i in range(classes))


def _equal(a: int, b: int, classes: int, i: int) -> bool:
    p = [parameter(0.5) for _ in range(classes)]
    y = [parameter(0.5) for _ in range(classes)]
    if b == 7:
        first, *others = (y[k] for k in range(classes) if k != i)
        whole = 1 - first
        for other in others:
            whole = whole - other
        y[i] = whole
    return _difference(line_node(a, p, y, i), line_node(b, p, y, i)) == {}


def _difference(a: Node, b: Node) -> Polynomial | None:
    algebra = Algebra(lambda node: False, lambda node: True)
    return algebra.polynomial(a - b)
