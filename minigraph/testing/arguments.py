"""The arguments of a checked function: which are moved, and what they are called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from minigraph.errors import InputError, OptionError
from minigraph.node import FLOATING, Node
from minigraph.op import Op


def title_of(f: Any) -> str:
    """Return what to call a function or an op."""
    if isinstance(f, Op):
        return f.label
    name = getattr(f, "__name__", type(f).__name__)
    return "f" if name == "<lambda>" else name


def as_data(x: Any) -> Any:
    """Return numbers as an array of their own, in native byte order; all else as it is."""
    if isinstance(x, Node):
        x = x.value
    elif not isinstance(x, np.ndarray | np.generic | float | list | tuple):
        return x
    try:
        array = np.array(x)
    except ValueError:  # rows of different lengths
        return x
    if array.dtype.kind not in "biuf":
        return x
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def is_moved(x: Any) -> bool:
    """Return whether there is a derivative by it."""
    return isinstance(x, np.ndarray) and x.dtype.kind == FLOATING


def names_of(f: Callable[..., Any], inputs: Sequence[Any]) -> list[str]:
    """Return what each input is called: its Node's name, its parameter's, or its position."""
    positional = _positional(f.forward)[1:] if isinstance(f, Op) else _positional(f)
    names = []
    for i, x in enumerate(inputs):
        name = x.name if isinstance(x, Node) else None
        names.append(name or (positional[i] if i < len(positional) else f"input {i}"))
    return names


def _positional(function: Callable[..., Any]) -> Sequence[str]:
    """Return the names of the parameters that may be given by position."""
    if type(function) is FunctionType and not function.__dict__:  # no decorator's own signature
        code = function.__code__
        return code.co_varnames[: code.co_argcount]
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a builtin
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def compared(inputs: Sequence[Any], names: Sequence[str], wrt: Any, title: str) -> list[int]:
    """Return the positions of the inputs whose derivatives are compared."""
    moved = [i for i, x in enumerate(inputs) if is_moved(x)]
    if not moved:
        raise InputError(
            f"there is nothing to differentiate {title} by: no input holds floats",
            "pass an array of floats, such as [1.0, 2.0]; integers are taken as data",
            nodes=[listed(name, x) for name, x in zip(names, inputs, strict=True)],
        )
    for i in moved:
        if np.isnan(inputs[i]).any():
            raise InputError(
                f"{names[i]} holds nan, where no function has a derivative",
                "check the gradient at ordinary numbers",
            )
    if wrt is None:
        return moved
    chosen = []
    for key in [wrt] if isinstance(wrt, int | str) else wrt:
        known = {**{name: i for i, name in enumerate(names)}, **{i: i for i in range(len(names))}}
        if known.get(key) not in moved:
            raise OptionError(
                f"wrt={key!r} is none of the inputs of floats",
                fix="it is the name or the position of one: "
                + ", ".join(f"{names[i]!r} ({i})" for i in moved),
            )
        chosen.append(known[key])
    return sorted(set(chosen))


def shapes_of(inputs: Sequence[Any], names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the shape of each input that is an array."""
    return {
        name: x.shape for name, x in zip(names, inputs, strict=True) if isinstance(x, np.ndarray)
    }


def listed(name: str, x: Any) -> str:
    """Return the line of a message that shows an input."""
    if isinstance(x, np.ndarray):
        return f"{name}  shape {x.shape}, {x.dtype}"
    return f"{name}  {type(x).__name__}"
