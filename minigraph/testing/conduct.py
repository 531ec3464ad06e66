"""How a function and its gradient are to behave, whatever they compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigraph.errors import InputError
from minigraph.testing.mismatch import GradientMismatch
from minigraph.testing.subject import same_bits


def check_value(title: str, value: np.ndarray, again: np.ndarray, lines: Sequence[str]) -> None:
    """Refuse a function that has no gradient to be checked here."""
    if not same_bits(value, again):
        raise InputError(
            f"{title} is not deterministic: two calls at the same point differ",
            "draw random numbers outside of it, or seed them inside",
        )
    if not np.isfinite(value).all():
        where = tuple(map(int, np.argwhere(~np.isfinite(value))[0]))
        raise InputError(
            f"{title} is {value[where]} at this point (entry {where} of its output)"
            if where
            else f"{title} is {value} at this point",
            "check the gradient where the function is finite",
            nodes=lines,
        )


def check_unwritten(what: str, arguments: Sequence[Any], inputs: Sequence[Any], names: Any) -> None:
    """Refuse a function that has changed its arguments."""
    for name, argument, x in zip(names, arguments, inputs, strict=True):
        if isinstance(x, np.ndarray) and not same_bits(argument, x):
            raise GradientMismatch(
                f"{what} writes to its input {name}, which then is another for everybody else",
                f"work on a copy: {name} = {name}.copy(), or write a = a + b instead of a += b",
                input=name,
            )


def check_gradient_array(
    what: str, array: np.ndarray, name: str, x: np.ndarray, **known: Any
) -> None:
    """Refuse a gradient of another shape or dtype than its input's, and one that is not finite."""
    if array.shape != x.shape:
        hint = "; it looks transposed" if array.shape == x.shape[::-1] else ""
        raise GradientMismatch(
            f"{what} has shape {array.shape}, but {name} has shape {x.shape}{hint}",
            "a gradient has one entry for each entry of its input; sum over the axes along which "
            "the input was broadcast",
            input=name,
            **known,
        )
    if array.dtype != x.dtype:
        raise GradientMismatch(
            f"{what} is {array.dtype}, but {name} is {x.dtype}",
            f"compute in the input's dtype, or return .astype({x.dtype})",
            input=name,
            **known,
        )
    if not np.isfinite(array).all():
        where = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise GradientMismatch(
            f"{what} is {array[where]} at {where or 'the point'}, although the function is finite",
            "look for a division by 0, a logarithm of 0 or an overflowing exp in it",
            input=name,
            index=where,
            yours=float(array[where]),
            **known,
        )
