"""Blocks of examples: the same results, and as many in each as stay in the nearest cache."""

import itertools

import numpy as np
import pytest
from compile.graphs_ import regression, two_layers
from compile.loops.plain_ import alike, written

import minigraph as mg
from minigraph.compile.loops import multiplying, program
from minigraph.compile.loops.blocking import SIZES


def cases():
    """Return, by name, a loss, its inputs, and what to differentiate by."""
    rng = np.random.default_rng(0)
    found = {}
    labels = rng.integers(0, 4, 19)
    for layout, reduction in itertools.product(("columns", "rows"), ("mean", "sum")):
        axis = 0 if layout == "columns" else 1
        w = mg.parameter(rng.normal(size=(3, 4)), name="W")
        x = mg.constant(rng.normal(size=(3, 19) if axis == 0 else (19, 3)), name="x")
        z = w.T @ x if axis == 0 else x @ w
        targets = {
            "labels": mg.constant(labels, name="y"),
            "small labels": mg.constant(labels.astype(np.uint8), name="y"),
            "one-hot": mg.one_hot(labels, 4, axis=axis, name="y"),
            "soft": mg.constant(rng.random(z.shape), name="y"),
        }
        for kind, y in targets.items():
            loss = mg.softmax_cross_entropy(z, y, axis=axis, reduction=reduction)
            name = f"{layout}, {kind}, {reduction}"
            found[f"{name}, kept"] = loss, [w, x], [w]
            found[f"{name}, given"] = loss, [w, x, y], [w]
    loss, inputs, _ = two_layers(mg.tanh)
    return {**found, "two layers": (loss, inputs, inputs[:3])}


CASES = cases()


@pytest.mark.untraced
@pytest.mark.parametrize("how", ["loops", "packed", "packed, for BLAS"])
@pytest.mark.parametrize("name", CASES)
def test_blocks(name, how, monkeypatch):
    if "packed" in how:  # columns are copied
        monkeypatch.setattr(program, "CACHED", 0)
    if "BLAS" in how:
        monkeypatch.setattr(multiplying, "FEW", 0)
    loss, inputs, wrt = CASES[name]
    arrays = [node.value for node in inputs]
    for block in (1, 4, 6):
        made = alike(loss, inputs, wrt, *arrays, block=block, rtol=1e-11)
        assert (made.examples, made.size) == (9 if name == "two layers" else 19, block)
        columns = "rows" not in name
        assert ("fetch(" in made.text) == ("packed" in how and columns and block > 1)


@pytest.mark.parametrize("packed", [False, True])
def test_the_value_alone_and_a_rest_of_one(packed, monkeypatch):
    if packed:
        monkeypatch.setattr(program, "CACHED", 0)
    loss, inputs, arrays = regression(m=9, labels_given=True)
    alike(loss, inputs, None, *arrays, block=4)


@pytest.mark.parametrize(
    ("n", "k", "m", "size"),
    [
        (3, 4, 60, None),  # too few
        (3, 4, 9600, 96),
        (3, 4, 6400, 64),  # no rest
        (3, 4, 6401, 96),
        (3, 40, 6400, 64),  # fewer of them fit
        (3, 90, 6400, 32),
        (3, 200, 640, None),  # none fit
    ],
)
def test_how_many_examples_a_block_has(n, k, m, size):
    loss, inputs, arrays = regression(n, k, m)
    made = written(loss, inputs, inputs[:1], *arrays)
    assert (made.size or None) == size
    assert size is None or size in SIZES


def test_no_blocks_where_the_parameters_do_not_fit():
    loss, inputs, arrays = regression(300, 300, 400)
    assert written(loss, inputs, inputs[:1], *arrays).examples is None
