"""The lecture's symbols where a terminal cannot write them: θ as theta, ŷ as y^."""

import unicodedata

__all__ = ["spell"]

_WORDS = {
    "θ": "theta",
    "η": "eta",
    "δ": "delta",
    "∂": "d",
    "Σ": "sum",
    "ŷ": "y^",
    "ᵀ": "^T ",
    "⅓": "1/3",
    "−": "-",
    "–": "-",
    "×": "x",
    "·": "*",
    "…": "...",
    "≠": "!=",
    "≤": "<=",
    "←": "<-",
    "→": "->",
    "✓": "v",
    "✗": "X",
    "đ": "d",
    "⁽": "^(",
    "⎡": "[",
    "⎢": "[",
    "⎣": "[",
    "⎤": "]",
    "⎥": "]",
    "⎦": "]",
}


def spell(text: str, encoding: str) -> str:
    """Return text with what an encoding cannot write spelled otherwise.

    Parameters
    ----------
    text : str
        Any text.
    encoding : str
        The name of the encoding that the text is to be written in.

    Returns
    -------
    str
        The same text where the encoding can write it all.

    Examples
    --------
    >>> spell("ŷ = softmax(θᵀx)", "utf-8"), spell("ŷ = softmax(θᵀx)", "ascii")
    ('ŷ = softmax(θᵀx)', 'y^ = softmax(theta^T x)')
    >>> spell("∂L⁽²⁾/∂z₁ = ŷ₁ − y₁, Tính đạo hàm", "ascii")
    'dL^(2)/dz_1 = y^_1 - y_1, Tinh dao ham'
    """
    if _writes(text, encoding):
        return text
    return "".join(c if _writes(c, encoding) else _plain(c) for c in text)


def _writes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _plain(character: str) -> str:
    """Spell a character in ASCII."""
    if character in _WORDS:
        return _WORDS[character]
    # NFKD gives 1 for ₁ and ¹, and a with its marks for ả.
    letter = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    is_subscript = unicodedata.decomposition(character).startswith("<sub>")
    return ("_" if is_subscript else "") + (letter or "?")
