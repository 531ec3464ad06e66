"""Graphs compiled to NumPy source. The package is itself callable: ``mg.compile(L, [θ], [θ])``."""

from __future__ import annotations

from minigraph.compile.compiled import CompiledFunction, compile
from minigraph.rooms import make_callable

__all__ = ["CompiledFunction", "compile"]

make_callable(__name__, compile)
