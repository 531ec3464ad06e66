"""The sweep: cotangents carried backward through a graph, on arrays or on Nodes.

It is the one place where gradients of a node used twice are added up, where broadcasting is undone,
and where dtypes are matched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY, quietly, watched
from minigraph.errors import GradientError, describe
from minigraph.node import Node
from minigraph.op import raise_lacking


def sweep(
    xp: Any,
    order: Sequence[Node],
    cotangents: dict[Node, Any],
    flows: Callable[[Node], bool],
    keep: Callable[[Node], bool] | None,
    read: Callable[[Node], Any],
    saved: Callable[[Node], Any],
    record: Callable[[Node, Any], None] | None = None,
    guard: Callable[[Any, Any, Any], Any] | None = None,
) -> None:
    """Carry cotangents backward through a graph, in place.

    Parameters
    ----------
    xp : namespace
        Of the values: NumPy's, minigraph's, or another library's.
    order : sequence of Node
        The nodes that a cotangent may flow to, in topological order.
    cotangents : dict of Node to value
        The seeds; at the end also what arrived at each node that is kept.
    flows, keep : callable
        Whether a cotangent flows to a node at all, and whether it is still wanted once it has
        been passed on (None: always).
    read : callable
        The value of a node.
    saved : callable
        What a node's ``forward`` returned, for an op that saves.
    record : callable, optional
        Told of each node and each new cotangent that its ``backward`` gave.
    guard : callable, optional
        Applied to ``(xp, cotangent, part)`` of an elementwise op: puts 0 where 0 times a slope
        that is infinite or nan gave nan.
    """
    for node in reversed(order):
        op = node._op
        if op is None or node not in cotangents:
            continue
        cotangent = cotangents[node] if keep is None or keep(node) else cotangents.pop(node)
        inputs = node._inputs
        output = saved(node) if op.saves else read(node)
        try:
            # As in `apply`: one input or two are unpacked by name.
            if len(inputs) == 1:
                values = (read(inputs[0]),)
                parts = op.backward(xp, cotangent, output, values[0])
            elif len(inputs) == 2:
                values = (read(inputs[0]), read(inputs[1]))
                parts = op.backward(xp, cotangent, output, values[0], values[1])
            else:
                values = tuple(map(read, inputs))
                parts = op.backward(xp, cotangent, output, *values)
        except AttributeError as error:
            raise_lacking(node, xp, error)
        if type(parts) is not tuple or len(parts) != len(inputs):
            raise _broken(node, f"returned {_how_many(parts)} for {len(inputs)} input(s)")
        part: Any
        for x, value, part in zip(inputs, values, parts):  # noqa: B905 (strict takes its time)
            if part is None or not flows(x):
                continue
            if type(part) is not type(value):  # it is to be called, or wrong, or a scalar of NumPy
                if callable(part):
                    try:
                        part = part()
                    except AttributeError as error:
                        raise_lacking(node, xp, error)
                if isinstance(value, Node) and not isinstance(part, Node):
                    what = f"returned a {type(part).__name__} on Nodes, not a Node, for "
                    raise _broken(node, what + describe(x))
            try:
                fits = part.dtype is value.dtype and part.shape == value.shape
            except AttributeError:
                what = f"returned a {type(part).__name__}, not an array, for {describe(x)}"
                raise _broken(node, what) from None
            if guard is not None and op.elementwise:
                part = guard(xp, cotangent, part)
            if not fits:
                part = _match(xp, part, value, node, x)
            if record is not None:
                record(node, part)
            if x in cotangents:
                part = cotangents[x] + part
                if record is not None:
                    record(x, part)
            cotangents[x] = part


def guarded(xp: Any, cotangent: Any, part: Any) -> Any:
    """Put 0 where a cotangent of 0 gave nan: in any array library."""
    return xp.where(xp.isnan(part), xp.where(cotangent == 0, 0, part), part)


def guarded_node(xp: Any, cotangent: Node, part: Node) -> Node:
    """Put 0 where a cotangent of 0 gave nan: in a graph, only if there is such an entry."""
    # The graph may be run on other values, so the condition is a part of it.
    if (np.isnan(part._value) & (cotangent._value == 0)).any():
        return xp.where(part == part, part, xp.where(cotangent == 0, 0, part))
    return part


def sweep_arrays(
    order: Sequence[Node], seeds: dict[Node, Any], watch: Callable[[Node], bool], *rest: Any
) -> tuple[dict[Node, Any], bool]:
    """Sweep on NumPy arrays, quietly; a second time, with the guard, if the first gave nan.

    Parameters
    ----------
    order, *rest
        As those of `sweep`, from ``flows`` on.
    seeds : dict of Node to array
    watch : callable
        Whose gradients are looked at for nan.

    Returns
    -------
    cotangents : dict of Node to array
    suspicious : bool
        Whether a number that is not finite may have arisen.
    """
    cotangents = dict(seeds)
    suspicious = watched(sweep, NUMPY, order, cotangents, *rest)
    if not suspicious:  # nan that was there before goes on without a flag
        # A sum of squares is nan if an entry is: in one call.
        for node, array in cotangents.items():
            if watch(node) and math.isnan(np.vdot(array, array)):
                suspicious = True
    if suspicious:
        cotangents = dict(seeds)
        quietly(sweep, NUMPY, order, cotangents, *rest, None, guarded)
    return cotangents, suspicious


def _match(xp: Any, cotangent: Any, value: Any, node: Node, x: Node) -> Any:
    """Undo broadcasting, and give the cotangent its node's dtype."""
    shape, given = tuple(value.shape), tuple(cotangent.shape)
    lead = len(given) - len(shape)
    if lead < 0 or any(m not in (n, 1) for m, n in zip(shape, given[lead:], strict=True)):
        raise _broken(node, f"returned a cotangent of shape {given} for {describe(x)}")
    if shape != given:
        spread = [i for i, n in enumerate(given) if i < lead or n != shape[i - lead]]
        cotangent = xp.reshape(xp.sum(cotangent, axis=tuple(spread)), shape)
    return cotangent if cotangent.dtype == value.dtype else xp.astype(cotangent, value.dtype)


def _broken(node: Node, problem: str) -> GradientError:
    return GradientError(
        f"the backward of {node.op!r} {problem}",
        nodes=(*node.inputs, node),
        site=node._site,
        fix="return a tuple with one cotangent per input, each of its input's shape, "
        "or None where no gradient flows",
    )


def _how_many(parts: Any) -> str:
    if type(parts) is tuple:
        return f"{len(parts)} cotangent(s)"
    return f"a {type(parts).__name__}, not a tuple of cotangents,"
