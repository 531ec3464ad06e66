"""Graphs compiled to NumPy source. The package is itself callable: ``mg.compile(L, [θ], [θ])``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from minigraph.compile.compiled import CompiledFunction, compile

__all__ = ["CompiledFunction", "compile"]


class _CallableModule(ModuleType):
    """A module that is also its main function, so that the room has the name of what it does."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return compile(*arguments, **options)


_CallableModule.__call__.__doc__ = compile.__doc__
sys.modules[__name__].__class__ = _CallableModule
