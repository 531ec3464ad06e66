"""Stand-ins: named leaves in place of an op's inputs, on which its rules run and read as formulas.

They have the inputs' own shapes and dtypes, and generic values: positive, and no two alike, so that
no rule meets one of its special cases. Integers and booleans (labels, indices, masks) keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import numpy as np

from minigraph.formula.build import Builder
from minigraph.formula.forms import is_transpose
from minigraph.formula.names import subscript, symbol
from minigraph.formula.text import text
from minigraph.formula.tree import Symbol, Tree, Where
from minigraph.graph import added, topological_order
from minigraph.leaves import constant
from minigraph.node import FLOATING, Node

# An unnamed input that is written longer than this gets a name.
_LONGEST_INPUT = 20


class StandIns:
    """An op applied to stand-ins for its inputs.

    Attributes
    ----------
    inputs : tuple of Node
        What the op is applied to: leaves, or transposes of leaves where an input is the unnamed
        transpose of another node.
    bases : tuple of Node
        The leaf of each input.
    output : Node
        The op's output.
    trees : dict of Node to Tree
        How the leaves and the output are written.
    where : tuple
        What the names stand for that were made up for long inputs.
    """

    def __init__(self, node: Node, builder: Builder) -> None:
        self._known = builder
        self.where: Where = ()
        self.trees: dict[Node, Tree] = {}
        originals = [_through_transposes(x, builder) for x in node.inputs]
        self._taken = {
            name
            for x in (node, *(chain[-1] for chain in originals))
            if (name := builder.name_of(x)) is not None
        }
        bases = list(dict.fromkeys(chain[-1] for chain in originals))
        shown = builder.leaf_names(x for x in bases if not builder.is_open(x))
        shown |= {x: self._shown(x) for x in bases if builder.is_open(x)}
        try:
            self._apply(node, originals, generic=True)
        except Exception:  # of a user's op: it may not take any numbers
            self._apply(node, originals, generic=False)
        for base, chain in zip(self.bases, originals, strict=True):
            self.trees[base] = shown[chain[-1]]
        name = builder.name_of(node)
        if name is not None:
            self.trees[self.output] = symbol(name)
        else:
            tree, where = Builder(trees=self.trees, taken=self._taken).tree(self.output)
            self.trees[self.output] = tree if not where else self._made_up(tree, where)

    def _apply(self, node: Node, originals: list[list[Node]], generic: bool) -> None:
        bases, inputs = [], []
        for i, chain in enumerate(originals):
            *transposes, base = chain
            base = x = constant(_generic(base.value, i) if generic else base.value, copy=False)
            for outer in reversed(transposes):
                x = outer.op(x)
            bases.append(base)
            inputs.append(x)
        self.output = node.op(*inputs)
        self.bases, self.inputs = tuple(bases), tuple(inputs)

    def _shown(self, node: Node) -> Tree:
        """Write an unnamed node in a word: as its expression if that is short, else as v₁."""
        tree, where = replace(self._known, taken=self._taken).tree(node)
        if where or len(text(tree)) > _LONGEST_INPUT:
            return self._made_up(tree, where)
        return tree

    def _made_up(self, tree: Tree, where: Where) -> Tree:
        taken = {*self._taken, *(name.name for name, _ in where)}
        name = next(n for i in count(1) if (n := "v" + subscript(i)) not in taken)
        self._taken |= {*taken, name}
        self.where += (*where, (Symbol(name), tree))
        return Symbol(name)

    def adopt(self, *outputs: Node) -> None:
        """Take in what a rule made of the stand-ins: its numbers are nobody's data."""
        known = {*topological_order(self.output)}
        for output in outputs:
            for part in added(output, known):
                known.add(part)
                part._source = self.output

    def builder(self, more: Iterable[tuple[Node, Tree]] = ()) -> Builder:
        """Return the builder that writes a rule of the stand-ins."""
        return Builder(trees={**self.trees, **dict(more)}, rule=True, taken=self._taken)


def _through_transposes(node: Node, builder: Builder) -> list[Node]:
    """Return a node and what it is the transpose of, down to one that has a name."""
    chain = [node]
    while builder.is_open(chain[-1]) and is_transpose(chain[-1]):
        chain.append(chain[-1].inputs[0])
    return chain if not builder.is_open(chain[-1]) else [node]


def _generic(value: np.ndarray, number: int) -> np.ndarray:
    """Return numbers between 0.3 and 0.8 that have nothing in common, in an array's form."""
    if value.dtype.kind != FLOATING:
        return value
    steps = np.arange(1, value.size + 1) * 0.6180339887 + number * 0.3719
    return (0.3 + 0.5 * (steps % 1)).astype(value.dtype).reshape(value.shape)
