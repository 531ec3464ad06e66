"""Ops that are picked apart, and ops of one's own, which are not."""

from dataclasses import dataclass

import numpy as np
import pytest
from compile.compare_ import both

import minigraph as mg


def test_what_is_picked_twice_gets_the_sum():
    x = mg.parameter(np.arange(6.0).reshape(2, 3), name="x")
    picked = [
        mg.take(x, [0, 0, 1], axis=1),
        mg.take(x, [1, 1], axis=0),
        mg.take_along_axis(x, [[0, 0, 1]], axis=1),
        x[:, [0, 0, 1]],
        x[[True, False]],
        x[0, 1:],
        x[1, 2],
    ]
    for entries in picked:
        both(mg.sum(mg.square(entries)), [x], [x], x.value + 1)


def test_half_precision_and_whole_numbers():
    x = mg.parameter(np.float16([1.0, 2.0, 3.0]), name="x")
    both(mg.mean(x * x), [x], [x], np.float16([1.0, 2.0, 3.0]), rtol=1e-3)
    both(mg.mean(x), [x], None, np.array([1, 2, 4]))
    both(mg.sum(x) + 1, [x], None, np.array([True, False]))


@dataclass(frozen=True)
class Swish(mg.Op):
    beta: float = 1.0

    def check(self, x):
        if np.isnan(x).any():
            raise mg.InputError("no nan", "give numbers")

    def forward(self, xp, x):
        return x / (1 + xp.exp(-self.beta * x))

    def backward(self, xp, cotangent, output, x):
        s = 1 / (1 + xp.exp(-self.beta * x))
        return (cotangent * (s + self.beta * x * s * (1 - s)),)


@dataclass(frozen=True)
class Growing(mg.Op):
    saves = True

    def forward(self, xp, x):
        kept = x[x > 0]
        return kept, kept

    def backward(self, xp, cotangent, output, x):
        return (xp.where(x > 0, 1.0, 0.0),)


def test_an_op_of_ones_own():
    x = mg.parameter([1.0, -2.0], name="x")
    loss = mg.sum(Swish(2.0)(x) * x)
    f = both(loss, [x], [x], [1.0, -2.0])
    assert "swish = swish" in f.source.replace("_2", "")
    with pytest.raises(mg.InputError, match="no nan"):
        f([1.0, np.nan])


def test_an_op_whose_shape_depends_on_values():
    x = mg.parameter([1.0, 2.0, -1.0], name="x")
    f = mg.compile(mg.sum(Growing()(x)), [x])
    for values in ([1.0, 2.0, -1.0], [1.0, 2.0, 3.0], [-1.0, -2.0, 3.0]):
        assert float(f(values)) == sum(v for v in values if v > 0)


@dataclass(frozen=True)
class OnArraysOnly(mg.Op):
    def forward(self, xp, x):
        return np.array(np.sort(np.asarray(x)))

    def backward(self, xp, cotangent, output, x):
        return (cotangent * np.asarray(x),)


def test_a_rule_that_runs_on_arrays_only_has_no_plan():
    x = mg.parameter([2.0, 1.0], name="x")
    f = mg.compile(mg.sum(OnArraysOnly()(x)), [x], [x])
    for _ in range(2):
        value, (dx,) = f([2.0, 1.0])
        assert (float(value), dx.tolist()) == (3.0, [2.0, 1.0])


def test_a_mistake_of_ours_is_not_hidden(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("minigraph.compile.compiled.trace", broken)
    x = mg.parameter(1.0)
    with pytest.raises(ZeroDivisionError):
        mg.compile(x * x, [x])(1.0)
