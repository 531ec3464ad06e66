"""The table of docs/subgradients.md: a test a row."""

import re
from pathlib import Path

import numpy as np
import pytest

import minigraph as mg

TABLE = (Path(__file__).parents[1] / "docs/subgradients.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.*?) \| (.*?) \|", TABLE, flags=re.MULTILINE)[1:]
ROWS = [row for row in ROWS if set(row[0]) != {"-"}]

INF = np.inf


def slopes(function, *values):
    """Return the gradients of the sum of a function: by backward, which the graph confirms."""
    nodes = [mg.parameter(value) for value in values]
    total = mg.sum(function(*nodes))
    graphs = mg.grad(total, nodes)
    if any(graph is not None for graph in graphs):
        total.backward()
    for node, graph in zip(nodes, graphs, strict=True):
        assert (None if graph is None else graph.value.tolist()) == (
            None if node.grad is None else node.grad.tolist()
        )
    return tuple(None if node.grad is None else node.grad.tolist() for node in nodes)


def branches():
    x = np.array([np.nan, 2.0])
    return slopes(lambda a, b: mg.where([False, True], a, b), x, [1.0, INF])


TESTS = {
    ("`sign`", "everywhere"): lambda: (
        slopes(lambda x: mg.sign(x) + x, [-1.0, 0.0, 1.0]) == ([1.0, 1.0, 1.0],)
        and slopes(mg.sign, [-1.0, 0.0, 1.0]) == (None,)
    ),
    ("`abs`, `relu`", "0"): lambda: (
        slopes(mg.abs, [0.0, -0.0]) == slopes(mg.relu, [0.0, -0.0]) == ([0.0, 0.0],)
    ),
    ("`sqrt`", "0"): lambda: slopes(mg.sqrt, [0.0, 4.0]) == ([0.0, 0.25],),
    ("`max`, `min` (over axes)", "n entries tie"): lambda: (
        slopes(mg.max, [[3.0, 1.0], [3.0, 3.0]]) == ([[1 / 3, 0.0], [1 / 3, 1 / 3]],)
        and slopes(lambda x: mg.min(x, axis=0), [[3.0, 1.0], [3.0, 3.0]])
        == ([[0.5, 1.0], [0.5, 0.0]],)
    ),
    ("`maximum(a, b)`, `minimum(a, b)`", "a = b"): lambda: (
        slopes(mg.maximum, [1.0, 2.0], [1.0, 0.0]) == ([0.5, 1.0], [0.5, 0.0])
        and slopes(mg.minimum, [1.0, 2.0], [1.0, 0.0]) == ([0.5, 0.0], [0.5, 1.0])
    ),
    ("`clip(x, min, max)` by numbers", "x at a bound"): lambda: (
        slopes(lambda x: mg.clip(x, 0, 1), [0.0, 0.5, 1.0]) == ([0.0, 1.0, 0.0],)
    ),
    ("`clip(x, low, high)` by arrays or Nodes", "x at a bound"): lambda: (
        slopes(mg.clip, [0.0, 0.5, 1.0], [0.0] * 3, [1.0] * 3)
        == ([0.5, 1.0, 0.5], [0.5, 0.0, 0.0], [0.0, 0.0, 0.5])
    ),
    ("`where(c, a, b)`", "–"): lambda: branches() == ([0.0, 1.0], [1.0, 0.0]),
    ("`pow(x, p)`", "p = 0"): lambda: (
        slopes(lambda x: x**0, [0.0, 2.0]) == ([0.0, 0.0],)
        and slopes(mg.pow, [0.0], [0.0]) == ([0.0], [0.0])
    ),
    ("`pow(x, p)`", "x = 0"): lambda: slopes(mg.pow, [0.0], [2.0])[1] == [0.0],
    ("`cross_entropy(ŷ, y)`", "y = 0"): lambda: (
        slopes(lambda p: mg.cross_entropy(p, [0.0, 1.0, 0.0]), [0.0, 0.5, 0.5])
        == ([0.0, -2.0, 0.0],)
    ),
    ("`xlogy(x, y)`", "x = y = 0"): lambda: (
        slopes(lambda y: mg.xlogy([0.0, 2.0], y), [0.0, 4.0]) == ([0.0, 0.5],)
    ),
    ("`logsumexp`", "all n entries −∞"): lambda: (
        slopes(mg.logsumexp, [[-INF, -INF], [-INF, 0.0]]) == ([[0.5, 0.5], [0.0, 1.0]],)
    ),
    ("any function applied entry by entry", "its cotangent is 0"): lambda: all(
        slopes(lambda x, f=f: f(x) * mg.constant([0.0, 1.0]), [0.0, 4.0])[0][0] == 0.0
        for f in (mg.sqrt, lambda x: mg.where(x > 0, mg.log(x), 0.0), lambda x: x**0.5)
    ),
    ("comparisons", "everywhere"): lambda: (
        slopes(lambda x: mg.where(x > 0.0, 1.0, 2.0) + 0.0 * x, [0.0, 1.0]) == ([0.0, 0.0],)
        and slopes(lambda x: (x > 0.0) * 1.0, [0.0, 1.0]) == (None,)
    ),
}


def test_each_row_has_a_test():
    assert set(ROWS) == set(TESTS)


@pytest.mark.parametrize("row", ROWS, ids=" at ".join)
def test_the_row_holds(row):
    assert TESTS[row]()
