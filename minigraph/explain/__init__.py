"""A graph, gone through step by step. The package is itself callable: ``mg.explain(loss)``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from minigraph.explain.build import explain
from minigraph.explain.walk import Origin, Quantity, Step, Walk

__all__ = ["Origin", "Quantity", "Step", "Walk", "explain"]


class _CallableModule(ModuleType):
    """A module that is also its main function, so that the room has the name of what it does."""

    def __call__(self, *arguments: Any, **options: Any) -> Walk:
        return explain(*arguments, **options)


_CallableModule.__call__.__doc__ = explain.__doc__
sys.modules[__name__].__class__ = _CallableModule
