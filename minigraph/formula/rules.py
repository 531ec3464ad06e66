"""Local rules: an op's ``backward``, run on named stand-ins and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from minigraph import namespace
from minigraph.autodiff import tidied
from minigraph.formula.build import Builder
from minigraph.formula.formula import Formula
from minigraph.formula.names import symbol
from minigraph.formula.standins import StandIns
from minigraph.formula.tree import Derivative, Number, Statement, Symbol, Tree, needed
from minigraph.graph import topological_order
from minigraph.leaves import constant
from minigraph.node import FLOATING, Node
from minigraph.sweep import sweep


@dataclass(frozen=True, eq=False)
class Rule:
    """An op's backward rule as a graph over stand-ins.

    Attributes
    ----------
    given : StandIns
    cotangent : Node
        The leaf that stands for the output's cotangent.
    parts : tuple of Node or None
        For each input its cotangent; None where nothing flows.
    """

    given: StandIns
    cotangent: Node
    parts: tuple[Node | None, ...]


def rule_of(node: Node, builder: Builder, one: bool = False) -> Rule:
    """Run an op's backward on stand-ins, tidied.

    Parameters
    ----------
    node : Node
        Not a leaf.
    builder : Builder
        How the nodes are called.
    one : bool
        Start from the cotangent 1 in place of a leaf.
    """
    given = StandIns(node, builder)
    output = given.output
    ones = np.ones_like(output.value)
    cotangent = constant(ones if one else 0.9 - 0.01 * ones, copy=False)
    if one:
        cotangent._source = output  # so that it counts as a number, not as data
    cotangents: dict[Node, Node] = {output: cotangent}
    path = [x for x in dict.fromkeys((*_between(given), output)) if x.dtype.kind == FLOATING]

    def saved(x: Node) -> tuple[Node, ...]:
        return (x, *x.op.forward(namespace, *x.inputs)[1:])

    made: list[Node] = []
    sweep(
        namespace,
        path,
        cotangents,
        set(path).__contains__,
        lambda x: True,
        lambda x: x,
        saved,
        lambda x, part: made.append(part),
    )
    given.adopt(*made)
    bases = [x for x in given.bases if x in cotangents and x is not output]
    known = [*given.bases, *given.inputs, output, cotangent]
    done = tidied(cotangents, bases, list(dict.fromkeys(known)))
    return Rule(given, cotangent, tuple(done.get(x) for x in given.bases))


def _between(given: StandIns) -> list[Node]:
    """Return the leaves and the transposes of them that the op is applied to."""
    return topological_order(*given.inputs)


def local_rules(
    node: Node,
    names: Mapping[Node, str] | None = None,
    cotangent: str | None = None,
    loss: str = "L",
) -> tuple[Formula | None, ...]:
    """Write how a node's cotangent goes on to each of its inputs: ∂L/∂θ = x (∂L/∂z)ᵀ.

    It is the op's own ``backward``, run on Nodes. What it does for special values alone is left
    out; where an input was broadcast, the sum over its copies is there. An input that is the
    unnamed transpose of another node is looked through.

    Parameters
    ----------
    node : Node
    names : mapping of Node to str, optional
        What nodes are called. Default: their own names.
    cotangent : str, optional
        What the node's own cotangent is called. Default: ∂L/∂node; for the loss itself it is "1",
        which is then left out.
    loss : str
        What the loss is called.

    Returns
    -------
    tuple of Formula or None
        One for each input; none for a leaf. None for an input to which no gradient flows, whatever
        the graph (integers, conditions), and for plain numbers.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.formula import local_rules
    >>> theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
    >>> x = mg.constant([[1.0], [1.4]], name="x")
    >>> z = (theta.T @ x).named("z")
    >>> y_hat = mg.softmax(z, axis=0).named("ŷ")
    >>> for rule in (*local_rules(z), *local_rules(y_hat)):
    ...     print(rule)
    ∂L/∂θ = x (∂L/∂z)ᵀ
    ∂L/∂x = θ ∂L/∂z
    ∂L/∂z = ŷ · (∂L/∂ŷ − Σ ∂L/∂ŷ · ŷ)
    """
    if node.op is None:
        return ()
    known = Builder(names or {})
    if cotangent is None and known.name_of(node) == loss:
        cotangent = "1"
    rule = rule_of(node, known, one=cotangent == "1")
    given = rule.given
    top: Tree = Symbol(loss)
    arriving: Tree = Derivative(top, given.trees[given.output])
    if cotangent is not None:
        arriving = Number(1) if cotangent == "1" else symbol(cotangent)
    builder = given.builder([(rule.cotangent, arriving)])
    formulas: list[Formula | None] = []
    for base, part in zip(given.bases, rule.parts, strict=True):
        if part is None or isinstance(given.trees[base], Number):
            formulas.append(None)
            continue
        tree, where = builder.tree(part)
        left = Derivative(top, given.trees[base])
        where = needed(given.where, left, tree, *(meaning for _, meaning in where)) + where
        formulas.append(Formula(Statement(left, tree, where)))
    return tuple(formulas)
