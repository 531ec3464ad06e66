"""Where the output ends and the loss begins, in any graph."""

from __future__ import annotations

from collections.abc import Sequence

from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops.probability import CrossEntropy, SoftmaxCrossEntropy


def loss_ops(loss: Node, order: Sequence[Node]) -> set[Node]:
    """Return the nodes that are computed for the loss; the others are the output's.

    The loss begins where a target meets what depends on a parameter. Targets are the leaves that
    `minigraph.one_hot` made, and what a cross-entropy is given as targets or labels. In a graph
    without any, it is the input that comes last, after all parameters and another input; and
    if there is none either, the loss is the last op alone.

    Parameters
    ----------
    loss : Node
    order : sequence of Node
        The topological order of its graph.

    Examples
    --------
    >>> import minigraph as mg
    >>> w, x = mg.parameter([1.0, 2.0], name="w"), mg.constant([3.0, 4.0], name="x")
    >>> residual = mg.sum(w * x).named("ŷ") - mg.constant(10.0, name="y")
    >>> loss = (residual * residual).named("L")
    >>> found = loss_ops(loss, topological_order(loss))
    >>> [node.label for node in topological_order(loss) if node in found]
    ['Subtract', 'L']
    """
    with_target = dependents(order, declared_targets(order) or _last_input(order))
    # Where a penalty is added to what is the loss already, no target meets a prediction.
    meetings = [
        node
        for node in order
        if node in with_target and not any(x._active and x in with_target for x in node._inputs)
    ]
    predictions = {
        x for node in meetings for x in node._inputs if x._active and x not in with_target
    }
    if not predictions:
        return {loss} if loss._op is not None else set()
    output = set(topological_order(*predictions))
    return {node for node in order if node._op is not None and node not in output}


def declared_targets(order: Sequence[Node]) -> set[Node]:
    """Return the leaves that are targets by their kind, or given to a cross-entropy as such."""
    targets = {node for node in order if node._kind == "target"}
    for node in order:
        if isinstance(node._op, CrossEntropy | SoftmaxCrossEntropy) and not node._inputs[1]._active:
            targets.add(node._inputs[1])
    return targets


def _last_input(order: Sequence[Node]) -> set[Node]:
    """Return the input that comes in last, after all parameters and another input."""
    parameters = {node for node in order if node._kind == "parameter"}
    inputs = {node for node in order if node._kind == "constant"}
    found: set[Node] = set()
    for node in order:
        late = inputs.intersection(node._inputs)
        for x in node._inputs:
            if late and x._active:
                before = set(topological_order(x))
                if parameters <= before and before & inputs and not late & before:
                    found = late
    return found
