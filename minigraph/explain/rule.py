"""An op's backward rule, run on its own: what it gives each of its inputs."""

from __future__ import annotations

import operator
from collections.abc import Container, Sequence
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.arrays import NUMPY, quietly
from minigraph.node import FLOATING, Node
from minigraph.sweep import guarded_node, sweep, sweep_arrays

_value = operator.attrgetter("_value")


def _saved(node: Node) -> tuple[Any, ...]:
    return (node._value, *node._saved)


def _always(node: Node) -> bool:
    return True


def stand_in(value: np.ndarray, like: Node) -> Node:
    """Return a leaf of this value, at the line of another node; gradients flow to it."""
    leaf = Node(value, None, (), (), like._site)
    leaf._kind = "parameter"
    leaf._active = value.dtype.kind == FLOATING
    return leaf


def apart(node: Node, values: Sequence[np.ndarray] | None = None) -> Node:
    """Return a node like this one on stand-ins for its inputs, one an input.

    So an op that is given a node twice has two inputs here, and its rule's parts can be told apart.

    Parameters
    ----------
    node : Node
        An op's output.
    values : sequence of numpy.ndarray, optional
        Other values of the inputs; the output is then computed anew.
    """
    if values is None:
        inputs = [x._value for x in node._inputs]
        output, saved = node._value, node._saved
    else:
        inputs = list(values)
        output, saved = quietly(node.op.forward, NUMPY, *inputs), ()
        if node.op.saves:
            output, *saved = output
    leaves = tuple(stand_in(value, x) for value, x in zip(inputs, node._inputs, strict=True))
    return Node(np.asarray(output), node._op, leaves, saved, node._site)


def contributions(
    node: Node, cotangent: np.ndarray, wanted: Container[int]
) -> list[np.ndarray | None]:
    """Return what a node's op passes back to each of its inputs; None where nothing flows.

    Broadcasting is undone and dtypes are matched, as in the engine's own sweep.

    Parameters
    ----------
    node : Node
        One that `apart` returned.
    cotangent : numpy.ndarray
        ∂L/∂node.
    wanted : container of int
        To which inputs a gradient flows.
    """
    flows = {x for i, x in enumerate(node._inputs) if i in wanted and x._active}
    found, _ = sweep_arrays(
        [node], {node: cotangent}, _always, flows.__contains__, _always, _value, _saved
    )
    return [found.get(x) for x in node._inputs]


def rule_graph(node: Node, i: int) -> tuple[Node, Node, Node] | None:
    """Return a node's rule for one input as a graph.

    Parameters
    ----------
    node : Node
        One that `apart` returned.
    i : int
        Which input.

    Returns
    -------
    part, cotangent, output : Node
        What is passed on to the input, and two leaves that it may depend on, beside the inputs.
        None, if nothing is passed on.
    """
    cotangent = stand_in(np.ones(node.shape, node.dtype), node)
    output = stand_in(node._value, node)
    # What an op saves is made of its inputs again, so that it is seen to depend on them.
    saved = node.op.forward(namespace, *node._inputs)[1:] if node.op.saves else ()
    cotangents: dict[Node, Any] = {node: cotangent}
    sweep(
        namespace,
        [node],
        cotangents,
        {node._inputs[i]}.__contains__,
        _always,
        lambda x: output if x is node else x,
        lambda x: (output, *saved),
        None,
        guarded_node,
    )
    part = cotangents.get(node._inputs[i])
    return None if part is None else (part, cotangent, output)
