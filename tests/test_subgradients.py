"""The table of docs/subgradients.md: a test a row."""

import re
from pathlib import Path

import numpy as np
import pytest
from forms_ import guarded

import minigraph as mg

TABLE = (Path(__file__).parents[1] / "docs/subgradients.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.*?) \| (.*?) \|", TABLE, flags=re.MULTILINE)[1:]
ROWS = [row for row in ROWS if set(row[0]) != {"-"}]

INF = np.inf


def slopes(form, function, *values):
    """Return the gradients of the sum of a function, the very numbers."""
    nodes = [mg.parameter(value) for value in values]
    found = form.slopes(mg.sum(function(*nodes)), nodes, rtol=0, atol=0)
    return tuple(None if slope is None else slope.tolist() for slope in found)


def branches(form):
    x = np.array([np.nan, 2.0])
    return slopes(form, lambda a, b: mg.where([False, True], a, b), x, [1.0, INF])


TESTS = {
    ("`sign`", "everywhere"): lambda form: (
        slopes(form, lambda x: mg.sign(x) + x, [-1.0, 0.0, 1.0]) == ([1.0, 1.0, 1.0],)
        and slopes(form, mg.sign, [-1.0, 0.0, 1.0]) == (None,)
    ),
    ("`abs`, `relu`", "0"): lambda form: (
        slopes(form, mg.abs, [0.0, -0.0]) == slopes(form, mg.relu, [0.0, -0.0]) == ([0.0, 0.0],)
    ),
    ("`sqrt`", "0"): lambda form: slopes(form, mg.sqrt, [0.0, 4.0]) == ([0.0, 0.25],),
    ("`max`, `min` (over axes)", "n entries tie"): lambda form: (
        slopes(form, mg.max, [[3.0, 1.0], [3.0, 3.0]]) == ([[1 / 3, 0.0], [1 / 3, 1 / 3]],)
        and slopes(form, lambda x: mg.min(x, axis=0), [[3.0, 1.0], [3.0, 3.0]])
        == ([[0.5, 1.0], [0.5, 0.0]],)
    ),
    ("`maximum(a, b)`, `minimum(a, b)`", "a = b"): lambda form: (
        slopes(form, mg.maximum, [1.0, 2.0], [1.0, 0.0]) == ([0.5, 1.0], [0.5, 0.0])
        and slopes(form, mg.minimum, [1.0, 2.0], [1.0, 0.0]) == ([0.5, 0.0], [0.5, 1.0])
    ),
    ("`clip(x, min, max)` by numbers", "x at a bound"): lambda form: (
        slopes(form, lambda x: mg.clip(x, 0, 1), [0.0, 0.5, 1.0]) == ([0.0, 1.0, 0.0],)
    ),
    ("`clip(x, low, high)` by arrays or Nodes", "x at a bound"): lambda form: (
        slopes(form, mg.clip, [0.0, 0.5, 1.0], [0.0] * 3, [1.0] * 3)
        == ([0.5, 1.0, 0.5], [0.5, 0.0, 0.0], [0.0, 0.0, 0.5])
    ),
    ("`where(c, a, b)`", "–"): lambda form: branches(form) == ([0.0, 1.0], [1.0, 0.0]),
    ("`pow(x, p)`", "p = 0"): lambda form: (
        slopes(form, lambda x: x**0, [0.0, 2.0]) == ([0.0, 0.0],)
        and slopes(form, mg.pow, [0.0], [0.0]) == ([0.0], [0.0])
    ),
    ("`pow(x, p)`", "x = 0"): lambda form: slopes(form, mg.pow, [0.0], [2.0])[1] == [0.0],
    ("`cross_entropy(ŷ, y)`", "y = 0"): lambda form: (
        slopes(form, lambda p: mg.cross_entropy(p, [0.0, 1.0, 0.0]), [0.0, 0.5, 0.5])
        == ([0.0, -2.0, 0.0],)
    ),
    ("`xlogy(x, y)`", "x = y = 0"): lambda form: (
        slopes(form, lambda y: mg.xlogy([0.0, 2.0], y), [0.0, 4.0]) == ([0.0, 0.5],)
    ),
    ("`logsumexp`", "all n entries −∞"): lambda form: (
        slopes(form, mg.logsumexp, [[-INF, -INF], [-INF, 0.0]]) == ([[0.5, 0.5], [0.0, 1.0]],)
    ),
    ("any function applied entry by entry", "its cotangent is 0"): lambda form: all(
        slopes(form, lambda x, f=f: f(x) * mg.constant([0.0, 1.0]), [0.0, 4.0])[0][0] == 0.0
        for f in (mg.sqrt, lambda x: mg.where(x > 0, mg.log(x), 0.0), lambda x: x**0.5)
    ),
    ("comparisons", "everywhere"): lambda form: (
        slopes(form, lambda x: mg.where(x > 0.0, 1.0, 2.0) + 0.0 * x, [0.0, 1.0]) == ([0.0, 0.0],)
        and slopes(form, lambda x: (x > 0.0) * 1.0, [0.0, 1.0]) == (None,)
    ),
}


def test_each_row_has_a_test():
    assert set(ROWS) == set(TESTS)


@guarded
@pytest.mark.parametrize("row", ROWS, ids=" at ".join)
def test_the_row_holds(form, row):
    assert TESTS[row](form)
