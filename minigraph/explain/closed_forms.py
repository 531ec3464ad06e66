"""Closed forms of a gradient: ŷ − y, shown only where the gradient is that.

The candidates are graphs, made of nodes of the user's own graph: a prediction minus a target, and
the same over the number of examples. A candidate holds if it equals the gradient to rounding, in
double precision, where the user's graph stands and at other values of all that is no target: so no
accident of the numbers, such as a weight that happens to be 1, passes for a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from minigraph import namespace
from minigraph.arrays import quietly
from minigraph.explain.phases import declared_targets
from minigraph.explain.symbols import written
from minigraph.functions import function
from minigraph.leaves import one_hot
from minigraph.node import FLOATING, Node

Named = tuple[Node, str]

# Larger gradients are compared with nothing.
_LARGEST = 1_000

# How far the values are moved, in turn; None draws them anew, from far and wide.
_MOVES = (0.0, 0.3, 1.0, None, None)
# How many times the largest entry of a gradient counts as rounding, and what does at most.
_RTOL, _ATOL = 1e-9, 1e-15


def closed_forms(
    loss: Node, node: Node, order: Sequence[Node], names: dict[Node, str]
) -> tuple[tuple[str, np.ndarray], ...]:
    """Return the closed forms of ∂loss/∂node: their text and their value; at most one.

    Parameters
    ----------
    loss, node : Node
        With their gradients.
    order : sequence of Node
        The topological order of the loss.
    names : dict of Node to str

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> z = mg.parameter([0.5, -0.5, 0.0], name="z")
    >>> y_hat, y = mg.softmax(z).named("ŷ"), mg.one_hot(2, 3, name="y")
    >>> loss = mg.cross_entropy(y_hat, y)
    >>> loss.backward()
    >>> names = {z: "z", y_hat: "ŷ", y: "y"}
    >>> [text for text, _ in closed_forms(loss, z, topological_order(loss), names)]
    ['ŷ − y']
    """
    gradient = node.grad
    if gradient is None or not 0 < node.size <= _LARGEST:
        return ()
    for p, y in _pairs(node, order, names):
        for m in _counts(node):
            closed = p - y[0] if m == 1 else (p - y[0]) / m
            if _near(closed._value, gradient) and _holds(loss, node, order, closed):
                text = written(closed, {**names, y[0]: y[1]}).text
                return ((text, closed._value),)
    return ()


def _pairs(
    node: Node, order: Sequence[Node], names: dict[Node, str]
) -> Iterator[tuple[Node, Named]]:
    """Go through predictions and targets of a node's shape; then make a softmax of it."""
    # Without a target, any of the data may be one.
    known = declared_targets(order) or set(order)
    targets = [y for x in order if x in known for y in _target(x, node, names)]
    for p in order:
        if p._op is not None and p._active and p.shape == node.shape:
            for y in targets:
                yield p, y
    for axis in range(node.ndim):
        for y in targets:
            yield namespace.softmax(node, axis=axis), y


def _target(x: Node, node: Node, names: dict[Node, str]) -> Iterator[Named]:
    """Go through what a leaf may say of the classes: it is a target, or integer labels."""
    if x._op is not None or x._active or x._kind == "scalar":
        return
    if x.shape == node.shape:
        yield x, names[x]
    for axis, k in enumerate(node.shape):
        labels = x._value
        examples = node.shape[:axis] + node.shape[axis + 1 :]
        fits = labels.dtype.kind in "iu" and x.shape == examples
        if fits and labels.min() >= 0 and labels.max() < k:
            yield one_hot(labels, k, axis=axis), f"one-hot({names[x]})"


def _counts(node: Node) -> list[int]:
    """Return what the number of examples may be: all entries, or all along the other axes."""
    return sorted({1, node.size, *(node.size // n for n in node.shape)})


def _near(closed: np.ndarray, gradient: np.ndarray) -> bool:
    """Return whether a candidate is worth a closer look, in the graph's own precision."""
    rounding = 64 * float(np.finfo(gradient.dtype).eps)
    return bool(np.allclose(closed, gradient, rtol=rounding, atol=rounding))


def _holds(loss: Node, node: Node, order: Sequence[Node], closed: Node) -> bool:
    """Return whether a closed form equals the gradient at other values too."""
    # Declared targets may have to sum to 1; other data may be anything.
    fast = declared_targets(order)
    free = [
        x
        for x in order
        if x._op is None
        and x._kind != "scalar"
        and x._source is None
        and x not in fast
        and x.dtype.kind == FLOATING
    ]
    run = function(loss, free, wrt=[node])
    formed = function(closed, free)
    random = np.random.default_rng(0)
    compared = False
    for move in _MOVES:
        values = [_moved(x._value.astype(np.float64), move, random) for x in free]
        gradient = quietly(lambda: run(*values))[1][0]  # noqa: B023
        found = np.asarray(quietly(lambda: formed(*values)))  # noqa: B023
        top = float(np.abs(gradient).max())
        # Where nothing flows, or too much, there is nothing to compare.
        if 0 < top < np.inf:
            compared = True
            if not np.allclose(found, gradient, rtol=0, atol=_RTOL * top + _ATOL):
                return False
    return compared


def _moved(value: np.ndarray, move: float | None, random: np.random.Generator) -> np.ndarray:
    drawn = random.normal(size=value.shape)
    return 2 * drawn if move is None else value + move * drawn
