"""Which ops share a nest of loops, and reductions along any axes."""

import numpy as np
import pytest
from compile.loops.plain_ import alike, call, written

import minigraph as mg
from minigraph.compile.loops import nests

X = np.random.default_rng(0).normal(size=(3, 2, 4))
AXES = [None, (), 0, 1, -1, (0, 1), (1, 2), (0, 2), (2, 0), (0, 1, 2)]


@pytest.mark.parametrize("keepdims", [True, False])
@pytest.mark.parametrize("short", [32, 1])
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean"])
def test_reductions(name, short, keepdims, monkeypatch):
    monkeypatch.setattr(nests, "SHORT", short)
    x = mg.constant(X, name="x")
    for axis in AXES:
        output = getattr(mg, name)(x, axis=axis, keepdims=keepdims)
        alike(output, [x], None, X)
        wide = getattr(mg, name)(mg.exp(x).mT, axis=axis, keepdims=keepdims)
        alike(mg.square(wide) + 1, [x], None, X)


def test_a_reduction_of_a_scalar():
    x = mg.constant(2.0, name="x")
    for axis in (None, 0, -1):
        alike(mg.sum(x, axis=axis) + mg.max(x, axis=axis), [x], None, np.array(2.0))


def test_reductions_of_nothing():
    x = mg.constant(np.zeros((0, 3)), name="x")
    for axis in (None, 0, 1):
        alike(mg.sum(x, axis=axis), [x], None, x.value)
        alike(mg.prod(x + 1, axis=axis), [x], None, x.value)
    alike(mg.max(x, axis=1), [x], None, x.value)
    alike(mg.sum(mg.exp(x) @ mg.constant(np.zeros((3, 2)))), [x], None, x.value)
    alike(mg.constant(np.zeros((2, 0))) @ x, [x], None, x.value)


def test_reductions_of_special_numbers():
    for values in (
        [[-np.inf, -np.inf], [np.inf, np.inf]],
        [[np.nan, 1.0], [1.0, np.nan]],
        [[-np.inf, np.inf], [np.nan, -np.inf]],
    ):
        x = mg.constant(values, name="x")
        for axis in (None, 0, 1):
            parts = [f(x, axis=axis) for f in (mg.sum, mg.prod, mg.max, mg.min)]
            alike(mg.stack(parts), [x], None, x.value)


def test_long_sums_of_single_precision_keep_their_digits():
    x = mg.constant(np.full(20_000, 0.1, np.float32), name="x")
    assert call(written(mg.sum(x), [x], None, x.value), x.value) == pytest.approx(2000, rel=2e-5)


def test_a_softmax_is_two_nests_and_a_half():
    z = mg.constant(X[0], name="z")
    made = written(mg.softmax(z, axis=0), [z], None, z.value)
    body = made.text[: made.text.index("def call")]
    assert body.count("for i0 in range(2):\n        for i1 in range(4):") == 4  # one is a copy
