"""Finite differences: the loss, run again with one entry moved to either side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from minigraph.arrays import NUMPY, quietly
from minigraph.graph import dependents, output_of, replay
from minigraph.node import FLOATING, Node
from minigraph.testing.differences import step_size

# How many ops a check of one node may run: two runs of what depends on it, an entry.
MOST = 4_000


def finite_differences(loss: Node, node: Node, order: Sequence[Node]) -> np.ndarray | None:
    """Return ∂loss/∂node by central differences; None where that would take too long.

    Everything is run in double precision, whatever the graph's, so that what the differences are
    compared with is seen to its last digits.

    Parameters
    ----------
    loss, node : Node
    order : sequence of Node
        The topological order of the loss.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> x = mg.parameter([1.0, 2.0])
    >>> loss = mg.sum(x * x)
    >>> finite_differences(loss, x, topological_order(loss)).round(6)
    array([2., 4.])
    """
    moved = dependents(order, [node])
    if 2 * node.size * len(moved) > MOST:
        return None
    given = {x: _double(x._value) for x in order if x not in moved and x._kind != "scalar"}
    path = [x for x in order if x in moved or x._kind == "scalar"]
    value = _double(node._value)
    return quietly(_differences, loss, node, path, given, value)


def _differences(
    loss: Node, node: Node, path: Sequence[Node], given: dict[Node, np.ndarray], value: np.ndarray
) -> np.ndarray:
    step = step_size(float(np.finfo(np.float64).eps))
    result = np.empty(node.shape)
    for index in np.ndindex(node.shape):
        # A power of two of the entry's order: adding it rounds little off. A small entry may stand
        # close to where the function ends, as log does at 0.
        order = 2.0 ** np.ceil(np.log2(abs(value[index]) or 1.0))
        for h in (step * max(1.0, order), step * order):
            sides = []
            for sign in (1, -1):
                there = np.array(value)
                there[index] += sign * h
                values = replay(path, {**given, node: there}, NUMPY)
                sides.append(output_of(loss, values).item())
            result[index] = (sides[0] - sides[1]) / (2 * h)
            if np.isfinite(result[index]):
                break
    return result


def disagree(check: np.ndarray | None, gradient: np.ndarray) -> bool:
    """Return whether differences say something else than the gradient, as at a kink."""
    if check is None:
        return False
    top = float(np.abs(gradient[np.isfinite(gradient)]).max(initial=0.0))
    # Half the digits of the gradient's own precision.
    digits = float(np.finfo(gradient.dtype).eps) ** 0.5
    near = np.isclose(check, gradient, rtol=0, atol=100 * digits * top + 1e-6)
    return bool((np.isfinite(check) & np.isfinite(gradient) & ~near).any())


def _double(value: np.ndarray) -> np.ndarray:
    return value.astype(np.float64) if value.dtype.kind == FLOATING else value
