r"""Formulas as LaTeX: mathematics that any LaTeX, MathJax or KaTeX sets without a package.

Fractions stand upright where they have the room: not within brackets, scripts or other fractions,
so that no bracket has to grow (not every font for MathML can).
"""

from __future__ import annotations

from collections.abc import Sequence

from minigraph.formula.latex_signs import GREEK, PIECES, SIGNS, WORDS, escape
from minigraph.formula.names import letter, shorten, visible
from minigraph.formula.text import (
    divisor_fits,
    factor_fits,
    loose_left,
    number,
    sticks,
    term_fits,
    word_fits,
)
from minigraph.formula.tree import (
    BOTH,
    DERIVATIVE,
    LARGE,
    ONES,
    POSTFIX,
    POWER,
    RELATION,
    SUM,
    TOTAL,
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
    level,
)


class Latex:
    """A writer of LaTeX. MathML has one that overrides what goes beyond latex2mathml."""

    def quoted(self, text: str) -> str:
        """Write any text as text."""
        return rf"\text{{{escape(text)}}}"

    def word(self, word: str, hugs: bool) -> str:
        """Write the name of a function, with or without a bracket after it."""
        known = WORDS.get(word) or rf"\operatorname{{{word}}}"
        return known if hugs else known + " "

    def letter(self, character: str) -> str:
        """Write a letter."""
        return f"\\{GREEK[character]}" if character in GREEK else character

    def ones(self) -> str:
        """Write the vector of ones."""
        return r"\mathbf{1}"

    def marked(self, content: str) -> str:
        """Write a part that is pointed out."""
        return rf"\boxed{{{content}}}"

    def bars(self, content: str) -> str:
        """Write an absolute value."""
        return rf"\lvert {content} \rvert"

    def statement(self, formula: Statement) -> str:
        """Write a whole formula."""
        line = self.tree(formula.right, tall=True)
        if formula.left is not None:
            sign = "=" if formula.sign == "=" else r"\leftarrow"
            line = f"{self.tree(formula.left, tall=True)} {sign} {line}"
        where = ", ".join(f"{self.tree(name)} = {self.tree(tree)}" for name, tree in formula.where)
        return rf"{line}, \quad {self.quoted('where')}\; {where}" if where else line

    def tree(self, tree: Tree, tall: bool = False) -> str:
        """Write a tree; ``tall``: where there is room for fractions."""
        match tree:
            case Symbol(name):
                return self.name(name)
            case Number(value):
                return self.number(value)
            case Literal(content):
                return self.pieces(content)
            case Derivative(of, by):
                above = r"\partial " + self.fit(of, POSTFIX)
                below = r"\partial " + self.fit(by, POSTFIX)
                return rf"\frac{{{above}}}{{{below}}}" if tall else f"{above} / {below}"
            case Product():
                return self.product(tree, tall)
            case Total(terms):
                return self.total(terms, tall)
            case Negation(of):
                return "-" + self.fit(of, SUM, tall=tall)
            case MatrixProduct(left, right):
                loose = (DERIVATIVE,) if tall else ()
                return (
                    self.fit(left, POWER, *loose_left(left), *loose, tall=tall)
                    + r"\, "
                    + self.fit(right, POWER, DERIVATIVE, tall=tall)
                )
            case Power(base, exponent):
                return self.raised(self.fit(base, POSTFIX + 1), self.tree(exponent))
            case Transposed(of):
                return self.raised(self.fit(of, POSTFIX + 1), r"\mathsf T")
            case Root(of):
                return rf"\sqrt{{{self.tree(of)}}}"
            case Absolute(of):
                return self.bars(self.tree(of))
            case Word(word, of, axes):
                return self.after_word(word, of, axes, tall)
            case Call(head, arguments, axes):
                inside = [*map(self.tree, arguments), *([self.along(axes)] if axes else [])]
                return f"{self.head(head)}({', '.join(inside)})"
            case Choice(condition, yes, no):
                return (
                    self.fit(yes, RELATION, tall=tall)
                    + self.said("if")
                    + self.fit(condition, BOTH)
                    + self.said("else")
                    + self.fit(no, RELATION, tall=tall)
                )
            case Both(left, right):
                return self.fit(left, BOTH) + self.said("and") + self.fit(right, BOTH)
            case Indicator(condition):
                return f"[{self.tree(condition)}]"
            case Relation(sign, left, right):
                return f"{self.fit(left, TOTAL)} {SIGNS[sign]} {self.fit(right, TOTAL)}"
            case Written(pieces, arguments):
                return self.written(pieces, arguments)
            case Placed(of, place):
                end = rf",\; 0{self.said('elsewhere')}"
                return self.fit(of, RELATION, tall=tall) + self.said("at") + self.tree(place) + end
            case Marked(of):
                return self.marked(self.tree(of, tall))

    def fit(self, tree: Tree, least: int, *also: int, tall: bool = False) -> str:
        """Write a tree, in brackets where it would not keep together."""
        if fits(tree, least, *also):
            return self.tree(tree, tall)
        return f"({self.tree(tree)})"

    def said(self, words: str) -> str:
        """Write words of the sentence between parts of a formula."""
        return rf"\; {self.quoted(words)}\; "

    def name(self, name: str) -> str:
        """Write a name: a letter with its scripts, or any text as text."""
        if name == ONES:
            return self.ones()
        parts = letter(name)
        if parts is None or not (parts.base.isascii() or parts.base in GREEK):
            return self.quoted(shorten(visible(name)))
        base = self.letter(parts.base)
        base = rf"\{parts.accent}{{{base}}}" if parts.accent else base
        above = r"\mathsf T" if parts.super == "T" else parts.super
        above = r"\prime" * parts.primes + above
        below = (
            parts.sub if len(parts.sub) < 2 or not parts.sub.isalpha() else self.quoted(parts.sub)
        )
        return base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")

    def head(self, head: str) -> str:
        """Write the name of a function that is called."""
        return self.name(head) if len(head) == 1 else self.quoted(shorten(visible(head)))

    def number(self, value: float) -> str:
        """Write a number."""
        mantissa, e, exponent = number(value).replace("−", "-").partition("e")
        power = rf"10^{{{exponent}}}"
        front = "" if mantissa == "1" else "-" if mantissa == "-1" else rf"{mantissa} \times "
        return (front + power if e else mantissa).replace("∞", r"\infty ")

    def raised(self, base: str, exponent: str) -> str:
        """Write a base with something above it."""
        base = f"{{{base}}}" if "^" in base and not base.startswith("(") else base
        return f"{base}^{{{exponent}}}"

    def along(self, axes: Sequence[int]) -> str:
        """Write along which axes something is done."""
        name = "axis" if len(axes) == 1 else "axes"
        return f"{self.quoted(name)}={','.join(map(str, axes))}"

    def after_word(self, word: str, of: Tree, axes: Sequence[int], tall: bool) -> str:
        """Write a word and what it is applied to."""
        fit = word_fits(word, of)
        start = self.word(word, hugs=bool(axes) or not (fit or word in LARGE))
        start += f"_{{{self.along(axes)}}} " if axes else ""
        return start + (self.tree(of, tall and word in LARGE) if fit else f"({self.tree(of)})")

    def pieces(self, text: str) -> str:
        """Write what stands between arguments: known signs as such, all else as text."""
        stripped = text.strip()
        if all(c in PIECES or c == " " for c in stripped):
            return "".join(PIECES.get(c, r"\, ") for c in stripped)
        return self.quoted(text)

    def written(self, pieces: Sequence[str], arguments: Sequence[Tree]) -> str:
        """Write arguments between pieces of text."""
        line = self.pieces(pieces[0]) if pieces[0] else ""
        for argument, before, after in zip(arguments, pieces, pieces[1:], strict=False):
            inside = before.endswith(("[", "(", ", ")) and after[:1] in ("]", ")", ",")
            part = self.tree(argument) if inside else self.fit(argument, POSTFIX)
            raised = after.startswith("ᵀ")
            part = f"{{{part}}}" if raised and "^" in part else part
            line += (" " if line else "") + part + (" " if after and not raised else "")
            line += self.pieces(after) if after else ""
        return line.strip()

    def factors(self, factors: Sequence[Tree], ends: bool, tall: bool = False) -> str:
        """Write factors one after the other."""
        line = ""
        numbers = sum(isinstance(x, Number) for x in factors)
        for i, factor in enumerate(factors):
            alone = 0 < numbers == len(factors) - 1
            fit = factor_fits(factor, i == 0, ends and i == len(factors) - 1, alone)
            if i:
                between = sticks(factors[i - 1], factor)
                line += r" \cdot " if between is None else r"\, "[: 3 * len(between)]
            line += self.tree(factor, tall) if fit else f"({self.tree(factor)})"
        return line

    def alone(self, factors: Sequence[Tree]) -> str:
        """Write factors where nothing stands beside them."""
        return self.tree(factors[0]) if len(factors) == 1 else self.factors(factors, True) or "1"

    def product(self, tree: Product, tall: bool) -> str:
        """Write a product, over another one where it has divisors."""
        if not tree.divisors:
            return self.factors(tree.factors, ends=True, tall=tall)
        if not tall:
            above = self.factors(tree.factors, ends=False) or "1"
            if len(tree.divisors) == 1:
                (divisor,) = tree.divisors
                below = self.tree(divisor) if divisor_fits(divisor) else f"({self.tree(divisor)})"
                return f"{above} / {below}"
            return f"{above} / ({self.factors(tree.divisors, ends=True)})"
        # Derivatives and sums stand beside the fraction, where they need not be set small.
        beside = [isinstance(x, Derivative) or level(x) == SUM for x in tree.factors]
        upper = tuple(x for x, out in zip(tree.factors, beside, strict=True) if not out)
        front = tuple(x for x, out in zip(tree.factors, beside, strict=True) if out)
        fraction = rf"\frac{{{self.alone(upper)}}}{{{self.alone(tree.divisors)}}}"
        if not front:
            return fraction
        if upper and all(isinstance(x, Derivative) for x in front):
            return rf"{self.factors(front, ends=False, tall=True)} \cdot {fraction}"
        number = all(isinstance(x, Number) for x in (*upper, *tree.divisors))
        between = r"\, " if number else r" \cdot "
        return fraction + between + self.factors(front, ends=True, tall=True)

    def total(self, terms: Sequence[tuple[bool, Tree]], tall: bool) -> str:
        """Write a sum of terms."""
        line = ""
        for i, (minus, tree) in enumerate(terms):
            sign = ("-" if minus else "") if not i else (" - " if minus else " + ")
            fit = term_fits(tree, not i, minus)
            line += sign + (self.tree(tree, tall) if fit else f"({self.tree(tree)})")
        return line
