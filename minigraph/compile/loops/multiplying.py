"""Writing products of matrices: as loops where they are small, by BLAS where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from minigraph.compile.loops import nests, reading, scalars
from minigraph.compile.loops.memory import added
from minigraph.compile.loops.text import looped
from minigraph.node import Node
from minigraph.ops import shape

if TYPE_CHECKING:
    from minigraph.compile.loops.writing import Writing

FEW = 4000
"""How many multiplications a product of matrices has at most to be done by loops."""

SMALL = 100_000
"""How many entries a matrix has at most that is copied instead of multiplied as a transpose."""

SHORT = 8
"""How many terms a sum of products has at most that is not left to `elementary.inner`."""


def product(w: Writing, node: Node) -> None:
    """Write a product of matrices or vectors."""
    a, b = node.inputs
    many = node.size * a.shape[-1]
    same = a.dtype == b.dtype == node.dtype and node.dtype.char in "fd"
    if many <= FEW or not same or a.ndim == 1 or b.ndim == 1 or not many:
        _by_loops(w, node)
        return
    left, right = a, b
    large = a if a.size >= b.size else b
    if isinstance(large.op, shape.MatrixTranspose):
        # The large one is multiplied as it lies in memory: (A B)ᵀ = Bᵀ Aᵀ.
        left, right = b, a
        w.turned.add(node)
    flip = node in w.turned
    rows, columns = node.shape[::-1] if flip else node.shape
    texts = [
        _matrix(w, x, flip, x is right and x is not large and x.size <= SMALL)
        for x in (left, right)
    ]
    wanted = w.results.get(node)
    if wanted is not None and wanted[1] == flip:
        (name, _), start = wanted, "0"
        w.straight.add(node)
    else:
        name, start = w.start(node)
    adds = w.adds and node in w.straight
    sizes = f"{rows}, {columns}, {a.shape[1]}"
    kind = "" if node.dtype.char == "d" else "_single"
    w.lines.append(f"product{kind}({sizes}, {texts[0]}, {texts[1]}, {name}, {start}, {adds})")


def _matrix(w: Writing, x: Node, flip: bool, copied: bool) -> str:
    """Write a matrix, or its transpose: whether it is turned, the array, its start and rows."""
    base, turns = x, flip
    while isinstance(base.op, shape.MatrixTranspose) and base in w.moving:
        base, turns = base.inputs[0], not turns
    if base in w.turned:
        turns = not turns
    there = base in w.moving and not nests.is_view(base)
    if not there or (turns and copied):
        sizes = x.shape[::-1] if flip else x.shape
        here = reading.axes(sizes)
        base, turns = w.copied(x, sizes, here[::-1] if flip else here), False
        length = sizes[1]
    elif base in w.inputs:
        length = w.inputs[base].sizes[1]
    else:
        length = base.shape[0] if base in w.turned else base.shape[1]
    name, start = w.start(base)
    return f"{turns}, {name}, {start}, {length}"


def _by_loops(w: Writing, node: Node) -> None:
    """Write a product as loops, the last of them over entries that follow each other."""
    a, b = node.inputs
    n = a.shape[-1]
    rows = () if a.ndim == 1 else ("i",)
    columns = () if b.ndim == 1 else ("j",)
    sizes = [*([a.shape[0]] if rows else []), *([b.shape[1]] if columns else [])]
    if _by_lines(w, node, rows, columns, sizes):
        return
    w.fill(node, scalars.typed("0.0" if node.dtype.kind == "f" else "0", node.dtype))
    target = w.entry(node, (*rows, *columns))
    product = f"{w.read(a, (*rows, 'p'))} * {w.read(b, ('p', *columns))}"
    line = f"{target} = {scalars.typed(f'{target} + {product}', node.dtype)}"
    w.lines += looped((*rows, "p", *columns), (*sizes[: len(rows)], n, *sizes[len(rows) :]), [line])


def _by_lines(
    w: Writing, node: Node, rows: reading.Place, columns: reading.Place, sizes: Sequence[int]
) -> bool:
    """Write a product by sums over entries that follow each other, where both have these."""
    a, b = node.inputs
    n = a.shape[-1]
    if n <= SHORT or node.dtype.kind != "f":
        return False
    ends = []
    for x, place in ((a, (*rows, "0")), (b, ("0", *columns))):
        base, at = nests.seen(x, place)
        other, moved = nests.seen(x, tuple("1" if p == "0" else p for p in place))
        if base not in w.moving or nests.is_view(base) or x.dtype != node.dtype or base in w.turned:
            return False
        steps = [i for i, (p, q) in enumerate(zip(at, moved, strict=True)) if p != q]
        if other is not base or steps != [base.ndim - 1] or moved[-1] != "1":
            return False
        name, start = w.start(base)
        sizes_of = w.inputs[base].sizes if base in w.inputs else base.shape
        ends.append(f"{name}, {added(reading.flat(sizes_of, at), start)}")
    text = scalars.typed(f"inner({ends[0]}, {ends[1]}, {n})", node.dtype)
    line = f"{w.entry(node, (*rows, *columns))} = {text}"
    w.lines += looped((*rows, *columns), sizes, [line])
    return True
