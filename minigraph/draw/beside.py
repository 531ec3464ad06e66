"""A graph and the graph of its gradients in one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from minigraph.autodiff import grad
from minigraph.draw.describing import describe_nodes
from minigraph.draw.description import Description
from minigraph.draw.names import names_of
from minigraph.errors import GraphError
from minigraph.graph import topological_order
from minigraph.node import Node


def describe_beside(
    outputs: Sequence[Node],
    wrt: Any,
    variables: Sequence[Mapping[str, Any]] = (),
    mark: Mapping[Node, str] | None = None,
    limit: int | None = None,
) -> Description:
    """Describe an output's graph and, as a cluster below it, the graph of its gradients.

    Parameters
    ----------
    outputs : sequence of Node
        One scalar.
    wrt : Node or sequence of Node
        What the gradients are by.
    variables : sequence of mapping
        Where unnamed nodes find names.
    mark : mapping of Node to str, optional
    limit : int, optional
        The most nodes, of both graphs together.

    Raises
    ------
    GraphError
        If there is more than one output, no path leads to what the gradients are by, or the
        limit is passed.

    Examples
    --------
    >>> import minigraph as mg
    >>> w = mg.parameter(3.0, name="w")
    >>> graph = describe_beside([(w * w).named("L")], w)
    >>> [node.name for node in graph.nodes]
    ['w', 'L', '∂L/∂w']
    >>> graph.clusters[0].label, graph.links
    ('The gradient of L, from right to left', (('n2', 'n0'),))
    """
    if len(outputs) > 1:
        raise GraphError(
            f"gradients= is of one output, and there are {len(outputs)}",
            fix="draw the loss alone: mg.draw(loss, gradients=theta)",
        )
    output = outputs[0]
    found = grad(output, wrt)
    gradients = [x for x in (found if isinstance(found, tuple) else (found,)) if x is not None]
    if not gradients:
        raise GraphError(
            "gradients=: no path leads from the output to these nodes",
            nodes=[output],
            fix="give nodes that the output depends on, such as its parameters",
        )
    forward = set(topological_order(output))
    backward = set(topological_order(*gradients)) - forward
    if limit is not None and len(forward) + len(backward) > limit:
        raise GraphError(
            f"the two graphs have {len(forward) + len(backward)} nodes; the limit is {limit}",
            fix="draw each by itself, mg.draw(loss) and mg.draw(mg.grad(loss, theta)); or raise "
            "the limit",
        )
    name = names_of([output], variables)[output][0]
    graph = describe_nodes(
        [output, *gradients],
        variables,
        mark=mark or {},
        gradients=(None, {}),
        clusters=[(f"The gradient of {name}, from right to left", backward)],
    )
    (below,) = graph.clusters
    return replace(graph, clusters=(replace(below, backward=True),), halves=False)
