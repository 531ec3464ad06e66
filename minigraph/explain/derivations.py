"""Derivations: which gradients of a walk have one that is worth reading, and what it is."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from minigraph.errors import NonFiniteWarning
from minigraph.explain.scene import copied, shown_name
from minigraph.formula.tree import ELLIPSIS
from minigraph.graph import topological_order
from minigraph.node import Node

if TYPE_CHECKING:
    from minigraph.derive import Derivation
    from minigraph.explain.walk import Walk

LIMIT = 40
"""The most ops of a graph whose gradients are derived: those of larger ones fill no one's page."""


def derivations(walk: Walk) -> dict[int, Derivation]:
    """Derive the gradients of a walk, each on the strength of those derived before it.

    Those are derived that a step completes, if the node has a name or the gradient a closed form.
    There is none where the step itself says all: where no rule applies, and where the node leads
    to nothing but the loss. Nor is there one where its end is too long to be written whole, where
    the graph is too large, and where an op of the user's cannot be derived.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    dict of int to Derivation
        By the place of the step, from 0.

    Examples
    --------
    >>> import minigraph as mg
    >>> z, y = mg.parameter([0.5, -0.5], name="z"), mg.one_hot(0, 2, name="y")
    >>> loss = mg.cross_entropy(mg.softmax(z).named("ŷ"), y).named("L")
    >>> for place, derivation in derivations(mg.explain(loss)).items():
    ...     print(place + 1, derivation.formula)
    7 ∂L/∂z = ŷ − y
    """
    if sum(node.op is not None for node in walk.description.nodes) > LIMIT:
        return {}
    places = list(_places(walk))
    if not places:
        return {}
    # Imported here, so that to walk through a graph takes no rules.
    from minigraph.derive.build import written

    nodes = _with_names(walk, {walk.steps[place].node for place in places})
    loss = next(nodes[node.id] for node in walk.description.nodes if node.output)
    found: dict[int, Derivation] = {}
    lemmas: dict[Node, Derivation] = {}
    long: set[Node] = set()
    for place in places:
        node = nodes[walk.steps[place].node]
        if node in long:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NonFiniteWarning)
                derivation = written(loss, node, lemmas)
        except Exception:  # a graph that is too large, or whatever a user's op does with Nodes
            continue
        named = walk.description[walk.steps[place].node].named
        if derivation is None or not _says_more(derivation, named):
            continue
        if _is_cut(derivation.formula.statement):
            # What comes after it is longer still.
            long.update(topological_order(node))
        else:
            found[place] = lemmas[node] = derivation
    return found


def _places(walk: Walk) -> Iterator[int]:
    """Go through the steps whose gradient may be worth deriving."""
    nodes = walk.description.nodes
    loss = next(node.id for node in nodes if node.output)
    leads_on = {id for node in nodes if node.id != loss for id in node.inputs}
    for place, step in enumerate(walk.steps):
        complete = step.kind == "backward" and step.place[0] == step.place[1]
        named = walk.description[step.node].named and step.node in leads_on
        if complete and (step.equals or named):
            yield place


def _with_names(walk: Walk, targets: set[str]) -> dict[str, Node]:
    """Return a copy of the graph by ids, with the names that its nodes have on the page."""
    copies = copied(list(walk.nodes.values()))
    found = {}
    for id, node in walk.nodes.items():
        found[id] = copy = copies[node]
        data = walk.description[id]
        if data.named or data.output or id in targets:
            copy.named(shown_name(data.name))
    return found


def _says_more(derivation: Derivation, named: bool) -> bool:
    """Return whether a derivation says more than the chain rule.

    That a gradient is another one, of which that was derived, says something of what has a name.
    """
    from minigraph.derive.rules import RULES

    rules = {rule.name for rule in RULES}
    return any(
        step.rule in rules or (named and step.lemma is not None) for step in derivation.steps
    )


def _is_cut(part: Any) -> bool:
    """Return whether an ellipsis stands for a part of a formula; in a name it is a part of that."""
    if isinstance(part, tuple):
        return any(map(_is_cut, part))
    inner = [getattr(part, field.name) for field in fields(part)] if is_dataclass(part) else []
    return part == ELLIPSIS or any(map(_is_cut, inner))
