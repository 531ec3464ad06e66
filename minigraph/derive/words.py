"""How a derivation is written: its names, its formulas, and what it says of facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from minigraph.derive.knowledge import Missing
from minigraph.derive.spread import labels_axis
from minigraph.facts import Fact, OneHot
from minigraph.formula import Formula, expression
from minigraph.formula.names import symbol, visible
from minigraph.formula.tree import Both, Choice, Statement
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.ops import shape

DELTA = "δ(i,y)"
"""How the weights that a loss makes of integer labels are written, as the lecture has them."""


@dataclass(eq=False)
class Words:
    """The names of a derivation's nodes, and what is written with them.

    Attributes
    ----------
    names : dict of Node to str
        Names that go before the nodes' own.
    """

    names: dict[Node, str] = field(default_factory=dict)

    def name_labels(self, nodes: Iterable[Node]) -> None:
        """Name the weights that a loss makes of integer labels."""
        for node in nodes:
            if labels_axis(node) is not None:
                self.names[node] = DELTA

    def formula(self, name: str, node: Node, marks: Collection[Node] = ()) -> Formula:
        """Return an equation: the name, and what the node is made of."""
        while isinstance(node.op, shape.BroadcastTo) and node.shape == node.inputs[0].shape:
            (node,) = node.inputs  # it only gives another node a second name
            if (own := self.names.get(node, node.name)) is not None:
                return Formula(Statement(symbol(name), symbol(own)))
        found = expression(node, self.names, mark=marks).statement
        return Formula(Statement(symbol(name), _merged(found.right), _merged(found.where)))

    def called(self, node: Node) -> str:
        """Return how a node is written: its name, or what it is made of."""
        name = self.names.get(node, node.name)
        return str(expression(node, self.names)) if name is None else visible(name)

    def chain(self, output: Node, node: Node, loss: str) -> str:
        """Say where a gradient comes from: the ops between the node and the next names.

        Parameters
        ----------
        output, node : Node
            It is the gradient of the one by the other.
        loss : str
            What the output is called.
        """
        order = topological_order(output)
        reached: set[Node] = {node}
        ops: dict[str, None] = {}
        ends: list[Node] = []
        for x in order:
            if x is node or reached.isdisjoint(x.inputs):
                continue
            ops[x.op.label] = None
            if x.name is not None or x is output:
                ends.append(x)
            else:
                reached.add(x)
        *most, last = [*reversed(ops)] or ["nothing"]
        said = f"{', '.join(most)} and {last}" if most else last
        if len(ends) == 1 and ends[0] is not output:
            end, z = self.called(ends[0]), self.called(node)
            loss = visible(loss)
            return (
                f"∂{loss}/∂{z} = (∂{end}/∂{z})ᵀ ∂{loss}/∂{end}, with the derivative of {said} "
                "written out"
            )
        return f"the derivative of {said}, which leads from {self.called(node)} to the loss"

    def facts(self, facts: Iterable[tuple[Fact, Node]]) -> tuple[str, ...]:
        """Say facts, each once."""
        return tuple(dict.fromkeys(self._fact(fact, node) for fact, node in facts))

    def _fact(self, fact: Fact, node: Node) -> str:
        said = f"{self.called(node)} {fact}"
        if node.op is not None:
            declares = any(fact == known.on(node.shape) for known in node.op.facts)
            return f"{said}, as every {node.op.label.lower()} is" if declares else said
        if any(isinstance(known, OneHot) for known in node._saved):
            return f"{said}, since it is one-hot"
        return f"{said}, as declared" if fact in node._saved else said

    def missing(self, missing: Missing) -> str:
        """Say that a fact is missing, and what to do about it."""
        said = f"{self.called(missing.node)} {missing.fact}"
        if missing.true:
            return (
                f"It stops here, since it is not declared that {said}. Its value has it: declare "
                f"it with mg.constant(..., facts=[mg.derive.{missing.fact!r}]), and it goes on."
            )
        return f"It stops here, since it is not so that {said}."

    def where(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        """Say what the symbols stand for that nobody chose."""
        found = [f"{node.name} = {expression(node, self.names)}" for node in nodes]
        if self.names:
            found.append(f"{DELTA} is 1 for the class that the label y names, and 0 for others")
        return tuple(found)


def _merged(part: Any) -> Any:
    """Write "(1 if b else x) if a else x" as one choice, wherever it is: "1 if a and b else x".

    A guard against 0/0 has that form; two choices within each other are hard to read.
    """
    if isinstance(part, tuple):
        return tuple(map(_merged, part))
    if not is_dataclass(part):
        return part
    tree: Any = type(part)(*(_merged(getattr(part, field.name)) for field in fields(part)))
    match tree:
        case Choice(a, Choice(b, yes, no), other) if no == other:
            return Choice(Both(a, b), yes, no)
    return tree
