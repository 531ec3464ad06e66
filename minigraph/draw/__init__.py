"""Pictures of a graph. The package is itself callable: ``mg.draw(loss)``."""

from __future__ import annotations

from minigraph.draw.description import DataNode, Description, Edge, OpNode, describe
from minigraph.draw.picture import Picture, draw, notebook_bundle
from minigraph.rooms import make_callable

__all__ = [
    "DataNode",
    "Description",
    "Edge",
    "OpNode",
    "Picture",
    "describe",
    "draw",
    "notebook_bundle",
]

make_callable(__name__, draw)
