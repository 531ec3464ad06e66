"""The expression tree: a formula as data, which the printers of text and of LaTeX both read.

It says what is applied to what, and knows neither Nodes nor any format. A tree is small: whoever
builds one keeps to a budget, so a printer may recurse over it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

# How firmly the parts of a formula hold together, from the loosest. What stands in a place that
# asks for more gets brackets.
CHOICE = 0
BOTH = 5
RELATION = 10
TOTAL = 20
NEGATION = 25
SUM = 30  # Σ reaches as far to the right as products go
WORD = 35  # so do "log" and "max", but for their own brackets
MATRIX = 38
PRODUCT = 40
DERIVATIVE = 45
POWER = 70
POSTFIX = 80
ATOM = 100


@dataclass(frozen=True)
class Symbol:
    """A name: any text, never interpreted."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Literal:
    """What stands as it is: "…", "(0, 1, 2)"."""

    text: str


@dataclass(frozen=True)
class Derivative:
    """A partial derivative: ∂of/∂by."""

    of: Tree
    by: Tree


@dataclass(frozen=True)
class Product:
    """A product entry by entry, over another one: the factors over the divisors."""

    factors: tuple[Tree, ...]
    divisors: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Total:
    """A sum of terms, each with its sign: True for minus."""

    terms: tuple[tuple[bool, Tree], ...]


@dataclass(frozen=True)
class Negation:
    """The negative: −of."""

    of: Tree


@dataclass(frozen=True)
class MatrixProduct:
    """A product of matrices: left right."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Power:
    """A power: base to the exponent."""

    base: Tree
    exponent: Tree


@dataclass(frozen=True)
class Root:
    """A square root."""

    of: Tree


@dataclass(frozen=True)
class Absolute:
    """An absolute value."""

    of: Tree


@dataclass(frozen=True)
class Transposed:
    """A transpose: ofᵀ."""

    of: Tree


@dataclass(frozen=True)
class Word:
    """A word or a large operator before what it is applied to: log x, max x, Σ x.

    ``axes`` says along which axes, where that is not clear by itself.
    """

    word: str
    of: Tree
    axes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Call:
    """A function applied to arguments in brackets: σ(x), softmax(z)."""

    head: str
    arguments: tuple[Tree, ...]
    axes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One of two, by a condition: yes if condition else no."""

    condition: Tree
    yes: Tree
    no: Tree


@dataclass(frozen=True)
class Both:
    """Two conditions that both hold."""

    left: Tree
    right: Tree


@dataclass(frozen=True)
class Indicator:
    """1 where a condition holds, 0 elsewhere (Iverson's bracket)."""

    condition: Tree


@dataclass(frozen=True)
class Relation:
    """A comparison: left sign right."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Written:
    """Arguments between pieces of text, as an op's notation has it: one piece more than those."""

    pieces: tuple[str, ...]
    arguments: tuple[Tree, ...]
    level: int


@dataclass(frozen=True)
class Placed:
    """Entries put at some places among zeros: of at [...], 0 elsewhere."""

    of: Tree
    place: Tree


@dataclass(frozen=True)
class Marked:
    """A part that is pointed out."""

    of: Tree


@dataclass(frozen=True)
class Statement:
    """A formula: left = right, where each name stands for its tree; without a left side, right.

    The sign between them may be "←" instead: the left side becomes the right one.
    """

    left: Tree | None
    right: Tree
    where: Where = ()
    sign: str = "="


Tree = (
    Symbol
    | Number
    | Literal
    | Derivative
    | Product
    | Total
    | Negation
    | MatrixProduct
    | Power
    | Root
    | Absolute
    | Transposed
    | Word
    | Call
    | Choice
    | Both
    | Indicator
    | Relation
    | Written
    | Placed
    | Marked
)

# What names that were made up stand for.
Where = tuple[tuple[Symbol, Tree], ...]

ELLIPSIS = Literal("…")

# The vector of ones.
ONES = "𝟏"


_LEVELS: dict[type, int] = {
    Literal: ATOM,
    Derivative: DERIVATIVE,
    Total: TOTAL,
    Negation: NEGATION,
    MatrixProduct: MATRIX,
    Power: POWER,
    Root: POWER,
    Absolute: ATOM,
    Transposed: POSTFIX,
    Call: ATOM,
    Choice: CHOICE,
    Both: BOTH,
    Indicator: ATOM,
    Relation: RELATION,
    Placed: CHOICE,
}


def level(tree: Tree) -> int:
    """Return how firmly a tree's parts hold together."""
    match tree:
        case Symbol(name):
            # A name may be any text: what looks like more than one keeps together by brackets.
            if any(c.isspace() for c in name):
                return CHOICE
            return DERIVATIVE if "/" in name else POSTFIX if name[-1:] in RAISED else ATOM
        case Number(value):
            return NEGATION if value < 0 else ATOM
        case Product(factors, divisors):
            # A Σ at the end reaches on to whatever comes next.
            last = level((divisors or factors)[-1]) if len(divisors) < 2 else PRODUCT
            return last if last in (SUM, WORD) else PRODUCT
        case Word(word):
            return SUM if word in LARGE else WORD
        case Written():
            return tree.level
        case Marked(of):
            return level(of)
    return _LEVELS[type(tree)]


def needed(where: Where, *trees: Tree) -> Where:
    """Return the names, of those with a meaning, that are in the trees or in what these mean."""
    waiting, found = list(trees), set()
    meanings = dict(where)
    while waiting:
        part: Any = waiting.pop()
        if isinstance(part, tuple):
            waiting += part
        elif part in meanings and part not in found:
            found.add(part)
            waiting.append(meanings[part])
        elif is_dataclass(part):
            waiting += [getattr(part, field.name) for field in fields(part)]
    return tuple(pair for pair in where if pair[0] in found)


# What a name may end with and is written above the line.
RAISED = {*"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀ"}

# Words that are large operators.
LARGE = {"Σ", "Π"}


def fits(tree: Tree, least: int, *also: int) -> bool:
    """Return whether a tree may stand without brackets where a level is asked for."""
    found = level(tree)
    return found >= least or found in also
