"""Derivatives beyond one gradient: the Jacobian, the Hessian, and its product with a vector.

All are made of `grad` alone, and all are graphs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.autodiff import (
    check_differentiable,
    grad,
    own_memory,
    symbol,
    targets_of,
    tidied,
    twin,
)
from minigraph.errors import GraphError, ShapeError
from minigraph.graph import added, topological_order
from minigraph.leaves import constant
from minigraph.node import Node


def jacobian(output: Node, wrt: Any) -> Any:
    """Return ∂output/∂wrt entry by entry, as Nodes: J[i, j] = ∂outputᵢ/∂wrtⱼ.

    It takes one gradient for each entry of the output, and its graph has a part for each.

    Parameters
    ----------
    output : Node
        Of any shape.
    wrt : Node or sequence of Node
        The nodes to differentiate by, of floating dtype.

    Returns
    -------
    Node, or tuple of Node
        One per node of ``wrt``, of shape ``output.shape + node.shape`` and the node's dtype; None
        where no path leads to it.

    Raises
    ------
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node.

    Examples
    --------
    The Jacobian of the softmax is diag(ŷ) − ŷŷᵀ:

    >>> import minigraph as mg
    >>> z = mg.parameter([0.28, -0.05, 0.02], name="z")
    >>> y_hat = mg.softmax(z).named("ŷ")
    >>> mg.jacobian(y_hat, z).value.round(4)
    array([[ 0.2403, -0.116 , -0.1244],
           [-0.116 ,  0.2054, -0.0894],
           [-0.1244, -0.0894,  0.2138]])
    """
    targets, single = targets_of(wrt)
    for node in (output, *targets):
        check_differentiable(node, "output" if node is output else "wrt")
    # A row for each entry; for an output of none, one that says where paths lead.
    units = _units(output) or [np.zeros(output.shape)]
    rows = [grad(output, targets, cotangent=unit) for unit in units]
    stacked = {
        node: _stack(output, node, column)
        for node, column in zip(targets, zip(*rows, strict=True), strict=True)
        if column[0] is not None
    }
    made = tidied(stacked, targets, topological_order(output))
    blocks: set[Node] = set()
    for node, block in made.items():
        if block in blocks:  # equal to another's, but a node of its own
            block = made[node] = twin(block)
        blocks.add(block)
        block._source = node
        own_memory(block).named(symbol(output.name, node))
    found = tuple(made.get(node) for node in targets)
    return found[0] if single else found


def hessian(output: Node, wrt: Any) -> Any:
    """Return the second derivatives of a scalar, as Nodes: H[i, j] = ∂²output/∂wrtᵢ∂wrtⱼ.

    Parameters
    ----------
    output : Node
        A scalar.
    wrt : Node or sequence of Node
        The nodes to differentiate by, of floating dtype.

    Returns
    -------
    Node, or tuple of tuple of Node
        For one node its Hessian, of shape ``node.shape + node.shape``. For a sequence a row per
        node and in it a block per node, of shape ``row.shape + column.shape``. None where the
        gradient does not depend on the node.

    Raises
    ------
    GradientError
        If output is no scalar.
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> mg.hessian(x[0] ** 2 * x[1], x).value
    array([[4., 2.],
           [2., 0.]])
    """
    targets, single = targets_of(wrt)
    gradients = grad(output, targets)
    rows = tuple(
        (None,) * len(targets) if gradient is None else jacobian(gradient, targets)
        for gradient in gradients
    )
    return rows[0][0] if single else rows


def hvp(output: Node, wrt: Any, vector: Any) -> Any:
    """Return the Hessian's product with a vector, H v, without making the Hessian.

    It takes two gradients: that of output, and that of it by the cotangent v. The vector counts as
    constant, even if it was computed from the nodes.

    Parameters
    ----------
    output : Node
        A scalar.
    wrt : Node or sequence of Node
        The nodes to differentiate by, of floating dtype.
    vector : Node or array_like, or a sequence of one for each node
        Of the shapes of the nodes.

    Returns
    -------
    Node, or tuple of Node
        One per node of ``wrt``, of its shape and dtype; None where the gradients do not depend
        on it.

    Raises
    ------
    GradientError
        If output is no scalar.
    ShapeError
        If a vector's shape is not its node's.
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node, or there are not as many vectors as nodes.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> mg.hvp(x[0] ** 2 * x[1], x, [1.0, 1.0]).value
    array([6., 2.])
    """
    targets, single = targets_of(wrt)
    vectors = [vector] if single else list(vector) if np.iterable(vector) else [vector]
    if len(vectors) != len(targets):
        raise GraphError(
            f"hvp: {len(vectors)} vector(s) for {len(targets)} node(s)",
            nodes=[node for node in targets if isinstance(node, Node)],
            fix="give one vector per node, of its shape",
        )
    vectors = [namespace.asarray(v) for v in vectors]
    for node, v in zip(targets, vectors, strict=True):
        check_differentiable(node, "wrt")
        if v.shape != node.shape:
            raise ShapeError(
                f"hvp: a vector of shape {v.shape} for a node of shape {node.shape}",
                nodes=[node],
                fix="it has one entry per entry of the node",
            )
    gradients = grad(output, targets)
    products: list[Any] = [None] * len(targets)
    for gradient, v in zip(gradients, vectors, strict=True):
        if gradient is None:
            continue
        # As a cotangent the vector is held fast, also if it depends on the nodes itself.
        for i, part in enumerate(grad(gradient, targets, cotangent=v)):
            if part is not None:
                products[i] = part if products[i] is None else products[i] + part
    for node, product in zip(targets, products, strict=True):
        if product is not None:
            product._source, product._site = node, output._site
            product.named(symbol(f"(∇{output.name or 'L'}·v)", node))
    return products[0] if single else tuple(products)


def _units(output: Node) -> list[np.ndarray]:
    """Return a cotangent for each entry of the output: 1 there, 0 elsewhere."""
    eye = np.eye(output.size, dtype=output.dtype)
    return [row.reshape(output.shape) for row in eye]


def _stack(output: Node, node: Node, gradients: Sequence[Node]) -> Node:
    """Return the gradients of an output's entries as one node, each named after its entry."""
    shape = output.shape + node.shape
    if output.size:
        for gradient, index in zip(gradients, np.ndindex(output.shape), strict=True):
            entry = f"{output.name or 'L'}[{', '.join(map(str, index))}]" if index else output.name
            gradient.name = symbol(entry, node)
        stacked = namespace.reshape(namespace.stack(gradients), shape)
    else:
        stacked = constant(np.zeros(shape, node.dtype))
    for part in added(stacked, {*gradients}):
        part._source, part._site = node, output._site
    return stacked
