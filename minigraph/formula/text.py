"""Formulas as Unicode text, on one line."""

from __future__ import annotations

from collections.abc import Sequence

from minigraph.formula.names import letter, shorten, superscript, visible
from minigraph.formula.tree import (
    ATOM,
    BOTH,
    DERIVATIVE,
    LARGE,
    MATRIX,
    NEGATION,
    POSTFIX,
    POWER,
    PRODUCT,
    RELATION,
    SUM,
    TOTAL,
    WORD,
    Absolute,
    Both,
    Call,
    Choice,
    Derivative,
    Indicator,
    Literal,
    Marked,
    MatrixProduct,
    Negation,
    Number,
    Placed,
    Power,
    Product,
    Relation,
    Root,
    Statement,
    Symbol,
    Total,
    Transposed,
    Tree,
    Word,
    Written,
    fits,
)


def text(tree: Tree) -> str:
    """Write a tree as text.

    Examples
    --------
    >>> from minigraph.formula.tree import Power, Product, Symbol, Total, Word
    >>> e = Power(Symbol("e"), Total(((False, Symbol("z")), (True, Word("max", Symbol("z"))))))
    >>> text(Product((e,), (Word("Σ", e),)))
    'e^(z − max z) / Σ e^(z − max z)'
    """
    match tree:
        case Symbol(name):
            return shorten(visible(name))
        case Number(value):
            return number(value)
        case Literal(content):
            return content
        case Derivative(of, by):
            return f"∂{_fit(of, POSTFIX)}/∂{_fit(by, POSTFIX)}"
        case Product():
            return _product(tree)
        case Total(terms):
            return _total(terms)
        case Negation(of):
            return "−" + _fit(of, SUM)
        case MatrixProduct(left, right):
            # What ends with Σ or log would take the other factor along.
            return f"{_fit(left, POWER, *loose_left(left))} {_fit(right, POWER, DERIVATIVE)}"
        case Power(base, Number(value)) if is_whole(value):
            return _fit(base, POSTFIX + 1) + superscript(int(value))
        case Power(base, exponent):
            return f"{_fit(base, POSTFIX + 1)}^{_fit(exponent, ATOM)}"
        case Root(of):
            return "√" + _fit(of, ATOM)
        case Absolute(of):
            return f"|{text(of)}|"
        case Transposed(of):
            return _fit(of, POSTFIX + 1) + "ᵀ"
        case Word(word, of, axes):
            return word + along(axes) + _after_word(word, of, axes)
        case Call(head, arguments, axes):
            inside = [*map(text, arguments), *([along(axes)[1:-1]] if axes else [])]
            return f"{shorten(visible(head))}({', '.join(inside)})"
        case Choice(condition, yes, no):
            return " ".join(
                (_fit(yes, RELATION), "if", _fit(condition, BOTH), "else", _fit(no, RELATION))
            )
        case Both(left, right):
            return f"{_fit(left, BOTH)} and {_fit(right, BOTH)}"
        case Indicator(condition):
            return f"[{text(condition)}]"
        case Relation(sign, left, right):
            return f"{_fit(left, TOTAL)} {sign} {_fit(right, TOTAL)}"
        case Written(pieces, arguments):
            return _written(pieces, arguments)
        case Placed(of, place):
            return f"{_fit(of, RELATION)} at {text(place)}, 0 elsewhere"
        case Marked(of):
            return f"⟦{text(of)}⟧"


def statement(formula: Statement) -> str:
    """Write a whole formula as text, on one line."""
    line = text(formula.right)
    if formula.left is not None:
        line = f"{text(formula.left)} {formula.sign} {line}"
    where = ", ".join(f"{text(name)} = {text(tree)}" for name, tree in formula.where)
    return f"{line}, where {where}" if where else line


def number(value: float) -> str:
    """Write a number: whole ones without a point, others to six digits.

    Examples
    --------
    >>> number(3.0), number(-0.25), number(1e-8), number(float("-inf"))
    ('3', '−0.25', '1e−8', '−∞')
    """
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    digits = f"{value:.6g}" if isinstance(value, float) else str(value)
    mantissa, e, exponent = digits.partition("e")
    digits = f"{mantissa}e{int(exponent)}" if e else digits
    return digits.replace("inf", "∞").replace("-", "−")


def along(axes: Sequence[int]) -> str:
    """Write along which axes something is done, in brackets; nothing if there are none."""
    if not axes:
        return ""
    return f"[axis={axes[0]}]" if len(axes) == 1 else f"[axes={','.join(map(str, axes))}]"


def is_whole(value: float) -> bool:
    """Return whether an exponent is a whole number that is short enough to be raised."""
    return float(value).is_integer() and abs(value) < 1000


def sticks(number: Tree, factor: Tree) -> str | None:
    """Return what stands between a number and the factor after it: 2x, 2 (a + b); else None."""
    if not isinstance(number, Number) or isinstance(factor, Number | Literal):
        return None
    plain = isinstance(factor, Symbol) and letter(factor.name) is not None
    return "" if plain else " "


def factor_fits(tree: Tree, first: bool, last: bool, beside_numbers: bool) -> bool:
    """Return whether a factor of a product needs no brackets."""
    if beside_numbers and fits(tree, MATRIX):
        return True
    open_ended = fits(tree, ATOM, SUM, WORD) and not fits(tree, PRODUCT)
    return last if open_ended else fits(tree, PRODUCT if first else PRODUCT + 1)


def divisor_fits(tree: Tree) -> bool:
    """Return whether a divisor needs no brackets."""
    return fits(tree, DERIVATIVE + 1, SUM, WORD) and not isinstance(tree, Product)


def word_fits(word: str, of: Tree) -> bool:
    """Return whether what follows a word needs no brackets: Σ reaches further than log."""
    return fits(of, SUM if word in LARGE else POSTFIX)


def loose_left(tree: Tree) -> tuple[int, ...]:
    """Return what else may stand on the left of a product of matrices: one that ends firmly."""
    ends_loosely = isinstance(tree, MatrixProduct) and isinstance(tree.right, Derivative)
    return () if ends_loosely else (MATRIX,)


def term_fits(tree: Tree, first: bool, minus: bool) -> bool:
    """Return whether a term of a sum needs no brackets."""
    return fits(tree, TOTAL if first and not minus else NEGATION + 1)


def _fit(tree: Tree, least: int, *also: int) -> str:
    return text(tree) if fits(tree, least, *also) else f"({text(tree)})"


def _after_word(word: str, of: Tree, axes: Sequence[int]) -> str:
    if word_fits(word, of):
        return " " + text(of)
    return f" ({text(of)})" if word in LARGE or axes else f"({text(of)})"


def _written(pieces: Sequence[str], arguments: Sequence[Tree]) -> str:
    line = pieces[0]
    for argument, piece in zip(arguments, pieces[1:], strict=True):
        inside = line.endswith(("[", "(", ", ")) and piece[:1] in ("]", ")", ",")
        line += (text(argument) if inside else _fit(argument, POSTFIX)) + piece
    return line


def _factors(factors: Sequence[Tree], ends: bool) -> str:
    line = ""
    numbers = sum(isinstance(x, Number) for x in factors)
    for i, factor in enumerate(factors):
        last = ends and i == len(factors) - 1
        alone = 0 < numbers == len(factors) - 1
        fit = factor_fits(factor, i == 0, last, alone)
        if i:
            between = sticks(factors[i - 1], factor)
            line += " · " if between is None else between
        line += text(factor) if fit else f"({text(factor)})"
    return line


def _product(tree: Product) -> str:
    above = _factors(tree.factors, ends=not tree.divisors) or "1"
    match tree.divisors:
        case ():
            return above
        case (divisor,):
            below = text(divisor) if divisor_fits(divisor) else f"({text(divisor)})"
        case divisors:
            below = f"({_factors(divisors, ends=True)})"
    return f"{above} / {below}"


def _total(terms: Sequence[tuple[bool, Tree]]) -> str:
    line = ""
    for i, (minus, tree) in enumerate(terms):
        written = text(tree) if term_fits(tree, not i, minus) else f"({text(tree)})"
        sign = ("−" if minus else "") if not i else (" − " if minus else " + ")
        line += sign + written
    return line
