"""Writing one function of the source: a line for each node, in memory that is made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.compile import quick, write
from minigraph.compile.fused import OfLabels
from minigraph.compile.names import Names, comment
from minigraph.compile.numbers import LARGEST, array_text, dtype_text
from minigraph.compile.pieces import PutAt, Together
from minigraph.compile.storage import Memory
from minigraph.compile.trace import UnplannedError
from minigraph.formula import equation
from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops import indexing, linear_algebra, shape


@dataclass(eq=False)
class Writing:
    """One function of the source, while it is being written."""

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

    def __post_init__(self) -> None:
        outputs = [x for x in self.results if x is not None]
        order = topological_order(*outputs)
        moving = dependents(order, self.inputs)
        self.moving = moving
        self.order = [n for n in order if n in moving and n.op is not None]
        self.outputs = dict.fromkeys(outputs)
        # A product whose transpose is a result, and which nothing else needs, is the result's own.
        self.turned = {
            x.inputs[0]: x
            for x in self.outputs
            if isinstance(x.op, shape.MatrixTranspose)
            and isinstance(x.inputs[0].op, linear_algebra.MatMul)
            and sum(x.inputs[0] in set(n.inputs) for n in order) == 1
            and x.inputs[0] not in self.outputs
            and x.inputs[0] in moving
        }
        self.memory = Memory([n for n in order if n in moving], outputs)

    def function(self, name: str, arguments: Sequence[str], single: bool) -> list[str]:
        """Return the lines of the function."""
        for leaf, argument in zip(self.inputs, arguments, strict=True):
            self._call(leaf, argument, leaf.name)
        for y, k in self.labels:
            self.body += label_check(self.text[y], k)
        for node in self.order:
            self._write(node)
        value, *gradients = self._results()
        inside = ", ".join(gradients) + ("," if len(gradients) == 1 else "")
        self.body.append(f"return {value}" if single else f"return {value}, ({inside})")
        return [f"def {name}({', '.join(arguments)}):", *(f"    {line}" for line in self.body)]

    # Names

    def _call(self, node: Node, name: str, shown: str | None = None) -> str:
        self.text[node] = name
        self.called[node] = shown or name
        return name

    def _name(self, node: Node) -> str:
        usual = write.NAMES.get(type(node.op), node.op.label.lower() if node.op else "c")
        if node in self.turned:
            usual = f"{self.turned[node].name or usual} T"
        return self._call(node, self.names.new(node.name or usual, "v"), node.name)

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
        short = {shape.MatrixTranspose: "T", shape.BroadcastTo: "wide"}
        if node.ndim == 1:
            short[shape.Reshape] = "flat"
        name = self.names.new(f"{x}_{short.get(type(node.op), 'view')}")
        self.text[node] = name
        return name

    def _constant(self, node: Node) -> str:
        value = node.value
        name = self._call(node, self.names.new(node.name or "c", "c"), node.name)
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

    # Ops

    def _write(self, node: Node) -> None:
        if write.is_view(node):
            return
        if isinstance(node.op, PutAt):
            self._put(node)
        elif isinstance(node.op, Together):
            pieces = list(map(self.ref, node.inputs))
            self._set(self.buffer(node, beside=False), *pieces)
        elif (ufunc := write.ufunc(node)) is not None:
            operands = [self._operand(x) for x in node.inputs]
            if quick.row_by_row(self, node, ufunc, operands):
                return
            self.into(node, f"np.{ufunc}({', '.join(operands)}{{out}})", beside=True)
        elif quick.by_rows(self, node) or quick.by_dot(self, node):
            pass
        elif isinstance(node.op, tuple(write.REDUCTIONS)):
            line = write.reduction_text(node, self.ref(node.inputs[0]), "{out}")
            self.into(node, line, beside=False)
        elif isinstance(node.op, linear_algebra.MatMul):
            a, b = map(self.ref, node.inputs)
            self.into(node, write.matmul_text(node, a, b, "{out}"), beside=False)
        elif self._is_flat_take(node):
            x, places = map(self.ref, node.inputs)
            self.into(node, f'{x}.take({places}{{out}}, mode="clip")', beside=False)
        else:
            self._fresh(node)
        self.explain(node)

    def unwidened(self, node: Node) -> Node:
        """Return what a node repeats, as a ufunc's operand does by itself; else the node."""
        while isinstance(node.op, shape.BroadcastTo) and node in self.moving:
            node = node.inputs[0]
        return node

    def _operand(self, node: Node) -> str:
        """Return an operand of a ufunc, which broadcasts by itself."""
        return self.ref(self.unwidened(node))

    def _is_flat_take(self, node: Node) -> bool:
        source = node.source
        return (
            isinstance(node.op, indexing.Take)
            and source is not None
            and isinstance(source.op, OfLabels)  # its places have been checked
            and write.is_view(node.inputs[0])
        )

    def into(self, node: Node, call: str, beside: bool) -> None:
        """Write a call with ``out``: a buffer, or for a result an array of its own."""
        if (node in self.outputs or node in self.turned) and self.copy:
            name = self._name(node)
            if node.ndim and self._fills(node):
                self.body.append(f"{name} = {call.format(out='')}")
            else:
                self.body.append(f"{name} = {_empty(node)}")
                self.body.append(call.format(out=f", out={name}"))
            self.memory.release(node, None)
            return
        name = self.buffer(node, beside)
        self.body.append(call.format(out=f", out={name}"))

    def _fills(self, node: Node) -> bool:
        """Return whether a call makes an array of the node's shape by itself."""
        if write.ufunc(node) is None:
            return True
        shapes = []
        for x in node.inputs:
            shapes.append(self.unwidened(x).shape)
        return np.broadcast_shapes(*shapes) == node.shape

    def buffer(self, node: Node, beside: bool) -> str:
        """Return the name of the memory that a node is written to, after making it."""
        found = None if node in self.outputs else self.memory.take(node, beside)
        self.memory.release(node, found)
        name = self._name(node)
        self.static.add(node)
        if found is None:
            self.above.append(f"{name} = {_empty(node)}")
        else:
            self.above.append(f"{name} = {self.text[found]}  # the same memory")
        return name

    def _put(self, node: Node) -> None:
        x, places, numbers = node.inputs
        source = self.ref(x)
        flat_places, value = self.ref(places), self._put_value(numbers)
        name = self.buffer(node, beside=True)
        if self.above[-1] != f"{name} = {source}  # the same memory":
            self.body.append(f"np.copyto({name}, {source})")
        self._set(name, flat_places, value)

    def _set(self, name: str, *pieces: str) -> None:
        """Set entries of a buffer: places, numbers, places, ..."""
        flat = self.names.new(f"{name}_flat")
        self.above.append(f"{flat} = {name}.reshape(-1)")
        for places, value in zip(pieces[::2], pieces[1::2], strict=True):
            self.body.append(f"{flat}[{places}] = {value}")

    def _put_value(self, numbers: Node) -> str:
        if numbers not in self.moving and not numbers.ndim and not numbers.value:
            return "0"
        return self.ref(numbers)

    def _fresh(self, node: Node) -> None:
        if isinstance(node.op, indexing.Index) and any(
            x.dtype.kind == "b" and x in self.moving for x in node.inputs[1:]
        ):
            raise UnplannedError(f"{node.label}: a mask that is given decides the shape")
        inputs = [self.ref(x) for x in node.inputs]
        name = self._name(node)
        made = write.fresh(node)
        if made is None:
            self._own_op(node, name, inputs)
        else:
            self.body += made(name, inputs)
        self.memory.release(node, None)

    def _own_op(self, node: Node, name: str, inputs: Sequence[str]) -> None:
        """Call an op of the user's own as it is."""
        op: Any = node.op
        rule = self.names.new(op.label.lower(), "op")
        self.given[rule] = _caller(op, node.shape)
        self.body.append(f"{name} = {rule}({', '.join(inputs)})")

    def explain(self, node: Node) -> None:
        """Put a node's formula behind the last line, which computes it: in what can be read."""
        if len(self.order) <= READABLE:
            self.body[-1] += f"  # {comment(str(equation(node, self.called)))}"

    def _results(self) -> list[str]:
        """Return how the results are written: each with memory of its own."""
        results, seen = [], set()
        for node in self.results:
            if node is None:
                results.append("None")
                continue
            name = self.ref(node)
            own = node in self.moving and not write.is_view(node) and not self._is_shared(node)
            own = own or node in self.turned.values()
            if not self.copy or (own and node not in seen):
                results.append(name)
            else:
                results.append(f"np.array({name})")
            seen.add(node)
        return results

    def _is_shared(self, node: Node) -> bool:
        """Return whether an output may be in memory that is not its own."""
        return node in self.static or not (
            write.ufunc(node) is not None
            or isinstance(node.op, (*write.REDUCTIONS, linear_algebra.MatMul))
        )


READABLE = 1000
"""Of how many ops a source has comments at most: they take longer to make than all the rest."""


def _empty(node: Node) -> str:
    return f"np.empty({node.shape}{Writing.kind(node)})"


def _caller(op: Any, shape: tuple[int, ...]) -> Any:
    """Return a user's op as a function of arrays, which keeps to its shape."""

    def call(*inputs: Any) -> Any:
        if op.check is not None:
            op.check(*inputs)
        output = op.forward(NUMPY, *inputs)
        output = np.asarray(output[0] if op.saves else output)
        if output.shape != shape:
            raise ValueError(f"{op!r} gave shape {output.shape}, not {shape}")
        return output

    return call


def label_check(name: str, k: int) -> list[str]:
    """Write the check that labels are classes, which indexing would not make of negative ones."""
    return [
        f"if {name}.size and not 0 <= {name}.min() <= {name}.max() < {k}:",
        f'    raise IndexError("a label is none of the {k} classes")',
    ]
