"""Referring: how nodes are called in the source, and how they are written where they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from minigraph.compile import write
from minigraph.compile.names import Names
from minigraph.compile.numbers import LARGEST, array_text, dtype_text
from minigraph.derive.literals import is_literal
from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops import indexing, linear_algebra, shape


@dataclass(eq=False)
class Referring:
    """One function of the source: its nodes, their names, and its lines so far.

    Attributes
    ----------
    inputs : sequence of Node
        The leaves that the arguments stand for.
    results : sequence of Node or None
    labels : sequence of (Node, int)
        Labels to be checked, and the number of their classes.
    copy : bool
        Whether results get memory of their own.
    names : Names
        The identifiers of the whole source.
    text, called : dict of Node to str
        How a node is written in code, and in comments.
    given : dict of str to object
        What the source has to be called with.
    above, body : list of str
        The lines that make the memory, and those of the function.
    static : set of Node
        The nodes whose arrays are there before the function is called.
    rows : dict of (str, int) to str
        The names of rows of buffers.
    shown : set of str
        What nodes are called in comments.
    """

    inputs: Sequence[Node]
    results: Sequence[Node | None]
    labels: Sequence[tuple[Node, int]]
    copy: bool
    names: Names
    text: dict[Node, str] = field(default_factory=dict)
    called: dict[Node, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    static: set[Node] = field(default_factory=set)
    rows: dict[tuple[str, int], str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        outputs = [x for x in self.results if x is not None]
        order = topological_order(*outputs)
        moving = dependents(order, self.inputs)
        self.moving = moving
        self.order = [n for n in order if n in moving and n.op is not None]
        self.outputs = dict.fromkeys(outputs)
        users: dict[Node, int] = {}
        for node in order:
            for x in set(node.inputs):
                users[x] = users.get(x, 0) + 1
        # A product whose transpose is a result, and which nothing else needs, is the result's own.
        self.turned = {
            x.inputs[0]: x
            for x in self.outputs
            if isinstance(x.op, shape.MatrixTranspose)
            and isinstance(x.inputs[0].op, linear_algebra.MatMul)
            and users[x.inputs[0]] == 1
            and x.inputs[0] not in self.outputs
            and x.inputs[0] in moving
        }

    def call(self, node: Node, name: str, shown: str | None = None) -> str:
        """Call a node by an identifier; in comments as it is shown, or the same."""
        self.text[node] = name
        self.called[node] = shown or name
        self.shown.add(self.called[node])
        return name

    def name(self, node: Node) -> str:
        """Call a node by a new identifier: its own name, or what results of its op are called."""
        usual = write.NAMES.get(type(node.op), node.op.label.lower() if node.op else "c")
        if node in self.turned:
            usual = f"{self.turned[node].name or usual} T"
        name = self.names.new(node.name or usual, "v")
        # What is named as something else is goes by its identifier.
        shown = None if node.name in self.shown else node.name
        return self.call(node, name, shown)

    def ref(self, node: Node) -> str:
        """Return how a node is written where it is used, after writing what that needs."""
        if node in self.text:
            return self.text[node]
        if node not in self.moving:
            return self._constant(node)
        x = node.inputs[0]
        inner = self.ref(x)
        written = write.view_text(node, inner)
        if x in self.static:
            self.static.add(node)
            self.above.append(f"{self._viewed(node, inner)} = {written}")
        elif isinstance(node.op, shape.MatrixTranspose):
            return written
        else:
            self.body.append(f"{self._viewed(node, inner)} = {written}")
        return self.text[node]

    def _viewed(self, node: Node, x: str) -> str:
        name = self.text[node] = self.names.new(f"{x}_{_view_name(node)}")
        return name

    def _constant(self, node: Node) -> str:
        value = node.value
        usual = _number_name(value) if node.op is not None or is_literal(node) else "c"
        name = self.call(node, self.names.new(node.name or usual, "c"), node.name)
        if node.name is None and (shown := _number_shown(node)) is not None:
            self.called[node] = shown
        self.static.add(node)
        if value.size <= LARGEST and value.dtype.itemsize <= 8:
            self.above.append(f"{name} = {array_text(value)}")
        else:
            self.given[name] = value
        return name

    @staticmethod
    def kind(node: Node) -> str:
        """Return how the dtype of a new array is written, if it is not the usual one."""
        return "" if node.dtype == np.float64 else f", {dtype_text(node.dtype)}"

    def unwidened(self, node: Node) -> Node:
        """Return what a node repeats, as a ufunc's operand does by itself; else the node."""
        while isinstance(node.op, shape.BroadcastTo) and node in self.moving:
            node = node.inputs[0]
        return node


def _view_name(node: Node) -> str:
    """Return what a view of an array is called, after the array's name."""
    match node.op:
        case shape.MatrixTranspose():
            return "T"
        case shape.BroadcastTo():
            return "wide"
        case indexing.Index():
            return "part"
    if node.ndim == 1:
        return "flat"
    if node.ndim == 2 and 1 in node.shape:
        return "row" if node.shape[0] == 1 else "column"
    return "view"


_COUNTED = {-1: "minus_one", 0: "zero", 1: "one", 2: "two"}
_MANY = {-1: "minus_ones", 0: "zeros", 1: "ones"}


def _number_name(value: np.ndarray) -> str:
    """Return what an array of one number is called: by the number, where that is a word."""
    number = _only(value)
    if number is None:
        return "c"
    found = (_MANY if value.ndim else _COUNTED).get(number)
    if found is None and 0 < abs(number) < 1 and _fraction(number) is not None:
        return "share" if not value.ndim else "shares"
    return found or "c"


def _number_shown(node: Node) -> str | None:
    """Return how a number of nobody's data is written in comments; None for any other node."""
    number = _only(node.value)
    if number is None or node.ndim == 1 or not (node.op is not None or is_literal(node)):
        return None
    if float(number).is_integer() and abs(number) < 1e6:
        return str(int(number)).replace("-", "−")
    found = _fraction(number)
    return None if found is None else f"({found})".replace("-", "−")


def _only(value: np.ndarray) -> Any:
    """Return the one number that an array of floats holds everywhere."""
    if not value.size or value.dtype.kind != "f" or not np.isfinite(value).all():
        return None
    first = value.flat[0]
    return first.item() if bool((value == first).all()) else None


def _fraction(number: float) -> Fraction | None:
    """Return a number as one of few over few, such as 1/150, if it is that to the last digits."""
    found = Fraction(number).limit_denominator(100_000)
    close = abs(float(found) - number) <= 1e-7 * abs(number)
    return found if close and 0 < abs(found.numerator) <= 12 else None
