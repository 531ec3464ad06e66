"""Quicker ways to write some ops of small arrays, where what a call costs is most of the time.

Each function writes a node and returns True, or returns False where its way does not apply. The
times behind the choices are in the documentation of `minigraph.compile`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING

from minigraph.compile import write
from minigraph.node import Node
from minigraph.ops import reduction

if TYPE_CHECKING:
    from minigraph.compile.writing import Writing

_SMALL = 3000
"""How many entries are few: what a call costs is then more than what it does."""


def _axis_of(node: Node) -> int | None:
    """Return the one axis that a reduction takes, from the front; None if it is not one."""
    axis = getattr(node.op, "axis", None)
    n = node.inputs[0].ndim
    return axis % n if isinstance(axis, int) and n else None


def row_by_row(w: Writing, node: Node, ufunc: str, operands: Sequence[str]) -> bool:
    """Combine two rows with another one in two calls: one that broadcasts takes longer."""
    if node.shape[:1] != (2,) or node.ndim != 2 or not 2 < node.size <= _SMALL:
        return False
    given = [w.unwidened(x) for x in node.inputs]
    wide = [x.shape == node.shape for x in given]
    narrow = [x.shape in (node.shape[1:], (1, *node.shape[1:])) for x in given]
    if len(given) != 2 or not all(map(operator.or_, wide, narrow)) or all(wide):
        return False
    if node in w.outputs or not all(x in w.static for x in given):
        return False
    if w.memory.base(given[0]) is w.memory.base(given[1]):
        return False  # one row would be written before the other reads it
    name = w.buffer(node, beside=any(x.shape == node.shape for x in given))
    for i in range(2):
        row = _row(w, name, i)
        parts = []
        for x, written, whole in zip(given, operands, wide, strict=True):
            parts.append(_row(w, written, i) if whole else _flat(w, x, written))
        w.body.append(f"np.{ufunc}({', '.join(parts)}, out={row})")
    w.explain(node)
    return True


def _row(w: Writing, name: str, i: int) -> str:
    """Return the name of a row of a buffer; it is made once."""
    if (name, i) not in w.rows:
        row = w.rows[name, i] = w.names.new(f"{name}_row")
        w.above.append(f"{row} = {name}[{i}]")
    return w.rows[name, i]


def _flat(w: Writing, x: Node, name: str) -> str:
    return _row(w, name, 0) if x.ndim == 2 else name


def by_rows(w: Writing, node: Node) -> bool:
    """Reduce two or three rows by the ufunc itself: a call of reduce takes longer."""
    if not isinstance(node.op, tuple(write.REDUCTIONS)):
        return False
    (x,) = node.inputs
    if not (_axis_of(node) == 0 and x.shape[0] in (2, 3) and x.size <= _SMALL):
        return False
    if w.ref(x) and (x not in w.static or x.dtype != node.dtype):
        return False
    source = w.ref(x)
    rows = []
    for i in range(x.shape[0]):
        rows.append(w.names.new(f"{source}_row"))
        keep = f"{i}:{i + 1}" if node.ndim == x.ndim else str(i) if x.ndim > 1 else f"{i}, ..."
        w.above.append(f"{rows[-1]} = {source}[{keep}]")
    ufunc = write.REDUCTIONS[type(node.op)]
    w.into(node, f"np.{ufunc}({rows[0]}, {rows[1]}{{out}})", beside=False)
    for row in rows[2:]:
        name = w.text[node]
        w.body.append(f"np.{ufunc}({name}, {row}, out={name})")
    return True


def by_dot(w: Writing, node: Node) -> bool:
    """Sum along an axis of a matrix by a product with ones: half the time of a reduction."""
    if not isinstance(node.op, reduction.Sum) or node.dtype.char not in "fd":
        return False
    (x,) = node.inputs
    axis = _axis_of(node)
    if x.ndim != 2 or axis is None or not x.size or not write.keeps_order(x):
        return False
    if x.dtype != node.dtype or node.ndim != 1:
        return False
    source = w.ref(x)
    ones = w.names.new("ones")
    w.above.append(f"{ones} = np.ones({x.shape[axis]}{w.kind(node)})")
    pair = f"{ones}, {source}" if axis == 0 else f"{source}, {ones}"
    w.into(node, f"np.dot({pair}{{out}})", beside=False)
    return True
