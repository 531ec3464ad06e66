"""Linear maps as formulas: sums of diagonal matrices, of outer products and of matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace

from minigraph.formula.build import core
from minigraph.formula.gather import gathered, in_a_row, transposed
from minigraph.formula.tree import (
    MATRIX,
    ONES,
    Call,
    MatrixProduct,
    Negation,
    Number,
    Product,
    Symbol,
    Total,
    Tree,
    Word,
    Written,
)

_ONE = Number(1)


@dataclass(frozen=True)
class Diagonal:
    """g ↦ c · g, entry by entry."""

    minus: bool
    c: Tree


@dataclass(frozen=True)
class Outer:
    """g ↦ u · Σ v · g. Where both ends are single numbers, it is Diagonal instead.

    ``u_entries`` and ``v_entries`` say whether u and v have an entry for each of a vector's, or
    are one number for all.
    """

    minus: bool
    u: Tree
    v: Tree
    u_entries: bool
    v_entries: bool


@dataclass(frozen=True)
class Matrix:
    """g ↦ m g."""

    minus: bool
    m: Tree


Term = Diagonal | Outer | Matrix


@dataclass(frozen=True)
class Map:
    """A sum of terms, from arrays of one shape to arrays of another, axes of length 1 aside."""

    terms: tuple[Term, ...]
    domain: tuple[int, ...]
    target: tuple[int, ...]

    def negated(self) -> Map:
        """Return the map's negative."""
        return replace(self, terms=tuple(replace(t, minus=not t.minus) for t in self.terms))

    def spread(self, shape: tuple[int, ...]) -> Map | None:
        """Return the map with its output broadcast to a shape; None if that is no vector."""
        target = tuple(core(shape))
        if target == self.target:
            return self
        if self.target or len(target) != 1:
            return None
        return replace(self, terms=tuple(map(_widened, self.terms)), target=target)


def _widened(term: Term) -> Term:
    """Return what maps to a number as what maps to that number in each entry."""
    if isinstance(term, Diagonal):
        return Outer(term.minus, term.c, _ONE, False, False)
    return term


def identity(shape: tuple[int, ...]) -> Map:
    """Return the map that changes nothing."""
    return Map((Diagonal(False, _ONE),), tuple(core(shape)), tuple(core(shape)))


def added_up(a: Map, b: Map) -> Map:
    """Return the sum of two maps."""
    return replace(a, terms=a.terms + b.terms)


def product(x: Map, c: Tree, size: list[int], divide: bool = False) -> Map | None:
    """Return a map followed by a product, or a quotient, with c, entry by entry."""
    wide = x if tuple(size) in ((), x.target) else x.spread(tuple(size))
    if wide is None:
        return None
    terms: list[Term] = []
    for term in wide.terms:
        sign = term.minus
        match term:
            case Diagonal():
                sign, tree = _signed(sign, _by(term.c, c, divide))
                terms.append(Diagonal(sign, tree))
            case Outer():
                sign, tree = _signed(sign, _by(term.u, c, divide))
                terms.append(
                    replace(term, minus=sign, u=tree, u_entries=term.u_entries or bool(size))
                )
            case Matrix() if not size:
                terms.append(Matrix(sign, _by(term.m, c, divide)))
            case Matrix():
                diagonal = _diagonal(_by(_ONE, c, divide))
                terms.append(Matrix(sign, in_a_row(diagonal, term.m)))
    return replace(wide, terms=tuple(terms))


def summed(x: Map) -> Map:
    """Return a map followed by the sum of all entries; of a matrix the sum is left as 𝟏ᵀ m."""
    if not x.target:
        return x
    terms: list[Term] = []
    for term in x.terms:
        match term:
            case Diagonal(minus, c):
                terms.append(Outer(minus, _ONE, c, False, c != _ONE))
            case Outer():
                total = Word("Σ", _vector(term.u, term.u_entries))
                terms.append(replace(term, u=gathered(total), u_entries=False))
            case Matrix(minus, m):
                terms.append(Outer(minus, _ONE, in_a_row(transposed(m), Symbol(ONES)), False, True))
    return replace(x, terms=tuple(terms), target=())


def through(x: Map, m: Tree, size: list[int], transpose: bool) -> Map:
    """Return a map followed by a product with a matrix: m x, or mᵀ x."""
    left = transposed(m) if transpose else m
    target = (size[1],) if transpose else (size[0],)
    terms: list[Term] = []
    for term in x.terms:
        match term:
            case Diagonal(minus, c):
                terms.append(Matrix(minus, left if c == _ONE else in_a_row(left, _diagonal(c))))
            case Outer():
                column = in_a_row(left, _vector(term.u, term.u_entries))
                terms.append(replace(term, u=column, u_entries=True))
            case Matrix(minus, inner):
                terms.append(Matrix(minus, in_a_row(left, inner)))
    return Map(tuple(terms), x.domain, target)


def jacobian_tree(x: Map) -> Tree:
    """Write the transpose of a map as a formula."""
    terms = [(term.minus, _transposed_term(term, x)) for term in _cancelled(x.terms)]
    tree = gathered(Total(tuple(terms)))
    # Of a single output it is the gradient as a row.
    return transposed(tree) if x.target and not x.domain else tree


def _transposed_term(term: Term, x: Map) -> Tree:
    match term:
        case Diagonal(_, c):
            return _diagonal(c) if x.domain else c
        case Matrix(_, m):
            return _turned(m)
        case Outer(_, u, v, u_entries, v_entries):
            row = _vector(u, u_entries) if x.target else u
            column = _vector(v, v_entries) if x.domain else v
            if x.domain and x.target:
                return Written(("", "", "ᵀ"), (column, row), MATRIX)
            return gathered(Product((column, row)))


def _vector(tree: Tree, entries: bool) -> Tree:
    """Return a vector: a tree that is one, or a number times a vector of ones."""
    return tree if entries else gathered(Product((tree, Symbol(ONES))))


def _turned(m: Tree) -> Tree:
    """Return the transpose of a matrix; a diagonal one is its own."""
    match m:
        case MatrixProduct(left, right):
            return in_a_row(_turned(right), _turned(left))
        case Call("diag"):
            return m
    return transposed(m)


def _diagonal(c: Tree) -> Tree:
    match c:
        case Number() | Product((), (Number(),)) | Product((Number(),), (Number(),)):
            return gathered(Product((c, Symbol("I"))))
    return Call("diag", (c,))


def _by(a: Tree, b: Tree, divide: bool) -> Tree:
    return gathered(Product((a,), (b,)) if divide else Product((a, b)))


def _signed(minus: bool, tree: Tree) -> tuple[bool, Tree]:
    return (not minus, tree.of) if isinstance(tree, Negation) else (minus, tree)


def _cancelled(terms: tuple[Term, ...]) -> list[Term]:
    """Return the terms without those that cancel: diag(a) − diag(a − 1) is I."""
    split: list[Term] = []
    for term in terms:
        if isinstance(term, Diagonal) and isinstance(term.c, Total):
            split += [Diagonal(term.minus != minus, part) for minus, part in term.c.terms]
        else:
            split.append(term)
    left: list[Term] = []
    for term in split:
        opposite = replace(term, minus=not term.minus)
        if opposite in left:
            left.remove(opposite)
        else:
            left.append(term)
    return left if len(left) < len(split) and left else list(terms)
