"""Formulas as MathML, made of their LaTeX by the package latex2mathml."""

from __future__ import annotations

import re
from html import escape

from minigraph.errors import PackageError
from minigraph.formula.latex import Latex
from minigraph.formula.names import visible
from minigraph.formula.tree import LARGE, Statement

_TOKEN = re.compile(r"<mtext>Zq(\d+)Z</mtext>")

# What latex2mathml writes, and what browsers need: the accent that fits a letter, an upright T
# (Chromium leaves mathvariant="sans-serif" aside), and an mrow in place of menclose, which
# is gone from MathML Core.
_MENDED = (
    ("<mo>&#x0005E;</mo></mover>", '<mo stretchy="false">&#x002C6;</mo></mover>'),
    ('<mi mathvariant="sans-serif">T</mi>', '<mi mathvariant="normal">T</mi>'),
    ('<menclose notation="box">', '<mrow class="marked">'),
    ("</menclose>", "</mrow>"),
)


class _Writer(Latex):
    """LaTeX for latex2mathml alone: what it does not know is a token, put in afterwards."""

    def __init__(self) -> None:
        self.fragments: list[str] = []

    def token(self, fragment: str) -> str:
        self.fragments.append(fragment)
        return rf"\text{{Zq{len(self.fragments) - 1}Z}}"

    def quoted(self, text: str) -> str:
        # Spaces at the ends would be dropped.
        return self.token(f"<mtext>{escape(visible(text).replace(' ', chr(0xA0)))}</mtext>")

    def word(self, word: str, hugs: bool) -> str:
        if word in LARGE:
            return super().word(word, hugs)
        space = "" if hugs else '<mspace width="0.17em"/>'
        return self.token(f'<mi mathvariant="normal">{word}</mi>{space}')

    def ones(self) -> str:
        return self.token("<mn>&#x1D7CF;</mn>")

    def bars(self, content: str) -> str:
        left, right = (
            self.token(f'<mo form="{form}" stretchy="false">|</mo>')
            for form in ("prefix", "postfix")
        )
        return left + content + right


def mathml(formula: Statement) -> str:
    """Write a formula as a whole ``math`` element.

    Raises
    ------
    PackageError
        If latex2mathml is not installed.
    """
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise PackageError(
            "MathML needs the package latex2mathml",
            fix="pip install 'minigraph[explain]' (text and LaTeX do without)",
        ) from None
    writer = _Writer()
    line = convert(writer.statement(formula))
    line = line.replace('display="inline"', 'display="inline" displaystyle="true"', 1)
    for old, new in _MENDED:
        line = line.replace(old, new)
    return _TOKEN.sub(lambda token: writer.fragments[int(token[1])], line)
