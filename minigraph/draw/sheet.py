"""The sheet that a graph is written on: what all pictures share, whatever they show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import graphviz

from minigraph.draw.description import Cluster
from minigraph.draw.markup import cell, font
from minigraph.draw.theme import Palette
from minigraph.formula.names import shorten, visible

# The longest name that is shown whole; the SVG's titles hold all of it.
LONGEST_NAME = 32

_FONT = "Helvetica"


def fill(picture: graphviz.Digraph, write: Callable[[str], None], seed: str = "") -> str:
    """Write a graph into a Digraph.

    Parameters
    ----------
    picture : graphviz.Digraph
    write : callable
        Writes the graph into the picture, with a prefix for its ids.
    seed : str
        What tells the picture from one of the same DOT.

    Returns
    -------
    str
        The prefix of the picture's ids, which depends on nothing but what is drawn.
    """
    write("")
    content = seed + picture.source
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    prefix = f"mg_{digest[:10]}"
    picture.clear()
    write(prefix + "_")
    return prefix


def set_up(
    picture: graphviz.Digraph, palette: Palette, prefix: str, legend: str, ranksep: str
) -> None:
    """Set what holds for the whole picture: its direction, its room, its letters, its legend."""
    picture.attr(
        "graph",
        id=f"{prefix}graph",
        rankdir="LR",
        bgcolor=palette.background,
        fontname=_FONT,
        nodesep="0.25",
        ranksep=ranksep,
        pad="0.15",
    )
    picture.attr("graph", label=f"<{legend}>", labelloc="b", labeljust="l")
    picture.attr("node", fontname=_FONT, fontsize="10", fontcolor=palette.ink)
    picture.attr("edge", fontname=_FONT, fontsize="10", arrowsize="0.6")


def mark_row(words: str, palette: Palette) -> str:
    """Return the row that points a card out: words on a band, so that it is not colour alone."""
    text = font(shorten(words, LONGEST_NAME), palette.background, 11, "B")
    return f"<TR>{cell(text, BGCOLOR=palette.backward)}</TR>"


@contextmanager
def frame(
    picture: graphviz.Digraph, cluster: Cluster, palette: Palette, prefix: str
) -> Iterator[graphviz.Digraph]:
    """Give the place for what is drawn together, inside of a frame with its label."""
    label = font(visible(shorten(cluster.label, 2 * LONGEST_NAME)), palette.muted, 11)
    place: Any = picture.subgraph(name=f"cluster_{prefix}{cluster.id}")
    with place as inside:
        inside.attr(
            id=prefix + cluster.id,
            label=f"<{label}>",
            labelloc="t",
            labeljust="l",
            style="rounded,dashed",
            color=palette.muted,
            margin="10",
            _attributes={"class": "together"},
        )
        yield inside
