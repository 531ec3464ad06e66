"""Names: any text, made safe to show, and taken apart into what a formula can typeset."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from minigraph.formula.tree import Derivative, Symbol

# The longest name that a formula shows whole.
LONGEST_NAME = 32

# What reorders the text around it: shown by its code instead, so that no name can pose as another.
_DIRECTIONAL = {
    *"\u061c\u200e\u200f",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}

_SUBSCRIPTS = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True)
)
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ", "0123456789+-=()in", strict=True))
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec"}
_PRIMES = "'′"


def visible(text: str) -> str:
    r"""Return a text with whatever is invisible or moves other text written out.

    Examples
    --------
    >>> visible("a\nb"), visible("\u202eevil"), visible("")
    ('a¶b', '‹U+202E›evil', '""')
    """
    return "".join(map(_visible, text)) or '""'


def _visible(character: str) -> str:
    if character == "\n":
        return "¶"
    category = unicodedata.category(character)
    # Control characters, line separators, lone surrogates and what Unicode calls no character
    # are not allowed in XML, or break lines.
    code = ord(character)
    if category in {"Cc", "Zl", "Zp", "Cs"} or character in _DIRECTIONAL or code & 0xFFFE == 0xFFFE:
        return f"‹U+{code:04X}›"
    return character


def shorten(text: str, longest: int = LONGEST_NAME) -> str:
    """Leave out the middle of a text that is too long.

    Examples
    --------
    >>> shorten("a_very_long_variable_name", 13)
    'a_very…e_name'
    """
    if len(text) <= longest:
        return text
    end = (longest - 1) // 2
    return text[: longest - 1 - end] + "…" + text[len(text) - end :]


def subscript(number: int) -> str:
    """Write a number as a subscript.

    Examples
    --------
    >>> "v" + subscript(12)
    'v₁₂'
    """
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def superscript(number: int) -> str:
    """Write a number as a superscript.

    Examples
    --------
    >>> "x" + superscript(-2)
    'x⁻²'
    """
    return "".join("⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".index(digit)] for digit in str(number))


def symbol(name: str) -> Symbol | Derivative:
    """Return the tree of a name: that of a gradient, such as "∂L/∂z", is a derivative.

    Examples
    --------
    >>> symbol("θ")
    Symbol(name='θ')
    >>> symbol("∂L/∂z")
    Derivative(of=Symbol(name='L'), by=Symbol(name='z'))
    >>> symbol("∂L/∂(h W)")
    Derivative(of=Symbol(name='L'), by=Symbol(name='h W'))
    """
    top, slash, bottom = name.removeprefix("∂").partition("/∂")
    if name.startswith("∂") and slash and top and bottom and "∂" not in top + bottom:
        return Derivative(Symbol(_bare(top)), Symbol(_bare(bottom)))
    return Symbol(name)


def _bare(name: str) -> str:
    """Return a name of several words without the brackets that keep it together in a gradient's."""
    inside = name[1:-1]
    return inside if name == f"({inside})" and " " in inside else name


@dataclass(frozen=True)
class Letter:
    """A name that is a letter with its scripts: ŷ₁⁽²⁾.

    Attributes
    ----------
    base : str
        One letter.
    accent : str
        "hat", "bar", "tilde", "dot", "vec" or "".
    primes : int
    sub, super : str
        What is written below and above.
    """

    base: str
    accent: str
    primes: int
    sub: str
    super: str


def letter(name: str) -> Letter | None:
    """Take a name apart; None if it is more than a letter with scripts.

    Examples
    --------
    >>> letter("ŷ₁⁽²⁾")
    Letter(base='y', accent='hat', primes=0, sub='1', super='(2)')
    >>> letter("n_1").sub, letter("loss")
    ('1', None)
    """
    marks = unicodedata.normalize("NFD", name[:2])
    base, rest = marks[:1], unicodedata.normalize("NFD", name)[1:]
    if not base.isalpha():
        return None
    accent = _ACCENTS.get(rest[:1], "")
    rest = rest[1:] if accent else rest
    primes = len(rest) - len(rest.lstrip(_PRIMES))
    rest = rest[primes:]
    above = ""
    if rest.endswith("ᵀ"):
        above, rest = "T", rest[:-1]
    below, rest = _taken(rest, _SUBSCRIPTS)
    if not below and rest.startswith("_") and 1 < len(rest) <= 5 and _plain(rest[1:]):
        below, rest = rest[1:], ""
    if not above:
        above, rest = _taken(rest, _SUPERSCRIPTS)
    return None if rest else Letter(base, accent, primes, below, above)


def _plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _taken(text: str, scripts: dict[str, str]) -> tuple[str, str]:
    """Return the scripts at the front of a text, as ordinary characters, and the rest."""
    end = 0
    while end < len(text) and text[end] in scripts:
        end += 1
    return "".join(scripts[c] for c in text[:end]), text[end:]
