"""What of a large graph is folded, so that the rest can be seen.

The rule, in this order, and no further than needed:

1. Blocks of the same ops that follow each other become one: "×12". They come three times or more;
   twice is enough for blocks of ten nodes and more.
2. A part of which only one value is used outside becomes one: "… 340 nodes", the largest part
   last, so that small parts and the end of the computation stay open.
3. What is still too much, having no such parts, is cut into slices of the order of evaluation,
   the nodes before the end left open.

Outputs and marked nodes always stay to be seen.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence, Set
from dataclasses import dataclass

from minigraph.draw.repeats import Run, Schedule, runs, schedule
from minigraph.node import Node

# Of what is cut into slices: how many slices, and how many pieces before the end stay open.
_MOST_SLICES, _MOST_OPEN = 6, 14
_MOST_LEAVES = 8


@dataclass(frozen=True, eq=False)
class Group:
    """Nodes that are folded into one.

    Attributes
    ----------
    nodes : tuple of Node
        In an order of evaluation.
    times : int
        How often the same ops come: the nodes are so many equal blocks.
    output : Node or None
        The one node among them that is used outside, which is shown; None if there are more.
    """

    nodes: tuple[Node, ...]
    times: int
    output: Node | None

    @property
    def end(self) -> Node:
        """The node that stands for the group where it needs a place in the order."""
        return self.nodes[-1] if self.output is None else self.output


@dataclass(frozen=True, order=True)
class _Part:
    """A piece of the list of items, from ``first`` to ``last``, and how many nodes it has."""

    size: int  # negative, so that the largest is the smallest
    first: int
    last: int


def fold(order: Sequence[Node], keep: Set[Node], most: int, parts: bool = True) -> list[Group]:
    """Choose what is folded.

    Parameters
    ----------
    order : sequence of Node
        A topological order.
    keep : set of Node
        What has to be seen: the outputs first of all.
    most : int
        How many nodes and groups there should be to see at the end.
    parts : bool
        Whether more than repeated blocks may be folded.

    Returns
    -------
    list of Group
        Apart from each other; the graph with each as one node has no cycle.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> x = mg.parameter(1.0, name="x")
    >>> for _ in range(1000):
    ...     x = mg.exp(x * 0.1)
    >>> (group,) = fold(topological_order(x), {x}, most=60)
    >>> group.times, [node.label for node in group.nodes[:3]]
    (999, ['0.1', 'Multiply', 'Exp'])
    """
    plan = schedule(order, keep)
    found = runs(plan, lambda left: left <= most)
    items = _items(len(order), found)
    chosen = [(i, i) for i in range(len(items))]
    if parts and len(items) > most:
        chosen = _Folding(plan, items).choose(most)
    groups = []
    for first, last in chosen:
        start, stop = items[first].start, items[last].stop
        if stop - start > 1:
            times = items[first].times if first == last else 1
            groups.append(_group(plan, start, stop, times))
    return groups


def _items(n: int, found: list[Run]) -> list[Run]:
    """Return what there is once the repeated blocks are one each: single nodes, and the runs."""
    items: list[Run] = []
    at = 0
    for run in [*found, Run(n, n, 0)]:
        items += [Run(i, i + 1, 1) for i in range(at, run.start)]
        items += [run] if run.times else []
        at = run.stop
    return items


def _group(plan: Schedule, start: int, stop: int, times: int) -> Group:
    outside = [i for i in range(start, stop) if plan.last[i] >= stop]
    output = plan.nodes[outside[0]] if len(outside) == 1 else None
    return Group(tuple(plan.nodes[start:stop]), times, output)


class _Folding:
    """Rules 2 and 3, on a list of items."""

    def __init__(self, plan: Schedule, items: list[Run]) -> None:
        self.plan, self.items = plan, items
        n = len(plan.nodes)
        owner = [i for i, item in enumerate(items) for _ in range(item.start, item.stop)] + [n]
        self.kept = [item.times == 1 and plan.last[item.start] == n for item in items]
        # By item: the last item that uses something of it, and where the part starts of which
        # only the item's value is used outside.
        self.last = [
            max(owner[plan.last[i]] for i in range(item.start, item.stop)) for item in items
        ]
        self.start = []
        stack: list[int] = []
        for i, item in enumerate(items):
            while stack and self.last[stack[-1]] <= i:
                stack.pop()
            values = sum(plan.last[j] >= item.stop for j in range(item.start, item.stop))
            self.start.append((stack[-1] + 1 if stack else 0) if values == 1 else i)
            stack.append(i)

    def _part(self, first: int, last: int) -> _Part:
        return _Part(self.items[first].start - self.items[last].stop, first, last)

    def _inside(self, first: int, last: int) -> list[_Part]:
        """Return the largest parts that a piece is made of."""
        found = []
        while last >= first:
            found.append(self._part(max(first, self.start[last]), last))
            last = found[-1].first - 1
        return found[::-1]

    def choose(self, most: int) -> list[tuple[int, int]]:
        """Open the largest parts, as long as there is room; return the pieces to show."""
        closed: list[tuple[int, int]] = []
        heap: list[_Part] = []

        def slices(pieces: list[_Part], room: int) -> None:
            ends = max(1, min(room - _MOST_SLICES, _MOST_OPEN))
            closed.extend(self._slices(pieces[:-ends], max(1, min(room - ends, _MOST_SLICES))))
            heap.extend(pieces[-ends:])
            heapq.heapify(heap)

        whole = self._inside(0, len(self.items) - 1)
        if len(whole) > most:
            slices(whole, most)
        else:
            heap = whole
            heapq.heapify(heap)
        while heap:
            part = heapq.heappop(heap)
            if part.first == part.last:
                closed.append((part.first, part.last))
                continue
            inside = [*self._inside(part.first, part.last - 1), self._part(part.last, part.last)]
            room = most - len(heap) - len(closed)
            if len(inside) <= room:
                for piece in inside:
                    heapq.heappush(heap, piece)
            elif -part.size > len(self.plan.nodes) // 2 and room > 3:
                slices(inside, room)
            else:
                closed.append((part.first, part.last))
        return sorted(closed)

    def _slices(self, pieces: list[_Part], count: int) -> list[tuple[int, int]]:
        """Cut pieces that are too many into slices of about as many nodes each."""
        size = -sum(piece.size for piece in pieces) // count
        shared = self._shared_leaves(pieces)
        found: list[tuple[int, int]] = []
        first = None
        for piece in pieces:
            alone = piece.first in shared or self.kept[piece.last]
            if alone and first is not None:
                found.append((first, piece.first - 1))
                first = None
            if alone:
                found.append((piece.first, piece.last))
                continue
            first = piece.first if first is None else first
            if self.items[piece.last].stop - self.items[first].start >= size:
                found.append((first, piece.last))
                first = None
        if first is not None:
            found.append((first, pieces[-1].last))
        return found

    def _shared_leaves(self, pieces: list[_Part]) -> Set[int]:
        """Return the leaves at the start, which all depends on, if they are few."""
        leaves = set()
        for piece in pieces:
            item = self.items[piece.first]
            if piece.first != piece.last or item.times > 1 or self.plan.inputs[item.start]:
                break
            leaves.add(piece.first)
        return leaves if len(leaves) <= _MOST_LEAVES else set()
