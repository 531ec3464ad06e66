"""Graph: walking the nodes that an output depends on, expanding and replaying them.

Everything that looks at a graph does so in the one order of `topological_order`, and nothing
recurses, so that a chain of a million nodes is as good as one of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.arrays import NUMPY, quietly
from minigraph.errors import GraphError, ShapeError
from minigraph.node import Node
from minigraph.op import Composite, explain, raise_lacking


def topological_order(*outputs: Node, within: Callable[[Node], bool] | None = None) -> list[Node]:
    """Return the nodes that the outputs depend on, each after its inputs.

    The order is that of evaluation: inputs from left to right, depth first.

    Parameters
    ----------
    *outputs : Node
    within : callable, optional
        Only inputs for which it is true are followed.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> a, b = mg.constant(1.0, name="a"), mg.constant(2.0, name="b")
    >>> [node.label for node in topological_order(a * b + a)]
    ['a', 'b', 'Multiply', 'Add']
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[Node | None] = list(reversed(outputs))
    while stack:
        node = stack.pop()
        if node is None:  # what was above the mark is done: the node under it is next
            order.append(stack.pop())  # pyright: ignore[reportArgumentType]
        elif node not in seen:
            seen.add(node)
            stack += (node, None)
            for x in reversed(node._inputs):
                if x not in seen and (within is None or within(x)):
                    stack.append(x)
    return order


def added(output: Node, known: Set[Node]) -> list[Node]:
    """Return the nodes that an output depends on and that are not known, each after its inputs."""
    return [] if output in known else topological_order(output, within=lambda x: x not in known)


def dependents(order: Iterable[Node], roots: Iterable[Node]) -> set[Node]:
    """Return the nodes of a topological order that depend on the roots, roots included."""
    found = set(roots)
    for node in order:
        if not found.isdisjoint(node._inputs):
            found.add(node)
    return found


def rebuild(node: Node, inputs: tuple[Node, ...]) -> Node:
    """Return a node like this one, of the same value, on other inputs of the same values."""
    twin = Node(node._value, node._op, inputs, node._saved, node._site)
    twin._source, twin.name = node._source, node.name
    return twin


def expand(node: Node) -> Node:
    """Return the same value computed by primitive ops only.

    Composites (Softmax, CrossEntropy, ...) are replaced by what their ``forward`` is written in;
    all else, the leaves first of all, stays the same nodes.

    Parameters
    ----------
    node : Node

    Raises
    ------
    GraphError
        If it is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> y_hat = mg.softmax(mg.parameter([1.0, 2.0], name="z")).named("ŷ")
    >>> [n.label for n in topological_order(mg.expand(y_hat))]
    ['z', 'Max', 'Subtract', 'Exp', 'Sum', 'ŷ']
    """
    if not isinstance(node, Node):
        raise GraphError(
            f"expand: a {type(node).__name__} was given where a Node is needed",
            fix="expand what an op returned, such as the loss",
        )
    order = topological_order(node)
    while any(isinstance(n._op, Composite) for n in order):
        new: dict[Node, Node] = {}
        done: set[Node] = set()
        for n in order:
            inputs = tuple(new[x] for x in n._inputs)
            if isinstance(n._op, Composite):
                output = n._op.forward(namespace, *inputs)
                output = output[0] if n._op.saves else output
                if output in done:  # an input as it came: it keeps its own name
                    output = namespace.broadcast_to(output, output.shape)
                # What is made here comes from the composite's line, not from its rule.
                for part in added(output, done):
                    part._site = n._site
                    part._source = n if n._source is None else n._source
                    done.add(part)
                new[n] = output.named(n.name)
            elif any(x is not y for x, y in zip(inputs, n._inputs, strict=True)):
                new[n] = rebuild(n, inputs)
            else:
                new[n] = n
            done.add(new[n])
        node = new[node]
        order = topological_order(node)
    return node


def replay(
    order: Iterable[Node], given: Mapping[Node, Any], xp: Any, same_shapes: bool = False
) -> dict[Node, Any]:
    """Compute every node of a topological order from given values, in any array library.

    Parameters
    ----------
    order : iterable of Node
        A topological order.
    given : mapping of Node to array
        Values that take the place of nodes' own.
    xp : namespace
        The array API namespace of the values.
    same_shapes : bool
        Refuse a node whose value gets another shape than it has in the graph.

    Returns
    -------
    dict of Node to array
        The value of each node; for an op that saves, the tuple that its ``forward`` returned.
    """
    values: dict[Node, Any] = dict(given)
    for node in order:
        if node in values:
            continue
        op = node._op
        if op is None:
            value = node._value
            if node._kind == "scalar":
                values[node] = value.item()
            else:
                # A copy, since some libraries write into what they share.
                values[node] = value if xp is NUMPY else xp.asarray(value.copy())
            continue
        inputs = [output_of(x, values) for x in node._inputs]
        if xp is NUMPY and node._value.ndim and all(type(x) is float for x in inputs):
            # A number that is repeated has nothing beside it to take a dtype from.
            inputs = [x._value for x in node._inputs]
        try:
            if op.check is not None and xp is not namespace:
                op.check(*(inputs if xp is NUMPY else (_known(xp, x) for x in inputs)))
            if xp is NUMPY:
                values[node] = quietly(op.forward, xp, *inputs)
            else:
                values[node] = op.forward(xp, *inputs)
        except AttributeError as error:
            raise_lacking(node, xp, error)
        except (ValueError, TypeError, IndexError, OverflowError, RuntimeError) as error:
            # Of another library's refusals, the library itself has more to say.
            cause = None if xp is NUMPY else error
            raise explain(op, node._inputs, inputs, error) from cause
        if same_shapes and (shape := np.shape(output_of(node, values))) != node.shape:
            raise ShapeError(
                f"{node.label} got shape {shape}, but this is the graph of a gradient, or was "
                f"expanded, which ties it to shape {node.shape}",
                nodes=[node],
                site=node._site,
                fix="make the function of the loss itself, with wrt=[...] for its gradients",
            )
    return values


def _known(xp: Any, array: Any) -> np.ndarray:
    """Return what is known of another library's array: its shape, and the values of labels."""
    whole = xp.isdtype(array.dtype, "integral")
    if whole:
        try:
            return np.asarray(array)
        except (TypeError, ValueError, RuntimeError):  # there are no values while JAX traces
            pass
    return np.broadcast_to(np.zeros((), int if whole else float), tuple(array.shape))


def output_of(node: Node, values: Mapping[Node, Any]) -> Any:
    """Return a node's value among those of `replay`, without what its op saved."""
    value = values[node]
    return value[0] if node._op is not None and node._op.saves and type(value) is tuple else value
