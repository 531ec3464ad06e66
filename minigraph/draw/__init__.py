"""Pictures of a graph. The package is itself callable: ``mg.draw(loss)``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from minigraph.draw.description import DataNode, Description, Edge, OpNode, describe
from minigraph.draw.picture import Picture, draw, notebook_bundle

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


class _CallableModule(ModuleType):
    """A module that is also its main function, so that the room has the name of what it does."""

    def __call__(self, *outputs: Any, **options: Any) -> Picture:
        return draw(*outputs, **options)


_CallableModule.__call__.__doc__ = draw.__doc__
sys.modules[__name__].__class__ = _CallableModule
