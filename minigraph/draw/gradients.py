"""Whose gradients a picture shows: those of one output, and never a mixture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.sweep import sweep_arrays


def gradients_of(
    output: Node,
    cotangent: np.ndarray | None = None,
    within: Callable[[Node], bool] = lambda node: True,
) -> dict[Node, np.ndarray]:
    """Return ∂output/∂node for every node that ``backward()`` would set, and set nothing.

    Parameters
    ----------
    output : Node
        It depends on a parameter.
    cotangent : numpy.ndarray, optional
        ∂L/∂output, for the gradients of a loss L beyond it; default: 1, of a scalar.
    within : callable, optional
        Only nodes for which it is true are looked at.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> y = x * x
    >>> gradients_of(y)[x], x.grad
    (np.float64(6.0), None)
    """

    def flows(node: Node) -> bool:
        return node._active and within(node)

    order = topological_order(output, within=flows)
    seed = np.ones_like(output.value) if cotangent is None else cotangent
    return sweep_arrays(
        order,
        {output: seed},
        lambda node: True,
        flows,
        lambda node: True,
        lambda node: node.value,
        lambda node: (node.value, *node._saved),
    )[0]


def shown_gradients(
    outputs: Sequence[Node], order: Iterable[Node]
) -> tuple[Node | None, dict[Node, np.ndarray]]:
    """Return the gradients to show beside the nodes of a graph, and the output they are of.

    A node's ``grad`` is what the last ``backward()`` left there, which may have started from
    another loss. So an output that ``backward()`` started from gets its own gradients, computed
    anew; of several such, the one that the nodes' ``grad`` are of. If there is none, as in a
    picture of an inner node, the nodes' ``grad`` are what there is.

    Returns
    -------
    top : Node or None
        The output; None if the gradients are of what is beyond this graph.
    gradients : dict of Node to array
    """
    started = [node for node in outputs if node._active and is_seed(node.grad)]
    stored = {node: node.grad for node in order if node.grad is not None}
    if not started:
        return None, stored
    swept = [gradients_of(node) for node in started]
    for top, gradients in zip(started, swept, strict=True):
        if all(
            n in stored and np.array_equal(gradients[n], stored[n], equal_nan=True)
            for n in gradients
        ):
            return top, gradients
    return started[0], swept[0]


def is_seed(gradient: np.ndarray | None) -> bool:
    """Return whether a gradient is the 1 that ``backward()`` starts from."""
    return gradient is not None and gradient.size == 1 and gradient.item() == 1


def cotangent(loss: str, name: str) -> str:
    """Write ∂L/∂name.

    Examples
    --------
    >>> cotangent("L", "z"), cotangent("L", "x + 1"), cotangent("∂L/∂z", "z")
    ('∂L/∂z', '∂L/∂(x + 1)', '∂(∂L/∂z)/∂z')
    """
    return f"∂{_factor(loss)}/∂{_factor(name)}"


def _factor(name: str) -> str:
    return f"({name})" if " " in name or name.startswith("∂") else name or '""'
