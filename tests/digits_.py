"""Whether a graph has its digits: beside the same graph in 350 digits, in which nothing is lost."""

import mpmath as mp
import numpy as np
from derive.matches_ import Draw

import minigraph as mg
from minigraph.facts import Positive
from minigraph.graph import topological_order
from minigraph.ops import probability

DIGITS = 350


def _each(function):
    def apply(x):
        return np.asarray(np.frompyfunc(function, 1, 1)(x), dtype=object)

    return apply


class Exactly:
    """NumPy for arrays of numbers of so many digits."""

    exp = staticmethod(_each(lambda x: mp.exp(x) if x > -5000 else mp.mpf(0)))
    expm1 = staticmethod(_each(lambda x: mp.exp(x) - 1 if x > -5000 else mp.mpf(-1)))
    log = staticmethod(_each(lambda x: mp.log(x) if x else -mp.inf))
    log1p = staticmethod(_each(lambda x: mp.log(1 + x)))

    def __getattr__(self, name):
        return getattr(np, name)


def exactly(node):
    """Return a node's value in many digits."""
    values = {}
    with mp.workdps(DIGITS):
        for n in topological_order(node):
            if n.op is None:
                of = (lambda x: mp.mpf(float(x))) if n.dtype.kind == "f" else int
                values[n] = np.asarray(np.frompyfunc(of, 1, 1)(n.value), dtype=object)
                continue
            made = n.op.forward(Exactly(), *(values[x] for x in n.inputs))
            if isinstance(n.op, probability.SoftmaxCrossEntropy):
                made = made[0]
            values[n] = np.asarray(made) if n.dtype.kind == "b" else np.asarray(made, dtype=object)
    return np.broadcast_to(values[node], node.shape)


def terms(node):
    """Return how large the terms of a sum are, which its digits are counted from."""
    return mg.abs(node.inputs[0]) + mg.abs(node.inputs[1])


def loses_digits(before, after, roundings=64, floor=0.0, scale=None):
    """Return whether one graph is further from the numbers that another one means.

    Parameters
    ----------
    before : Node
        What is meant, and how far off it is itself.
    after : Node
    roundings : float
        How many roundings more are allowed.
    floor : float
        Below it, digits are not counted.
    scale : Node, optional
        How large the numbers are from which digits are counted. Default: the values.
    """
    kind = np.finfo(before.dtype)
    meant = exactly(before)
    sizes = np.asarray(abs(meant if scale is None else exactly(scale)), dtype=object)
    for right, size, x, y in zip(
        meant.ravel(), sizes.ravel(), before.value.ravel(), after.value.ravel(), strict=True
    ):
        if abs(right) > float(kind.max):
            continue
        allowed = roundings * (float(kind.eps) * max(size, floor) + kind.smallest_subnormal)
        if np.isfinite(x):
            allowed += 2 * abs(mp.mpf(float(x)) - right)
        if not np.isfinite(y) or abs(mp.mpf(float(y)) - right) > allowed:
            if not np.isfinite(x) and not np.isfinite(y):
                continue
            return True
    return False


class Far(Draw):
    """Leaves of any magnitude, and logits that are far apart."""

    def __init__(self, seed, k, m, dtype, logits):
        super().__init__(seed, k, m)
        self.dtype, self.logits = np.dtype(dtype), logits

    def x(self, *lengths):
        shape = lengths or (self.k, self.m)
        if self.logits:
            far = (700 if self.dtype == np.float64 else 80) * self.rng.choice([0.01, 0.06, 1])
            values = self.rng.uniform(-far, far, shape)
        else:
            most = 300 if self.dtype == np.float64 else 36
            values = 10 ** (self.rng.uniform(-1, 1, shape) * self.rng.choice([0.1, 8, most]))
            values = values * self.rng.choice([-1, 1], shape)
        return mg.constant(values.astype(self.dtype))

    def positive(self, *lengths):
        return mg.constant(np.abs(self.x(*lengths).value), facts=Positive())

    def one_hot(self):
        y = super().one_hot()
        return mg.constant(y.value.astype(self.dtype), facts=y._saved)

    def shares(self):
        values = super().shares()
        return mg.constant(values.value.astype(self.dtype), facts=values._saved)
