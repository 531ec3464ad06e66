"""Names in generated source: identifiers and comments made of any text, none of which is code."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

from minigraph.formula.names import shorten, visible

_LONGEST = 24
# What the source itself says.
_RESERVED = {
    "np",
    "plan",
    "step",
    "start",
    "stop",
    "copy",
    *keyword.kwlist,
    *keyword.softkwlist,
    *dir(builtins),
}


class Names:
    """The identifiers of one source: each is given once.

    Examples
    --------
    >>> names = Names()
    >>> [names.new(text) for text in ("θ", "ŷ", "∂L/∂z", "z", "z", "lambda", "__import__('os')")]
    ['θ', 'ŷ', 'dL_dz', 'z', 'z_2', 'lambda_', 'import___os']
    """

    def __init__(self) -> None:
        self._taken = set(_RESERVED)
        self._latest: dict[str, int] = {}

    def new(self, text: str, otherwise: str = "v") -> str:
        """Return an identifier that looks like a text, and has not been given yet."""
        base = identifier(text) or otherwise
        if base in _RESERVED:
            base += "_"
        name, n = base, self._latest.get(base, 1)
        while name in self._taken:
            n += 1
            name = f"{base}_{n}"
        self._latest[base] = n
        self._taken.add(name)
        return name


def identifier(text: str) -> str:
    r"""Return the letters, digits and underscores of a text as an identifier; "" if none remain.

    Examples
    --------
    >>> identifier("∂L/∂ŷ₁"), identifier("a\nimport os"), identifier("2x"), identifier("!")
    ('dL_dŷ1', 'a_import_os', 'v2x', '')
    """
    # The parser brings identifiers into this form; what is not in it might meet another name.
    plain = unicodedata.normalize("NFKC", text.replace("∂", "d")[: 4 * _LONGEST])
    plain = re.sub(r"\W+", "_", plain)[:_LONGEST].strip("_")
    plain = unicodedata.normalize("NFKC", plain)
    if not plain:
        return ""
    plain = plain if plain.isidentifier() else f"v{plain}"
    return plain if plain.isidentifier() else ""


def comment(text: str) -> str:
    r"""Return a text as one line that may follow a #.

    Examples
    --------
    >>> comment("a\nimport os")
    'a¶import os'
    """
    return shorten(" ".join(visible(text).split()), 90)
