"""Naming the parts of what is opened, so that the source reads as the formulas above an op do."""

from __future__ import annotations

from typing import Any

from minigraph.node import Node


def called(x: Any, name: str) -> Any:
    """Name a node; return it, or an array as it is.

    Examples
    --------
    >>> import minigraph as mg
    >>> called(mg.exp([1.0, 2.0]), "e").name, called(3.0, "n")
    ('e', 3.0)
    """
    return x.named(name) if isinstance(x, Node) else x
