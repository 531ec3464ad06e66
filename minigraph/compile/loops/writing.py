"""Writing one graph as loops: statements that fill memory, for given arrays and results."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from minigraph.compile.fused import OfLabels
from minigraph.compile.loops import joining, multiplying, nests, reading, scalars
from minigraph.compile.loops.memory import Memory, added
from minigraph.compile.loops.text import looped
from minigraph.compile.pieces import LabelsOf, PutAt, Together
from minigraph.compile.trace import UnplannedError
from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops import indexing, linear_algebra, shape


@dataclass(frozen=True)
class Array:
    """Where a leaf's entries are: in a flat array, from a place on, as those of a larger array.

    Attributes
    ----------
    name : str
        Of the flat array.
    start : str
        The index of its first entry there.
    sizes : tuple of int
        The shape of the array whose part it is.
    """

    name: str
    start: str
    sizes: tuple[int, ...]


@dataclass(eq=False)
class Writing:
    """One graph, while it is being written.

    Attributes
    ----------
    inputs : mapping of Node to Array
        The leaves that stand for arrays.
    memory : Memory
        Where everything else is kept.
    outputs : sequence of Node
        What is asked for.
    packed : frozenset of Node
        Leaves that stand for a part of an array, which is copied to the memory.
    adds : bool
        Whether results are added to what is there.
    """

    inputs: Mapping[Node, Array]
    memory: Memory
    outputs: Sequence[Node]
    packed: frozenset[Node] = frozenset()
    adds: bool = False
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        order = topological_order(*self.outputs)
        self.moving = dependents(order, [*self.inputs, *self.packed])
        self.order = [node for node in order if node in self.moving and node.op is not None]
        self.wanted = set(self.outputs)
        self.users: dict[Node, list[Node]] = {}
        for node in self.order:
            for x in dict.fromkeys(node.inputs):
                self.users.setdefault(x, []).append(node)
        # Products that are kept as their transposes.
        self.turned: set[Node] = set()
        # Products that may be put straight to where a result is wanted: that, and whether the
        # result is their transpose. Those that were.
        self.results: dict[Node, tuple[str, bool]] = {}
        self.straight: set[Node] = set()
        self.local: dict[Node, str] = {}
        self.here: reading.Place = ()
        self.done: set[Node] = set()
        self._body: list[str] | None = None
        self._last: dict[Node, int] = {}
        self._now = 0
        self._twins: list[Node] = []

    # Where things are

    def read(self, node: Node, place: reading.Place) -> str:
        """Write an entry of a node."""
        if isinstance(node.op, shape.Reshape) and self._lies(node.inputs[0]):
            name, start = self.start(node.inputs[0])
            return f"{name}[{added(start, reading.flat(node.shape, place))}]"
        node, place = nests.seen(node, place)
        if node in self.local and place == self.here:
            return self.local[node]
        if node not in self.moving:
            return self.memory.constant(node, place)
        if self._body is None or place != self.here:
            return self.entry(node, place)
        # Read once, before anything is written to the same memory.
        name = self.memory.names.new(_called(node), "v")
        self._body.append(f"{name} = {self.entry(node, place)}")
        self.local[node] = name
        return name

    def entry(self, node: Node, place: reading.Place) -> str:
        """Write the place in memory of an entry of a node that is kept."""
        name, start = self.start(node)
        sizes = self.inputs[node].sizes if node in self.inputs else node.shape
        if node in self.turned:
            sizes, place = sizes[::-1], place[::-1]
        return f"{name}[{added(start, reading.flat(sizes, place))}]"

    def start(self, x: Node) -> tuple[str, str]:
        """Return the flat array that a node's entries are in, and where they begin."""
        if x in self.inputs:
            return self.inputs[x].name, self.inputs[x].start
        name, start = self.memory.where(x)
        return name, str(start)

    def _lies(self, x: Node) -> bool:
        """Return whether a node's entries are in memory in row-major order, without gaps."""
        if x in self.inputs:
            return self.inputs[x].sizes[1:] == x.shape[1:]
        return x in self.packed or (x in self.done and x not in self.turned and x.op is not None)

    def gives(self, results: Mapping[Node, str], among: Collection[Node]) -> None:
        """Find the products that are results, or whose transposes are, and nothing else.

        Parameters
        ----------
        results : mapping of Node to str
            The arrays that results are wanted in.
        among : collection of Node
            Which nodes to consider.
        """
        for node, name in results.items():
            here = reading.axes(node.shape)
            base, place = nests.seen(node, here)
            is_product = isinstance(base.op, linear_algebra.MatMul) and base in among
            if not is_product or node.ndim != 2 or base.size != node.size:
                continue
            users = self.users.get(base, [])
            if node is base and not users and place == here:
                self.results[base] = name, False
            elif (
                [id(x) for x in users] == [id(node)]
                and place == here[::-1]
                and node not in self.users
            ):
                self.results[base] = name, True

    # Statements

    def write(self, nodes: Sequence[Node]) -> list[str]:
        """Return the lines that compute some of the nodes, after what they need.

        What only they need gives its memory back.
        """
        self.lines = []
        gathered = nests.nests(nodes)
        self._last = self._last_uses(gathered)
        for i, nest in enumerate(gathered):
            self._now = i
            if nest.whole:
                self._whole(nest.nodes[0])
            else:
                self._nest(nest)
            self.done.update(nest.nodes)
            for node in [*self._twins, *(x for x, last in self._last.items() if last == i)]:
                self.memory.release(node)
            self._twins.clear()
        return self.lines

    def _last_uses(self, gathered: Sequence[nests.Nest]) -> dict[Node, int]:
        """Return in which nest each node's memory is used for the last time, if it is."""
        last = {node: i for i, nest in enumerate(gathered) for node in nest.nodes}
        now = set(last)
        for i, nest in enumerate(gathered):
            for node in nest.nodes:
                for x in node.inputs:
                    base = nests.seen(x, ("0",) * x.ndim)[0]
                    if base in last:
                        last[base] = i
        for node in self.order:
            if node not in now and not nests.is_view(node):  # it is written another time
                for x in node.inputs:
                    last.pop(nests.seen(x, ("0",) * x.ndim)[0], None)
        for node in self.wanted:
            last.pop(nests.seen(node, ("0",) * node.ndim)[0], None)
        return last

    def _dies(self, x: Node) -> bool:
        """Return whether a node's memory is used for the last time now, and may be another's.

        What is there as its transpose has other entries at the same places.
        """
        return self._last.get(x) == self._now and x not in self.turned

    def _nest(self, nest: nests.Nest) -> None:
        for node in nest.nodes:
            if scalars.is_reduction(node):
                self.fill(node, scalars.start_text(node))
        self.here = reading.axes(nest.space)
        body = self._body = []
        inside = set(nest.nodes)
        # What is read at other places, too, must not be written over.
        elsewhere = {
            base
            for node in nest.nodes
            for base, at in (nests.seen(*pair) for pair in nests.read_by(node, self.here))
            if at != self.here
        }
        for node in nest.nodes:
            given = [self._read_into(x, at, node) for x, at in nests.read_by(node, self.here)]
            if scalars.is_reduction(node):
                taken = nests.reduced(node)
                kept = tuple("0" if i in taken else at for i, at in enumerate(self.here))
                if node.ndim < len(kept):
                    kept = tuple(at for i, at in enumerate(self.here) if i not in taken)
                target = self.entry(node, kept)
                body.append(f"{target} = {scalars.step_text(node, target, given[0])}")
                continue
            text = given[1] if isinstance(node.op, indexing.Take) else None
            text = text or scalars.entry_text(node, given)
            loaded = list(self.local)
            name = self.local[node] = self.memory.names.new(_called(node), "v")
            body.append(f"{name} = {text}")
            if self._is_kept(node, inside):
                for x in loaded:
                    if self._dies(x) and x not in elsewhere and self.memory.takes_over(node, x):
                        break
                body.append(f"{self.entry(node, self.here)} = {name}")
        self.lines += looped(self.here, nest.space, body)
        self.local.clear()
        self._body = None

    def _read_into(self, x: Node, place: reading.Place, node: Node) -> str:
        if isinstance(node.op, indexing.Take) and x is node.inputs[0]:
            places = node.inputs[1]
            n, axis = places.ndim, node.op.axis % x.ndim
            self._check_places(node)
            index = self.read(places, self.here[axis : axis + n])
            return self.read(x, (*self.here[:axis], index, *self.here[axis + n :]))
        return self.read(x, place)

    def _check_places(self, node: Node) -> None:
        """Let positions through that cannot lie outside: constants, and labels, if checked."""
        places = node.inputs[1]
        source = node.source
        if places not in self.moving:
            if places.value.size and places.value.min() < 0:
                raise UnplannedError(f"{node.label}: positions from the end")
        elif source is None or not isinstance(source.op, OfLabels):
            raise UnplannedError(f"{node.label}: positions that are computed")

    def _is_kept(self, node: Node, inside: set[Node]) -> bool:
        """Return whether a node is needed once its entry's turn in the nest is over."""
        waiting = [node]
        while waiting:
            x = waiting.pop()
            if x in self.wanted:
                return True
            for user in self.users.get(x, ()):
                if nests.is_view(user):
                    waiting.append(user)
                    if user.shape != x.shape:
                        return True
                elif user not in inside:  # which is where all that is read is read at this place
                    return True
        return False

    def fill(self, node: Node, text: str) -> None:
        """Set all entries of a node to the same."""
        self.lines += looped(("i0",), (node.size,), [f"{self.memory.entry(node, 'i0')} = {text}"])

    def copy(self, x: Node, node: Node, place: reading.Place | None = None) -> None:
        """Copy a node's entries to another's memory, at a place that depends on the loops."""
        here = reading.axes(x.shape)
        target = self.entry(node, here if place is None else place)
        self.lines += looped(here, x.shape, [f"{target} = {self.read(x, here)}"])

    def _whole(self, node: Node) -> None:
        match node.op:
            case linear_algebra.MatMul():
                multiplying.product(self, node)
            case LabelsOf(axis):
                joining.labels(self, node, axis)
            case PutAt():
                x, *pieces = node.inputs
                if not (self._dies(x) and self.memory.takes_over(node, x)):
                    self.copy(x, node)
                joining.put(self, node, *pieces)
            case Together():
                joining.put(self, node, *node.inputs)
            case indexing.Scatter():
                joining.scattered(self, node)
            case shape.Concat(axis) | shape.Stack(axis):
                joining.joined(self, node, axis % node.ndim)
            case _:
                self._sum(node)

    def _sum(self, node: Node) -> None:
        """Sum up the last axes: lines of entries that follow each other."""
        x = self._lying(node.inputs[0])
        n = math.prod(x.shape) // max(node.size, 1)
        here = reading.axes((node.size,))
        name, start = self.start(x)
        line = f"total({name}, {added(reading.flat((node.size, n), (*here, '0')), start)}, {n})"
        target = self.memory.entry(node, *here)
        self.lines += looped(here, (node.size,), [f"{target} = {scalars.typed(line, node.dtype)}"])

    def _lying(self, x: Node) -> Node:
        """Return a node whose entries are in memory in row-major order: x, or a copy of it."""
        here = reading.axes(x.shape)
        base, place = nests.seen(x, here)
        plain = reading.flat(base.shape, place) == reading.flat(x.shape, here)
        if base in self.moving and self._lies(base) and base.size == x.size and plain:
            return base
        return self.copied(x, x.shape, here)

    def copied(self, x: Node, sizes: tuple[int, ...], place: reading.Place) -> Node:
        """Return a node of a copy, in the order of loops over some sizes."""
        twin = self.memory.twin(x)
        self._twins.append(twin)
        target = self.memory.entry(twin, reading.flat(sizes, reading.axes(sizes)))
        self.lines += looped(reading.axes(sizes), sizes, [f"{target} = {self.read(x, place)}"])
        return twin


def _called(node: Node) -> str:
    return node.name or (node.op.label.lower() if node.op else "v")
