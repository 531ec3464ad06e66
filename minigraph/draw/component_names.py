"""What the entries of arrays are called: z₁, ŷ₂⁽³⁾, θ₁₂."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from minigraph.errors import OptionError, ShapeError
from minigraph.node import Node
from minigraph.op import Composite

_SUBSCRIPTS = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def component_names(
    order: Iterable[Node],
    names: Mapping[Node, str],
    given: Mapping[Node, Any] = MappingProxyType({}),
) -> dict[Node, np.ndarray]:
    """Name every entry of every node, counting from 1.

    An entry of a vector, a row or a column has one subscript: z₁. In a graph that says which axis
    its classes lie along (by the ``axis`` of a softmax or a loss), an entry of a matrix of
    examples has its example above: z₁⁽²⁾. Any other has a subscript for each axis: θ₁₂.

    Parameters
    ----------
    order : iterable of Node
        A topological order.
    names : mapping of Node to str
        What the nodes are called.
    given : mapping of Node to nested sequence of str
        Names that somebody chose, in the node's shape.

    Returns
    -------
    dict of Node to array of str
        Each of its node's shape.

    Raises
    ------
    ShapeError
        If the names that are given for a node have not its shape.
    OptionError
        If one of them is no text.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> x = mg.parameter([[1.0, 2.0], [3.0, 4.0]], name="x")
    >>> order = topological_order(mg.softmax(x, axis=0))
    >>> component_names(order, {order[0]: "x", order[1]: "ŷ"})[order[1]].tolist()
    [['ŷ₁⁽¹⁾', 'ŷ₁⁽²⁾'], ['ŷ₂⁽¹⁾', 'ŷ₂⁽²⁾']]
    """
    order = list(order)
    examples = _examples(order)
    found = {}
    for node in order:
        if node in given:
            found[node] = _chosen(node, names[node], given[node])
        else:
            found[node] = np.empty(node.shape, object)
            for index in np.ndindex(node.shape):
                found[node][index] = _entry(names[node], node, index, examples)
    return found


def _chosen(node: Node, name: str, chosen: Any) -> np.ndarray:
    array = np.array(chosen, object)
    if array.shape != node.shape:
        raise ShapeError(
            f"components: names of shape {array.shape} were given for {name}, "
            f"which has shape {node.shape}",
            nodes=[node],
            fix="give a name for each entry, in lists nested like the array",
        )
    for entry in array.flat:
        if not isinstance(entry, str):
            raise OptionError(
                f"components: a name is text, not {type(entry).__name__}",
                fix='give names such as [["b₁", "b₂"], ["w₁", "w₂"]]',
            )
    return array


def _examples(order: Iterable[Node]) -> tuple[int, int] | None:
    """Return along which axis of a matrix the examples lie, and how many; None if nobody says."""
    for node in order:
        axis = getattr(node.op, "axis", None)
        if isinstance(node.op, Composite) and type(axis) is int and node.inputs[0].ndim == 2:
            return 1 - axis % 2, node.inputs[0].shape[1 - axis % 2]
    return None


def _entry(name: str, node: Node, index: tuple[int, ...], examples: tuple[int, int] | None) -> str:
    name = name or '""'
    if " " in name or name.endswith(")") or name.startswith("∂"):
        name = f"({name})"
    if node.ndim == 2 and node.kind != "parameter" and examples is not None:
        axis, count = examples
        if node.shape[axis] == count > 1:
            raised = str(index[axis] + 1).translate(_SUPERSCRIPTS)
            return f"{name}{_subscript([index[1 - axis]])}⁽{raised}⁾"
    if name[-1] in "₀₁₂₃₄₅₆₇₈₉" and node.size > 1:
        name += ","  # W₁,₁₂ is an entry of W₁
    long = [i for i, n in zip(index, node.shape, strict=True) if n > 1]
    return name + _subscript(long)


def _subscript(indices: list[int]) -> str:
    numbers = [str(i + 1) for i in indices]
    separator = "," if any(len(number) > 1 for number in numbers) and len(numbers) > 1 else ""
    return separator.join(numbers).translate(_SUBSCRIPTS)
