"""What the lecture calls the single numbers of its graph: b₁, w₁₂, x₀, z₁, ŷ₁⁽²⁾, L."""

from collections.abc import Mapping, Sequence

from minigraph.lecture.model import SoftmaxRegressionGraph
from minigraph.lecture.symbols import parameter_symbol, subscript, superscript
from minigraph.node import Node

__all__ = ["component_symbols"]


def component_symbols(
    graph: SoftmaxRegressionGraph, classes: Sequence[int] | None = None
) -> Mapping[Node, list[list[str]]]:
    """Name the entries of the lecture's graph as the lecture does, for a picture of them.

    Parameters
    ----------
    graph : SoftmaxRegressionGraph
    classes : sequence of int, optional
        The labels in the order of θ's columns: [1, 2, 3] for the lecture's δ(i, y), which is the
        default; 0..k−1 where it has one-hot vectors. Examples are numbered from where they start.

    Returns
    -------
    mapping of Node to list of list of str
        By θ, x, y, z and ŷ the symbols, in the node's shape: what `minigraph.draw` takes as
        ``components``.

    Examples
    --------
    >>> from minigraph.lecture import EXAMPLES, graph
    >>> b = EXAMPLES["B"]
    >>> nodes = graph(b.theta, b.x, b.labels, b.classes)
    >>> symbols = component_symbols(nodes, b.classes)
    >>> symbols[nodes.theta]
    [['b₁', 'b₂', 'b₃'], ['w₁₁', 'w₂₁', 'w₃₁'], ['w₁₂', 'w₂₂', 'w₃₂']]
    >>> symbols[nodes.x], symbols[nodes.y_hat]
    ([['x₀'], ['x₁'], ['x₂']], [['ŷ₁'], ['ŷ₂'], ['ŷ₃']])
    """
    rows, k = graph.theta.shape
    m, n = graph.x.shape[1], rows - 1
    classes = range(1, k + 1) if classes is None else classes
    marks = [superscript(classes[0] + u) if m > 1 else "" for u in range(m)]
    features = ["x" + (subscript(j) if n > 1 or not j else "") for j in range(rows)]
    return {
        graph.theta: [[parameter_symbol(j, i, n) for i in classes] for j in range(rows)],
        graph.x: [[feature + mark for mark in marks] for feature in features],
        **{
            node: [[letter + subscript(i) + mark for mark in marks] for i in classes]
            for letter, node in (("y", graph.y), ("z", graph.z), ("ŷ", graph.y_hat))
        },
    }
