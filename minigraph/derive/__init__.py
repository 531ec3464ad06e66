"""Derivations of gradients by named rules. The package is itself callable: ``mg.derive(L, z)``."""

from __future__ import annotations

from minigraph.derive.build import derive
from minigraph.derive.components import ComponentDerivation, Line, by_components
from minigraph.derive.derivation import Derivation, Step
from minigraph.derive.knowledge import Knowledge, Missing
from minigraph.derive.measure import measure
from minigraph.derive.rule import Rule
from minigraph.derive.rules import RULES, rules_table
from minigraph.facts import BelowOne, Fact, Finite, NonNegative, OneHot, Positive, SumsToOne
from minigraph.rooms import make_callable

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

make_callable(__name__, derive)
