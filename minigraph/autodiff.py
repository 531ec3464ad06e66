"""Reverse-mode differentiation: one sweep over the graph, read on arrays or on Nodes."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.arrays import NUMPY, quietly, watched
from minigraph.errors import (
    DTypeError,
    GradientError,
    GraphError,
    ShapeError,
    describe,
)
from minigraph.finite import is_finite, warn_non_finite
from minigraph.graph import added, dependents, topological_order
from minigraph.leaves import constant
from minigraph.node import FLOATING, Node
from minigraph.op import lacking
from minigraph.tidy import tidy


def sweep(
    xp: Any,
    order: Sequence[Node],
    cotangents: dict[Node, Any],
    flows: Callable[[Node], bool],
    keep: Callable[[Node], bool],
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
        been passed on.
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
        cotangent = cotangents[node] if keep(node) else cotangents.pop(node)
        inputs = node._inputs
        values = [read(x) for x in inputs]
        output = saved(node) if op.saves else read(node)
        try:
            parts = op.backward(xp, cotangent, output, *values)
        except AttributeError as error:
            raise lacking(node, xp, error) from error
        if type(parts) is not tuple or len(parts) != len(inputs):
            raise _broken(node, f"returned {_how_many(parts)} for {len(inputs)} input(s)")
        for i, x in enumerate(inputs):
            part: Any = parts[i]
            if part is None or not flows(x):
                continue
            if callable(part):
                try:
                    part = part()
                except AttributeError as error:
                    raise lacking(node, xp, error) from error
            value = values[i]
            try:
                fits = part.shape == value.shape and part.dtype == value.dtype
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
        suspicious = any(np.isnan(array).any() for node, array in cotangents.items() if watch(node))
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


_value = operator.attrgetter("_value")
_active = operator.attrgetter("_active")


def _is_leaf(node: Node) -> bool:
    return node._op is None


def _identity(node: Node) -> Node:
    return node


def _always(node: Node) -> bool:
    return True


def _saved(node: Node) -> tuple[Any, ...]:
    return (node._value, *node._saved)


def backward(output: Node) -> None:
    """Compute the gradients of a scalar: the body of `Node.backward`."""
    if output._value.size != 1:
        raise GradientError(
            f"backward() starts from a scalar loss, but this node has shape {output.shape}",
            nodes=[output],
            fix="reduce it first (mg.sum, mg.mean), or give ∂L/∂(it): "
            "mg.grad(node, wrt, cotangent)",
        )
    if not output._active:
        raise GradientError(
            "backward() found nothing to differentiate: the node depends on no parameter",
            nodes=[output],
            fix="make a leaf with mg.parameter, or ask for a node: mg.grad(loss, wrt=x)",
        )
    order = topological_order(output, within=_active)
    value = output._value
    one = np.asarray(value.dtype.type(1)) if value.ndim == 0 else np.ones_like(value)
    cotangents, suspicious = sweep_arrays(
        order, {output: one}, _is_leaf, _active, _always, _value, _saved
    )
    if len(cotangents) < len(order):  # what an earlier call left where nothing arrived now
        for node in order:
            node.grad = None
    for node, gradient in zip(cotangents, apart(cotangents.values()), strict=True):
        node.grad = gradient
    if not math.isfinite(output._value.item()):
        warn_non_finite(output)
    elif suspicious:
        bad = [node for node, gradient in cotangents.items() if not is_finite(gradient)]
        if bad:
            grad(output, bad)  # the same as a graph, which says where they arose


def apart(arrays: Iterable[Any], others: Iterable[Any] = ()) -> list[Any]:
    """Return the arrays (or None), none sharing memory with another, nor being one of the others.

    A copy is made of a view, of a node's own (read-only) value, and of what is there already.
    """
    mine = {id(array) for array in others}
    result = []
    for array in arrays:
        if array is not None and (
            type(array) is not np.ndarray
            or array.base is not None
            or not array.flags.writeable
            or id(array) in mine
        ):
            array = np.array(array)
        mine.add(id(array))
        result.append(array)
    return result


def grad(output: Node, wrt: Any, cotangent: Any = None) -> Any:
    """Return ∂output/∂wrt as Nodes: the gradient is itself a graph.

    It can be drawn, computed with, and differentiated again. Its nodes are named after the
    forward nodes that they belong to (∂L/∂z), which they know as their ``source``.

    Parameters
    ----------
    output : Node
        A scalar, or any node if its cotangent is given.
    wrt : Node or sequence of Node
        The nodes to differentiate by: leaves or not, parameters or not, of floating dtype.
    cotangent : Node or array_like, optional
        ∂L/∂output, of output's shape, for a loss L beyond it. Default: 1, for a scalar.

    Returns
    -------
    Node, or tuple of Node
        One per node of ``wrt``, of its shape and dtype; None where no path leads to it.

    Raises
    ------
    GradientError
        If output is no scalar and no cotangent is given.
    ShapeError
        If the cotangent's shape is not output's.
    DTypeError
        If output or a node of ``wrt`` holds integers or booleans.
    GraphError
        If output or ``wrt`` is no Node.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> y = (x * x * x).named("y")
    >>> dy = mg.grad(y, x)
    >>> dy.name, float(dy), float(mg.grad(dy, x))
    ('∂y/∂x', 27.0, 18.0)
    """
    single = isinstance(wrt, Node)
    targets: list[Any] = list(wrt) if isinstance(wrt, Sequence) and not single else [wrt]
    for node in (output, *targets):
        check_differentiable(node, "output" if node is output else "wrt")
    seed = _seed(output, cotangent)
    order = topological_order(output)
    flows = dependents(order, targets)
    path = [node for node in order if node in flows and node.dtype.kind == FLOATING]
    cotangents: dict[Node, Any] = {output: seed} if output in flows else {}
    known = {*order, *topological_order(seed)}

    def belongs(node: Node, part: Node) -> None:
        for new in added(part, known):
            known.add(new)
            new._source, new._site = node, node._site

    def recomputed(node: Node) -> tuple[Any, ...]:
        op: Any = node._op
        return (node, *op.forward(namespace, *node._inputs)[1:])

    sweep(
        namespace,
        path,
        cotangents,
        set(path).__contains__,
        _always,
        _identity,
        recomputed,
        belongs,
        guarded_node,
    )
    cotangents = tidied(cotangents, targets, [*order, *topological_order(seed)])
    _name(output, cotangents, set(targets), {*order, seed})
    gradients = tuple(cotangents.get(node) for node in targets)
    found = [gradient for gradient in gradients if gradient is not None]
    for gradient in found:
        if gradient._value.base is not None:  # a view of another node's value
            gradient._value = _read_only(gradient._value.copy())
    if not all(is_finite(gradient.value) for gradient in found):
        warn_non_finite(*found)
    return gradients[0] if single else gradients


def tidied(
    cotangents: dict[Node, Node], targets: Iterable[Node], known: Sequence[Node]
) -> dict[Node, Node]:
    """Return the cotangents that the targets' gradients are made of, tidy."""
    there = set(known)
    found = [cotangents[node] for node in targets if node in cotangents]
    new = topological_order(*found, within=lambda node: node not in there)
    tidied = tidy([node for node in new if node not in there], known)
    return {
        node: tidied.get(gradient, gradient)
        for node, gradient in cotangents.items()
        if gradient in tidied or gradient in there
    }


def check_differentiable(node: Any, role: str) -> None:
    """Refuse what is no Node, and a Node that holds no floats."""
    if not isinstance(node, Node):
        raise GraphError(
            f"{role} is no Node but a {type(node).__name__}",
            fix="pass the Node itself, or a list of Nodes for wrt",
        )
    if node.dtype.kind != FLOATING:
        raise DTypeError(
            f"{role} holds {node.dtype}: integers and booleans have no gradient",
            nodes=[node],
            fix="make the leaf of floats: value.astype(float)",
        )


def _seed(output: Node, cotangent: Any) -> Node:
    """Return the cotangent that the sweep starts from, as a node."""
    if cotangent is None:
        if output.size != 1:
            raise GradientError(
                f"the output has shape {output.shape}; a gradient starts from a scalar",
                nodes=[output],
                fix="reduce it (mg.sum, mg.mean), or pass the cotangent ∂L/∂output",
            )
        seed = constant(np.ones_like(output.value), copy=False)
        seed._source, seed._site = output, output._site
        return seed
    seed = cotangent if isinstance(cotangent, Node) else constant(cotangent)
    if seed.shape != output.shape:
        raise ShapeError(
            f"a cotangent of shape {seed.shape} was given for an output of shape {output.shape}",
            nodes=[output],
            fix="it has one entry per entry of the output",
        )
    return seed if seed.dtype == output.dtype else namespace.astype(seed, output.dtype)


def _name(output: Node, cotangents: dict[Node, Node], wanted: set[Node], taken: set[Node]) -> None:
    """Name each cotangent ∂L/∂z after its node z; one that serves two nodes gets a twin."""
    latest: dict[Node, Node] = {}
    # Nodes that nobody asked for and that have no name come last, and need no twin.
    for node in sorted(cotangents, key=lambda node: node.name is None and node not in wanted):
        gradient = cotangents[node]
        if gradient in taken:
            if node not in wanted:
                continue
            twin = latest[gradient] = _twin(latest.get(gradient, gradient))
            gradient = cotangents[node] = twin
        taken.add(gradient)
        gradient._source = node
        gradient.name = symbol(output.name, node)


def symbol(output: str | None, node: Node) -> str | None:
    """Return how the gradient of an output by a node is written; None for an unnamed node."""

    def factor(name: str) -> str:
        return f"({name})" if name.startswith("∂") else name

    return f"∂{factor(output or 'L')}/∂{factor(node.name)}" if node.name else None


def _twin(node: Node) -> Node:
    """Return another node of the same value, in memory of its own, which depends on the node."""
    twin = namespace.broadcast_to(node, node.shape)
    twin._site = node._site
    twin._value = _read_only(node._value.copy())
    return twin


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
