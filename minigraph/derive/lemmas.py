"""Lemmas: gradients that were derived before, put in where they come up in another derivation."""

from __future__ import annotations

from collections.abc import Mapping

from minigraph.derive.cut import Cut
from minigraph.derive.derivation import Derivation
from minigraph.graph import rebuild
from minigraph.node import Node
from minigraph.ops import shape

REASON = "what its own derivation ends with"
"""What is said of a gradient that is put in as derived before."""


def put_in(
    hidden: dict[Node, Node], lemmas: Mapping[Node, Derivation], cut: Cut
) -> dict[Node, Derivation]:
    """Let what is hidden stand for its last form, where that was derived before.

    Parameters
    ----------
    hidden : dict of Node to Node
        Leaves that stand for a gradient, with what they stand for. It is changed.
    lemmas : mapping of Node to Derivation
        By the node, in the graph that was cut, that a gradient is by.
    cut : Cut

    Returns
    -------
    dict of Node to Derivation
        What was put in, by the leaves that stand for it.
    """
    by_twin = {twin: lemmas[node] for twin, node in cut.originals.items() if node in lemmas}
    known: dict[Node, Derivation] = {}
    for leaf, gradient in hidden.items():
        if gradient.source is not None and gradient.source in by_twin:
            known[leaf] = by_twin[gradient.source]
            hidden[leaf] = _last_form(known[leaf], cut)
    return known


def _last_form(derivation: Derivation, cut: Cut) -> Node:
    """Return what a derivation ends with, without the name of the gradient that it is."""
    result = cut.forth(derivation.result)
    if isinstance(result.op, shape.BroadcastTo) and result.shape == result.inputs[0].shape:
        return result.inputs[0]  # it gives another node a second name, and no more
    twin = rebuild(result, result.inputs)
    twin.name = None
    return twin
