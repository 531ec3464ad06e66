"""Arrays as small tables of numbers that are formatted alike."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from minigraph.draw.levels import levels

ELLIPSIS = "…"
MINUS = "−"
# Stands where there is no number: never a 0.
DASH = "–"
# Stands where there never is one: data are not trained.
NO_GRADIENT = "no gradient"


@dataclass(frozen=True)
class Matrix:
    """An array, ready to be shown.

    Attributes
    ----------
    rows : tuple of tuple of str
        The entries; an array of no or one axis has one row.
    brackets : bool
        Whether it is a vector or matrix; a single number and a remark stand alone.
    levels : tuple of tuple of int
        How large each entry is among all, from −4 to 4; 0 where there is no entry.
    """

    rows: tuple[tuple[str, ...], ...]
    brackets: bool
    levels: tuple[tuple[int, ...], ...] = ((0,),)


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape.

    Examples
    --------
    >>> shape_text((3, 2)), shape_text((4,)), shape_text(())
    ('3×2', '4', 'scalar')
    """
    return "×".join(map(str, shape)) or "scalar"


def matrix(array: np.ndarray, *, precision: int = 4, most: tuple[int, int] = (6, 5)) -> Matrix:
    """Write an array as a table; leave out the middle of what is large.

    Parameters
    ----------
    array : numpy.ndarray
    precision : int
        The most decimals.
    most : tuple of int
        The most rows, and the most columns.

    Examples
    --------
    >>> import numpy as np
    >>> matrix(np.array([[0.25, -0.5], [0.0, 1.0]])).rows
    (('0.25', '−0.50'), ('0.00', '1.00'))
    >>> matrix(np.arange(100)).rows
    (('0', '1', '2', '…', '99'),)
    >>> matrix(np.arange(24.0).reshape(2, 3, 4)).rows
    (('0 to 23',),)
    """
    if array.size == 0:
        return Matrix((("empty",),), brackets=False)
    if array.ndim > 2:
        ends = entries(np.array([array.min(), array.max()]), precision)
        return Matrix(((" to ".join(ends),),), brackets=False)
    table = np.atleast_2d(array)
    rows, columns = map(_shown, table.shape, most)
    picked = np.ix_([r for r in rows if r >= 0], [c for c in columns if c >= 0])
    texts = iter(entries(table[picked].ravel(), precision))
    steps = iter(levels(table)[picked].ravel().tolist())
    left_out = [[r < 0 or c < 0 for c in columns] for r in rows]
    return Matrix(
        tuple(tuple(ELLIPSIS if out else next(texts) for out in row) for row in left_out),
        brackets=array.ndim > 0,
        levels=tuple(tuple(0 if out else next(steps) for out in row) for row in left_out),
    )


def line(array: np.ndarray, *, precision: int = 4, most: tuple[int, int] = (4, 4)) -> str:
    """Write an array on one line.

    Examples
    --------
    >>> import numpy as np
    >>> line(np.array([[0.25, -0.5], [0.0, 1.0]])), line(np.array(2.0))
    ('[[0.25, −0.50], [0.00, 1.00]]', '2')
    """
    shown = matrix(array, precision=precision, most=most)
    rows = [", ".join(row) for row in shown.rows]
    if not shown.brackets:
        return rows[0]
    if array.ndim == 1:
        return f"[{rows[0]}]"
    left_out = ", ".join([ELLIPSIS] * len(shown.rows[0]))
    return f"[{', '.join(ELLIPSIS if row == left_out else f'[{row}]' for row in rows)}]"


def _shown(length: int, most: int) -> list[int]:
    """Return which indices are shown; −1 stands for those left out."""
    if length <= most:
        return list(range(length))
    return [*range(most - 2), -1, length - 1]


def entries(values: np.ndarray, precision: int = 4) -> list[str]:
    """Write numbers alike: with the same decimals, or all with exponents.

    There are as many decimals as the numbers need, rounding errors aside, up to ``precision``.

    Examples
    --------
    >>> import numpy as np
    >>> entries(np.array([1.0, -1.4])), entries(np.array([1.0, 0.0])), entries(np.array([1 / 3]))
    (['1.0', '−1.4'], ['1', '0'], ['0.3333'])
    >>> entries(np.array([4e-18, -1.0e-7])), entries(np.array([-1e-9, 0.5]))
    (['4.00e−18', '−1.00e−07'], ['0.0000', '0.5000'])
    """
    if values.dtype.kind == "b":
        return ["true" if value else "false" for value in values]
    if values.dtype.kind in "iu":
        texts = [str(value) for value in values.tolist()]
        return _minus(texts if max(map(len, texts)) <= 9 else [f"{v:.2e}" for v in values.tolist()])
    tolerance = 64 * float(np.finfo(values.dtype).eps)
    numbers = values.astype(np.float64)
    top = float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
    if top and not 0.5 * 10.0**-precision <= top < 1e6:
        return _minus(_special(value, f"{value:.2e}") for value in numbers.tolist())
    # Not more digits than a card has room for.
    most = min(precision, max(0, 6 - len(str(int(top)))))
    decimals = _decimals(numbers[np.isfinite(numbers)], most, tolerance * top)
    return _minus(_special(value, f"{value:.{decimals}f}") for value in numbers.tolist())


def _decimals(numbers: np.ndarray, most: int, tolerance: float) -> int:
    for decimals in range(most):
        if np.all(np.abs(numbers - np.round(numbers, decimals)) <= tolerance):
            return decimals
    return most


def _special(value: float, text: str) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    # What rounds to zero has no sign.
    return text if text.strip("-0.e+") else text.lstrip("-")


def _minus(texts: Iterable[str]) -> list[str]:
    return [text.replace("-", MINUS) for text in texts]
