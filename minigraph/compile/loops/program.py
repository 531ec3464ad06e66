"""The program of a traced graph: functions of arrays that numba compiles, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minigraph.compile.loops import nests, reading, scalars
from minigraph.compile.loops.memory import EMBEDDED, Memory
from minigraph.compile.loops.text import looped
from minigraph.compile.loops.writing import Array, Writing
from minigraph.compile.names import Names
from minigraph.compile.trace import Block, Trace, UnplannedError
from minigraph.graph import dependents, topological_order
from minigraph.node import Node

CACHED = 2 * 2**20
"""Of how many bytes an array is at most whose parts are read where they are, again and again."""

LARGE = 2**20
"""How many bytes a program makes anew in each call at most: more is kept between calls."""

MOST = 1000
"""Of how many ops a program is at most: numba takes some 20 ms for each."""

AHEAD = 8
"""How many rows ahead memory is asked for, while a part of each row is copied."""

RESERVED = (
    *("compute", "call", "descend", "losses", "eta", "start", "stop", "at", "step"),
    *("exp", "expm1", "log", "log1p", "tanh", "logaddexp", "sign", "inner", "total", "fetch"),
    *("product", "product_single"),
    *("i", "j", "p", *(f"i{i}" for i in range(64))),
    *(f"{kind}s" for kind in ("bool", *(f"{k}{n}" for k in ("int", "uint") for n in (8, 16, 32)))),
    *("int64s", "uint64s", "float32s", "float64s"),
)
"""The names that a program has of its own."""


@dataclass(frozen=True, eq=False)
class Program:
    """A program as text, and what it is given beside its arguments.

    Attributes
    ----------
    text : str
        A module with the functions ``compute``, which adds to results, ``call``, which returns
        them, and, if all that one differentiates by are arguments, ``descend``, which takes steps
        of gradient descent.
    constants : dict of str to numpy.ndarray
        Arrays that the text names: a part of the compiled program.
    given : dict of str to numpy.ndarray
        Larger ones, which are arguments.
    work, gradients : dict of str to (int, dtype)
        Memory that is an argument, too, since it is large: that of ``compute``, and that which
        ``descend`` needs beside it.
    results : tuple of (shape, dtype) or None
        What is computed: the value, and each gradient.
    examples : int or None
        Of how many examples ``compute`` may take a range; None if it takes no range.
    size : int
        How many of them a block has.
    """

    text: str
    constants: dict[str, np.ndarray]
    given: dict[str, np.ndarray]
    work: dict[str, tuple[int, np.dtype]]
    gradients: dict[str, tuple[int, np.dtype]]
    results: tuple[tuple[tuple[int, ...], np.dtype] | None, ...]
    examples: int | None
    size: int


def program(trace: Trace, places: Sequence[int | None], single: bool) -> Program:
    """Write the program of a traced graph.

    Parameters
    ----------
    trace : Trace
    places : sequence of int or None
        For each gradient, which argument it is the gradient by; None if it is by none.
    single : bool
        Whether ``call`` returns the value alone, instead of ``(value, gradients)``.

    Raises
    ------
    UnplannedError
        If there is something in the graph that loops do not do.
    """
    found = [x for x in trace.outputs if x is not None]
    if len(topological_order(*found)) > MOST:
        raise UnplannedError(f"more than {MOST:,} ops, which take too long to compile")
    for leaf in trace.inputs:
        scalars.check_dtype(leaf)
    return _Writer(trace).program(places, single)


class _Writer:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.names = Names()
        for name in RESERVED:
            self.names.new(name)
        self.arguments = [self.names.new(leaf.name or "", "x") for leaf in trace.inputs]
        self.memory = Memory(self.names)
        self.results = [
            None if node is None else self.names.new(node.name or "result")
            for node in trace.outputs
        ]

    def program(self, places: Sequence[int | None], single: bool) -> Program:
        trace = self.trace
        given: dict[str, np.ndarray] = {}
        blocks = trace.blocks
        examples, size = None, 0
        if blocks:
            size = blocks[0].examples
            body, examples = self._in_blocks(given)
        else:
            inputs = {
                leaf: Array(name, "0", leaf.shape)
                for leaf, name in zip(trace.inputs, self.arguments, strict=True)
            }
            body = self._checks()
            writing = Writing(inputs, self.memory, self._found(trace.outputs))
            writing.gives(self._wanted(trace.outputs), set(writing.order))
            body += [*writing.write(writing.order), *self._kept(writing, trace.outputs, "=")]
        for name, array in list(self.memory.constants.items()):
            if array.size > EMBEDDED:
                given[name] = self.memory.constants.pop(name)
        kept = {f"{kind}s": (n, np.dtype(kind)) for kind, n in self.memory.sizes.items()}
        large = sum(n * dtype.itemsize for n, dtype in kept.values()) > LARGE
        memory = [] if large else [_empty(name, *kind) for name, kind in kept.items()]
        work = kept if large else {}
        gradients = {
            result: (node.size, node.dtype)
            for node, result in zip(trace.outputs[1:], self.results[1:], strict=True)
            if node is not None and result is not None
        }
        more = [*given, *work]
        results = [r for r in self.results if r is not None]
        part = ["start", "stop"] if blocks else []
        arguments = [*self.arguments, *more, *results, *part]
        lines = [
            f"def compute({', '.join(arguments)}):",
            *_indented([*memory, *body, "return True"]),
            "",
            "",
            *self._call(more, examples, single),
            *self._descend(more, examples, places, {} if large else gradients),
        ]
        text = "import numpy as np\n\n\n" + "\n".join(lines) + "\n"
        kinds = tuple(None if x is None else (x.shape, x.dtype) for x in trace.outputs)
        return Program(
            text,
            dict(self.memory.constants),
            given,
            work,
            gradients if large else {},
            kinds,
            examples,
            size,
        )

    @staticmethod
    def _found(outputs: Sequence[Node | None]) -> list[Node]:
        return [node for node in outputs if node is not None]

    def _checks(self) -> list[str]:
        """Write the check that labels are classes."""
        called = dict(zip(self.trace.inputs, self.arguments, strict=True))
        lines = []
        for y, k in self.trace.labels:
            lines += [
                f"for i in range({y.size}):",
                f"    if not 0 <= {called[y]}[i] < {k}:",
                "        return False",
            ]
        return lines

    def _wanted(self, outputs: Sequence[Node | None]) -> dict[Node, str]:
        """Return where results are wanted, but for those that are wanted twice."""
        pairs = [(x, r) for x, r in zip(outputs, self.results, strict=True) if x is not None and r]
        found = dict(pairs)
        return {} if len(found) < len(pairs) else found

    def _kept(self, writing: Writing, outputs: Sequence[Node | None], sign: str) -> list[str]:
        """Write how results get to where they are wanted."""
        lines, straight = [], writing.straight
        for node, result in zip(outputs, self.results, strict=True):
            if node is not None and nests.seen(node, ("0",) * node.ndim)[0] not in straight:
                here = reading.axes(node.shape)
                target = f"{result}[{reading.flat(node.shape, here)}]"
                entry = writing.read(node, here)
                lines += looped(here, node.shape, [f"{target} {sign} {entry}"])
        return lines

    def _in_blocks(self, given: dict[str, np.ndarray]) -> tuple[list[str], int]:
        """Write a loop over the blocks, and what is left over."""
        first, *rest = self.trace.blocks
        called = dict(zip(self.trace.inputs, self.arguments, strict=True))
        for leaf in first.leaves:
            if leaf not in called:
                called[leaf] = self.names.new(leaf.name or "", "x")
                given[called[leaf]] = np.ascontiguousarray(leaf.value).reshape(-1)
        examples = next(leaf.shape[axis] for leaf, axis in first.axes.items() if leaf in called)
        lines = self._checks()
        for node, result in zip(self.trace.outputs, self.results, strict=True):
            if node is not None:
                lines += [f"for i in range({node.size}):", f"    {result}[i] = 0"]
        before, inside = self._block(first, called, "at")
        end = examples // first.examples * first.examples
        lines += before
        lines.append(f"for at in range(start, min(stop, {end}), {first.examples}):")
        lines += _indented(inside)
        for block in rest:
            before, inside = self._block(block, called, str(end))
            lines.append(f"if stop == {examples}:")
            lines += _indented([*before, *inside])
        return lines, examples

    def _block(self, block: Block, called: dict[Node, str], at: str) -> tuple[list[str], list[str]]:
        """Return the lines of what all blocks share, and of one block that begins at a place."""
        inputs: dict[Node, Array] = {}
        packing: list[tuple[Node, Node, str]] = []
        fresh: list[Node] = []
        for leaf, own in zip(block.leaves, block.inputs, strict=True):
            axis = block.axes.get(leaf)
            if axis is None:
                inputs[own] = Array(called[leaf], "0", leaf.shape)
                continue
            fresh.append(own)
            if axis == 0:
                step = leaf.size // leaf.shape[0]
                start = at if step == 1 else f"{at} * {step}"
                inputs[own] = Array(called[leaf], start, leaf.shape)
            elif leaf.value.nbytes <= CACHED:
                inputs[own] = Array(called[leaf], at, leaf.shape)
            else:
                packing.append((leaf, own, called[leaf]))
        packed = frozenset(own for _, own, _ in packing)
        found = self._found(block.outputs)
        writing = Writing(inputs, self.memory, found, packed, adds=True)
        changing = dependents(writing.order, fresh)
        writing.gives(self._wanted(block.outputs), changing)
        for _, own, _ in packing:
            self.memory.where(own)  # it is filled first, so its place is nobody else's before
        before = list(writing.write([n for n in writing.order if n not in changing]))
        inside = list(writing.write([n for n in writing.order if n in changing]))
        pack = []
        for leaf, own, name in packing:
            pack += self._pack(leaf, own, name, at)
        return before, [*pack, *inside, *self._kept(writing, block.outputs, "+=")]

    def _pack(self, leaf: Node, own: Node, name: str, at: str) -> list[str]:
        """Copy the columns of a block to memory that stays in the cache."""
        (n, m), b = leaf.shape, own.shape[1]
        entry = self.memory.entry(own, reading.flat(own.shape, reading.axes(own.shape)))
        lines = [f"for i0 in range({n}):"]
        lines.append(f"    fetch({name}, (i0 + {AHEAD}) * {m} + {at}, {b})")
        if b == 1:
            return [lines[0], f"    {entry} = {name}[i0 * {m} + {at}]"]
        lines += [f"    for i1 in range({b}):", f"        {entry} = {name}[i0 * {m} + {at} + i1]"]
        return lines

    def _call(self, given: list[str], examples: int | None, single: bool) -> list[str]:
        """Write the function that returns the results."""
        lines = [f"def call({', '.join([*self.arguments, *given])}):"]
        flat = [f"{a}.reshape(-1)" for a in self.arguments]
        for node, result in zip(self.trace.outputs, self.results, strict=True):
            if node is not None:
                lines.append(f"    {result} = np.empty({node.shape}, np.{node.dtype.name})")
        flats = [f"{r}.reshape(-1)" for r in self.results if r is not None]
        part = [] if examples is None else ["0", str(examples)]
        lines.append(f"    if not compute({', '.join([*flat, *given, *flats, *part])}):")
        lines.append('        raise ValueError("not what the program is for")')
        value, *gradients = [str(r) for r in self.results]
        inside = ", ".join(gradients) + ("," if len(gradients) == 1 else "")
        lines.append(f"    return {value}" if single else f"    return {value}, ({inside})")
        return lines

    def _descend(
        self,
        given: list[str],
        examples: int | None,
        places: Sequence[int | None],
        made: Mapping[str, tuple[int, np.dtype]],
    ) -> list[str]:
        """Write the function that takes steps of gradient descent, θ ← θ − η ∂L/∂θ."""
        if not places or None in places:  # something that is no argument cannot be changed
            return []
        gradients = self.results[1:]
        results = [r for r in gradients if r is not None]
        more = [*given, *(r for r in results if r not in made)]
        lines = ["", "", f"def descend({', '.join([*self.arguments, *more, 'eta', 'losses'])}):"]
        lines += [f"    {_empty(name, *kind)}" for name, kind in made.items()]
        flats = [self.names.new(f"{a}_flat") for a in self.arguments]
        lines += [f"    {f} = {a}.reshape(-1)" for f, a in zip(flats, self.arguments, strict=True)]
        part = [] if examples is None else ["0", str(examples)]
        inside = ", ".join([*flats, *given, "losses[step : step + 1]", *results, *part])
        lines.append("    for step in range(losses.size):")
        lines.append(f"        if not compute({inside}):")
        lines.append("            return False")
        changes = zip(places, zip(self.trace.outputs[1:], gradients, strict=True), strict=True)
        for place, (node, result) in dict(changes).items():  # what is named twice changes once
            if node is not None and place is not None:
                lines.append(f"        for i in range({node.size}):")
                rate = scalars.typed("eta", node.dtype)
                lines.append(f"            {flats[place]}[i] -= {rate} * {result}[i]")
        return [*lines, "    return True"]


def _empty(name: str, size: int, dtype: np.dtype) -> str:
    return f"{name} = np.empty({size}, np.{'bool_' if dtype == np.bool else dtype.name})"


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
