"""Derivations of gradients by named rules. The package is itself callable: ``mg.derive(L, z)``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from minigraph.derive.build import derive
from minigraph.derive.components import ComponentDerivation, Line, by_components
from minigraph.derive.derivation import Derivation, Step
from minigraph.derive.knowledge import Knowledge, Missing
from minigraph.derive.measure import measure
from minigraph.derive.rule import Rule
from minigraph.derive.rules import RULES, rules_table
from minigraph.facts import BelowOne, Fact, Finite, NonNegative, OneHot, Positive, SumsToOne

__all__ = [
    "RULES",
    "BelowOne",
    "ComponentDerivation",
    "Derivation",
    "Fact",
    "Finite",
    "Knowledge",
    "Line",
    "Missing",
    "NonNegative",
    "OneHot",
    "Positive",
    "Rule",
    "Step",
    "SumsToOne",
    "by_components",
    "derive",
    "measure",
    "rules_table",
]


class _CallableModule(ModuleType):
    """A module that is also its main function, so that the room has the name of what it does."""

    def __call__(self, output: Any, wrt: Any) -> Any:
        return derive(output, wrt)


_CallableModule.__call__.__doc__ = derive.__doc__
sys.modules[__name__].__class__ = _CallableModule
