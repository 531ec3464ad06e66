"""The views of a graph: what is described for each zoom, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import graphviz

from minigraph.draw.beside import describe_beside
from minigraph.draw.component import Components, describe_components
from minigraph.draw.component_dot import write_components
from minigraph.draw.component_text import component_text
from minigraph.draw.describing import describe_nodes
from minigraph.draw.description import Description
from minigraph.draw.dot import write_graph
from minigraph.draw.primitives import opened
from minigraph.draw.sheet import fill
from minigraph.draw.text import tree
from minigraph.draw.theme import Palette
from minigraph.errors import GraphError, OptionError
from minigraph.node import Node

Zoom = Literal["composite", "primitive", "component"]


def describe_view(
    outputs: Sequence[Node],
    variables: Sequence[Mapping[str, Any]],
    *,
    zoom: Zoom,
    components: Mapping[Node, Any],
    mark: Mapping[Node, str],
    limit: int | None,
    gradients: Node | Sequence[Node] | None = None,
    rules: bool = False,
    fold: bool | int | None = False,
) -> Description:
    """Describe a graph at a zoom: see `minigraph.draw`."""
    if gradients is not None:
        if zoom != "composite":
            raise OptionError(
                f"gradients= and zoom={zoom!r} do not go together",
                fix='leave one out; mg.draw(mg.grad(loss, theta), zoom="primitive") draws the '
                "gradient's graph alone",
            )
        _alone("gradients=", fold)
        asked = [gradients] if not isinstance(gradients, list | tuple) else gradients
        if not all(isinstance(x, Node) for x in asked):
            raise GraphError(
                f"gradients={gradients!r} names no node",
                fix="give the node, or a list of nodes: mg.draw(loss, gradients=theta)",
            )
        return describe_beside(outputs, gradients, variables, mark, limit)
    if zoom == "component":
        _alone('zoom="component"', fold)
        return describe_components(*outputs, variables=variables, components=components, mark=mark)
    if zoom == "primitive":
        graph = opened(outputs, variables)
        return describe_nodes(
            graph.outputs,
            variables,
            mark={graph.twins.get(node, node): words for node, words in mark.items()},
            gradients=(graph.top, graph.gradients),
            clusters=graph.clusters,
            limit=limit,
            folding=fold,
            rules=rules,
        )
    if zoom == "composite":
        return describe_nodes(outputs, variables, limit, mark, fold, rules=rules)
    raise OptionError(
        f"zoom={zoom!r} is not known", fix="it is 'composite', 'primitive' or 'component'"
    )


def _alone(what: str, fold: bool | int | None) -> None:
    """Refuse to fold what cannot be folded, if it was asked for."""
    if fold:
        raise OptionError(
            f"fold={fold} and {what} do not go together",
            fix="leave one out: only the graph of an output can be folded",
        )


def write(
    picture: graphviz.Digraph,
    graph: Description,
    palette: Palette,
    precision: int,
    seed: str = "",
) -> str:
    """Write a described graph into a Digraph; return the prefix of the picture's ids."""

    def written(prefix: str) -> None:
        if isinstance(graph, Components):
            write_components(picture, graph, palette, precision, prefix)
        else:
            write_graph(picture, graph, palette, precision, prefix)

    return fill(picture, written, seed)


def text(graph: Description, precision: int) -> str:
    """Write a described graph as plain text."""
    if isinstance(graph, Components):
        return component_text(graph, precision=precision)
    return tree(graph, precision=precision)
