"""Reverse-mode differentiation: gradients as arrays (backward) and as graphs (grad)."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.errors import (
    DTypeError,
    GradientError,
    GraphError,
    ShapeError,
)
from minigraph.finite import is_finite, warn_non_finite
from minigraph.graph import added, dependents, topological_order
from minigraph.leaves import constant
from minigraph.node import FLOATING, Node
from minigraph.sweep import guarded_node, sweep, sweep_arrays
from minigraph.tidy import tidy

_value = operator.attrgetter("_value")
_active = operator.attrgetter("_active")


def _is_leaf(node: Node) -> bool:
    return node._op is None


def _identity(node: Node) -> Node:
    return node


def _saved(node: Node) -> tuple[Any, ...]:
    return (node._value, *node._saved)


def backward(output: Node) -> None:
    """Compute the gradients of a scalar: the body of `Node.backward`."""
    if output._value.size != 1:
        raise GradientError(
            f"backward() starts from a scalar loss, but this node has shape {output.shape}",
            nodes=[output],
            fix="reduce it first (mg.sum, mg.mean), or give ∂L/∂(it): "
            "mg.grad(node, wrt, cotangent)",
        )
    if not output._active:
        raise GradientError(
            "backward() found nothing to differentiate: the node depends on no parameter",
            nodes=[output],
            fix="make a leaf with mg.parameter, or ask for a node: mg.grad(loss, wrt=x)",
        )
    order = topological_order(output, within=_active)
    value = output._value
    one = np.ones_like(value) if value.ndim else value.dtype.type(1)
    cotangents, suspicious = sweep_arrays(
        order, {output: one}, _is_leaf, _active, None, _value, _saved
    )
    if len(cotangents) < len(order):  # what an earlier call left where nothing arrived now
        for node in order:
            node.grad = None
    for node, gradient in cotangents.items():  # shared until somebody asks: see `Node.grad`
        node._gradient = gradient
        node._shared = True
    if not math.isfinite(output._value.item()):
        warn_non_finite(output)
    elif suspicious:
        bad = [node for node, gradient in cotangents.items() if not is_finite(gradient)]
        if bad:
            grad(output, bad)  # the same as a graph, which says where they arose


def apart(arrays: Iterable[Any], others: Iterable[Any] = ()) -> list[Any]:
    """Return the arrays (or None), none sharing memory with another, nor being one of the others.

    A copy is made of a view, of a node's own (read-only) value, and of what is there already.
    """
    mine = {id(array) for array in others}
    result = []
    for array in arrays:
        if array is not None and (
            type(array) is not np.ndarray
            or array.base is not None
            or not array.flags.writeable
            or id(array) in mine
        ):
            array = np.array(array)
        mine.add(id(array))
        result.append(array)
    return result


def grad(output: Node, wrt: Any, cotangent: Any = None) -> Any:
    """Return ∂output/∂wrt as Nodes: the gradient is itself a graph.

    It can be drawn, computed with, and differentiated again. Its nodes are named after the
    forward nodes that they belong to (∂L/∂z), which they know as their ``source``.

    Parameters
    ----------
    output : Node
        A scalar, or any node if its cotangent is given.
    wrt : Node or sequence of Node
        The nodes to differentiate by: leaves or not, parameters or not, of floating dtype.
    cotangent : Node or array_like, optional
        ∂L/∂output, of output's shape, for a loss L beyond it. Default: 1, for a scalar.

    Returns
    -------
    Node, or tuple of Node
        One per node of ``wrt``, of its shape and dtype; None where no path leads to it.

    Raises
    ------
    GradientError
        If output is no scalar and no cotangent is given.
    ShapeError
        If the cotangent's shape is not output's.
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> y = (x * x * x).named("y")
    >>> dy = mg.grad(y, x)
    >>> dy.name, float(dy), float(mg.grad(dy, x))
    ('∂y/∂x', 27.0, 18.0)
    """
    targets, single = targets_of(wrt)
    for node in (output, *targets):
        check_differentiable(node, "output" if node is output else "wrt")
    seed = _seed(output, cotangent)
    order = topological_order(output)
    flows = dependents(order, targets)
    path = [node for node in order if node in flows and node.dtype.kind == FLOATING]
    cotangents: dict[Node, Any] = {output: seed}
    known = {*order, *topological_order(seed)}

    def belongs(node: Node, part: Node) -> None:
        for new in added(part, known):
            known.add(new)
            new._source, new._site = node, node._site

    def recomputed(node: Node) -> tuple[Any, ...]:
        op: Any = node._op
        return (node, *op.forward(namespace, *node._inputs)[1:])

    sweep(
        namespace,
        path,
        cotangents,
        set(path).__contains__,
        None,
        _identity,
        recomputed,
        belongs,
        guarded_node,
    )
    there = [*order, *topological_order(seed)]
    cotangents = tidied(cotangents, targets, there)
    _name(output, cotangents, set(targets), set(there))
    gradients = tuple(cotangents.get(node) for node in targets)
    found = [gradient for gradient in gradients if gradient is not None]
    for gradient in found:
        own_memory(gradient)
    if not all(is_finite(gradient.value) for gradient in found):
        warn_non_finite(*found)
    return gradients[0] if single else gradients


def tidied(
    cotangents: dict[Node, Node], targets: Iterable[Node], known: Sequence[Node]
) -> dict[Node, Node]:
    """Return the cotangents that the targets' gradients are made of, tidy."""
    there = set(known)
    found = [cotangents[node] for node in targets if node in cotangents]
    new = topological_order(*found, within=lambda node: node not in there)
    tidied = tidy([node for node in new if node not in there], known)
    return {node: tidied.get(gradient, gradient) for node, gradient in cotangents.items()}


def targets_of(wrt: Any) -> tuple[list[Any], bool]:
    """Return the nodes to differentiate by as a list, and whether one alone was given."""
    single = not isinstance(wrt, Sequence)
    return ([wrt] if single else list(wrt)), single


def check_differentiable(node: Any, role: str) -> None:
    """Refuse what is no Node, and a Node that holds no floats."""
    if not isinstance(node, Node):
        raise GraphError(
            f"{role} is no Node but a {type(node).__name__}",
            fix="pass the Node itself, or a list of Nodes for wrt",
        )
    if node.dtype.kind != FLOATING:
        raise DTypeError(
            f"{role} holds {node.dtype}: integers and booleans have no gradient",
            nodes=[node],
            fix="make the leaf of floats: value.astype(float)",
        )


def _seed(output: Node, cotangent: Any) -> Node:
    """Return the cotangent that the sweep starts from, as a node."""
    if cotangent is None:
        if output.size != 1:
            raise GradientError(
                f"the output has shape {output.shape}; a gradient starts from a scalar",
                nodes=[output],
                fix="reduce it (mg.sum, mg.mean), or pass the cotangent ∂L/∂output",
            )
        seed = constant(np.ones_like(output.value))
        seed._source, seed._site = output, output._site
        return seed
    seed = cotangent if isinstance(cotangent, Node) else constant(cotangent)
    if seed.shape != output.shape:
        raise ShapeError(
            f"a cotangent of shape {seed.shape} was given for an output of shape {output.shape}",
            nodes=[output],
            fix="it has one entry per entry of the output",
        )
    return seed if seed.dtype == output.dtype else namespace.astype(seed, output.dtype)


def _name(output: Node, cotangents: dict[Node, Node], wanted: set[Node], taken: set[Node]) -> None:
    """Name each cotangent ∂L/∂z after its node z; one that serves two nodes gets a twin."""
    latest: dict[Node, Node] = {}
    # Nodes that nobody asked for and that have no name come last, and need no twin.
    for node in sorted(cotangents, key=lambda node: node.name is None and node not in wanted):
        gradient = cotangents[node]
        if gradient in taken:
            if node not in wanted:
                continue
            latest[gradient] = twin(latest.get(gradient, gradient))
            gradient = cotangents[node] = latest[gradient]
        taken.add(gradient)
        gradient._source = node
        gradient.name = symbol(output.name, node)


def symbol(output: str | None, node: Node) -> str | None:
    """Return how the gradient of an output by a node is written; None for an unnamed node."""

    def factor(name: str) -> str:
        return f"({name})" if name.startswith("∂") else name

    return f"∂{factor(output or 'L')}/∂{factor(node.name)}" if node.name else None


def twin(node: Node) -> Node:
    """Return another node of the same value, which depends on the node."""
    other = namespace.broadcast_to(node, node.shape)
    other._site = node._site
    return other


def own_memory(node: Node) -> Node:
    """Give a node a value of its own, if it is a view of another's; return the node."""
    if node._value.base is not None:
        node._value = node._value.copy()
        node._value.setflags(write=False)
    return node
