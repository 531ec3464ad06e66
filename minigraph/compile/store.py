"""Storing: what is written to which memory, and what is made anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minigraph.compile import write
from minigraph.compile.names import comment
from minigraph.compile.pieces import PutAt
from minigraph.compile.refer import Referring
from minigraph.compile.storage import Memory
from minigraph.formula import equation
from minigraph.node import Node

READABLE = 1000
"""Of how many ops a source has comments at most: they take longer to make than all the rest."""


@dataclass(eq=False)
class Storing(Referring):
    """One function of the source, with its memory."""

    def __post_init__(self) -> None:
        super().__post_init__()
        leaves = [x for x in self.inputs if x in self.moving]
        self.memory = Memory([*leaves, *self.order], self.outputs)

    def into(self, node: Node, call: str, beside: bool) -> None:
        """Write a call with ``out``: a buffer, or for a result an array of its own."""
        if (node in self.outputs or node in self.turned) and self.copy:
            name = self.name(node)
            if node.ndim and self._fills(node):
                self.body.append(f"{name} = {call.format(out='')}")
            else:
                self.body.append(f"{name} = {self._empty(node)}")
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
        name = self.name(node)
        self.static.add(node)
        if found is None:
            self.above.append(f"{name} = {self._empty(node)}")
        else:
            self.above.append(f"{name} = {self.text[found]}  # the same memory")
        return name

    def put(self, node: Node) -> None:
        """Write an array with other numbers at some of its places."""
        assert isinstance(node.op, PutAt)
        x, places, numbers = node.inputs
        source = self.ref(x)
        flat_places, value = self.ref(places), self._put_value(numbers)
        name = self.buffer(node, beside=True)
        if self.above[-1] != f"{name} = {source}  # the same memory":
            self.body.append(f"np.copyto({name}, {source})")
        self.set(name, flat_places, value)

    def set(self, name: str, *pieces: str) -> None:
        """Set entries of a buffer: places, numbers, places, ..."""
        flat = self.names.new(f"{name}_flat")
        self.above.append(f"{flat} = {name}.reshape(-1)")
        for places, value in zip(pieces[::2], pieces[1::2], strict=True):
            self.body.append(f"{flat}[{places}] = {value}")

    def _put_value(self, numbers: Node) -> str:
        if numbers not in self.moving and not numbers.ndim and not numbers.value:
            return "0"
        return self.ref(numbers)

    def explain(self, node: Node) -> None:
        """Put a node's formula behind the last line, which computes it: in what can be read."""
        if len(self.order) > READABLE:
            return
        text = str(equation(node, self.called))
        left, _, right = text.partition(" = ")
        self.body[-1] += f"  # {comment(right if left == right else text)}"

    def _empty(self, node: Node) -> str:
        return f"np.empty({node.shape}{self.kind(node)})"
