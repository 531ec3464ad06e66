"""Whole graphs as loops: random ones, and results of every kind."""

import numpy as np
import pytest
from compile.compare_ import agree
from compile.loops.plain_ import alike, call, written
from compile.loops.random_ import random_graph
from compile.test_compiled import edge_cases

import minigraph as mg
from minigraph.compile.loops import multiplying, nests


@pytest.mark.untraced
@pytest.mark.parametrize("products", ["loops", "BLAS", "BLAS without copies"])
def test_random_graphs(products, monkeypatch):
    if products != "loops":
        monkeypatch.setattr(multiplying, "FEW", 0)
        monkeypatch.setattr(multiplying, "SHORT", 1)
        monkeypatch.setattr(nests, "SHORT", 1)
    if products == "BLAS without copies":
        monkeypatch.setattr(multiplying, "SMALL", 0)
    done = 0
    for seed in range(200):
        loss, inputs, wrt = random_graph(seed)
        arrays = [node.value for node in inputs]
        with np.errstate(all="ignore"):
            expected = mg.function(loss, inputs, wrt)(*arrays)
        if not all(np.isfinite(x).all() for x in (expected[0], *expected[1]) if x is not None):
            continue
        made = written(loss, inputs, wrt, *arrays)
        single = "float32" in made.text
        rtol, atol = (3e-4, 1e-3) if single else (1e-9, 1e-9)
        agree(call(made, *arrays), expected, rtol, atol)
        done += 1
    assert done > 120


@pytest.mark.parametrize("case", edge_cases())
def test_edges(case):
    output, inputs, wrt, arrays = edge_cases()[case]
    alike(output, inputs, wrt, *arrays)


def test_results_are_arrays_of_their_own():
    x = mg.parameter([[1.0, 2.0], [3.0, 4.0]], name="x")
    c = mg.constant([[1.0, 2.0], [3.0, 5.0]], name="c")
    loss = mg.sum(x * c)
    given = np.ones((2, 2))
    made = written(loss, [x], [x, x, c], given)
    _, gradients = call(made, given)
    for i, gradient in enumerate(gradients):
        np.testing.assert_array_equal(gradient, [c.value, c.value, given][i])
        gradient[...] = 9
        assert not any(np.shares_memory(gradient, g) for g in gradients[:i])
    again = call(made, given)
    np.testing.assert_array_equal(again[1][0], c.value)
    np.testing.assert_array_equal(given, 1)
    for output in (x, x.T, x[::-1], mg.broadcast_to(x, (2, 2, 2)), c, mg.reshape(x, (4,))):
        found = call(written(output, [x], None, given), given)
        np.testing.assert_array_equal(found, mg.function(output, [x])(given))
        assert found.flags.writeable
        assert not np.shares_memory(found, given)


def test_no_gradient_where_no_path_leads():
    x, y = mg.parameter([1.0], name="x"), mg.parameter([2.0], name="y")
    z = mg.parameter([3.0], name="z")
    alike(mg.sum(x * x), [x, y], [y, x, z], [1.5], [2.0])
    alike(mg.sum(x * x), [x, y], [], [1.5], [2.0])
