"""Arrays as tables of a page: rows and columns, and of each entry what a learner is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from minigraph.draw.matrices import ELLIPSIS, MINUS, entries

MOST = 12
"""The most rows, and the most columns, that are shown of an array."""


@dataclass(frozen=True)
class Cell:
    """An entry on show.

    Attributes
    ----------
    text : str
        As it is printed.
    flat : int
        Its flat index in the array; −1 stands for entries that are left out.
    answer : str
        The number that is right, for a script to read; "" of a left out entry.
    unit : str
        How near to it is right: one unit of the last printed place, so that rounding and cutting
        off both are; "0" where the printed number is all of it.
    """

    text: str
    flat: int
    answer: str
    unit: str


@dataclass(frozen=True)
class Table:
    """An array, ready to be a table.

    Attributes
    ----------
    columns : tuple of str
        What stands above the columns; empty for a single number.
    rows : tuple of (str, tuple of Cell)
        What stands beside each row ("" if there is but one axis, or none), and its entries.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]

    @property
    def shown(self) -> frozenset[int]:
        """The flat indices of the entries that are not left out."""
        return frozenset(cell.flat for _, cells in self.rows for cell in cells if cell.flat >= 0)

    @property
    def places(self) -> tuple[str, int]:
        """How exactly a number has to be given: "exact", or so many "decimals" or "digits"."""
        for _, cells in self.rows:
            for cell in cells:
                if cell.unit != "0":
                    mantissa, exponential, _ = cell.text.lstrip(MINUS).partition("e")
                    if exponential:
                        return "digits", len(mantissa.replace(".", ""))
                    return "decimals", len(mantissa.partition(".")[2])
        return "exact", 0


def table(value: np.ndarray, most: int = MOST) -> Table:
    """Make a table of an array; the middle of what is large is left out.

    Rows and columns are counted from 1. Of an array of more than two axes, the last are the
    columns, and each row says where it stands on the others.

    Parameters
    ----------
    value : numpy.ndarray
    most : int
        The most rows, and the most columns.

    Examples
    --------
    >>> import numpy as np
    >>> shown = table(np.array([[0.25, -1 / 3], [0.0, 1.0]]))
    >>> shown.columns
    ('1', '2')
    >>> for row, cells in shown.rows:
    ...     print(row, *((cell.text, cell.answer, cell.unit) for cell in cells))
    1 ('0.2500', '0.25', '0') ('−0.3333', '-0.3333333333333333', '0.0001')
    2 ('0.0000', '0.0', '0') ('1.0000', '1.0', '0')
    >>> [row for row, _ in table(np.zeros((2, 2, 3))).rows]
    ['1, 1', '1, 2', '2, 1', '2, 2']
    """
    if value.size == 0:
        return Table((), ())
    width = value.shape[-1] if value.ndim else 1
    height = value.size // width
    rows, columns = _kept(height, most), _kept(width, most)
    kept = [r * width + c for r in rows if r >= 0 for c in columns if c >= 0]
    cells = dict(zip(kept, _cells(value.ravel()[kept], kept), strict=True))
    left_out = Cell(ELLIPSIS, -1, "", "0")
    beside = [", ".join(str(i + 1) for i in at) for at in product(*map(range, value.shape[:-1]))]
    return Table(
        tuple(str(c + 1) if c >= 0 else ELLIPSIS for c in columns) if value.ndim else (),
        tuple(
            (
                beside[r] if r >= 0 else ELLIPSIS,
                tuple(left_out if r < 0 or c < 0 else cells[r * width + c] for c in columns),
            )
            for r in rows
        ),
    )


def _kept(length: int, most: int) -> list[int]:
    """Return which indices are shown; −1 stands for those left out."""
    if length <= most:
        return list(range(length))
    return [*range(most - 2), -1, length - 1]


def _cells(values: np.ndarray, flat: list[int]) -> list[Cell]:
    texts = entries(values)
    if values.dtype.kind not in "fiu":
        return [Cell(text, i, text, "0") for text, i in zip(texts, flat, strict=True)]
    numbers = [float(value) for value in values]
    # What rounding errors leave is not asked for, as it is not printed.
    top = max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
    error = 64 * float(np.finfo(values.dtype).eps) * top if values.dtype.kind == "f" else 0.0
    return [
        Cell(text, i, *_answer(text, number, error))
        for text, i, number in zip(texts, flat, numbers, strict=True)
    ]


def _answer(text: str, number: float, error: float) -> tuple[str, str]:
    if not math.isfinite(number):
        return str(number), "0"
    printed = text.replace(MINUS, "-")
    mantissa, _, exponent = printed.partition("e")
    places = len(mantissa.partition(".")[2]) - int(exponent or 0)
    if abs(float(printed) - number) <= error:
        return str(float(printed)), "0"
    return repr(
        number
    ), f"{10.0**-places:.0e}" if places > 9 else f"{10.0**-places:.{max(places, 0)}f}"
