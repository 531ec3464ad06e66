"""Arrays in DOT: tables of numbers on the colours of their sizes; thumbnails of large arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from minigraph.draw.edges import sum_text
from minigraph.draw.large import blocks, is_large, range_text
from minigraph.draw.levels import levels
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import MINUS, Matrix, matrix
from minigraph.draw.theme import Palette

# Contributions to a gradient that are shown as tables: how many, and of how many entries.
_MOST_ADDED, _MOST_ENTRIES = 3, 9
_SMALL = 8
_BLOCK = 10


def heat(level: int, palette: Palette) -> dict[str, str]:
    """Return the attributes of a cell for an entry's level, from −4 to 4; none for 0."""
    if not level:
        return {}
    sign = "positive" if level > 0 else "negative"
    return {"BGCOLOR": getattr(palette, f"{sign}_{abs(level)}")}


def number_table(
    array: np.ndarray, palette: Palette, color: str, precision: int, size: int | None = None
) -> str:
    """Return the markup of an array.

    Parameters
    ----------
    array : numpy.ndarray
    palette : Palette
    color : str
        Of a single number, and of a table's brackets; the numbers in it are in ink.
    precision : int
        The most decimals.
    size : int, optional
        Of the letters.
    """
    if is_large(array):
        return _thumbnail(array, palette, color, precision)
    shown = matrix(array, precision=precision)
    if shown.brackets:
        return _bracketed(shown, palette, color, size)
    return font(shown.rows[0][0], color, size)


def added(parts: Sequence[np.ndarray], count: int, palette: Palette, precision: int) -> str:
    """Return the markup of a gradient's contributions: what it is the sum of.

    Parameters
    ----------
    parts : sequence of numpy.ndarray
        None of them, if there are too many.
    count : int
        How many there are.
    """
    color = palette.backward
    if parts and parts[0].size == 1:
        numbers = np.array([part.item() for part in parts], dtype=parts[0].dtype)
        return font(f"= {sum_text(numbers, precision)}", color, 9)
    if not parts or len(parts) > _MOST_ADDED or parts[0].size > _MOST_ENTRIES:
        return font(f"= sum of {count} parts", color, 9)
    cells = ""
    for sign, part in zip("=" + "+" * len(parts), parts, strict=False):
        cells += cell(font(f" {sign} ", color, 9))
        cells += cell(number_table(part, palette, color, precision, _SMALL))
    return table(f"<TR>{cells}</TR>")


def _bracketed(shown: Matrix, palette: Palette, color: str, size: int | None) -> str:
    """Return the markup of a matrix between brackets, which are borders of empty cells."""
    # Widths are estimated, and a minus's is estimated wrong; a space's is wrong by as much, so
    # that in a column with a minus it keeps the digits of the other numbers in line.
    signed = [
        any(text.startswith(MINUS) for text in column) for column in zip(*shown.rows, strict=True)
    ]
    height = len(shown.rows)
    rows = ""
    bracket = {"ROWSPAN": height, "WIDTH": 4, "BORDER": 1, "COLOR": color}
    for r, (row, steps) in enumerate(zip(shown.rows, shown.levels, strict=True)):
        cells = "".join(
            cell(
                font(
                    " " + text if sign and not text.startswith(MINUS) else text, palette.ink, size
                ),
                ALIGN="RIGHT",
                CELLPADDING=3 if len(row) > 1 else 2,
                **heat(step, palette),
            )
            for text, sign, step in zip(row, signed, steps, strict=True)
        )
        if r == 0:
            cells = cell("", SIDES="LTB", **bracket) + cells + cell("", SIDES="RTB", **bracket)
        rows += f"<TR>{cells}</TR>"
    return _centred(table(rows))


def _thumbnail(array: np.ndarray, palette: Palette, color: str, precision: int) -> str:
    """Return the markup of a large array: blocks in the colours of their means, and the range."""
    means = blocks(array)
    rows = ""
    for row, steps in zip(means, levels(means), strict=True):
        cells = "".join(
            cell(
                # The sign again, for who does not see the colour.
                font(MINUS, palette.ink, _SMALL) if mean < 0 else "",
                WIDTH=_BLOCK,
                HEIGHT=_BLOCK,
                FIXEDSIZE="TRUE",
                **(heat(int(step), palette) or {"BGCOLOR": palette.background}),
            )
            for mean, step in zip(row, steps, strict=True)
        )
        rows += f"<TR>{cells}</TR>"
    picture = table(rows, CELLSPACING=1)
    words = range_text(array, precision).split(", ")
    lines = "".join(f"<TR>{cell(font(line, color, 9))}</TR>" for line in words)
    return table(f"<TR>{cell(_centred(picture))}</TR>{lines}")


def _centred(inner: str) -> str:
    """Return a table that keeps its width: of spare width, empty cells beside it take the most."""
    beside = cell("") * 4
    return table(f"<TR>{beside}{cell(inner)}{beside}</TR>")
