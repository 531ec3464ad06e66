"""Rule: one named step of a derivation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from minigraph.derive.knowledge import Knowledge
from minigraph.node import Node
from minigraph.ops import shape

Stage = Literal["loss", "gradient", "both"]


@dataclass(frozen=True)
class Rule:
    """What may stand in place of what, when, and why.

    Attributes
    ----------
    name : str
        What the step is called.
    before, after : str
        The rule as a formula, for the table of all rules.
    condition : str
        The facts that it needs, in words; "" for none.
    reason : str
        Why it is right, in one line.
    replace : callable
        Given a node and what is known, returns the node of the same shape, dtype and value that
        takes its place; None where the rule does not apply.
    stage : {"loss", "gradient", "both"}
        Whether it is for the loss, before it is differentiated, for the gradient, or for both.
    silent : bool
        Whether it only moves shapes about, which formulas do not show: no step of its own.
    once : bool
        Whether each application is a step of its own, and not all that follow each other one.
    between : callable, optional
        What to show between: given the node, what it is before anything cancels.
    exact : bool
        Whether it keeps the digits of a computation, and not only its value: at any magnitude, what
        comes after it is as right as what was before it, but for a few roundings. Such rules
        are the compiler's, too; the others are for reading.
    """

    name: str
    before: str
    after: str
    condition: str
    reason: str
    replace: Callable[[Node, Knowledge], Node | None]
    stage: Stage = "gradient"
    silent: bool = False
    once: bool = False
    between: Callable[[Node], Node | None] | None = None
    exact: bool = False


def number(value: float, like: Node) -> Node:
    """Return a literal number, in the dtype of a node.

    Examples
    --------
    >>> import minigraph as mg
    >>> number(1, mg.constant([0.5])).kind
    'scalar'
    """
    array = np.asarray(value, dtype=like.dtype)
    array.setflags(write=False)
    leaf = Node(array, None, (), (), like._site)
    leaf._kind = "scalar"
    return leaf


def shaped(node: Node, like: Node) -> Node:
    """Return a node repeated to the shape of another one, if it is of another shape.

    Examples
    --------
    >>> import minigraph as mg
    >>> shaped(mg.constant(1.0), mg.constant([1.0, 2.0])).shape
    (2,)
    """
    return node if node.shape == like.shape else shape.BroadcastTo(like.shape)(node)
