"""Text in the HTML-like labels of DOT and in XML: the one place where it is escaped."""

from __future__ import annotations

import html

from minigraph.formula.names import visible

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        # Even here, and even as an entity, DOT reads \N as the node's id; doubled it is a
        # backslash. Runs of spaces would become one.
        "\\": "&#92;&#92;",
        " ": "&#160;",
    }
)


def plain(text: str) -> str:
    """Return a text for XML, whatever it is.

    Examples
    --------
    >>> plain("a < b")
    'a &lt; b'
    """
    return html.escape(visible(text))


def escape(text: str) -> str:
    r"""Return markup that shows the text, whatever it is.

    Examples
    --------
    >>> escape("</script> \\N & “ŷ”")
    '&lt;/script&gt;&#160;&#92;&#92;N&#160;&amp;&#160;“ŷ”'
    """
    return visible(text).translate(_ESCAPES)


def font(text: str, color: str, size: int | None = None, style: str = "") -> str:
    """Return the markup of a text in a colour, a size, and a style ("B", "I")."""
    points = f' POINT-SIZE="{size}"' if size else ""
    inner = f"<{style}>{escape(text)}</{style}>" if style else escape(text)
    return f'<FONT COLOR="{color}"{points}>{inner}</FONT>'


def table(rows: str, **attributes: str | int) -> str:
    """Return a table without lines or room of its own, but for the given attributes."""
    given = {"BORDER": 0, "CELLBORDER": 0, "CELLSPACING": 0, "CELLPADDING": 0, **attributes}
    written = " ".join(f'{name}="{value}"' for name, value in given.items())
    return f"<TABLE {written}>{rows}</TABLE>"


def cell(inner: str, **attributes: str | int) -> str:
    """Return a table's cell."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<TD{written}>{inner}</TD>"
