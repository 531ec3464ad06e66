"""What nodes are called: their own names, the caller's variables, or their op and inputs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np

from minigraph.draw.matrices import entries
from minigraph.node import Node

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

# A made-up name longer than this is harder to read than a number.
_LONGEST_MADE_UP = 14

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def caller_variables(frame: FrameType) -> tuple[Mapping[str, Any], ...]:
    """Return the variables that the user's code sees: its locals, then its globals.

    Parameters
    ----------
    frame : frame
        Any frame inside minigraph; the user's is the nearest outside of it.
    """
    outside: FrameType | None = frame
    while outside is not None and outside.f_code.co_filename.startswith(_PACKAGE):
        outside = outside.f_back
    return (outside.f_locals, outside.f_globals) if outside is not None else ()


def names_of(
    order: Iterable[Node], variables: Sequence[Mapping[str, Any]] = ()
) -> dict[Node, tuple[str, bool]]:
    """Name every node of a topological order.

    Parameters
    ----------
    order : iterable of Node
        Nodes of one, inputs before what is made of them.
    variables : sequence of mapping
        Scopes, the nearest first. Names that start with "_" do not count.

    Returns
    -------
    dict of Node to (str, bool)
        The name, and whether somebody gave it; otherwise it is made up.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.graph import topological_order
    >>> a, b = mg.constant(1.0, name="a"), mg.constant(2.0)
    >>> order = topological_order(mg.sum(mg.exp(a * b)))
    >>> [name for name, _ in names_of(order, [{"bias": b}]).values()]
    ['a', 'bias', 'a × bias', 'Exp(a × bias)', 'v₁']
    """
    found: dict[Node, str] = {}
    for scope in variables:
        for name, value in list(scope.items()):
            # Tools put names of their own among the variables, such as pytest's "@py_assert1".
            if type(value) is Node and name.isidentifier() and not name.startswith("_"):
                found.setdefault(value, name)
    names: dict[Node, tuple[str, bool]] = {}
    count = 0
    for node in order:
        name = node.name if node.name is not None else found.get(node)
        if name is not None:
            names[node] = (name, True)
        elif node.op is None and node.ndim == 0:
            names[node] = (entries(np.atleast_1d(node.value))[0], False)
        else:
            # An input that is not in the order is one that is not shown.
            shown = all(x in names for x in node.inputs)
            name = _made_up(node, [names[x][0] for x in node.inputs]) if shown else None
            if name is None:
                count += 1
                name = "v" + str(count).translate(_SUBSCRIPTS)
            names[node] = (name, False)
    return names


def _made_up(node: Node, inputs: list[str]) -> str | None:
    """Write a node as its op of its inputs, as in θᵀ or Exp(z), if that is short."""
    if node.op is None:
        return None
    if node.op.notation:
        name = _written(node.op.notation, inputs)
    else:
        name = f"{node.op.label}({', '.join(inputs)})"
    return name if len(name) <= _LONGEST_MADE_UP else None


def _written(notation: str, inputs: list[str]) -> str:
    """Fill in a notation, with parentheses where the inputs would not stay together."""
    additive = [sign for sign in (" + ", " − ") if sign in notation]
    return notation.format(
        *(
            f"({x})" if " " in x and (not additive or " + " in x or " − " in x) else x
            for x in inputs
        )
    )
