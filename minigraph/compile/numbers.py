"""Numbers in generated source: the text of a number or a small array, from its digits alone."""

from __future__ import annotations

from typing import Any

import numpy as np

LARGEST = 64
"""How many entries of an array are written out at most; larger ones are given to the source."""


def number_text(number: bool | int | float) -> str:
    """Write a Python number as Python reads it.

    Examples
    --------
    >>> number_text(0.25), number_text(float("-inf")), number_text(float("nan")), number_text(True)
    ('0.25', '-np.inf', 'np.nan', 'True')
    """
    if number != number:
        return "np.nan"
    if number in (float("inf"), float("-inf")):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(bool(number) if isinstance(number, bool | np.bool) else number)


def array_text(array: np.ndarray) -> str:
    """Write an array as the call that makes it.

    Examples
    --------
    >>> print(array_text(np.array([[1.0, np.inf]])))
    np.array([[1.0, np.inf]])
    >>> print(array_text(np.array(0.5, np.float32)), array_text(np.ones(5)))
    np.array(0.5, np.float32) np.full((5,), 1.0)
    """
    if not array.size:
        return f"np.empty({array.shape}, {dtype_text(array.dtype)})"
    values = array.ravel()
    kind = "" if array.dtype == np.float64 else f", {dtype_text(array.dtype)}"
    if array.size > 3 and (values == values[0]).all():
        return f"np.full({array.shape}, {number_text(values[0].item())}{kind})"
    if array.ndim == 1 and array.dtype == np.intp and (values == np.arange(array.size)).all():
        return f"np.arange({array.size})"
    inside = _nested(array.tolist())
    usual = np.array(array.tolist()).dtype == array.dtype
    return f"np.array({inside})" if usual else f"np.array({inside}, {dtype_text(array.dtype)})"


def dtype_text(dtype: np.dtype) -> str:
    """Write a dtype: np.float32."""
    return "np.bool" if dtype == np.bool else f"np.{dtype.name}"


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return f"[{', '.join(map(_nested, values))}]"
    return number_text(values)
