"""Saving: a derivation as a file, by its suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from minigraph.errors import OptionError


class Saveable(Protocol):
    """What has a text, LaTeX and a page."""

    @property
    def text(self) -> str: ...  # noqa: D102

    @property
    def latex(self) -> str: ...  # noqa: D102

    def html(self) -> str: ...  # noqa: D102


def save(derivation: Saveable, path: Any) -> Path:
    """Write a derivation to a file: .html, .txt or .tex.

    Raises
    ------
    OptionError
        If the suffix is another one.
    PackageError
        If a package that the page is made with is not installed.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".html":
        written = derivation.html()
    elif suffix == ".txt":
        written = derivation.text + "\n"
    elif suffix == ".tex":
        written = _DOCUMENT % derivation.latex
    else:
        raise OptionError(
            f"a derivation is not saved as {path.suffix or 'a file without suffix'!r}",
            fix="end the name with .html, .txt or .tex",
        )
    path.write_text(written, encoding="utf-8")
    return path


_DOCUMENT = r"""%% For xelatex or lualatex, which know the letters of names.
\documentclass{article}
\usepackage[a4paper,landscape,margin=1cm]{geometry}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\begin{document}
%s
\end{document}
"""
