"""One call of every op, on named leaves: what the rules of all ops are printed and proved on."""

import numpy as np

import minigraph as mg
from minigraph import namespace


def leaf(name, *shape, low=0.3, high=1.9):
    """A parameter of numbers that are spread evenly, in no order."""
    size = int(np.prod(shape))
    values = low + (high - low) * ((np.arange(1, size + 1) * 0.6180339887 + 0.1 * len(name)) % 1)
    return mg.parameter(values.reshape(shape), name=name)


def calls():
    """Return the label and the node of each call."""
    x, a, b = leaf("x", 2, 3), leaf("a", 2, 3, low=0.5, high=1.6), leaf("b", 2, 3, low=-1, high=1.1)
    v, column, s = leaf("v", 3), leaf("z", 3, 1), leaf("s")
    batch, one_batch = leaf("Z", 3, 4), leaf("ŷ", 3, 1, low=0.1, high=0.6)
    y, ys = leaf("y", 3, 1, low=0.2, high=0.9), leaf("Y", 3, 4, low=0.1, high=0.9)
    label = mg.constant([1], name="y")
    labels = mg.constant([1, 0, 2, 2], name="y")
    holds = mg.constant([[True, False, True], [False, False, True]], name="c")
    picks = mg.constant([2, 0], name="i")
    along = mg.constant([[2, 0], [1, 1]], name="i")
    theta, sample, square = leaf("θ", 3, 2), leaf("x", 3, 4), leaf("W", 3, 3)
    nodes = {
        "add": a + b,
        "add (a scalar)": x + s,
        "add (a bias)": batch + column,
        "subtract": a - b,
        "subtract (broadcast)": x - v,
        "multiply": a * b,
        "multiply (broadcast)": x * v,
        "multiply (a number)": 2 * x,
        "divide": a / b,
        "divide (a number)": x / 2,
        "negative": -x,
        "pow": a**b,
        "pow (a number)": x**3,
        "equal": x == a,
        "exp": mg.exp(x),
        "log": mg.log(x),
        "expm1": mg.expm1(x),
        "log1p": mg.log1p(x),
        "sqrt": mg.sqrt(x),
        "square": mg.square(x),
        "abs": mg.abs(x),
        "sign": mg.sign(x),
        "sin": mg.sin(x),
        "cos": mg.cos(x),
        "tanh": mg.tanh(x),
        "relu": mg.relu(x),
        "sigmoid": mg.sigmoid(x),
        "softplus": mg.softplus(x),
        "xlogy": mg.xlogy(x, a),
        "maximum": mg.maximum(a, b),
        "minimum": mg.minimum(a, b),
        "clip": mg.clip(x, 0, 1),
        "clip (one side)": mg.clip(x, 0.5),
        "where": mg.where(holds, a, b),
        "matmul": theta.T @ sample,
        "matmul (no transpose)": square @ batch,
        "matmul (a column)": square @ column,
        "matmul (a vector)": square @ v,
        "matmul (from the left)": v @ square,
        "matmul (two vectors)": v @ leaf("u", 3),
        "matrix_transpose": x.mT,
        "permute_dims": mg.permute_dims(x, (1, 0)),
        "permute_dims (three axes)": mg.permute_dims(leaf("x", 2, 1, 3), (2, 0, 1)),
        "reshape": mg.reshape(x, (3, 2)),
        "broadcast_to": mg.broadcast_to(v, (2, 3)),
        "expand_dims": mg.expand_dims(v, axis=1),
        "squeeze": mg.squeeze(column, axis=1),
        "astype": namespace.astype(x, np.float32),
        "concat": mg.concat([a, b], axis=0),
        "stack": mg.stack([a, b]),
        "index": v[1],
        "index (a slice)": x[:, 1:],
        "index (an array)": v[picks],
        "take": mg.take(x, picks, axis=1),
        "take_along_axis": mg.take_along_axis(x, along, axis=1),
        "scatter": mg.grad(mg.sum(v[picks] ** 2), v),
        "sum": mg.sum(x),
        "sum (an axis)": mg.sum(x, axis=0),
        "mean": mg.mean(x),
        "mean (an axis)": mg.mean(x, axis=1),
        "max": mg.max(x),
        "max (an axis)": mg.max(x, axis=0),
        "min": mg.min(x),
        "prod": mg.prod(v),
        "var": mg.var(x),
        "logsumexp": mg.logsumexp(v),
        "softmax": mg.softmax(column, axis=0),
        "softmax (a batch)": mg.softmax(batch, axis=0),
        "log_softmax": mg.log_softmax(column, axis=0),
        "log_softmax (a batch)": mg.log_softmax(batch, axis=0),
        "cross_entropy": mg.cross_entropy(one_batch, y, axis=0),
        "cross_entropy (a batch)": mg.cross_entropy(
            mg.softmax(batch, axis=0).named("Ŷ"), ys, axis=0
        ),
        "cross_entropy (one loss each)": mg.cross_entropy(
            leaf("Ŷ", 3, 4, low=0.1, high=0.6), ys, axis=0, reduction="none"
        ),
        "cross_entropy (labels)": mg.cross_entropy(one_batch, label, axis=0),
        "softmax_cross_entropy": mg.softmax_cross_entropy(column, y, axis=0),
        "softmax_cross_entropy (a batch)": mg.softmax_cross_entropy(batch, ys, axis=0),
        "softmax_cross_entropy (labels)": mg.softmax_cross_entropy(batch, labels, axis=0),
    }
    for label, node in nodes.items():
        node.named("L" if "entropy" in label and node.ndim == 0 else "f")
    return nodes
