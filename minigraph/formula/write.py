"""The formula of a node: its whole expression, or the one op that made it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from minigraph import namespace
from minigraph.errors import GraphError
from minigraph.formula.build import Builder
from minigraph.formula.formula import Formula
from minigraph.formula.names import symbol
from minigraph.formula.standins import StandIns
from minigraph.formula.tree import Statement
from minigraph.node import Node
from minigraph.op import Composite


def expression(
    node: Node,
    names: Mapping[Node, str] | None = None,
    stop: Collection[Node] = (),
    mark: Collection[Node] = (),
) -> Formula:
    """Write a node as what it is made of, down to nodes with names and to leaves.

    A very large expression is bounded: what is used more than once gets a name, v₁, v₂, and what
    lies too deep is "…".

    Parameters
    ----------
    node : Node
        It is opened even if it has a name.
    names : mapping of Node to str, optional
        What nodes are called. Default: their own names.
    stop : collection of Node
        More nodes not to open.
    mark : collection of Node
        Nodes whose part is pointed out: ⟦ ⟧ in text, a box in LaTeX, class="marked" in MathML.

    Returns
    -------
    Formula

    Raises
    ------
    GraphError
        If it is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.formula import expression
    >>> z = mg.parameter([1.0, 2.0], name="z")
    >>> top = mg.max(z)
    >>> e = mg.exp(z - top)
    >>> print(expression(e / mg.sum(e), mark=[top]))
    e^(z − ⟦max z⟧) / Σ e^(z − ⟦max z⟧)
    """
    _check(node)
    tree, where = Builder(names or {}, frozenset(stop), frozenset(mark)).tree(node)
    return Formula(Statement(None, tree, where))


def equation(
    node: Node, names: Mapping[Node, str] | None = None, expanded: bool = False
) -> Formula:
    """Write a node's name and the op that made it: z = θᵀ x.

    Parameters
    ----------
    node : Node
        Without a name, the right side stands alone.
    names : mapping of Node to str, optional
        What nodes are called. Default: their own names.
    expanded : bool
        Write a composite op as its ``forward`` has it, without its guards against special values.

    Returns
    -------
    Formula

    Raises
    ------
    GraphError
        If it is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.formula import equation
    >>> y_hat = mg.softmax(mg.parameter([1.0, 2.0], name="z")).named("ŷ")
    >>> print(equation(y_hat))
    ŷ = softmax(z)
    >>> print(equation(y_hat, expanded=True))
    ŷ = e^(z − max z) / Σ e^(z − max z)
    """
    _check(node)
    names = names or {}
    builder = Builder(names)
    name = builder.name_of(node)
    left = None if name is None else symbol(name)
    if node.op is None:
        tree, where = builder.tree(node, opened=False)
        return Formula(Statement(None, tree, where))
    if expanded and isinstance(node.op, Composite):
        given = StandIns(node, builder)
        made = node.op.forward(namespace, *given.inputs)
        output = made[0] if node.op.saves else made
        given.adopt(output)
        tree, where = given.builder().tree(output)
        where = given.where + where
    else:
        tree, where = builder.tree(node)
    return Formula(Statement(left, tree, where))


def _check(node: object) -> None:
    if not isinstance(node, Node):
        raise GraphError(
            f"a formula is of a Node, not of a {type(node).__name__}",
            fix="pass what an op or mg.parameter returned",
        )
