"""A recorded graph that is run at many points at once, if it is the same graph at all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.graph import dependents, topological_order
from minigraph.node import Node
from minigraph.op import Op
from minigraph.testing.batched import Batched, BatchError, whole_of
from minigraph.testing.batched_functions import BATCHED
from minigraph.testing.subject import ENTRIES, same_bits

# Of fewer points at once there is nothing to be gained; these are many enough.
_FEW, _MANY = 16, 64

# Of so many entries a node's values are quick to have: 64 KiB.
_CACHED = 2**13


@dataclass(frozen=True)
class Call:
    """What a function of Nodes did at one point: its inputs, and the output that it made of them.

    The order is that of all nodes that the output depends on.
    """

    inputs: Sequence[Node]
    output: Node
    order: list[Node]

    @classmethod
    def of(cls, inputs: Sequence[Node], output: Node) -> Call:
        """Return the call that made an output of inputs."""
        return cls(inputs, output, topological_order(output))

    def width(self) -> int:
        """Return at how many points to run the graph at once.

        Raises
        ------
        BatchError
            If it is too large for that to be worth it.
        """
        sizes = [1, *(node.size for node in dependents(self.order, self.inputs))]
        most = ENTRIES // sum(sizes)
        if most < _FEW:
            raise BatchError("the graph is too large to run it at many points at once")
        return min(most, max(_MANY, _CACHED // max(sizes)))


class Recorded:
    """φ = Σ v·f(x, ...) at many points at once: the graph of f replayed on batches.

    Parameters
    ----------
    calls : sequence of Call
        What f did at the point and at others near it; of the first, the graph is replayed.
    cotangent : numpy.ndarray
        v.
    allowed : float
        How far rounding may move φ.

    Raises
    ------
    BatchError
        If f makes another graph at each point, as it does where it branches, or where it uses
        its inputs' values outside the graph.
    """

    def __init__(self, calls: Sequence[Call], cotangent: np.ndarray, allowed: float) -> None:
        first = self._call = calls[0]
        if not all(_is_same(first, other) for other in calls[1:]):
            raise BatchError("the function makes another graph at each point")
        self.width = first.width()
        self._cotangent, self._allowed = whole_of(cotangent), allowed
        # What is known already is computed again in each batch, and compared.
        self._known = np.array([float(np.sum(cotangent * call.output.value)) for call in calls])
        values = zip(*([x.value for x in call.inputs] for call in calls), strict=True)
        self._places = [np.stack(places, axis=-1) for places in values]
        if len(first.inputs) > 1:
            self._values(dict(zip(first.inputs, self._places, strict=True)), self._known)

    def __call__(self, i: int, moved: np.ndarray) -> np.ndarray:
        """Return φ at each of n points: input i is moved, and the others stay.

        Parameters
        ----------
        i : int
        moved : array, shape (..., n)
            The places of input i, side by side along the last axis.

        Raises
        ------
        BatchError, or whatever the ops raise
            If an op cannot run on a batch, or the batch does not give what f did.
        """
        # The known places beside the point itself are those of all inputs at once.
        count = len(self._known) if len(self._places) == 1 else 1
        moved = np.concatenate([moved, self._places[i][..., :count]], axis=-1)
        return self._values({self._call.inputs[i]: moved}, self._known[:count])[:-count]

    def _values(self, moved: dict[Node, np.ndarray], known: np.ndarray) -> np.ndarray:
        """Return φ at places of some inputs, the last of which are known ones."""
        output = self._replay({node: Batched(places) for node, places in moved.items()})
        whole = whole_of(output)
        if type(output) is not Batched:  # what is moved does not change it
            whole = np.broadcast_to(whole, (*output.shape, next(iter(moved.values())).shape[-1]))
        values = np.add.reduce(self._cotangent * whole, axis=tuple(range(output.ndim)))
        if not (np.abs(values[-len(known) :] - known) <= self._allowed).all():
            raise BatchError("the batch gives other values than the function")
        return values

    def _replay(self, given: dict[Node, Batched]) -> Any:
        """Run the ops of what depends on the given inputs; all else is as it was recorded."""
        values: dict[Node, Any] = dict(given)
        for node in self._call.order:
            op = node._op
            if op is None or not any(x in values for x in node._inputs):
                continue
            inputs = [values.get(x, x._value) for x in node._inputs]
            if op.check is not None:
                op.check(*inputs)
            value = op.forward(BATCHED, *inputs)
            value = value[0] if op.saves else value
            if value.shape != node.shape or value.dtype != node.dtype:
                raise BatchError(f"{node.label} is another in a batch")
            values[node] = value
        return values.get(self._call.output, self._call.output._value)


def _is_same(first: Call, other: Call) -> bool:
    """Return whether two calls made the same graph, of the same ops and the same constants."""
    if len(first.order) != len(other.order):
        return False
    twins = dict(zip(first.inputs, other.inputs, strict=True))
    moved = set(twins.values())
    for node, twin in zip(first.order, other.order, strict=True):
        if node in twins or twin in moved:
            if twins.get(node) is not twin:
                return False
        elif node is not twin:
            if not _is_same_op(node._op, twin._op) or len(node._inputs) != len(twin._inputs):
                return False
            if any(twins[x] is not y for x, y in zip(node._inputs, twin._inputs, strict=True)):
                return False
            if node._op is None and not same_bits(node._value, twin._value):
                return False
        twins[node] = twin
    return True


def _is_same_op(one: Op | None, other: Op | None) -> bool:
    """Return whether two ops are equal, and so is what they hold beside their fields."""
    if one is other:
        return True
    attributes = [getattr(op, "__dict__", None) for op in (one, other)]
    return type(one) is type(other) and one == other and attributes[0] == attributes[1]
