"""The formulas of a walk, as the room `formula` prints them from the graph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import cache

from minigraph.formula import Formula, equation, expression, jacobian_formula, local_rules
from minigraph.leaves import constant
from minigraph.node import Node

# What the picture calls a node whose expression is too long for a name.
_NUMBERED = re.compile("v[₀-₉]+")


class Symbols:
    """Formulas in which every node goes by its name in the picture.

    Parameters
    ----------
    names : mapping of Node to str
        Of all nodes, those included that nobody named.
    named : set of Node
        Those that somebody named.
    loss : Node
        What is differentiated.
    """

    def __init__(self, names: Mapping[Node, str], named: Set[Node], loss: Node) -> None:
        self.names = names
        self._loss = loss
        # A node that is called what it is, as θᵀ, is written out; one that is called v₁ is not.
        self._given = {
            node: name
            for node, name in names.items()
            if node in named or node._op is None or _NUMBERED.fullmatch(name)
        }

    def equation(self, node: Node, expanded: bool = False) -> Formula:
        """Write how a node is computed: "z = θᵀ x".

        What is called what it is, as θᵀ, is not set equal to itself.
        """
        formula = equation(node, self._given, expanded)
        name = self.names[node]
        if node in self._given or formula.right.text == name:
            return formula
        return equation(node, {**self._given, node: name}, expanded)

    def equations(self, node: Node) -> tuple[Formula, ...]:
        """Write how a node is computed; of a composite also in the ops that it is made of."""
        formulas = (self.equation(node), self.equation(node, expanded=True))
        return formulas[: 1 + (formulas[0].right != formulas[1].right)]

    def rule(self, node: Node, i: int) -> Formula:
        """Write what an op passes on to an input: "∂L/∂x = θ ∂L/∂z"."""
        rule = self._rules(node, self.names)[i]
        assert rule is not None  # something flows there
        return rule

    def through(self, node: Node, i: int, between: Node) -> Formula | None:
        """Write what an op passes on through an unnamed transpose: "∂L/∂θ = x (∂L/∂z)ᵀ"."""
        others = {x: name for x, name in self.names.items() if x is not between}
        return self._rules(node, others)[i]

    def _rules(self, node: Node, names: Mapping[Node, str]) -> tuple[Formula | None, ...]:
        loss = self.names[self._loss]
        cotangent = None
        if self.names[node] == loss:  # another node may be called so too
            cotangent = "1" if node is self._loss else f"∂{loss}/∂{loss}"
        return local_rules(node, names, cotangent, loss)

    def jacobian(self, node: Node, i: int, part: Node | None) -> Formula | None:
        """Write the derivative of a node by an input of its op: "∂ŷ/∂z = diag(ŷ) − ŷŷᵀ".

        Parameters
        ----------
        node : Node
        i : int
        part : Node or None
            The same op on a part of the inputs that its Jacobian does not mix with the others;
            it is written as if it were the whole.
        """
        if part is None:
            return None
        names = {x: self.names[y] for x, y in zip(part._inputs, node._inputs, strict=True)}
        return jacobian_formula(part, i, {**names, part: self.names[node]})


def chain(derivative: str, outgoing: str, arriving: str) -> Formula:
    """Write a gradient as the Jacobian, transposed, times the cotangent.

    Examples
    --------
    >>> chain("∂ŷ/∂z", "∂L/∂ŷ", "∂L/∂z")
    <Formula: ∂L/∂z = (∂ŷ/∂z)ᵀ ∂L/∂ŷ>
    """
    jacobian, cotangent = constant([[1.0], [2.0]]), constant([[1.0], [2.0]])
    product = jacobian.T @ cotangent
    return equation(product, {jacobian: derivative, cotangent: outgoing, product: arriving})


@cache
def named(name: str) -> Formula:
    """Write a name as a formula.

    Examples
    --------
    >>> named("∂L/∂z")
    <Formula: ∂L/∂z>
    """
    return equation(constant(0.0, name))


def written(node: Node, names: Mapping[Node, str]) -> Formula:
    """Write what a node is made of, down to these names."""
    return expression(node, names)
