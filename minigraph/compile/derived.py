"""The gradient that is compiled, derived: rewritten by the rules that keep its digits.

They are the rules of a derivation that are ``exact``, and a few of the compiler's own. A derivation
looks for the first rule that applies anywhere, since its steps are read; here each node is
rewritten once what it is made of has been, so that one walk through the graph is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from minigraph.compile import write
from minigraph.compile.gradient_rules import GRADIENT, LAST
from minigraph.derive.knowledge import Knowledge
from minigraph.derive.literals import number_of
from minigraph.derive.rule import Rule, number, shaped
from minigraph.graph import added, dependents, rebuild, topological_order
from minigraph.leaves import constant
from minigraph.node import Node
from minigraph.ops import arithmetic, linear_algebra

LARGEST = 2000
"""A gradient of more new nodes than this is compiled as it is."""

_MOST = 16
"""How many rules are applied at most in a node's place."""


def derived(
    gradients: Iterable[Node], known: Sequence[Node], inputs: Iterable[Node], know: Knowledge
) -> Mapping[Node, Node]:
    """Return what takes the places of the nodes of gradients: the same, if that is no cheaper.

    Parameters
    ----------
    gradients : iterable of Node
    known : sequence of Node
        The nodes that stay as they are: what the gradients are of, each after its inputs.
    inputs : iterable of Node
        The leaves whose values change.
    know : Knowledge
        What is known, of these leaves too.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([1.0, 2.0], name="x")
    >>> g = (-x) * 3 * -(x * 2)
    >>> print(derived([g], [x], [x], Knowledge())[g].op)
    Multiply()
    """
    roots, there = list(dict.fromkeys(gradients)), set(known)
    order = topological_order(*roots, within=lambda x: x not in there)
    order = [node for node in order if node not in there]
    if len(order) > LARGEST:
        return {}
    writing = _Rewriting(dependents([*known, *order], inputs), there, know)
    new = writing.rewritten(order, GRADIENT)
    after = list(dict.fromkeys(new[x] for x in roots if x not in there))
    last = writing.rewritten(topological_order(*after, within=lambda x: x not in there), LAST)
    new = {node: last.get(twin, twin) for node, twin in new.items()}
    after = [new.get(x, x) for x in roots]
    return new if _cost(after, there, writing.moving) < _cost(roots, there, writing.moving) else {}


class _Rewriting:
    """The nodes of a gradient, while they are being rewritten."""

    def __init__(self, moving: set[Node], known: set[Node], know: Knowledge) -> None:
        self.moving = moving
        self.known = known
        self.know = know
        self._done = set(known)

    def rewritten(self, order: Sequence[Node], rules: tuple[Rule, ...]) -> dict[Node, Node]:
        """Return what takes each node's place."""
        new: dict[Node, Node] = {}
        self._done = set(self.known)
        for node in order:
            if node not in self.known:
                new[node] = self._settled(self._on(node, new), rules, _MOST)
        return new

    def _on(self, node: Node, new: Mapping[Node, Node]) -> Node:
        inputs = tuple(new.get(x, x) for x in node.inputs)
        if any(x is not y for x, y in zip(inputs, node.inputs, strict=True)):
            twin = rebuild(node, inputs)
            twin._kind = node._kind
            node = twin
        return node

    def _settled(self, node: Node, rules: tuple[Rule, ...], most: int) -> Node:
        """Apply the rules to a node whose inputs are settled, and to what they make of it."""
        node = self._folded(node)
        found = self._replaced(node, rules) if most and node.op is not None else None
        if found is None:
            self._done.add(node)
            return node
        new: dict[Node, Node] = {}
        for part in added(found, self._done):
            part._site, part._source = node._site, node._source
            new[part] = self._settled(self._on(part, new), rules, most - 1)
        return new.get(found, found)

    def _replaced(self, node: Node, rules: tuple[Rule, ...]) -> Node | None:
        for rule in rules:
            found = rule.replace(node, self.know)
            if found is not None and found.shape == node.shape and found.dtype == node.dtype:
                return found
        return None

    def _folded(self, node: Node) -> Node:
        """Return what is made of numbers as a number, and the negative of a constant as one."""
        if not self.moving.isdisjoint(node.inputs):
            self.moving.add(node)
        elif node.op is not None and node.dtype.kind == "f" and node.size:
            if all(number_of(x) is not None for x in node.inputs):
                first = node.value.flat[0]
                if (node.value == first).all():
                    return shaped(number(first, node), node)
            if isinstance(node.op, arithmetic.Negative):
                return constant(node.value, copy=False)
        return node


_CALL = 2000
"""What a call of NumPy costs, in entries."""


def _cost(roots: Iterable[Node], known: set[Node], moving: set[Node]) -> int:
    """Return about how long it takes to compute nodes, as the number of entries of one op."""
    total = 0
    for node in topological_order(*roots, within=lambda x: x not in known):
        if node.op is None or node in known or node not in moving or write.is_view(node):
            continue
        work = node.size + sum(x.size for x in node.inputs)
        if isinstance(node.op, linear_algebra.MatMul):
            work = node.size * node.inputs[0].shape[-1]
        total += _CALL + work
    return total
