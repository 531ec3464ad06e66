"""Random graphs for hypothesis: chosen ops on shared nodes, as lines that a person can read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from minigraph import namespace
from minigraph.errors import AxisError, OptionError, ShapeError
from minigraph.leaves import constant, parameter
from minigraph.node import Node
from minigraph.op import Op
from minigraph.testing.array_strategies import broadcastable_shapes, separated_arrays

Function = Callable[..., Any]

SMOOTH = (
    namespace.negative,
    namespace.square,
    namespace.add,
    namespace.multiply,
    namespace.subtract,
    namespace.tanh,
    namespace.sigmoid,
    namespace.softplus,
    namespace.exp,
    namespace.sin,
    namespace.cos,
    namespace.sum,
    namespace.mean,
    namespace.matmul,
    namespace.softmax,
    namespace.logsumexp,
)
"""The ops that `graphs` chooses from by default: smooth everywhere."""


@dataclass(frozen=True)
class Step:
    """One op of a random graph, as it is written, and which of the nodes before are its inputs."""

    name: str
    function: Function
    inputs: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class RandomGraph:
    """A graph that can be built on any leaves: a function of Nodes.

    Its ``repr`` is the Python that builds it.

    Parameters
    ----------
    values : tuple of numpy.ndarray
        Values for the leaves, a, b, ...
    steps : tuple of Step
        The ops, each on nodes before it; the last one is the output.

    Examples
    --------
    >>> import numpy as np
    >>> import minigraph as mg
    >>> from minigraph.testing.random_graphs import RandomGraph, Step
    >>> graph = RandomGraph((np.array([1.0, 2.0]),), (Step("mg.multiply", mg.multiply, (0, 0)),))
    >>> graph
    a = mg.parameter([1.0, 2.0], name="a")
    b = mg.multiply(a, a)
    >>> graph(*graph.parameters()).value
    array([1., 4.])
    """

    values: tuple[np.ndarray, ...]
    steps: tuple[Step, ...]

    def __call__(self, *leaves: Any) -> Node:
        """Build the graph on these leaves, and return its output."""
        return self.nodes(*leaves)[-1]

    def nodes(self, *leaves: Any) -> list[Node]:
        """Build the graph on these leaves; return all its nodes, each after its inputs."""
        if len(leaves) != len(self.values):
            raise OptionError(
                f"this graph has {len(self.values)} leaves, got {len(leaves)}",
                "give one for each, as graph(*graph.parameters()) does",
            )
        nodes = list(leaves)
        for step in self.steps:
            nodes.append(step.function(*(nodes[i] for i in step.inputs)))
        return nodes

    def parameters(self) -> list[Node]:
        """Return new parameters with the graph's own values, named a, b, ..."""
        return [parameter(value, name=_letter(i)) for i, value in enumerate(self.values)]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # hypothesis would list the fields

    def __repr__(self) -> str:
        lines = [
            f'{_letter(i)} = mg.parameter({value.tolist()}, name="{_letter(i)}")'
            for i, value in enumerate(self.values)
        ]
        for i, step in enumerate(self.steps, start=len(self.values)):
            lines.append(f"{_letter(i)} = {step.name}({', '.join(map(_letter, step.inputs))})")
        return "\n".join(lines)


def _letter(i: int) -> str:
    """Return a, b, ..., z, a1, b1, ..."""
    letter = chr(ord("a") + i % 26)
    return letter if i < 26 else f"{letter}{i // 26}"


@st.composite
def graphs(
    draw: st.DrawFn,
    ops: Mapping[str, Any] | Iterable[Any] = SMOOTH,
    *,
    max_leaves: int = 3,
    max_steps: int = 6,
    values: st.SearchStrategy | None = None,
    largest: float = 20.0,
) -> RandomGraph:
    """Draw whole graphs, with nodes that several ops share or that one op uses twice.

    An op whose inputs do not fit it (matmul of scalars, say), or whose output is not finite or
    larger than ``largest``, is left out; so finite differences say something.

    Parameters
    ----------
    ops : mapping or sequence, optional
        What to choose from, functions of Nodes or Ops: ``[mg.tanh, mg.multiply]``; with the number
        of inputs, ``(function, 2)``, where the signature does not tell; in a mapping, by the name
        that the ``repr`` prints, ``{"swish": Swish(2.0)}``. Default: smooth ops of minigraph.
    max_leaves, max_steps : int
        The most leaves, and ops.
    values : strategy for a tuple of arrays, optional
        The values of the leaves. Default: arrays that broadcast together, of numbers all
        different (see `strategies.separated_arrays`).
    largest : float
        The largest size of any entry in the graph.

    Returns
    -------
    strategy for RandomGraph

    Examples
    --------
    >>> from hypothesis import find
    >>> import minigraph as mg
    >>> from minigraph.testing import strategies
    >>> find(strategies.graphs([mg.tanh, mg.multiply]), lambda graph: len(graph.steps) == 2)
    a = mg.parameter(1.0, name="a")
    b = mg.tanh(a)
    c = mg.tanh(b)
    """
    entries = ops.items() if isinstance(ops, Mapping) else [(None, entry) for entry in ops]
    choices = [_choice(name, entry) for name, entry in entries]
    if not choices:
        raise OptionError("there are no ops to choose from", "give some: ops=[mg.tanh]")
    if values is None:
        number = st.integers(1, max_leaves)
        values = separated_arrays(number.flatmap(lambda n: broadcastable_shapes(n, max_dims=2)))
    leaves = tuple(np.asarray(value) for value in draw(values))
    nodes = [constant(value) for value in leaves]
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, max_steps))):
        name, function, number = draw(st.sampled_from(choices))
        # Counted back from the latest node: that keeps a small graph in one piece.
        back = draw(st.tuples(*[st.integers(0, len(nodes) - 1)] * number))
        inputs = tuple(len(nodes) - 1 - i for i in back)
        try:
            node = function(*(nodes[i] for i in inputs))
        except (ShapeError, AxisError):
            continue
        if np.all(np.abs(node.value) <= largest):
            nodes.append(node)
            steps.append(Step(name, function, inputs))
    assume(steps)
    return _pruned(leaves, steps)


def _pruned(leaves: tuple[np.ndarray, ...], steps: list[Step]) -> RandomGraph:
    """Return the graph without what its output does not depend on."""
    first = len(leaves)
    needed = {first + len(steps) - 1}
    for i in range(len(steps) - 1, -1, -1):
        if first + i in needed:
            needed.update(steps[i].inputs)
    new = {old: i for i, old in enumerate(sorted(needed))}
    kept = [
        Step(step.name, step.function, tuple(new[j] for j in step.inputs))
        for i, step in enumerate(steps)
        if first + i in needed
    ]
    return RandomGraph(tuple(leaves[i] for i in sorted(needed) if i < first), tuple(kept))


def _choice(name: str | None, entry: Any) -> tuple[str, Function, int]:
    """Return how an op is written, its function, and its number of inputs."""
    function, number = entry if isinstance(entry, tuple) else (entry, None)
    if not callable(function):
        raise OptionError(
            f"an op of a random graph is a function of Nodes, not {function!r}",
            "give functions, as in ops=[mg.tanh, (mg.multiply, 2)]",
        )
    public = [f"mg.{key}" for key, value in vars(namespace).items() if value is function]
    written = name or (public or [getattr(function, "__name__", repr(function))])[0]
    return written, function, _arity(written, function) if number is None else number


def _arity(name: str, function: Function) -> int:
    """Return how many inputs a function must be given."""
    if isinstance(function, Op):
        return len(inspect.signature(function.forward).parameters) - 1
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        found = []
    inputs = [
        p
        for p in found
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if not inputs:
        raise OptionError(
            f"the signature of {name} does not tell how many inputs it has",
            f"say it: ops=[({name}, 2)]",
        )
    return len(inputs)
