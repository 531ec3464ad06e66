"""Arrays too large for a table: their range in words, and a thumbnail."""

from __future__ import annotations

import math

import numpy as np

from minigraph.draw.matrices import entries, line

# With more entries an array is shown as its range and a thumbnail.
MOST_ENTRIES = 64
# The most blocks of a thumbnail along an axis; of a vector.
_BLOCKS, _VECTOR_BLOCKS = 8, 16


def is_large(array: np.ndarray) -> bool:
    """Return whether an array is shown by its range and a thumbnail, not by its entries."""
    return array.size > MOST_ENTRIES or (array.ndim > 2 and array.size > 1)


def blocks(array: np.ndarray) -> np.ndarray:
    """Return the means of an array's blocks, a small matrix that looks like the array from afar.

    Parameters
    ----------
    array : numpy.ndarray
        What is not finite is left out; a block of nothing else is NaN. Matrices of more than two
        axes stand one below the other.

    Examples
    --------
    >>> import numpy as np
    >>> blocks(np.eye(16)).diagonal().tolist()
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    >>> blocks(np.arange(32.0)).tolist()[0][:3]
    [0.5, 2.5, 4.5]
    """
    table = np.atleast_2d(array.reshape(-1, array.shape[-1]) if array.ndim > 2 else array)
    most = _VECTOR_BLOCKS if array.ndim == 1 else _BLOCKS
    numbers = table.astype(np.float64)
    known = np.isfinite(numbers)
    exponent = _exponent(numbers[known])
    scaled = np.ldexp(np.where(known, numbers, 0.0), -exponent)
    rows, columns = (np.arange(min(n, most)) * n // min(n, most) for n in table.shape)
    totals, counts = (
        np.add.reduceat(np.add.reduceat(x, rows, axis=0), columns, axis=1)
        for x in (scaled, known.astype(np.float64))
    )
    means = np.ldexp(totals / np.maximum(counts, 1), exponent)
    return np.where(counts > 0, means, np.nan)


def _exponent(numbers: np.ndarray) -> int:
    """Return which power of 2 numbers are divided by, so that no sum of them overflows."""
    return math.frexp(np.abs(numbers).max(initial=0.0))[1]


def range_text(array: np.ndarray, precision: int = 4) -> str:
    """Say what is in an array: from where to where, and the mean.

    Examples
    --------
    >>> import numpy as np
    >>> range_text(np.array([[-1.0, 0.5], [2.0, np.inf]]))
    '−1.0 to 2.0, mean 0.5, 1 not finite'
    >>> range_text(np.array([True, False, True]))
    '2 of 3 true'
    """
    if array.dtype.kind == "b":
        return f"{np.count_nonzero(array)} of {array.size} true"
    known = array[np.isfinite(array)]
    beside = f"{array.size - known.size} not finite" if known.size < array.size else ""
    if not known.size:
        return beside
    ends = np.array([known.min(), known.max()])
    if ends[0] == ends[1]:
        return f"all {entries(ends[:1], precision)[0]}" + (f" but {beside}" if beside else "")
    exponent = _exponent(ends.astype(np.float64))
    mean = np.ldexp(np.mean(np.ldexp(known.astype(np.float64), -exponent)), exponent)
    if array.dtype.kind == "f":
        low, high, middle = entries(np.array([*ends, mean]), precision)
    else:
        low, high = entries(ends, precision)
        (middle,) = entries(np.array([mean]), precision)
    return f"{low} to {high}, mean {middle}" + (f", {beside}" if beside else "")


def words(array: np.ndarray, precision: int = 4) -> str:
    """Write an array on one line: its entries, or of a large one the range.

    Examples
    --------
    >>> import numpy as np
    >>> words(np.array([1.0, 2.0])), words(np.zeros((9, 9)))
    ('[1, 2]', 'all 0')
    """
    return range_text(array, precision) if is_large(array) else line(array, precision=precision)
