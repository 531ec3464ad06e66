"""The local derivatives of an op, entry by entry: numbers, which are there at all, and symbols.

All is read off the op's own ``backward``, by cotangents that are 1 in one entry and 0 elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY, quietly
from minigraph.draw.symbolic import OBJECTS, Scalar, as_scalar, named
from minigraph.node import FLOATING, Node
from minigraph.sweep import guarded, sweep

# What is smaller than this at numbers about 1 is a rounding error.
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class LocalJacobian:
    """The derivatives of an op's output by one of its inputs, all flattened.

    Attributes
    ----------
    values : numpy.ndarray, shape (output.size, x.size)
    present : numpy.ndarray of bool, same shape
        Where the output's entry depends on the input's at all, even if with a slope of 0 here.
    moved : bool
        Whether the op does no more with this input than to put entries of it elsewhere.
    """

    values: np.ndarray
    present: np.ndarray
    moved: bool


def local_jacobians(node: Node) -> dict[Node, LocalJacobian]:
    """Return an op's Jacobian by each of its inputs that holds floats and gets a cotangent.

    Parameters
    ----------
    node : Node
        One that an op made.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([-1.0, 2.0], name="x")
    >>> jacobian = local_jacobians(mg.relu(x))[x]
    >>> jacobian.values
    array([[0., 0.],
           [0., 1.]])
    >>> jacobian.present
    array([[ True, False],
           [False,  True]])
    """
    real = {x: x.value for x in node.inputs}
    output = (node.value, *node._saved) if node.op.saves else node.value
    here = _rows(node, real, output)
    samples = [(node.value, real, here), *_elsewhere(node, real)]
    others = samples[1:] or samples
    found = {}
    for x, values in here.items():
        present = np.zeros(values.shape, bool)
        for _, _, rows in others:
            present |= ~(np.abs(rows[x]) <= _NOTHING) if x in rows else False
        moved = all(
            x in rows and np.array_equal(rows[x], values) and _moves(value, inputs[x], values)
            for value, inputs, rows in samples
        )
        found[x] = LocalJacobian(values, present | (np.abs(values) > _NOTHING), moved)
    return found


def _rows(node: Node, inputs: Mapping[Node, Any], output: Any) -> dict[Node, np.ndarray]:
    """Return the Jacobians at some values of the inputs, a row for each entry of the output."""
    size = node.size
    rows: dict[Node, np.ndarray] = {}
    for i in range(size):
        unit = np.zeros(size, node.dtype)
        unit[i] = 1
        arrived = _pulled(NUMPY, node, inputs, output, unit.reshape(node.shape), guarded)
        for x, cotangent in arrived.items():
            rows.setdefault(x, np.zeros((size, x.size)))[i] = np.ravel(cotangent)
    return rows


def _pulled(
    xp: Any,
    node: Node,
    inputs: Mapping[Node, Any],
    output: Any,
    cotangent: Any,
    guard: Callable[[Any, Any, Any], Any] | None,
) -> dict[Node, Any]:
    """Carry one cotangent through one op."""
    cotangents = {node: cotangent}
    quietly(
        sweep,
        xp,
        [node],
        cotangents,
        lambda x: x.dtype.kind == FLOATING,
        lambda x: False,
        lambda x: output if x is node else inputs[x],
        lambda x: output,
        None,
        guard,
    )
    return cotangents


def _moves(value: np.ndarray, x: np.ndarray, rows: np.ndarray) -> bool:
    """Return whether entries of the output are entries of x, with a slope of 1."""
    taken = rows.sum(axis=1) == 1
    alone = np.all((rows == 0) | (rows == 1)) and np.all(taken | ~rows.any(axis=1))
    return bool(
        alone and np.array_equal(value.ravel()[taken], x.ravel()[rows.argmax(axis=1)[taken]])
    )


def _elsewhere(
    node: Node, real: Mapping[Node, np.ndarray]
) -> Iterator[tuple[np.ndarray, Mapping[Node, Any], dict[Node, np.ndarray]]]:
    """Give the op's value, inputs and Jacobians at other values of its inputs."""
    free = [x for x in real if x.dtype.kind == FLOATING and x.kind != "scalar"]
    random = np.random.default_rng(0)
    for low, high, lifted in _places(sum(x.size for x in free)):
        flat = random.uniform(low, high, sum(x.size for x in free))
        if lifted is not None:
            flat[abs(lifted) - 1] = np.sign(lifted) * 3
        inputs, start = dict(real), 0
        for x in real:
            if x.dtype.kind == "b" and x.op is not None:  # a condition might have gone either way
                inputs[x] = random.uniform(size=x.shape) < 0.5
        for x in free:
            part = flat[start : start + x.size].reshape(x.shape)
            inputs[x], start = part.astype(x.dtype), start + x.size
        values = [inputs[x] for x in node.inputs]
        try:
            if node.op.check is not None:
                node.op.check(*values)
            output = quietly(node.op.forward, NUMPY, *values)
            value = np.asarray(output[0] if node.op.saves else output)
            if value.shape != node.shape:
                continue
            rows = _rows(node, inputs, output)
        except Exception:  # a user's op may refuse such values with whatever it likes
            continue
        yield value, inputs, rows


def _places(size: int) -> Iterator[tuple[float, float, int | None]]:
    """Give ranges of numbers, and which entry stands out among them: it may be a largest one."""
    yield from [(0.1, 0.9, None), (-0.9, 0.9, None), (-0.9, -0.1, None)]
    for i in range(1, size + 1):
        yield from [(-0.9, 0.9, i), (-0.9, 0.9, -i)]


def symbolic_jacobians(node: Node, names: Mapping[Node, Any]) -> dict[Node, np.ndarray]:
    """Return the same derivatives as numbers that say how they are written.

    Parameters
    ----------
    node : Node
        One that an op made.
    names : mapping of Node to array of str
        What the entries of the node and of its inputs are called.

    Returns
    -------
    dict of Node to array of Scalar, shape (output.size, x.size)
        Empty if the op's rule cannot be run on such numbers.

    Examples
    --------
    >>> import minigraph as mg
    >>> z = mg.parameter([0.38, -0.09], name="z")
    >>> y_hat = mg.softmax(z)
    >>> jacobian = symbolic_jacobians(y_hat, {z: ["z₁", "z₂"], y_hat: ["ŷ₁", "ŷ₂"]})[z]
    >>> [[entry.text for entry in row] for row in jacobian]
    [['ŷ₁(1 − ŷ₁)', '−ŷ₁ŷ₂'], ['−ŷ₁ŷ₂', 'ŷ₂(1 − ŷ₂)']]
    """
    # The order of factors: a derivative is mostly written with the output, so that comes first.
    places: dict[str, int] = {}
    output: Any = _stand_ins(node, names[node], places)
    inputs = {x: _stand_ins(x, names[x], places) for x in dict.fromkeys(node.inputs)}
    if node.op.saves:
        output = (output, *(_unnamed(array) for array in node._saved))
    found: dict[Node, np.ndarray] = {}
    try:
        for i in range(node.size):
            unit = np.array([Scalar(0)] * node.size, object)
            unit[i] = Scalar(1)
            arrived = _pulled(OBJECTS, node, inputs, output, unit.reshape(node.shape), None)
            for x, cotangent in arrived.items():
                rows = found.setdefault(x, np.full((node.size, x.size), None, object))
                rows[i] = [as_scalar(entry) for entry in np.ravel(np.asarray(cotangent, object))]
    except Exception:  # an op may do with its arrays what arrays of objects cannot
        return {}
    return found


def _stand_ins(node: Node, names: Any, places: dict[str, int]) -> np.ndarray:
    """Return a node's value with named numbers in it; whole numbers and those unnamed stay."""
    if node.dtype.kind != FLOATING:
        return node.value
    array = np.empty(node.size, object)
    for i, (value, name) in enumerate(zip(node.value.flat, np.ravel(names), strict=True)):
        place = places.setdefault(name, len(places))
        array[i] = as_scalar(value) if node.kind == "scalar" else named(name, value, place)
    return array.reshape(node.shape)


def _unnamed(saved: Any) -> Any:
    array = np.asarray(saved)
    if array.dtype.kind != FLOATING:
        return saved
    entries = np.empty(array.size, object)
    entries[:] = [named(None, value, 0) for value in array.flat]
    return entries.reshape(array.shape)
