"""From a graph of Nodes to an expression tree of bounded size.

Nothing recurses over the graph. What is used more than once and is not short gets a name, v₁, v₂;
what goes beyond the budget is an ellipsis.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from minigraph.formula import forms
from minigraph.formula.gather import gathered
from minigraph.formula.names import subscript, symbol
from minigraph.formula.text import text
from minigraph.formula.tree import ELLIPSIS, Literal, Marked, Number, Symbol, Tree, Where
from minigraph.node import Node
from minigraph.ops import arithmetic, reduction, selection, shape

# How many ops a formula writes at most; fewer, if it would be too long or need too many names.
BUDGETS = (40, 24, 12, 6, 3)
# A rule is written whole, or its first step alone: parts of one would explain nothing.
RULE_BUDGETS = (40, 24, 1)
LONGEST_FORMULA = 160
MOST_NAMES = 5

# What is used more than once is written out each time if that takes no more characters than this;
# than the second, if the formula is no longer one that is read at a glance.
REPEATED = 24
REPEATED_IN_LONG = 8
AT_A_GLANCE = 100


@dataclass(frozen=True, eq=False)
class Builder:
    """What is known about how nodes are to be written.

    Attributes
    ----------
    names : mapping of Node to str
        Names that go before the nodes' own.
    stop : set of Node
        Nodes that are not opened, with a name or without.
    mark : set of Node
        Nodes whose part is marked.
    trees : mapping of Node to Tree
        How some nodes are written, whatever they are made of.
    rule : bool
        Whether a rule is written, which ran on generic values: its guards against special values
        are left out, its factors and signs gathered, and arrays of one number are that number.
    taken : collection of str
        Names that v₁, v₂ must not take.
    """

    names: Mapping[Node, str] = field(default_factory=dict)
    stop: Set[Node] = frozenset()
    mark: Set[Node] = frozenset()
    trees: Mapping[Node, Tree] = field(default_factory=dict)
    rule: bool = False
    taken: Collection[str] = ()

    def tree(self, root: Node, opened: bool = True) -> tuple[Tree, Where]:
        """Write a node as a tree, with the names that it needs.

        Parameters
        ----------
        root : Node
        opened : bool
            Write what it is made of even if it has a name.
        """
        if self.rule or not opened:
            root = self.resolved(root, opened=opened)
        tree, where = self._attempt(root, BUDGETS[0], opened, REPEATED)
        if _length(tree, where) <= AT_A_GLANCE:
            return tree, where
        for budget in RULE_BUDGETS if self.rule else BUDGETS:
            tree, where = self._attempt(root, budget, opened, REPEATED_IN_LONG)
            # What a name stands for is shown whole: dots are for the end of the line of sight.
            whole = all("…" not in text(meaning) for _, meaning in where)
            if whole and _length(tree, where) <= LONGEST_FORMULA and len(where) <= MOST_NAMES:
                break
        return tree, where

    def name_of(self, node: Node) -> str | None:
        """Return the name that somebody gave a node."""
        return self.names.get(node, node.name)

    def is_open(self, node: Node) -> bool:
        """Return whether a node is written as what it is made of."""
        return (
            node.op is not None
            and node not in self.trees
            and self.name_of(node) is None
            and node not in self.stop
        )

    def resolved(
        self, node: Node, entrywise: bool = False, opened: bool = False, compare: bool = True
    ) -> Node:
        """Return the node that is written in a node's place: most that only reshapes is not shown.

        Parameters
        ----------
        node : Node
        entrywise : bool
            Whether it is an input of an op that broadcasts anyway.
        opened : bool
            Whether this one counts as open.
        compare : bool
            Whether a choice between two that are written alike is not shown.
        """
        while node.op is not None and (opened or self.is_open(node)):
            opened = False
            following = self._repeats(node, entrywise, compare)
            if following is None or node in self.mark:
                break
            node = following
        return node

    def _repeats(self, node: Node, entrywise: bool, compare: bool) -> Node | None:
        """Return the input that a node merely repeats, if it does."""
        op, x = node.op, node.inputs[0]
        match op:
            case shape.AsType() | shape.ExpandDims() | shape.Squeeze():
                return x
            case shape.Reshape() | shape.BroadcastTo() if core(x.shape) == core(node.shape):
                return x
            case shape.BroadcastTo() if entrywise:
                return x
            case shape.PermuteDims() if core(x.shape) == core(node.shape) and x.ndim != 2:
                moved = [i for i in op.axes if x.shape[i] != 1]
                return x if moved == sorted(moved) else None
            case reduction.Sum() if self.rule and core(x.shape) == core(node.shape):
                return x
            case selection.Where() if self.rule:
                return self._taken_branch(node, compare)
        return None

    def _taken_branch(self, node: Node, compare: bool) -> Node | None:
        """Return the branch that is taken for all but special values, if the condition is a guard.

        On generic values an equality holds for no entry; x = x, false for nan alone, for all.
        """
        condition, yes, no = node.inputs
        # One level deep: choices may be nested without end.
        if compare and self.resolved(yes, True, compare=False) is self.resolved(
            no, True, compare=False
        ):
            return yes
        match condition.op:
            case arithmetic.Compare("equal"):
                usual, unusual = no, yes
            case arithmetic.Compare("not_equal"):
                usual, unusual = yes, no
            case _:
                return None
        a, b = condition.inputs
        if a is b:
            return unusual
        special = condition.value if usual is no else ~condition.value
        return None if special.any() else usual

    def _attempt(self, root: Node, budget: int, opened: bool, repeated: int) -> tuple[Tree, Where]:
        inputs, unopened = self._opened(root, budget, opened)
        order = _ordered(root, inputs)
        uses = Counter(x for node in order if node in inputs for x in inputs[node])
        trees: dict[Node, Tree] = {}
        where: list[tuple[Symbol, Tree]] = []
        leaves = self.leaf_names(n for n in order if n not in inputs)
        taken = {*self.taken, *(t.name for t in leaves.values() if isinstance(t, Symbol))}
        fresh = (Symbol("v" + subscript(i)) for i in count(1))
        for node in order:
            if node not in inputs:
                tree = ELLIPSIS if node in unopened else leaves[node]
            else:
                tree = self._written(node, [trees[x] for x in inputs[node]])
                if (uses[node] - 1) * len(text(tree)) > repeated:
                    name = next(s for s in fresh if s.name not in taken)
                    where.append((name, tree))
                    tree = name
            trees[node] = Marked(tree) if node in self.mark else tree
        return trees[root], tuple(where)

    def _opened(
        self, root: Node, budget: int, opened: bool
    ) -> tuple[dict[Node, tuple[Node, ...]], set[Node]]:
        """Return the nodes that are opened, the nearest to the root first, with their inputs.

        And those that would be, but for the budget.
        """
        inputs: dict[Node, tuple[Node, ...]] = {}
        unopened: set[Node] = set()
        waiting = deque([root])
        seen = {root}
        while waiting:
            node = waiting.popleft()
            if node.op is None or not (self.is_open(node) or (opened and node is root)):
                continue
            if len(inputs) == budget:
                unopened.add(node)
                continue
            inputs[node] = shown = tuple(
                self.resolved(x, entrywise=node.op.elementwise) for x in _some(node)
            )
            for x in shown:
                if x not in seen:
                    seen.add(x)
                    waiting.append(x)
        return inputs, unopened

    def _written(self, node: Node, arguments: list[Tree]) -> Tree:
        if len(arguments) < len(node.inputs):
            arguments.insert(-1, ELLIPSIS)
        tree = forms.written(node, arguments)
        return gathered(tree) if self.rule else tree

    def leaf_names(self, nodes: Iterable[Node]) -> dict[Node, Tree]:
        """Write what is not opened: by its name, as a number, else as what it is."""
        found: dict[Node, Tree] = {}
        unnamed: dict[Node, str] = {}
        for node in nodes:
            name = self.name_of(node)
            if node in self.trees:
                found[node] = self.trees[node]
            elif name is not None:
                found[node] = symbol(name)
            elif node.op is None and (node.ndim == 0 or self.rule):
                found[node] = _values(node.value)
            else:
                unnamed[node] = node.label
        total = Counter(unnamed.values())
        seen: Counter[str] = Counter()
        for node, label in unnamed.items():
            seen[label] += 1
            found[node] = Symbol(label + (subscript(seen[label]) if total[label] > 1 else ""))
        return found


def _length(tree: Tree, where: Where) -> int:
    return len(text(tree)) + sum(len(text(meaning)) for _, meaning in where)


def _ordered(root: Node, inputs: Mapping[Node, tuple[Node, ...]]) -> list[Node]:
    """Return the nodes that are shown, each after what it is made of."""
    order: list[Node] = []
    done: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack += [(x, False) for x in reversed(inputs.get(node, ()))]
    return order


def core(lengths: tuple[int, ...]) -> list[int]:
    """Return a shape without its axes of length 1."""
    return [n for n in lengths if n != 1]


def _some(node: Node) -> tuple[Node, ...]:
    """Return an op's inputs, or the first and the last of very many."""
    if len(node.inputs) <= forms.MOST_ARGUMENTS or not forms.takes_any_number(node.op):
        return node.inputs
    return (*node.inputs[: forms.MOST_ARGUMENTS // 2], node.inputs[-1])


def _values(value: np.ndarray) -> Tree:
    """Write a rule's own array: one number for all, or the first and the last."""
    if value.size and (value == value.flat[0]).all():
        return Number(value.flat[0].item())
    flat = [text(Number(n.item())) for n in value.flat[:3]]
    if value.size > 4:
        flat[2:] = ["…"]
    if value.size > 3:
        flat.append(text(Number(value.flat[-1].item())))
    return Literal(f"({', '.join(flat)})")
