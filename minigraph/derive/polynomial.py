"""Multiplying out: a node of sums, products and quotients as a sum of monomials, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from minigraph import namespace as mg
from minigraph.derive.literals import number_of
from minigraph.derive.rule import number, shaped
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.ops import arithmetic

MOST_TERMS = 24
"""A polynomial of more terms than this is not written down."""

MOST_SHOWN = 8
"""What is multiplied out into more terms than this is not shown before they cancel."""

# The power of each atom, by its number; no power is 0.
Monomial = tuple[tuple[int, int], ...]
Polynomial = dict[Monomial, Fraction]

_ALGEBRA = (
    arithmetic.Add
    | arithmetic.Subtract
    | arithmetic.Negative
    | arithmetic.Multiply
    | arithmetic.Divide
)


class _TooLargeError(Exception):
    """The polynomial has too many terms, or divides by what may be 0."""


@dataclass(eq=False)
class Algebra:
    """Polynomials in the nodes that are not opened, the atoms; negative powers for divisors.

    Attributes
    ----------
    closed : callable
        Whether a node is not opened, even if it is a sum or a product.
    nonzero : callable
        Whether an atom is known to be nowhere 0, so that it may cancel.
    atoms : list of Node
    """

    closed: Callable[[Node], bool]
    nonzero: Callable[[Node], bool]
    atoms: list[Node] = field(default_factory=list)
    _numbers: dict[Node, int] = field(default_factory=dict)

    def polynomial(self, node: Node) -> Polynomial | None:
        """Return a node multiplied out; None if there are too many terms, or 0/0 may be meant.

        What is divided by is not multiplied out, anywhere.
        """
        order = topological_order(
            node, within=lambda x: isinstance(x.op, _ALGEBRA) and not self.closed(x)
        )
        inside = set(order)
        divisors = {n.inputs[1] for n in order if isinstance(n.op, arithmetic.Divide)}
        found: dict[Node, Polynomial] = {}

        def of(x: Node) -> Polynomial:
            return found[x] if x in inside else self._atom(x)

        try:
            for n in order:
                opened = n in inside and (n not in divisors or n is node)
                found[n] = self._step(n, of) if opened else self._atom(n)
        except _TooLargeError:
            return None
        return found[node]

    def terms(self, node: Node) -> Node | None:
        """Return a node multiplied out, with nothing cancelled; None if there are many terms.

        Divisors stay where they are: ŷ · (y / ŷ + 1) is ŷ · (y / ŷ) + ŷ.
        """
        order = topological_order(
            node, within=lambda x: isinstance(x.op, _ALGEBRA) and not self.closed(x)
        )
        divisors = {n.inputs[1] for n in order if isinstance(n.op, arithmetic.Divide)}
        found: dict[Node, list[tuple[bool, Node]]] = {}
        for n in order:
            parts = [found.get(x, [(False, x)]) for x in n.inputs]
            opened = n not in divisors or n is node
            match n.op:
                case arithmetic.Add() if opened:
                    found[n] = parts[0] + parts[1]
                case arithmetic.Subtract() if opened:
                    found[n] = parts[0] + [(not minus, x) for minus, x in parts[1]]
                case arithmetic.Negative() if opened:
                    found[n] = [(not minus, x) for minus, x in parts[0]]
                case arithmetic.Multiply() if opened:
                    left, right = parts
                    found[n] = [(m != s, _times(x, y)) for m, x in left for s, y in right]
                case arithmetic.Divide() if opened:
                    found[n] = [(minus, x / n.inputs[1]) for minus, x in parts[0]]
                case _:
                    found[n] = [(False, n)]
            if len(found[n]) > MOST_SHOWN:
                return None
        (minus, first), *rest = found[node]
        total = -first if minus else first
        for minus, x in rest:
            total = total - x if minus else total + x
        return total

    def _step(self, node: Node, of: Callable[[Node], Polynomial]) -> Polynomial:
        parts = [of(x) for x in node.inputs]
        match node.op:
            case arithmetic.Add():
                return _sum(parts[0], parts[1], 1)
            case arithmetic.Subtract():
                return _sum(parts[0], parts[1], -1)
            case arithmetic.Negative():
                return _sum({}, parts[0], -1)
            case arithmetic.Multiply():
                return self._product(parts[0], parts[1])
            case arithmetic.Divide() if len(parts[1]) == 1:
                ((monomial, factor),) = parts[1].items()
                inverse = tuple((atom, -power) for atom, power in monomial)
                return self._product(parts[0], {inverse: 1 / factor})
        return self._atom(node)

    def _atom(self, node: Node) -> Polynomial:
        value = number_of(node)
        if value is not None and float(value).is_integer():
            return {(): Fraction(int(value))} if value else {}
        if node not in self._numbers:
            self._numbers[node] = len(self.atoms)
            self.atoms.append(node)
        return {((self._numbers[node], 1),): Fraction(1)}

    def _product(self, a: Polynomial, b: Polynomial) -> Polynomial:
        result: Polynomial = {}
        for left, x in a.items():
            for right, y in b.items():
                powers = dict(left)
                for atom, power in right:
                    old = powers.get(atom, 0)
                    if old * power < 0 and not self.nonzero(self.atoms[atom]):
                        raise _TooLargeError
                    powers[atom] = old + power
                key = tuple(sorted((atom, p) for atom, p in powers.items() if p))
                result = _sum(result, {key: x * y}, 1)
        if len(result) > MOST_TERMS:
            raise _TooLargeError
        return result

    def node(self, polynomial: Polynomial, like: Node) -> Node:
        """Write a polynomial as a node of the shape of another one: what is added goes first."""
        total: Node | None = None
        for monomial, factor in sorted(polynomial.items(), key=lambda item: item[1] < 0):
            term = self._term(monomial, abs(factor), like)
            if total is None:
                total = -term if factor < 0 else term
            else:
                total = total - term if factor < 0 else total + term
        return shaped(number(0, like) if total is None else total, like)

    def _term(self, monomial: Monomial, factor: Fraction, like: Node) -> Node:
        above: Node | None = None
        below: Node | None = None
        for atom, power in monomial:
            part = self.atoms[atom]
            if abs(power) == 2:
                part = mg.square(part)
            elif abs(power) > 2:
                part = part ** abs(power)
            if power > 0:
                above = part if above is None else above * part
            else:
                below = part if below is None else below * part
        if above is None:
            above = number(factor.numerator, like)
        elif factor.numerator != 1:
            above = factor.numerator * above
        whole = above if below is None else above / below
        return whole if factor.denominator == 1 else whole / factor.denominator


def _times(a: Node, b: Node) -> Node:
    """Return a product; 1 is left out."""
    if number_of(a) == 1:
        return b
    return a if number_of(b) == 1 else a * b


def _sum(a: Polynomial, b: Polynomial, sign: int) -> Polynomial:
    result = dict(a)
    for monomial, factor in b.items():
        total = result.get(monomial, Fraction(0)) + sign * factor
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result
