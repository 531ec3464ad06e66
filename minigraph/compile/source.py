"""The source: straight-line NumPy for a traced graph, and what it has to be given."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from minigraph.compile.names import Names
from minigraph.compile.trace import Trace
from minigraph.compile.writing import Writing, label_check


@dataclass(frozen=True, eq=False)
class Source:
    """A plan as source text, and the arrays and ops that it is called with.

    Attributes
    ----------
    text : str
        A module with one function, ``plan``, which returns ``step``.
    given : dict of str to object
        The arguments of ``plan``: large constants, and the user's own ops.
    """

    text: str
    given: dict[str, Any]

    def plan(self) -> Any:
        """Run the text, and return the function ``plan`` with its arguments given."""
        space: dict[str, Any] = {"__name__": "minigraph.compile.plan"}
        exec(builtins.compile(self.text, "<minigraph.compile>", "exec"), space)
        make, given = space["plan"], self.given
        return lambda: make(**given)


def source(trace: Trace, single: bool, copy: bool) -> Source:
    """Write the source of a traced graph.

    Parameters
    ----------
    trace : Trace
    single : bool
        Whether ``step`` returns the value alone, instead of ``(value, gradients)``.
    copy : bool
        Whether results get memory of their own.

    Raises
    ------
    UnplannedError
        If the shape of an array depends on values.
    """
    names, above, given = Names(), [], {}
    arguments = [names.new(leaf.name or "", "x") for leaf in trace.inputs]
    if trace.blocks:
        inner = _blocked(trace, arguments, single, names, above, given)
    else:
        writing = Writing(
            trace.inputs, trace.outputs, trace.labels, copy, names, above=above, given=given
        )
        inner = writing.function("step", arguments, single)
    lines = [
        "import numpy as np",
        "",
        "",
        f"def plan({', '.join(given)}):",
        *(f"    {line}" for line in above),
        *([""] if above else []),
        *(f"    {line}".rstrip() for line in inner),
        "",
        "    return step",
        "",
    ]
    return Source("\n".join(lines), given)


def _blocked(
    trace: Trace,
    arguments: Sequence[str],
    single: bool,
    names: Names,
    above: list[str],
    given: dict[str, Any],
) -> list[str]:
    """Write a function of one block, one of the examples left over, and the loop over blocks."""
    first = trace.blocks[0]
    called = dict(zip(trace.inputs, arguments, strict=True))
    for leaf in first.leaves:
        if leaf not in called:
            called[leaf] = names.new(leaf.name or "", "x")
            given[called[leaf]] = leaf.value
    inside = [called[leaf] for leaf in first.leaves]
    lines: list[str] = []
    functions = []
    for block in trace.blocks:
        functions.append(names.new("block" if block is first else "rest"))
        writing = Writing(block.inputs, block.outputs, (), True, names, above=above, given=given)
        lines += [*writing.function(functions[-1], inside, False), ""]
    examples = next(leaf.shape[axis] for leaf, axis in first.axes.items() if leaf in called)
    size = first.examples
    lines.append(f"def step({', '.join(arguments)}):")
    for y, k in trace.labels:
        lines += [f"    {line}" for line in label_check(called[y], k)]
    value, gradients = names.new("value"), names.new("gradients")
    part, parts = names.new("part"), names.new("parts")

    def cut(start: str, stop: str) -> str:
        pieces = []
        for leaf in first.leaves:
            axis = first.axes.get(leaf)
            before = ":, " * (axis or 0)
            whole = called[leaf]
            pieces.append(whole if axis is None else f"{whole}[{before}{start}:{stop}]")
        return ", ".join(pieces)

    add = [
        f"{value} += {part}",
        f"for total, more in zip({gradients}, {parts}):",
        "    if total is not None:",
        "        total += more",
    ]
    end = examples // size * size
    body = [f"{value}, {gradients} = {functions[0]}({cut('0', str(size))})"]
    if end > size:
        body.append(f"for start in range({size}, {end}, {size}):")
        loop = [f"{part}, {parts} = {functions[0]}({cut('start', f'start + {size}')})", *add]
        body += [f"    {line}" for line in loop]
    if end < examples:
        body += [f"{part}, {parts} = {functions[1]}({cut(str(end), str(examples))})", *add]
    body.append(f"return {value}" if single else f"return {value}, {gradients}")
    return lines + [f"    {line}" for line in body]
