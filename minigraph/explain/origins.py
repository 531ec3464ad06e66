"""Which entries made an entry: read off an op's own rule, whatever the op.

A derivative that is not 0 at inputs that are nothing special says that one entry depends on
another. Several sets of inputs are tried, since at a single one relu or a maximum looks past some.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from minigraph.explain.rule import apart, contributions, rule_graph
from minigraph.explain.walk import Origin
from minigraph.graph import topological_order
from minigraph.node import FLOATING, Node
from minigraph.sweep import sweep_arrays

Entries = tuple[tuple[tuple[int, ...], ...], ...]

# Entries of one array that are asked one by one; larger arrays are not taken apart.
LARGEST = 64


def forward_origins(node: Node) -> Entries | None:
    """Return for each entry of an op's output which entries of each input it was made of.

    Parameters
    ----------
    node : Node
        An op's output.

    Returns
    -------
    tuple or None
        As `Origin.entries`, a source an input; None if the arrays are too large.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([[1.0, 2.0], [3.0, 4.0]])
    >>> forward_origins(mg.sum(x, axis=0))
    (((0, 2),), ((1, 3),))
    """
    if not _small(node, *node._inputs):
        return None
    hits = [np.zeros((node.size, x.size), bool) for x in node._inputs]
    wanted = range(len(node._inputs))
    for tried in _tries(node):
        for e, seed in enumerate(_one_hot(node)):
            for hit, part in zip(hits, contributions(tried, seed, wanted), strict=True):
                if part is not None:
                    hit[e] |= _tells(part)
    return _entries(hits)


def backward_origins(node: Node, i: int) -> Entries | None:
    """Return for each entry of what an op passes back to an input what it was made of.

    Parameters
    ----------
    node : Node
        An op's output.
    i : int
        Which input.

    Returns
    -------
    tuple or None
        As `Origin.entries`; the sources are the output's cotangent, the output, and each of the
        inputs. None if the arrays are too large.

    Examples
    --------
    >>> import minigraph as mg
    >>> x, y = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0])
    >>> backward_origins(x * y, 0)
    (((0,), (), (), (0,)), ((1,), (), (), (1,)))
    """
    x = node._inputs[i]
    if not _small(node, *node._inputs):
        return None
    hits = [np.zeros((x.size, y.size), bool) for y in (node, node, *node._inputs)]
    for tried in _tries(node):
        graph = rule_graph(tried, i)
        if graph is None:
            return None
        part, cotangent, output = graph
        leaves = (cotangent, output, *tried._inputs)
        order = [y for y in topological_order(part) if y._active]
        for e, seed in enumerate(_one_hot(x)):
            found = _gradients(part, order, seed)
            for hit, leaf in zip(hits, leaves, strict=True):
                if leaf in found:
                    hit[e] |= _tells(found[leaf])
    return _entries(hits)


def merged(
    entries: Entries | None, sources: Sequence[Node | None], shown: Sequence[Node | None]
) -> Entries | None:
    """Return the same for what is on show, where a source counts once even if it comes twice.

    Parameters
    ----------
    entries : tuple or None
        By source.
    sources, shown : sequence of Node or None
        None stands for the cotangent.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant(1.0)
    >>> merged((((0,), (), (1,)),), [x, None, x], [x])
    (((0, 1),),)
    """
    if entries is None:
        return None
    places = [[i for i, x in enumerate(sources) if x is y] for y in shown]
    return tuple(
        tuple(tuple(sorted({j for i in where for j in entry[i]})) for where in places)
        for entry in entries
    )


def origin(target: int, entries: Entries | None) -> tuple[Origin, ...]:
    """Return the origin of a quantity whose sources are all those before it, if it is known."""
    return () if entries is None else (Origin(target, tuple(range(target)), entries),)


def _small(*nodes: Node) -> bool:
    return all(node.size <= LARGEST for node in nodes)


def _tries(node: Node) -> Iterator[Node]:
    """Go through nodes like this one, on its own inputs and on others of the same shapes."""
    yield apart(node)
    random = np.random.default_rng(0)
    for draw in (lambda shape: random.uniform(0.5, 1.5, shape), np.ones):
        # What is data about the classes, or which entries to take, stays as it is.
        values = [
            x._value
            if x._kind == "target" or x.dtype.kind != FLOATING or x._kind == "scalar"
            else np.asarray(draw(x.shape), x.dtype)
            for x in node._inputs
        ]
        yield apart(node, values)


def _one_hot(node: Node) -> Iterator[np.ndarray]:
    for e in range(node.size):
        seed = np.zeros(node.size, node.dtype)
        seed[e] = 1
        yield seed.reshape(node.shape)


def _gradients(part: Node, order: Sequence[Node], seed: np.ndarray) -> dict[Node, np.ndarray]:
    """Return the gradients of seed · part by its leaves."""
    return sweep_arrays(
        order,
        {part: seed},
        lambda y: False,
        lambda y: y._active,
        lambda y: y._op is None,
        lambda y: y._value,
        lambda y: (y._value, *y._saved),
    )[0]


def _tells(derivative: np.ndarray) -> np.ndarray:
    """Return where a derivative says that there is a dependence: neither 0 nor nan."""
    flat = derivative.ravel()
    return np.isfinite(flat) & (flat != 0)


def _entries(hits: Sequence[np.ndarray]) -> Entries:
    return tuple(
        tuple(tuple(np.flatnonzero(hit[e]).tolist()) for hit in hits) for e in range(len(hits[0]))
    )
