"""Random graphs of views on views, reductions, products and choices: where loops may go wrong."""

import numpy as np

import minigraph as mg
from minigraph.namespace import astype

_UNARY = [
    *(mg.exp, mg.tanh, mg.sigmoid, mg.softplus, mg.square, mg.relu, mg.negative, mg.abs, mg.sin),
    *(mg.sign, lambda x: mg.log(mg.abs(x) + 1), lambda x: mg.clip(x, -0.4, 0.7)),
    *(lambda x: astype(x, np.float32), lambda x: mg.where(x > 0.1, x, 1.0)),
]
_BINARY = [
    *(mg.add, mg.subtract, mg.multiply, mg.maximum, mg.minimum),
    *(lambda a, b: a / (mg.square(b) + 1), lambda a, b: mg.where(a < b, a * 2, b)),
]
_REDUCTIONS = [mg.sum, mg.mean, mg.max, mg.min, mg.prod]
_ALONG = [mg.logsumexp, mg.softmax, mg.log_softmax]
_SHAPES = [(3, 2), (2, 3), (3, 3), (3,), (1, 3), (2,), (), (3, 1), (2, 1, 3)]


def _slice(rng, n):
    start, stop = int(rng.integers(0, n + 1)), int(rng.integers(0, n + 1)) or None
    choices = [slice(None, None, -1), slice(start, None, 2), slice(None, stop), slice(None)]
    return choices[rng.integers(4)] if not n or rng.random() < 0.8 else int(rng.integers(-n, n))


def _view(rng, x):
    kind = rng.integers(7)
    if kind == 0 and x.ndim >= 2:
        return x.mT
    if kind == 1:
        return mg.permute_dims(x, tuple(int(i) for i in rng.permutation(x.ndim)))
    if kind == 2:
        return mg.reshape(x, tuple(int(n) for n in rng.permutation([*x.shape, 1])))
    if kind == 3 and x.ndim < 3:
        return mg.broadcast_to(x, (int(rng.integers(1, 3)), *x.shape))
    if kind == 4:
        return mg.reshape(x, (-1,)) if x.size else x
    return x[tuple(_slice(rng, n) for n in x.shape)]


def _reduced(rng, x):
    if not x.size or not x.ndim:
        return x
    axis = int(rng.integers(-x.ndim, x.ndim))
    if rng.random() < 0.4:
        return _ALONG[rng.integers(len(_ALONG))](x, axis=axis)
    several = tuple(int(i) for i in rng.permutation(x.ndim)[: rng.integers(0, x.ndim + 1)])
    axis = [None, axis, several][rng.integers(3)]
    op = _REDUCTIONS[rng.integers(len(_REDUCTIONS))]
    return op(x, axis=axis, keepdims=bool(rng.integers(2)))


def _step(rng, x, y):
    kind = rng.integers(11)
    if kind < 3:
        return _UNARY[rng.integers(len(_UNARY))](x)
    if kind < 5:
        return _BINARY[rng.integers(len(_BINARY))](x, y)
    if kind < 7:
        return _view(rng, x)
    if kind == 7:
        return _reduced(rng, x)
    if kind < 10:
        return x @ y if x.ndim in (1, 2) and y.ndim in (1, 2) else x
    return mg.stack([x, y], axis=int(rng.integers(x.ndim + 1)))


def random_graph(seed):
    """Return a loss, what it is a function of, and what to differentiate by."""
    rng = np.random.default_rng(seed)
    dtype = np.float32 if rng.random() < 0.2 else np.float64
    leaves = []
    for i in range(rng.integers(1, 4)):
        values = rng.normal(size=_SHAPES[rng.integers(len(_SHAPES))]).astype(dtype)
        leaves.append(mg.parameter(values, name="abc"[i]))
    pool = [*leaves, mg.constant(rng.normal(size=3), name="k")]
    for _ in range(rng.integers(1, 14)):
        x, y = pool[rng.integers(len(pool))], pool[rng.integers(len(pool))]
        try:
            node = _step(rng, x, y)
        except mg.MinigraphError:  # shapes that do not fit
            continue
        if node.size < 200 and np.isfinite(node.value).all() and (abs(node.value) < 1e4).all():
            pool.append(node)
    more = pool[rng.integers(len(pool))]
    loss = mg.sum(mg.square(pool[-1])) + mg.sum(more) * mg.sum(pool[rng.integers(len(pool))])
    made = [node for node in pool if node.op is not None]
    inside = [made[rng.integers(len(made))]] if made and rng.random() < 0.3 else []
    return loss, leaves, [*leaves, *inside]
