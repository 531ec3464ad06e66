"""What the elements of a picture say when they are pointed at, beyond the cards and the arrows."""

from __future__ import annotations

from minigraph.draw.component import Components
from minigraph.draw.component_dot import derivative_text
from minigraph.draw.derivatives import Derivative
from minigraph.draw.description import TAGS, Description
from minigraph.draw.matrices import entries
from minigraph.formula.names import visible


def more_titles(graph: Description) -> dict[str, str]:
    """Return what each element of a view is, by its id without the prefix.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.component import describe_components
    >>> w = mg.parameter(2.0, name="w")
    >>> more_titles(describe_components((w * w).named("y")))["n0_n1"]
    '∂y/∂w = 2w = 4'
    """
    if isinstance(graph, Components):
        return _of_components(graph)
    titles = {cluster.id: visible(cluster.label) for cluster in graph.clusters}
    for gradient, forward in graph.links:
        names = visible(graph.called(gradient)), visible(graph.called(forward))
        titles[f"{gradient}_of"] = f"{names[0]} is the gradient of {names[1]}"
    for edge in graph.edges:
        if edge.tail in graph.by_id:
            titles[f"{edge.id}_value"] = f"{visible(graph.called(edge.tail))}, from above"
        if edge.rule:
            titles[edge.id] = visible(edge.rule)
    return titles


def _of_components(graph: Components) -> dict[str, str]:
    titles = {}
    for node in graph.nodes:
        (value,) = entries(node.value.reshape(1))
        titles[node.id] = f"{visible(node.name)} = {value}: {TAGS.get(node.kind, node.kind)}"
    for edge in graph.derivatives:
        title = _derivative(graph, edge)
        titles |= {edge.id: title, f"{edge.id}_label": title, f"{edge.id}_end": title}
    return titles


def _derivative(graph: Components, edge: Derivative) -> str:
    if not edge.carries:
        tail, head = visible(graph.called(edge.tail)), visible(graph.called(edge.head))
        return f"{tail} → {head}, which carries no gradient"
    return f"{visible(edge.label)} {visible(derivative_text(edge, 4))}"
