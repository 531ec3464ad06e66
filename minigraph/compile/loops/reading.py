"""Where an entry is: the place in memory of an entry of a node that only looks at another one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from minigraph.node import Node
from minigraph.ops import indexing, shape

Place = tuple[str, ...]
"""The text of a place: one index for each axis."""


def axes(sizes: Sequence[int]) -> Place:
    """Return the place that loops over some sizes are at: a name for each axis, 0 for one entry.

    Examples
    --------
    >>> axes((3, 1, 4))
    ('i0', '0', 'i2')
    """
    return tuple("0" if size == 1 else f"i{i}" for i, size in enumerate(sizes))


def flat(sizes: Sequence[int], place: Place) -> str:
    """Write a place as one index into the entries in row-major order.

    Examples
    --------
    >>> flat((3, 4), ("i0", "i1")), flat((3, 4), ("0", "i1")), flat((), ())
    ('i0 * 4 + i1', 'i1', '0')
    """
    terms = []
    for i, (size, index) in enumerate(zip(sizes, place, strict=True)):
        step = math.prod(sizes[i + 1 :])
        if index == "0" or size == 1:
            continue
        index = index if index.isidentifier() or index.isdigit() else f"({index})"
        terms.append(index if step == 1 else f"{index} * {step}")
    return " + ".join(terms) or "0"


def broadcast(sizes: Sequence[int], place: Place) -> Place:
    """Return where an array of other sizes is read when it is repeated: 0 along axes of one entry.

    Examples
    --------
    >>> broadcast((1, 4), ("i0", "i1", "i2"))
    ('0', 'i2')
    """
    own = place[len(place) - len(sizes) :]
    return tuple("0" if size == 1 else index for size, index in zip(sizes, own, strict=True))


def inner(node: Node, place: Place) -> Place | None:
    """Return the place in its input where a node that is a view has an entry; None if it is none.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([[1.0, 2.0, 3.0]])
    >>> inner(x.T, ("i0", "0")), inner(x[0, ::2], ("i0",)), inner(mg.exp(x), ("i0", "i1"))
    (('0', 'i0'), ('0', 'i0 * 2'), None)
    """
    op = node.op
    match op:
        case shape.MatrixTranspose():
            return (*place[:-2], place[-1], place[-2])
        case shape.PermuteDims(order):
            found = {axis % node.ndim: index for axis, index in zip(order, place, strict=True)}
            return tuple(found[i] for i in range(node.ndim))
        case shape.BroadcastTo():
            return broadcast(node.inputs[0].shape, place)
        case shape.ExpandDims() | shape.Squeeze() | shape.Reshape():
            return _reshaped(node.shape, node.inputs[0].shape, place)
        case indexing.Index() if len(node.inputs) == 1:
            return indexed(op.items, node.inputs[0].shape, place)
    return None


def _reshaped(sizes: Sequence[int], others: Sequence[int], place: Place) -> Place:
    """Return a place after a change of shape."""
    if [n for n in sizes if n != 1] == [n for n in others if n != 1]:
        rest = iter(i for n, i in zip(sizes, place, strict=True) if n != 1)
        return tuple("0" if n == 1 else next(rest) for n in others)
    index = flat(sizes, place)
    found = []
    for i, size in enumerate(others):
        step = math.prod(others[i + 1 :])
        part = f"({index})" if step == 1 else f"({index}) // {step}"
        found.append("0" if size == 1 else part if i == 0 else f"{part} % {size}")
    return tuple(found)


def indexed(items: Sequence[indexing.Item], sizes: Sequence[int], place: Place) -> Place:
    """Return the place that a key of ints, slices, ... and None picks, of an array of some sizes.

    Examples
    --------
    >>> indexed((indexing.Slice(1, None, 2), -1), (5, 3), ("i0",))
    ('1 + i0 * 2', '2')
    """
    taken = sum(item is not None and item is not Ellipsis for item in items)
    whole = ["..."] if Ellipsis not in items else []
    rest, found = iter(place), []
    for item in (*items, *whole):
        if item is None:
            next(rest)
        elif item is Ellipsis or item == "...":
            found += [next(rest) for _ in range(len(sizes) - taken)]
        elif isinstance(item, indexing.Slice):
            start, _, step = slice(item.start, item.stop, item.step).indices(sizes[len(found)])
            found.append(_moved(next(rest), start, step))
        else:
            assert isinstance(item, int)
            found.append(str(item % sizes[len(found)]))
    return tuple(found)


def _moved(index: str, start: int, step: int) -> str:
    """Write an index into what a slice is of.

    Examples
    --------
    >>> _moved("i", 2, 1), _moved("2 + i", 0, 3), _moved("i", 5, -1)
    ('2 + i', '(2 + i) * 3', '5 - i')
    """
    if not (index.isidentifier() or index.isdigit()):
        index = f"({index})"
    if step < 0:
        return f"{start} - {index}" if step == -1 else f"{start} - {index} * {-step}"
    scaled = index if step == 1 else f"{index} * {step}"
    return scaled if start == 0 else f"{start} + {scaled}"
