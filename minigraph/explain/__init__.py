"""A graph, gone through step by step. The package is itself callable: ``mg.explain(loss)``."""

from __future__ import annotations

from minigraph.explain.build import explain
from minigraph.explain.walk import Origin, Quantity, Step, Walk
from minigraph.rooms import make_callable

__all__ = ["Origin", "Quantity", "Step", "Walk", "explain"]

make_callable(__name__, explain)
