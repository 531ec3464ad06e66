"""Where the same ops come again and again in a graph: the runs that a picture folds to "×12".

All of it is arrays over a schedule, an order of evaluation in which what belongs together stands
together: a run of blocks is then a piece of the schedule that goes on like the piece before it.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.node import Node

# An op with more inputs is like no other one.
_MOST_INPUTS = 4
# Twice is a repetition if so many nodes come twice; three times is one always.
_LARGE = 10
# How many comparisons of nodes may be made; it limits the length of the blocks of a huge graph.
_WORK = 50_000_000
_MOST_CANDIDATES = 2000


@dataclass(frozen=True)
class Run:
    """The same block, some times: nodes ``start`` to ``stop`` of a schedule.

    Attributes
    ----------
    start, stop : int
    times : int
    """

    start: int
    stop: int
    times: int


@dataclass(frozen=True, eq=False)
class Schedule:
    """Nodes in an order of evaluation, the deepest input of each first.

    Attributes
    ----------
    nodes : list of Node
    inputs : list of list of int
        The positions of each node's inputs.
    last : numpy.ndarray
        The position of each node's last use; for what has to be seen, beyond all positions.
    """

    nodes: list[Node]
    inputs: list[list[int]]
    last: np.ndarray


def schedule(order: Sequence[Node], keep: Set[Node]) -> Schedule:
    """Put a topological order so that the leaves of a layer stand in the layer.

    Parameters
    ----------
    order : sequence of Node
        A topological order.
    keep : set of Node
        What has to be seen.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> v, w, x = (mg.parameter(1.0, name=name) for name in "vwx")
    >>> order = topological_order(v * (w * x))
    >>> [node.label for node in order]
    ['v', 'w', 'x', 'Multiply', 'Multiply']
    >>> [node.label for node in schedule(order, set()).nodes]
    ['w', 'x', 'Multiply', 'v', 'Multiply']
    """
    position = {node: i for i, node in enumerate(order)}
    inputs = [[position[x] for x in node._inputs] for node in order]
    height = [0] * len(order)
    used = bytearray(len(order))
    for i, mine in enumerate(inputs):
        for j in mine:
            used[j] = 1
            height[i] = max(height[i], height[j] + 1)
    placed = [-1] * len(order)
    done: list[int] = []
    seen = bytearray(len(order))
    stack = [i for i in range(len(order) - 1, -1, -1) if not used[i]]
    while stack:
        i = stack.pop()
        if i < 0:  # what was above the mark is done: the node under it is next
            i = stack.pop()
            placed[i] = len(done)
            done.append(i)
        elif not seen[i]:
            seen[i] = 1
            stack += (i, -1)
            # The last on the stack comes first: the deepest, of equals the leftmost.
            stack += sorted(inputs[i], key=height.__getitem__, reverse=True)[::-1]
    last = np.arange(len(order))
    moved = [[placed[j] for j in inputs[i]] for i in done]
    for i, mine in enumerate(moved):
        for j in mine:
            last[j] = i
    nodes = [order[i] for i in done]
    for i, node in enumerate(nodes):
        if node in keep:
            last[i] = len(order)
    return Schedule(nodes, moved, last)


def runs(plan: Schedule, enough: Callable[[int], bool]) -> list[Run]:
    """Find repeated blocks, those that make up most of the graph first.

    Parameters
    ----------
    plan : Schedule
    enough : callable
        Told how many nodes would be left to show; whether they are few enough.

    Returns
    -------
    list of Run
        Apart from each other, in the order of the schedule.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> x = mg.parameter(1.0, name="x")
    >>> for _ in range(9):
    ...     x = mg.exp(x * 0.1)
    >>> runs(schedule(topological_order(x), {x}), lambda left: False)
    [Run(start=1, stop=25, times=8)]
    """
    left = len(plan.nodes)
    heap: list[tuple[int, int, int, int]] = []

    def consider(period: int, start: int, stop: int) -> None:
        times = (stop - start) // period
        if _worth(times, period):
            heapq.heappush(heap, (-times * period, period, start, stop))

    for period, start, stop in _candidates(plan):
        consider(period, start, stop)
    taken: list[tuple[int, int]] = []
    found: list[Run] = []
    while heap and not enough(left):
        _, period, start, stop = heapq.heappop(heap)
        pieces = _free(start, stop, taken)
        if pieces != [(start, stop)]:
            for a, b in pieces:
                consider(period, a, b)
            continue
        run = _aligned(plan, period, start, stop)
        taken.insert(bisect_left(taken, (run.start, run.stop)), (run.start, run.stop))
        found.append(run)
        left -= run.stop - run.start - 1
    return sorted(found, key=lambda run: run.start)


def _worth(times: int, period: int) -> bool:
    return times >= 3 or (times == 2 and period >= _LARGE)


def _free(start: int, stop: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of an interval is not taken yet."""
    pieces = []
    for a, b in taken:
        if b <= start or a >= stop:
            continue
        if a > start:
            pieces.append((start, a))
        start = b
    if start < stop:
        pieces.append((start, stop))
    return pieces


def _candidates(plan: Schedule) -> list[tuple[int, int, int]]:
    """Return the period, the start and the stop of each piece that repeats itself."""
    tokens, inputs = _tokens(plan)
    n = len(tokens)
    found = []
    for p in range(1, min(n // 2, max(64, _WORK // n)) + 1):
        same = tokens[p:] == tokens[:-p]
        if np.count_nonzero(same) < p:
            continue
        # The i-th input of a node and of the one a period before it: of the block (as far back),
        # from outside (the same node), or from a part that is walked in steady steps.
        step = inputs[p:] - inputs[:-p]
        steady = np.zeros_like(step, dtype=bool)
        steady[p:] = step[p:] == step[:-p]
        steady[:-p] |= steady[p:]
        same &= np.all((step == p) | (step == 0) | steady, axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], same.view(np.int8), [0]))))
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if _worth((b - a + p) // p, p):
                found.append((p, a, b + p))
    found.sort(key=lambda piece: (piece[1] - piece[2], piece))
    return found[:_MOST_CANDIDATES]


def _tokens(plan: Schedule) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for what each node is, and the positions of its inputs, −1 for none."""
    n = len(plan.nodes)
    numbers: dict[Any, int] = {}
    tokens = np.empty(n, dtype=np.int64)
    inputs = np.full((n, _MOST_INPUTS), -1, dtype=np.int64)
    for i, node in enumerate(plan.nodes):
        mine = plan.inputs[i]
        if plan.last[i] == n or len(mine) > _MOST_INPUTS:
            tokens[i] = -1 - i
            continue
        made: Any = node._kind if node._op is None else node._op
        key = (made, node._value.shape, node._value.dtype.char, len(mine))
        try:
            tokens[i] = numbers.setdefault(key, len(numbers))
        except TypeError:  # a parameter of the op, such as an index, is no constant
            key = (type(made), made.label, *key[1:])
            tokens[i] = numbers.setdefault(key, len(numbers))
        inputs[i, : len(mine)] = mine
    return tokens, inputs


def _aligned(plan: Schedule, period: int, start: int, stop: int) -> Run:
    """Cut a run into its blocks where the least goes from one to the next.

    Where several places are as good, a block begins with an op like a matrix product, as layers
    do, and not with one like relu or +; and then there are as many blocks as can be.
    """
    ops = {i: plan.nodes[i]._op for i in range(start, start + 2 * period)}
    begins = {i for i, op in ops.items() if op is not None and not op.elementwise}
    # How much goes over each place in the first two blocks, but for leaves that are used all over.
    going = np.zeros(2 * period + 1, dtype=np.int64)
    for i in range(2 * period):
        span = int(plan.last[start + i]) - start - i
        if plan.inputs[start + i] or span <= period:
            going[i + 1 : i + 1 + span] += 1
    best = Run(start, start, 0)
    cost = None
    most = (stop - start) // period
    for shift in range(period if most > 2 else 1):
        a = start + shift
        times = (stop - a) // period
        first = next((i for i in range(a, a + period) if ops[i] is not None), a)
        mine = (int(going[shift + period]), bool(begins) and first not in begins, -times)
        if cost is None or mine < cost:
            best, cost = Run(a, a + times * period, times), mine
    return best
