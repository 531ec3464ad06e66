"""One training step of the lecture's example C: minigraph's eager graph beside plain NumPy.

Run by `make bench`. Candidates take turns in rounds, and a ratio is the median over the rounds:
the machine's speed drifts, but within a round it drifts for all.
"""

import statistics
import timeit

import numpy as np
import pytest

import minigraph as mg
from minigraph.lecture import EXAMPLES

C = EXAMPLES["C"]
X = np.array(C.x)
Y = mg.one_hot(C.labels, C.classes, axis=0).value
M = C.m
x, y = mg.constant(X, name="x"), mg.constant(Y, name="y")


def plain(theta):
    """Write the step by hand, as a course does."""
    z = theta.T @ X
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    y_hat = e / np.sum(e, axis=0, keepdims=True)
    loss = -np.mean(np.sum(Y * np.log(y_hat), axis=0))
    gradient = X @ ((y_hat - Y) / M).T
    return loss, theta - C.eta * gradient


def plain_lean(theta):
    """Write the step by hand, sparing calls: methods for functions, one sum for the loss."""
    z = theta.T @ X
    e = np.exp(z - z.max(axis=0))
    y_hat = e / e.sum(axis=0)
    loss = -(Y * np.log(y_hat)).sum() / M
    gradient = X @ ((y_hat - Y) / M).T
    return loss, theta - C.eta * gradient


def eager(theta):
    """Build the graph with the fused loss, go backward, update."""
    node = mg.parameter(theta)
    loss = mg.softmax_cross_entropy(node.T @ x, y, axis=0)
    loss.backward()
    return loss.value, node.value - C.eta * node.grad


def eager_separate(theta):
    """Build the graph with Softmax and CrossEntropy apart, as the lecture draws it."""
    node = mg.parameter(theta)
    loss = mg.cross_entropy(mg.softmax(node.T @ x, axis=0), y, axis=0)
    loss.backward()
    return loss.value, node.value - C.eta * node.grad


CANDIDATES = [plain, plain_lean, eager, eager_separate]


@pytest.mark.parametrize("step", CANDIDATES)
def test_step_is_right_before_it_is_timed(step):
    loss, theta = step(C.theta)
    np.testing.assert_allclose(loss, C.quantities["L"].exact, rtol=1e-12)
    np.testing.assert_allclose(theta, C.quantities["θ − ηL'_θ"].exact, rtol=1e-10)


@pytest.mark.benchmark(group="training step, example C (n, k, m) = (2, 3, 3)")
@pytest.mark.parametrize("step", CANDIDATES)
def test_step(benchmark, step):
    benchmark(step, C.theta)


def test_ratios(capsys):
    times = {step: [] for step in CANDIDATES}
    for _ in range(60):
        for step in CANDIDATES:
            times[step].append(timeit.timeit(lambda step=step: step(C.theta), number=300) / 300)
    with capsys.disabled():
        print("\n\ntraining step of example C, median of ratios over 60 interleaved rounds")
        print(f"{'':18}{'µs (min)':>10}{'/ plain':>10}{'/ plain_lean':>14}")
        for step in CANDIDATES:
            over = [
                statistics.median(a / b for a, b in zip(times[step], times[base], strict=True))
                for base in (plain, plain_lean)
            ]
            print(f"{step.__name__:18}{min(times[step]) * 1e6:10.1f}{over[0]:10.2f}{over[1]:14.2f}")
