"""What an op does to entries: one small table, read by `minigraph.compile.loops.writing`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from minigraph.compile.numbers import number_text
from minigraph.compile.pieces import LogAddExp
from minigraph.compile.trace import UnplannedError
from minigraph.node import Node
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    linear_algebra,
    reduction,
    selection,
    shape,
)

COMPUTED = ("float64", "float32", "int64", "bool")
"""The dtypes of what loops compute."""

READ = (*COMPUTED, "int32", "int16", "int8", "uint32", "uint16", "uint8")
"""The dtypes of what they read, such as labels."""

_TEXTS: dict[type, str] = {
    arithmetic.Add: "{0} + {1}",
    arithmetic.Subtract: "{0} - {1}",
    arithmetic.Multiply: "{0} * {1}",
    arithmetic.Divide: "{0} / {1}",
    arithmetic.Negative: "-{0}",
    arithmetic.Pow: "{0} ** {1}",
    elementwise.Exp: "exp({0})",
    elementwise.Log: "log({0})",
    elementwise.Expm1: "expm1({0})",
    elementwise.Log1p: "log1p({0})",
    elementwise.Sign: "sign({0})",
    elementwise.Abs: "abs({0})",
    elementwise.Sqrt: "np.sqrt({0})",
    elementwise.Sin: "np.sin({0})",
    elementwise.Cos: "np.cos({0})",
    activation.Tanh: "tanh({0})",
    LogAddExp: "logaddexp({0}, {1})",
    selection.Where: "{1} if {0} else {2}",
    # A nan stays one.
    selection.Maximum: "{0} if {0} > {1} or {0} != {0} else {1}",
    selection.Minimum: "{0} if {0} < {1} or {0} != {0} else {1}",
}

_SIGNS = {
    "equal": "==",
    "not_equal": "!=",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
}

# The start of a reduction, and how an entry is added to it.
_STEPS: dict[type, tuple[str, str]] = {
    reduction.Sum: ("0.0", "{0} + {1}"),
    reduction.Prod: ("1.0", "{0} * {1}"),
    reduction.Max: ("-np.inf", _TEXTS[selection.Maximum]),
    reduction.Min: ("np.inf", _TEXTS[selection.Minimum]),
}


def entry_text(node: Node, given: Sequence[str]) -> str | None:
    """Write an entry of an op's value from entries of its inputs.

    Examples
    --------
    >>> import minigraph as mg
    >>> entry_text(mg.maximum([1.0], [2.0]), ["a", "b"])
    'a if a > b or a != a else b'
    >>> entry_text(mg.maximum([1.0], [2]), ["a", "b"])
    'a if a > np.float64(b) or a != a else np.float64(b)'
    """
    op, dtype = node.op, node.dtype
    if isinstance(op, arithmetic.Compare):
        return f"{given[0]} {_SIGNS[op.function]} {given[1]}"
    if isinstance(op, shape.AsType):
        text = f"{given[0]} != 0" if dtype.kind == "b" else given[0]
        return cast(text, node.inputs[0].dtype, dtype) if dtype.kind != "b" else text
    # NumPy brings both sides to the dtype of the result, too. A condition stays what it is.
    first = isinstance(op, selection.Where)
    given = [
        text if first and i == 0 else cast(text, x.dtype, dtype)
        for i, (text, x) in enumerate(zip(given, node.inputs, strict=True))
    ]
    if isinstance(op, selection.Clip):
        text = x = given[0]
        if op.min is not None:
            low = _bound(op.min, dtype)
            text = f"({low} if {x} < {low} else {x})"
        if op.max is not None:
            high = _bound(op.max, dtype)
            text = f"{high} if {x} > {high} else {text}"
        return text
    if isinstance(op, elementwise.Sign) and dtype.kind != "f":
        return f"np.{dtype.name}(sign({given[0]}))"
    return typed(_TEXTS[type(op)].format(*given), dtype)


def _bound(bound: float, dtype: np.dtype) -> str:
    text = number_text(float(bound) if dtype.kind == "f" else bound)
    return typed(f"({text})" if text.startswith("-") else text, dtype)


def is_entrywise(node: Node) -> bool:
    """Return whether an op's value has its entries from those of the inputs at the same place."""
    op = node.op
    if isinstance(op, arithmetic.Compare):
        return op.function in _SIGNS
    return type(op) in _TEXTS or isinstance(op, selection.Clip | shape.AsType)


def check_dtypes(node: Node) -> None:
    """Refuse an op on dtypes over which loops do not do it, or not as NumPy does.

    Raises
    ------
    UnplannedError
        With the reason.
    """
    op, dtype = node.op, node.dtype
    for x in (*node.inputs, node):
        check_dtype(x)
    computed = is_entrywise(node) or is_reduction(node) or isinstance(op, linear_algebra.MatMul)
    if not computed or isinstance(op, arithmetic.Compare):
        return
    if isinstance(op, shape.AsType):
        # What nan and what is too large becomes is nobody's promise.
        fits = dtype.kind == "f" or node.inputs[0].dtype.kind != "f" or dtype.kind == "b"
    elif dtype.kind == "b":
        fits = isinstance(op, selection.Where)
    else:
        # A negative power of an integer is an error, a power too large wraps around.
        fits = dtype.kind == "f" or not isinstance(op, arithmetic.Pow)
    if not fits or dtype.name not in COMPUTED:
        raise UnplannedError(f"{node.label}: no loops that give {dtype}")


def check_dtype(node: Node) -> None:
    """Refuse a dtype that loops cannot read.

    Raises
    ------
    UnplannedError
        With the reason.
    """
    if node.dtype.name not in READ:
        raise UnplannedError(f"{node.label}: no loops over {node.dtype}")


def is_reduction(node: Node) -> bool:
    """Return whether an op is a reduction that loops do."""
    return type(node.op) in _STEPS


def start_text(node: Node) -> str:
    """Write what a reduction starts from."""
    if node.dtype.kind == "f":
        return typed(_STEPS[type(node.op)][0], node.dtype)
    bounds = {
        reduction.Sum: 0,
        reduction.Prod: 1,
        reduction.Max: np.iinfo(node.dtype).min,
        reduction.Min: np.iinfo(node.dtype).max,
    }
    return str(bounds[type(node.op)])


def step_text(node: Node, so_far: str, entry: str) -> str:
    """Write how a reduction takes in an entry."""
    entry = cast(entry, node.inputs[0].dtype, node.dtype)
    return typed(_STEPS[type(node.op)][1].format(so_far, entry), node.dtype)


def cast(text: str, before: np.dtype, after: np.dtype) -> str:
    """Write a number of one dtype as one of another.

    Examples
    --------
    >>> cast("a", np.dtype(bool), np.dtype(float)), cast("a", np.dtype(float), np.dtype(float))
    ('np.float64(a)', 'a')
    """
    return text if before == after else f"np.{after.name}({text})"


def typed(text: str, dtype: np.dtype) -> str:
    """Write a number in a dtype, where Python's own numbers are of another.

    Examples
    --------
    >>> typed("a + b", np.dtype(np.float32)), typed("a + b", np.dtype(float))
    ('np.float32(a + b)', 'a + b')
    """
    return text if dtype.char in "dl?" else f"np.{dtype.name}({text})"
