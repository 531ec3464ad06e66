"""The Jacobian of an op, read off its backward rule: diag(ŷ) − ŷŷᵀ.

A backward rule is linear in the cotangent g, ∂L/∂x = Jᵀ g. Its graph is read step by step as a sum
of simple linear maps, and what comes out is transposed. There is no table of Jacobians.
"""

from __future__ import annotations

from collections.abc import Mapping

from minigraph.formula.build import Builder, core
from minigraph.formula.formula import Formula
from minigraph.formula.linear import (
    Map,
    added_up,
    identity,
    jacobian_tree,
    product,
    summed,
    through,
)
from minigraph.formula.rules import Rule, rule_of
from minigraph.formula.text import text
from minigraph.formula.tree import (
    Derivative,
    Indicator,
    Number,
    Statement,
    Total,
    Transposed,
    Tree,
    needed,
)
from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.ops import arithmetic, linear_algebra, reduction, selection

# A coefficient that is longer than this, or a rule of more nodes, makes no readable Jacobian.
_LONGEST_COEFFICIENT = 40
_MOST_NODES = 100


def jacobian_formula(node: Node, i: int, names: Mapping[Node, str] | None = None) -> Formula | None:
    """Write ∂node/∂input as a matrix, if its backward rule can be read as one.

    An array with one axis longer than 1 counts as a vector, its entries in order. The Jacobian has
    a row for each entry of the node and a column for each of the input.

    Parameters
    ----------
    node : Node
    i : int
        Which of its inputs.
    names : mapping of Node to str, optional
        What nodes are called. Default: their own names.

    Returns
    -------
    Formula or None
        None for a leaf, where nothing flows, and where the rule is no short sum of diagonal
        matrices, outer products and products with given matrices.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.formula import jacobian_formula
    >>> z = mg.parameter([1.0, 2.0], name="z")
    >>> print(jacobian_formula(mg.softmax(z).named("ŷ"), 0))
    ∂ŷ/∂z = diag(ŷ) − ŷŷᵀ
    >>> print(jacobian_formula(mg.exp(z).named("a"), 0))
    ∂a/∂z = diag(a)
    """
    if node.op is None:
        return None
    rule = rule_of(node, Builder(names or {}))
    part, given = rule.parts[i], rule.given
    if part is None:
        return None
    found = _Reader(rule).read(part)
    if found is None:
        return None
    left = Derivative(given.trees[given.output], given.trees[given.bases[i]])
    right = jacobian_tree(found)
    return Formula(Statement(left, right, needed(given.where, left, right)))


class _Reader:
    """Reads a rule's graph as a linear map of its cotangent."""

    def __init__(self, rule: Rule) -> None:
        self.builder = rule.given.builder()
        self.cotangent = rule.cotangent
        self.maps: dict[Node, Map | None] = {}

    def read(self, part: Node) -> Map | None:
        order = topological_order(part)
        if len(order) > _MOST_NODES:
            return None
        depends = dependents(order, [self.cotangent])
        for node in order:
            if node in depends:
                self.maps[node] = self._step(node)
        return self.maps.get(part)

    def _step(self, node: Node) -> Map | None:
        """Return a node as a map of the cotangent, given its inputs as such."""
        if node is self.cotangent:
            return identity(node.shape)
        repeated = self.builder.resolved(node, entrywise=True)
        if repeated is not node:
            found = self.maps.get(repeated)
            return found and found.spread(node.shape)
        inputs = [self.builder.resolved(x, node.op.elementwise) for x in node.inputs]
        found = self._applied(node, inputs)
        return found and found.spread(node.shape)

    def _applied(self, node: Node, inputs: list[Node]) -> Map | None:
        dependent = [x in self.maps for x in inputs]
        maps = [self.maps.get(x) for x in inputs]
        match node.op, inputs, dependent:
            case arithmetic.Negative(), _, _:
                return maps[0] and maps[0].negated()
            case arithmetic.Add() | arithmetic.Subtract(), _, [True, True]:
                a, b = (m and m.spread(node.shape) for m in maps)
                minus = isinstance(node.op, arithmetic.Subtract)
                return added_up(a, b.negated() if minus else b) if a and b else None
            case arithmetic.Multiply(), [_, c], [True, False]:
                return self._scaled(maps[0], c)
            case arithmetic.Multiply(), [c, _], [False, True]:
                return self._scaled(maps[1], c)
            case arithmetic.Divide(), [_, c], [True, False]:
                return self._scaled(maps[0], c, divide=True)
            case selection.Where(), [c, _, zero], [False, True, False] if _is_zero(zero):
                tree = self._coefficient(c)
                return maps[1] and tree and product(maps[1], Indicator(tree), core(c.shape))
            case selection.Where(), [c, zero, _], [False, False, True] if _is_zero(zero):
                tree = self._coefficient(c)
                other = tree and Total(((False, Number(1)), (True, Indicator(tree))))
                return maps[2] and other and product(maps[2], other, core(c.shape))
            case reduction.Sum(), [x], _ if not core(node.shape):
                return maps[0] and summed(maps[0]) if len(core(x.shape)) < 2 else None
            case linear_algebra.MatMul(), [_, c], [True, False]:
                return self._times(node, 0, c)
            case linear_algebra.MatMul(), [c, _], [False, True]:
                return self._times(node, 1, c)
        return None

    def _scaled(self, x: Map | None, c: Node, divide: bool = False) -> Map | None:
        tree = self._coefficient(c)
        return x and tree and product(x, tree, core(c.shape), divide)

    def _times(self, node: Node, i: int, c: Node) -> Map | None:
        """Return a product of matrices, of which input i depends on the cotangent, c is the other.

        A vector may stand on either side, as a matrix of one row or of one column too.
        """
        x, tree = self.maps[self.builder.resolved(node.inputs[i])], self._coefficient(c)
        shape, size = node.inputs[i].shape, core(c.shape)
        if x is None or tree is None or len(shape) > 2 or c.ndim > 2:
            return None
        if not core(shape) or not size or not core(node.shape):
            vector = tree.of if isinstance(tree, Transposed) else tree
            scaled = product(x, vector, size)
            return scaled and (scaled if core(node.shape) else summed(scaled))
        if len(size) == 1 or len(core(node.shape)) > 1:
            return None
        return through(x, tree, size, transpose=i == 0)

    def _coefficient(self, node: Node) -> Tree | None:
        tree, where = self.builder.tree(node, opened=False)
        written = text(tree)
        return None if where or len(written) > _LONGEST_COEFFICIENT or "…" in written else tree


def _is_zero(node: Node) -> bool:
    return node.op is None and not node.value.any()
