"""Writing arrays that are put together: of pieces, of others, and labels of one-hot targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minigraph.compile.loops import reading, scalars
from minigraph.compile.loops.text import looped
from minigraph.node import Node
from minigraph.ops import indexing, shape

if TYPE_CHECKING:
    from minigraph.compile.loops.writing import Writing


def put(w: Writing, node: Node, *pieces: Node) -> None:
    """Set entries of a node's memory: places, numbers, places, ..."""
    for places, numbers in zip(pieces[::2], pieces[1::2], strict=True):
        here = reading.axes(places.shape)
        place = w.read(places, here)
        number = w.read(numbers, reading.broadcast(numbers.shape, here))
        line = f"{w.memory.entry(node, place)} = {scalars.typed(number, node.dtype)}"
        w.lines += looped(here, places.shape, [line])


def labels(w: Writing, node: Node, axis: int) -> None:
    """Look for the 1 of each example, and for anything beside it."""
    y = node.inputs[0]
    here = reading.axes(node.shape)
    entry = w.read(y, (*here[:axis], "p", *here[axis:]))
    target = w.entry(node, here)
    body = [
        f"{target} = -1",
        f"for p in range({y.shape[axis]}):",
        f"    if {entry} == 1 and {target} < 0:",
        f"        {target} = p",
        f"    elif {entry} != 0:",
        "        return False",
        f"if {target} < 0:",
        "    return False",
    ]
    w.lines += looped(here, node.shape, body)


def scattered(w: Writing, node: Node) -> None:
    """Put entries back to where ints and slices picked them, each from another place, among 0."""
    (entries,) = node.inputs
    op = node.op
    assert isinstance(op, indexing.Scatter)
    assert isinstance(op.pick, indexing.Index)
    w.fill(node, scalars.typed("0.0" if node.dtype.kind == "f" else "0", node.dtype))
    here = reading.axes(entries.shape)
    w.copy(entries, node, reading.indexed(op.pick.items, node.shape, here))


def joined(w: Writing, node: Node, axis: int) -> None:
    """Copy arrays to their places along an axis, which is a new one if they are stacked."""
    start = 0
    stacked = isinstance(node.op, shape.Stack)
    for x in node.inputs:
        here = reading.axes(x.shape)
        if stacked:
            w.copy(x, node, (*here[:axis], str(start), *here[axis:]))
            start += 1
        else:
            at = f"{start} + {here[axis]}"
            w.copy(x, node, (*here[:axis], at, *here[axis + 1 :]))
            start += x.shape[axis]
