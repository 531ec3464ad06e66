"""Matrices as the lecture writes them, in brackets, with their numbers under each other."""

from collections.abc import Sequence

__all__ = ["Cells", "align", "brackets"]

Cells = Sequence[Sequence[str]]


def align(rows: Cells) -> list[list[str]]:
    """Pad numbers to one width, so that the decimal points of a column stand in a line.

    Examples
    --------
    >>> for row in align([["0.29", "1.1"], ["-0.06", "–"]]):
    ...     print(row)
    [' 0.29', '1.1']
    ['-0.06', '–  ']
    """
    columns = []
    for column in zip(*rows, strict=True):
        parts = [cell.partition(".") for cell in column]
        before = max(len(whole) for whole, _, _ in parts)
        after = max(len(point + places) for _, point, places in parts)
        columns.append(
            [whole.rjust(before) + (point + places).ljust(after) for whole, point, places in parts]
        )
    return [list(row) for row in zip(*columns, strict=True)]


def brackets(rows: int) -> list[tuple[str, str]]:
    """Return what stands to the left and to the right of each row of a matrix.

    Examples
    --------
    >>> brackets(1), brackets(3)
    ([('[', ']')], [('⎡', '⎤'), ('⎢', '⎥'), ('⎣', '⎦')])
    """
    if rows == 1:
        return [("[", "]")]
    return [("⎡", "⎤"), *[("⎢", "⎥")] * (rows - 2), ("⎣", "⎦")]
