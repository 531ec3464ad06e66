"""Blocks of examples: the same results, where a loss is a sum over examples."""

import numpy as np
import pytest
from compile.compare_ import agree
from compile.graphs_ import regression, two_layers

import minigraph as mg
from minigraph.namespace import astype


@pytest.mark.parametrize("labels_given", [True, False])
@pytest.mark.parametrize("block", [0, 1, 7, 32, 69, 70, 100])
def test_blocks(block, labels_given):
    loss, inputs, arrays = regression(labels_given=labels_given)
    f = mg.compile(loss, inputs, inputs[:1], block=block)
    expected = mg.function(loss, inputs, inputs[:1])(*arrays)
    for _ in range(3):
        agree(f(*arrays), expected)
    assert ("for start in" in f.source) == (0 < block < 36)
    alone = mg.compile(loss, inputs, block=block)
    agree(alone(*arrays), expected[0])
    if labels_given:
        with pytest.raises(mg.LabelError, match="out of range"):
            f(*arrays[:2], arrays[2] + 1)


def test_a_large_batch_of_rows_is_worked_through_in_blocks_by_itself():
    rng = np.random.default_rng(0)
    w, x = mg.parameter(rng.normal(size=(32, 3)), name="W"), rng.normal(size=(70001, 32))
    data = mg.constant(x, name="x")
    loss = mg.softmax_cross_entropy(data @ w, rng.integers(0, 3, 70001))
    f, g = mg.compile(loss, [w, data], [w]), mg.function(loss, [w, data], [w])
    agree(f(w.value, x), g(w.value, x), rtol=1e-9)
    assert "for start in range(96, 69984, 96):" in f.source
    wide = mg.compile(loss, [w, data], [w, data])  # ∂L/∂x is no sum over the examples
    wide(w.value, x)
    assert "for start" not in wide.source
    # Of columns, blocks are in pieces.
    loss, inputs, arrays = regression(32, 3, 70001)
    f = mg.compile(loss, inputs, inputs[:1])
    agree(f(*arrays), mg.function(loss, inputs, inputs[:1])(*arrays), rtol=1e-9)
    assert "for start" not in f.source
    assert "dL_dθ_T = np.dot(dL_dz, x.T)" in f.source


@pytest.mark.parametrize("activation", [mg.relu, mg.tanh, mg.sigmoid, mg.softplus, mg.square])
@pytest.mark.parametrize("block", [0, 4])
def test_two_layers(activation, block):
    loss, inputs, arrays = two_layers(activation)
    wrt = inputs[:3]
    f = mg.compile(loss, inputs, wrt, block=block)
    for _ in range(2):
        agree(f(*arrays), mg.function(loss, inputs, wrt)(*arrays), rtol=1e-11)
    assert ("for start in" in f.source) == bool(block)


def test_what_has_no_blocks():
    t, x = mg.parameter(np.ones((2, 2))), mg.constant(np.ones((2, 4)))
    y = [0, 1, 1, 0]
    z = t.T @ x
    no_blocks = [
        mg.sum(z),
        mg.softmax_cross_entropy(z, y, axis=0, reduction="none")[0],
        mg.softmax_cross_entropy(mg.softmax(z, axis=1), y, axis=0),
        mg.softmax_cross_entropy(z + mg.sum(x), y, axis=0),
        mg.softmax_cross_entropy(t.T @ mg.concat([x[:, :2], x[:, 2:]], axis=1), y, axis=0),
        mg.softmax_cross_entropy((x.T @ x)[:2, :] + z, y, axis=0),
        mg.softmax_cross_entropy(mg.matmul(t.T, x) + x.T[:2, :2][:, [0, 1, 0, 1]], y, axis=0),
        mg.softmax_cross_entropy(t @ mg.matmul(x, x.T)[:, [0, 1, 0, 1]], y, axis=0),
    ]
    for loss in no_blocks:
        f = mg.compile(loss, [t, x], [t], block=2)
        agree(f(t.value, x.value), mg.function(loss, [t, x], [t])(t.value, x.value))
        assert "def block" not in f.source
    some = mg.compile(
        mg.softmax_cross_entropy(mg.softmax(z, axis=0), y, axis=0), [t, x], [t], block=2
    )
    assert "def block" in some.source


def test_no_blocks_along_two_axes_or_of_examples_apart():
    w, x = mg.parameter(np.eye(4), name="W"), mg.constant(np.ones((4, 4)), name="x")
    y = [0, 1, 1, 0]
    both_ways = mg.softmax_cross_entropy(w.T @ x + x.T, y, axis=0)
    apart = mg.softmax_cross_entropy(w.T @ x, y, axis=0, reduction="none")
    for output, wrt in ((both_ways, [w]), (apart, None)):
        f = mg.compile(output, [w, x], wrt, block=2)
        arrays = w.value, np.arange(16.0).reshape(4, 4) / 9
        agree(f(*arrays), mg.function(output, [w, x], wrt)(*arrays))
        assert "def block" not in f.source


def test_rows_in_blocks():
    w, x = mg.parameter(np.ones((3, 4)), name="W"), mg.constant(np.ones((9, 3)), name="x")
    y = mg.constant(np.arange(9) % 4, name="y")
    hidden = mg.log_softmax((w.T @ x.T).T.T, axis=0).T
    for z in (x @ w, hidden, astype(x @ w, np.float32), mg.softmax(x @ w) * 2 + 1):
        loss = mg.softmax_cross_entropy(z, y, reduction="sum")
        f, g = mg.compile(loss, [w, x], [w], block=4), mg.function(loss, [w, x], [w])
        arrays = np.arange(12.0).reshape(3, 4) / 9, np.arange(27.0).reshape(9, 3) / 20
        agree(f(*arrays), g(*arrays), rtol=1e-5, atol=1e-6)
        assert "def block" in f.source
