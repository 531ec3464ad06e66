"""The Jacobian of an op in numbers: a matrix for each part of it that stands by itself.

A softmax over columns mixes the entries of a column, and no others: its Jacobian falls apart into
one matrix an example, whatever the axis, and that is read off which entries made which.
"""

from __future__ import annotations

import numpy as np

from minigraph.explain.origins import Entries, forward_origins
from minigraph.explain.rule import apart, contributions, stand_in
from minigraph.formula.names import superscript
from minigraph.node import Node

# The most rows or columns of a matrix, and the most matrices, that anybody would read.
_LONGEST = 6
_MOST = 6


def jacobian_blocks(node: Node, i: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]] | None:
    """Return the Jacobian of an op by one of its inputs, a block at a time.

    Parameters
    ----------
    node : Node
        An op's output.
    i : int
        Which input.

    Returns
    -------
    list of (rows, columns, matrix), or None
        The flat indices of the output's and of the input's entries, and the derivatives; None if
        it is too large to be shown, or no entry is mixed with another.

    Examples
    --------
    >>> import minigraph as mg
    >>> y_hat = mg.softmax(mg.parameter([[0.0, 0.0], [0.0, 0.0]]), axis=0)
    >>> for rows, columns, matrix in jacobian_blocks(y_hat, 0):
    ...     print(rows, columns, matrix.tolist())
    [0 2] [0 2] [[0.25, -0.25], [-0.25, 0.25]]
    [1 3] [1 3] [[0.25, -0.25], [-0.25, 0.25]]
    """
    entries = forward_origins(node)
    if entries is None:
        return None
    groups = _groups(entries, i)
    longest = max((max(len(rows), len(columns)) for rows, columns in groups), default=0)
    if len(groups) > _MOST or not 1 < longest <= _LONGEST:
        return None
    own = apart(node)
    seeds = np.eye(node.size, dtype=node.dtype).reshape(node.size, *node.shape)
    whole = np.stack([np.ravel(contributions(own, seed, (i,))[i]) for seed in seeds])  # pyright: ignore
    return [(rows, columns, whole[np.ix_(rows, columns)]) for rows, columns in groups]


def block_name(output: str, x: str, number: int, count: int) -> str:
    """Name a block: that of an example, if there are several.

    Examples
    --------
    >>> block_name("ŷ", "z", 0, 1), block_name("ŷ", "z", 1, 3)
    ('∂ŷ/∂z', '∂ŷ⁽²⁾/∂z⁽²⁾')
    """
    mark = f"⁽{superscript(number + 1)}⁾" if count > 1 else ""
    over, under = (f"({name})" if " " in name or "∂" in name else name for name in (output, x))
    return f"∂{over}{mark}/∂{under}{mark}"


def one_part(node: Node, rows: np.ndarray) -> Node | None:
    """Return an op of one input, applied to one part of it alone, such as one example's.

    Parameters
    ----------
    node : Node
        An op's output, of its input's shape.
    rows : numpy.ndarray
        The flat indices of the part.

    Returns
    -------
    Node or None
        None if the part is no block of the array.
    """
    (x,) = node._inputs
    places = [np.unique(axis) for axis in np.unravel_index(rows, node.shape)]
    if np.prod([len(axis) for axis in places]) != len(rows):
        return None
    return node.op(stand_in(x._value[np.ix_(*places)], x))


def _groups(entries: Entries, i: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Put together the entries of the output that share entries of the input."""
    groups: list[tuple[list[int], set[int]]] = []
    for e, sources in enumerate(entries):
        rows, columns = [e], set(sources[i])
        apart = []
        for group in groups:
            if group[1] & columns:
                rows, columns = group[0] + rows, group[1] | columns
            else:
                apart.append(group)
        groups = [*apart, (rows, columns)]
    groups.sort(key=lambda group: min(group[0]))
    return [(np.array(sorted(rows)), np.array(sorted(columns))) for rows, columns in groups]
