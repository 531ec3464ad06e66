"""Gathering: a product of products is one product, minus times minus is plus, (a b)ᵀ is bᵀ aᵀ.

An op's rule, run on Nodes, leaves its factors and signs where the code has them. A reader wants
them in one place. Here they are moved, each step an identity of mathematics: numbers go to the
front, those of a sum are added up, e^(log a) is a.
"""

from __future__ import annotations

from minigraph.formula.tree import (
    Both,
    Call,
    Choice,
    Indicator,
    MatrixProduct,
    Negation,
    Number,
    Power,
    Product,
    Symbol,
    Total,
    Transposed,
    Tree,
    Word,
)

Axes = tuple[int, ...]


def gathered(tree: Tree) -> Tree:
    """Return a tree with its outermost step gathered; its parts are gathered already.

    Examples
    --------
    >>> from minigraph.formula.text import text
    >>> Axes = tuple[int, ...]

    from minigraph.formula.tree import Symbol
    >>> y, y_hat = Symbol("y"), Symbol("ŷ")
    >>> third = Product((Number(1), Number(1)), (Number(3),))
    >>> text(gathered(Product((Negation(gathered(Product((gathered(third), y)))),), (y_hat,))))
    '−y / (3ŷ)'
    """
    match tree:
        case Product(factors, divisors):
            return _product(factors, divisors)
        case MatrixProduct(left, right):
            return in_a_row(left, right)
        case Negation(of):
            return negated(of)
        case Total(terms):
            return _total(terms)
        case Transposed(of):
            return transposed(of)
        case Call("broadcast", (Number() | Product((Number(),), (Number(),)) as of,)):
            return of
        case Power(Symbol("e"), Word("log", of, ())):
            return of
        case Power(base, Negation(Number(value))):
            return Power(base, Number(-value))
        case Choice(condition, Choice(inner, yes, no), other) if no == other:
            return Choice(Both(inner, condition), yes, no)
        case Word("Σ", Negation(of), axes):
            return Negation(gathered(Word("Σ", of, axes)))
        case Word("Σ", Product(factors, divisors), axes):
            return _numbers_out(factors, divisors, axes)
    return tree


def negated(tree: Tree) -> Tree:
    """Return −tree: without two signs, and b − a for −(a − b)."""
    match tree:
        case Negation(of):
            return of
        case Total(terms) if len({minus for minus, _ in terms}) == 2:
            return _total(tuple((not minus, term) for minus, term in terms))
    return Negation(tree)


def in_a_row(left: Tree, right: Tree) -> Tree:
    """Return a product of matrices; one on the right joins in: a b c."""
    if isinstance(right, MatrixProduct):
        return MatrixProduct(in_a_row(left, right.left), right.right)
    return MatrixProduct(left, right)


def transposed(tree: Tree) -> Tree:
    """Return treeᵀ, without a transpose of a transpose or of a product."""
    match tree:
        case Transposed(of):
            return of
        case MatrixProduct(left, right):
            return in_a_row(transposed(right), transposed(left))
        case Negation(of):
            return Negation(transposed(of))
    return Transposed(tree)


def _product(factors: tuple[Tree, ...], divisors: tuple[Tree, ...]) -> Tree:
    above: list[Tree] = []
    below: list[Tree] = []
    minus = False
    for group, here, there in ((factors, above, below), (divisors, below, above)):
        for factor in group:
            if isinstance(factor, Number) and factor.value < 0:
                factor = Negation(Number(-factor.value))
            if isinstance(factor, Negation):
                minus, factor = not minus, factor.of
            if isinstance(factor, Product):
                here += factor.factors
                there += factor.divisors
            else:
                here.append(factor)
    above, below = _numbers_first(above), _numbers_first(below)
    if not above and not below:
        product = Number(1)
    elif len(above) == 1 and not below:
        product = above[0]
    else:
        product = Product(tuple(above), tuple(below))
    return negated(product) if minus else product


def _numbers_first(factors: list[Tree]) -> list[Tree]:
    """Put numbers before what they multiply, and leave out 1, if anything is left then."""
    numbers = [x for x in factors if isinstance(x, Number) and x.value != 1]
    others: list[Tree] = []
    for x in factors:
        before = others[-1] if others else None
        if isinstance(x, Indicator) and isinstance(before, Indicator):
            others[-1] = Indicator(Both(before.condition, x.condition))
        elif not isinstance(x, Number):
            others.append(x)
    return numbers + others


def _numbers_out(factors: tuple[Tree, ...], divisors: tuple[Tree, ...], axes: Axes) -> Tree:
    """Take numbers out of a sum: Σ 2x/3 is 2 (Σ x)/3."""
    above, below = (
        tuple(x for x in group if isinstance(x, Number)) for group in (factors, divisors)
    )
    rest = tuple(
        tuple(x for x in group if not isinstance(x, Number)) for group in (factors, divisors)
    )
    total = Word("Σ", _product(*rest), axes)
    return _product((*above, total), below)


def _total(terms: tuple[tuple[bool, Tree], ...]) -> Tree:
    flat: list[tuple[bool, Tree]] = []
    for minus, tree in terms:
        tree = gathered(tree) if isinstance(tree, Power) else tree
        if isinstance(tree, Negation):
            minus, tree = not minus, tree.of
        parts = tree.terms if isinstance(tree, Total) else ((False, tree),)
        flat += [(minus != sign, part) for sign, part in parts]
    numbers = [-n.value if minus else n.value for minus, n in flat if isinstance(n, Number)]
    if len(numbers) > 1:
        found = sum(numbers)
        flat = [term for term in flat if not isinstance(term[1], Number)]
        flat += [(found < 0, Number(abs(found)))] if found or not flat else []
    if len(flat) == 1:
        return negated(flat[0][1]) if flat[0][0] else flat[0][1]
    if all(minus for minus, _ in flat):
        return Negation(Total(tuple((False, part) for _, part in flat)))
    # A term without a sign comes first.
    first = next(i for i, (minus, _) in enumerate(flat) if not minus)
    return Total((flat[first], *flat[:first], *flat[first + 1 :]))
