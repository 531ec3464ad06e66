"""A gradient's graph in DOT: its links to the forward graph, and how it lies below it."""

from __future__ import annotations

import graphviz

from minigraph.draw.description import Cluster, Description
from minigraph.draw.markup import cell, font, table
from minigraph.draw.sheet import LONGEST_NAME
from minigraph.draw.theme import Palette
from minigraph.formula.names import shorten


def draw_link(
    picture: graphviz.Digraph,
    gradient: str,
    forward: str,
    align: bool,
    palette: Palette,
    prefix: str,
) -> None:
    """Link a gradient with the forward node that it is of, and put one below the other."""
    place = {"minlen": "0", "weight": "4"} if align else {"constraint": "false"}
    picture.edge(
        forward,
        gradient,
        id=f"{prefix}{gradient}_of",
        style="dotted",
        color=palette.muted,
        arrowhead="none",
        _attributes={"class": "link"},
        **place,
    )


def draw_backward(
    picture: graphviz.Digraph, graph: Description, cluster: Cluster, palette: Palette, prefix: str
) -> None:
    """Draw the edges of a gradient's graph that lies below its forward graph.

    They go from right to left, as the cotangents do, so that each stands below the node that it
    belongs to. A value of the forward graph is not drawn again, nor is a line drawn to it across
    the picture: its name stands for it.
    """
    members = set(cluster.members)
    for edge in graph.edges:
        if edge.head.removesuffix("_op") not in members:
            continue
        tail = edge.tail
        if tail.removesuffix("_op") not in members:
            tail = f"{edge.id}_value"
            name = font(shorten(graph.called(edge.tail), LONGEST_NAME), palette.ink, 12)
            picture.node(
                tail,
                f"<{table(f'<TR>{cell(name)}</TR>', CELLPADDING=2)}>",
                id=prefix + tail,
                shape="plain",
                _attributes={"class": "value"},
            )
        picture.edge(
            f"{edge.head}:e",
            f"{tail}:w",
            dir="back",
            color=palette.forward,
            id=prefix + edge.id,
            _attributes={"class": "forward"},
        )
