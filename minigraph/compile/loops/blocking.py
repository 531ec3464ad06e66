"""How many examples a block of a program of loops has."""

from __future__ import annotations

from collections.abc import Sequence

from minigraph.compile.blocks import CACHED, Batch
from minigraph.node import Node

SMALL_PRODUCT = 1_000_000
"""Up to how many multiplications OpenBLAS takes its way for small matrices, without copies."""

NEAR = 24 * 2**10
"""How many bytes the values of a block's examples have at most, to stay in the nearest cache."""

SIZES = (96, 64, 32)
"""How many examples blocks have: a whole number of cache lines, for any dtype."""


def block_size(batch: Batch, shared: Sequence[Node]) -> int | None:
    """Return how many examples a block has; None for no blocks.

    Parameters
    ----------
    batch : Batch
    shared : sequence of Node
        The parameters, which each block reads and whose gradients it adds to.
    """
    if sum(node.value.nbytes for node in shared) > CACHED:
        return None
    inside = [node for node in batch.axes if node.op is not None]
    wide = max((node.value.nbytes // batch.examples for node in inside), default=1)
    most = NEAR // max(wide, 1)
    most = min(most, SMALL_PRODUCT // max((node.size for node in shared), default=1))
    if batch.examples <= most:
        return None
    fitting = [size for size in SIZES if size <= most]
    even = [size for size in fitting if batch.examples % size == 0]
    return (even or fitting or [None])[0]
