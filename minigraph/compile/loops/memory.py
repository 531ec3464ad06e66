"""Memory of a program of loops: one array for each dtype, and where in it each node has its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minigraph.compile.loops import reading, scalars
from minigraph.compile.names import Names
from minigraph.compile.numbers import number_text
from minigraph.node import Node

EMBEDDED = 8192
"""How many entries a constant has at most that becomes a part of the compiled program."""


def added(*terms: str) -> str:
    """Write a sum of indices.

    Examples
    --------
    >>> added("0", "i0 * 3", "", "7"), added("0")
    ('i0 * 3 + 7', '0')
    """
    return " + ".join(term for term in terms if term not in ("", "0")) or "0"


@dataclass(eq=False)
class Memory:
    """What a program keeps, and what it is given beside its arguments.

    Attributes
    ----------
    names : Names
    sizes : dict of str to int
        By dtype, how many entries the array of that dtype has.
    constants : dict of str to numpy.ndarray
        Arrays that are the same in each call, flat, by name.
    """

    names: Names
    sizes: dict[str, int] = field(default_factory=dict)
    constants: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._at: dict[Node, tuple[str, int]] = {}
        self._free: dict[tuple[str, int], list[int]] = {}
        self._named: dict[Node, str] = {}
        self._gone: set[Node] = set()

    def _place(self, node: Node) -> tuple[str, int]:
        if node not in self._at:
            assert node not in self._gone, f"{node.label} is read after its memory was given away"
            scalars.check_dtype(node)
            kind, n = node.dtype.name, _rounded(node)
            free = self._free.setdefault((kind, n), [])
            if free:
                self._at[node] = kind, free.pop()
            else:
                self._at[node] = kind, self.sizes.get(kind, 0)
                self.sizes[kind] = self._at[node][1] + n
        return self._at[node]

    def release(self, node: Node) -> None:
        """Give back the memory of a node, for others of its kind; what has none has gone on."""
        if node in self._at:
            kind, start = self._at.pop(node)
            self._gone.add(node)
            self._free[kind, _rounded(node)].append(start)

    def where(self, node: Node) -> tuple[str, int]:
        """Return the array that a node is in, and where it begins there."""
        kind, start = self._place(node)
        return f"{kind}s", start

    def entry(self, node: Node, index: str) -> str:
        """Write an entry of a node, by its index in row-major order."""
        name, start = self.where(node)
        return f"{name}[{added(str(start), index)}]"

    def takes_over(self, node: Node, x: Node) -> bool:
        """Give a node the memory of another one, which needs it no more, if it is of its kind."""
        if x.dtype != node.dtype or x.size != node.size or node in self._at or x not in self._at:
            return False
        self._at[node] = self._at.pop(x)
        self._gone.add(x)
        return True

    def twin(self, node: Node) -> Node:
        """Return a node of the same shape and dtype, for a copy."""
        return Node(node.value, None, (), (), node._site)

    def constant(self, node: Node, place: reading.Place) -> str:
        """Write an entry of a node that does not depend on the arguments."""
        scalars.check_dtype(node)
        value = node.value
        value = value.astype(value.dtype.newbyteorder("="), copy=False)
        first = value.ravel()[0] if value.size else value.dtype.type(0)
        if value.size < 2 or _is_same(value, first):
            text = number_text(first.item())
            signed = f"({text})" if text.startswith("-") else text
            return scalars.typed(signed, value.dtype)
        if node not in self._named:
            name = self._named[node] = self.names.new(node.name or "c", "c")
            self.constants[name] = np.ascontiguousarray(value).reshape(-1)
        return f"{self._named[node]}[{reading.flat(value.shape, place)}]"


def _rounded(node: Node) -> int:
    """Return how many entries a node takes up: each begins at the beginning of a cache line."""
    step = 64 // node.dtype.itemsize
    return -(-max(node.size, 1) // step) * step


def _is_same(value: np.ndarray, first: Any) -> bool:
    """Return whether all entries are the first one, a 0 with its sign."""
    if value.dtype.kind == "f" and (np.signbit(value) != np.signbit(first)).any():
        return False
    return bool((value == first).all() or (value != value).all())
