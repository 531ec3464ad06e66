"""Arrays as blocks of text, set side by side for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from minigraph.draw.matrices import matrix

_GAP = 4


def block(name: str, array: np.ndarray, precision: int = 4) -> list[str]:
    r"""Write "name = array" as lines of equal length.

    Examples
    --------
    >>> print("\n".join(block("θ", np.array([[0.1, 0.05], [0.2, -0.1]]))))
    θ = [0.10   0.05]
        [0.20  −0.10]
    """
    shown = matrix(array, precision=precision)
    if array.ndim < 2 or not shown.brackets:
        only = "  ".join(shown.rows[0])
        return [f"{name} = [{only}]" if shown.brackets else f"{name} = {only}"]
    widths = [max(map(len, column)) for column in zip(*shown.rows, strict=True)]
    lines = []
    for i, row in enumerate(shown.rows):
        lead = f"{name} = " if i == 0 else " " * len(f"{name} = ")
        cells = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"{lead}[{cells}]")
    return lines


def beside(blocks: Iterable[Sequence[str]], width: int, indent: int = 0) -> list[str]:
    r"""Set blocks side by side, and start anew below where the width is used up.

    Examples
    --------
    >>> print("\n".join(beside([["a = [1]", "    [2]"], ["b = 3"], ["c = 4"]], 18)))
    a = [1]    b = 3
        [2]
    c = 4
    """
    lines: list[str] = []
    row: list[Sequence[str]] = []
    used = 0
    for each in [*blocks, None]:
        room = 0 if each is None else max(map(len, each)) + (_GAP if row else 0)
        if row and (each is None or used + room > width - indent):
            lines += _set(row, indent)
            row, used = [], 0
            room -= 0 if each is None else _GAP
        if each is not None:
            row.append(each)
            used += room
    return lines


def _set(row: Sequence[Sequence[str]], indent: int) -> list[str]:
    height = max(map(len, row))
    widths = [max(map(len, each)) for each in row]
    return [
        (
            " " * indent
            + (" " * _GAP).join(
                (each[i] if i < len(each) else "").ljust(width)
                for each, width in zip(row, widths, strict=True)
            )
        ).rstrip()
        for i in range(height)
    ]
