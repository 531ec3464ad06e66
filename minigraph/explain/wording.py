"""The words of a walk, in its languages: templates that names are filled into as text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from minigraph.errors import OptionError

LANGUAGES = ("en", "vi")


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return all words of a language: tables of texts.

    Examples
    --------
    >>> words("vi")["phases"]["derivative"]
    'Tính đạo hàm'
    """
    file = files("minigraph.explain") / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def check_language(language: Any) -> None:
    """Refuse a language that there are no words of."""
    if language not in LANGUAGES:
        raise OptionError(
            f"language={language!r} is not known",
            fix=f"it is {' or '.join(map(repr, LANGUAGES))}",
        )


def say(table: str, key: str, /, **filled: str) -> dict[str, str]:
    """Return a text in every language.

    What is filled in is never looked at: a "$" or a brace in a name is a part of the name.

    Examples
    --------
    >>> say("sentences", "constant", name="$x {y}", shape="2×1")["en"]
    '$x {y} is an input (2×1).'
    """
    return {
        language: Template(words(language)[table][key]).substitute(filled) for language in LANGUAGES
    }


def joined(*texts: Mapping[str, str]) -> dict[str, str]:
    """Put texts one after the other, in every language."""
    return {language: " ".join(text[language] for text in texts) for language in LANGUAGES}
