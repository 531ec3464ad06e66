"""Formulas of a graph: printed from its Nodes and from the ops' own rules run on Nodes."""

from minigraph.formula.formula import Formula
from minigraph.formula.jacobian import jacobian_formula
from minigraph.formula.mathml import PackageError
from minigraph.formula.rules import local_rules
from minigraph.formula.write import equation, expression

__all__ = [
    "Formula",
    "PackageError",
    "equation",
    "expression",
    "jacobian_formula",
    "local_rules",
]
