"""For testing gradients, minigraph's or one's own; hypothesis is imported only if it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minigraph.testing import strategies
    from minigraph.testing.check import check_gradient
    from minigraph.testing.mismatch import GradientMismatch
    from minigraph.testing.result import GradientCheck
    from minigraph.testing.softmax import SoftmaxCheck, check_softmax_cross_entropy
    from minigraph.testing.verdict import SoftmaxMistake

__all__ = [
    "GradientCheck",
    "GradientMismatch",
    "SoftmaxCheck",
    "SoftmaxMistake",
    "check_gradient",
    "check_softmax_cross_entropy",
    "strategies",
]

_HOMES = {
    "GradientCheck": "result",
    "GradientMismatch": "mismatch",
    "SoftmaxCheck": "softmax",
    "SoftmaxMistake": "verdict",
    "check_gradient": "check",
    "check_softmax_cross_entropy": "softmax",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the file that defines it."""
    if name == "strategies":
        return importlib.import_module("minigraph.testing.strategies")
    if name in _HOMES:
        return getattr(importlib.import_module(f"minigraph.testing.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'minigraph.testing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
