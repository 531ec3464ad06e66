"""Knowledge: which facts hold of which nodes, by what ops and leaves declare, and by rules.

Nothing is read off a value, but for what needs no declaring: whether a leaf's numbers are finite,
and what the literal numbers of an expression are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from minigraph.derive.literals import is_literal
from minigraph.derive.spread import spread
from minigraph.errors import OptionError
from minigraph.facts import Fact, Finite, NonNegative, Positive
from minigraph.node import Node


@dataclass(frozen=True)
class Missing:
    """A fact of a leaf that a rule asked for in vain.

    Attributes
    ----------
    fact : Fact
    node : Node
        The leaf that it would have to be declared of.
    true : bool
        Whether its value has it at present.
    """

    fact: Fact
    node: Node
    true: bool


@dataclass(eq=False)
class Knowledge:
    """What is known of the nodes of a graph; of each node it is found out once.

    Attributes
    ----------
    used : list of (Fact, Node)
        The facts that were asked for and hold, in the order of asking; to be cleared by whoever
        wants to know which ones a rule needed.
    missed : list of Missing
        The facts that were asked for, do not hold, and could be declared.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.facts import Positive, SumsToOne
    >>> y_hat = mg.softmax(mg.constant([[1.0, 2.0]]))
    >>> know = Knowledge()
    >>> know.has(y_hat.T, SumsToOne(axis=0)), know.has(y_hat, SumsToOne(axis=0))
    (True, False)
    >>> know.has(1 + y_hat, Positive())
    True
    """

    used: list[tuple[Fact, Node]] = field(default_factory=list)
    missed: list[Missing] = field(default_factory=list)
    _known: dict[Node, frozenset[Fact]] = field(default_factory=dict)

    def of(self, node: Node) -> frozenset[Fact]:
        """Return all that is known of a node, axes counted from the front."""
        stack = [node]
        while stack:
            x = stack[-1]
            waiting = [i for i in x.inputs if i not in self._known]
            if waiting and x not in self._known:
                stack += waiting
                continue
            stack.pop()
            if x not in self._known:
                self._known[x] = _closed(self._found(x))
        return self._known[node]

    def assume(self, node: Node, *facts: Fact) -> None:
        """Take facts for all that is known of a node, whatever its value and its declarations are.

        So it is with what an argument will take the place of.
        """
        self._known[node] = _closed({f for fact in facts if (f := _on(fact, node)) is not None})

    def has(self, node: Node, fact: Fact) -> bool:
        """Return whether a fact holds of a node, and remember that it was asked for."""
        placed = _on(fact, node)
        if placed is None:
            return False
        fact = placed
        if fact in self.of(node):
            if not any(fact == f and node is n for f, n in self.used):
                self.used.append((fact, node))
            return True
        if node.op is None and node.kind in ("constant", "target"):
            self.missed.append(Missing(fact, node, fact.holds(node.value)))
        return False

    def _found(self, node: Node) -> set[Fact]:
        if node.op is None:
            return _of_leaf(node)
        given = [self._known[x] for x in node.inputs]
        found = set(spread(node, given))
        floats = [x.dtype.kind == "f" for x in node.inputs]
        # What an op declares holds for real inputs; what is no float is one.
        if all(Finite() in g for g, f in zip(given, floats, strict=True) if f):
            found |= {f for fact in node.op.facts if (f := _on(fact, node)) is not None}
        return found


def _on(fact: Fact, node: Node) -> Fact | None:
    """Return a fact with a node's axes; None if it has none such, as a scalar that is summed."""
    try:
        return fact.on(node.shape)
    except OptionError:
        return None


def _of_leaf(node: Node) -> set[Fact]:
    """Return what was declared of a leaf; of a literal number, what it is."""
    found: set[Fact] = {fact for fact in node._saved if isinstance(fact, Fact)}
    facts: tuple[Fact, ...] = (Finite(),)
    if is_literal(node):
        facts += (Positive(), NonNegative())
    return found | {fact for fact in facts if fact.holds(node.value)}


def _closed(facts: set[Fact]) -> frozenset[Fact]:
    """Return the facts and what follows from them."""
    waiting, found = list(facts), set(facts)
    while waiting:
        for fact in waiting.pop().implied():
            if fact not in found:
                found.add(fact)
                waiting.append(fact)
    return frozenset(found)
