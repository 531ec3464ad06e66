"""One table: a training step of softmax regression by everything, beside the best NumPy by hand.

Candidates take turns in rounds, and a ratio is the median over the rounds of a candidate's time to
that of the best by hand in the same round. Run as a script, since the number of threads is fixed
when a process starts: ``python table_.py THREADS [SIZES]``.
"""

import importlib.metadata
import os
import platform
import statistics
import sys
import time

if __name__ == "__main__":
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = sys.argv[1]
    if sys.argv[1] == "1":
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        if hasattr(os, "sched_setaffinity"):  # JAX takes every core that it may
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import numpy as np
from hand_ import ETA, SIZES, closed_form, data, hands, plain
from peers_ import loops, peers

import minigraph as mg


def graph(x, labels, y):
    n, k = len(x), len(y)
    theta = mg.parameter(np.zeros((n, k), x.dtype), name="θ")
    data = mg.constant(x, name="x", copy=False)
    target = mg.one_hot(labels, k, axis=0, name="y")
    z = (theta.T @ data).named("z")
    return mg.softmax_cross_entropy(z, target, axis=0).named("L"), theta, data


def eager(x, labels, y):
    data, target = mg.constant(x, copy=False), mg.constant(y, copy=False)
    eta = x.dtype.type(ETA)

    def step(theta):
        node = mg.parameter(theta, copy=False)
        loss = mg.softmax_cross_entropy(node.T @ data, target, axis=0)
        loss.backward()
        theta -= eta * node.grad
        return loss.value, node.grad

    return step


def called(make):
    """Return a candidate of a function of arrays, with the update by hand."""

    def candidate(x, labels, y):
        loss, theta, data = graph(x, labels, y)
        f = make(loss, [theta, data], [theta])
        eta, change = np.array(ETA, x.dtype), np.empty((len(x), len(y)), x.dtype)

        def step(theta):
            loss, (gradient,) = f(theta, x)
            np.subtract(theta, np.multiply(gradient, eta, out=change), out=theta)
            return loss, gradient

        return step

    return candidate


def descending(steps):
    """Return a candidate that takes steps in machine code, and changes θ in place."""

    def candidate(x, labels, y):
        loss, theta, data = graph(x, labels, y)
        descent = mg.compile(loss, [theta, data], [theta], jit=True).descent(ETA, steps, copy=False)

        def step(theta):
            losses, _ = descent(theta, x)
            return losses, None

        step.steps = steps
        return step

    return candidate


MOST_LOOPED = 300_000
"""How many entries x has at most for which loops of 100 steps are timed."""

REST = 0.0 if os.environ.get("OPENBLAS_NUM_THREADS") == "1" else 0.05
"""How many seconds pass before a candidate's turn, with threads: OpenBLAS keeps those that it had
busy with waiting for so long, and they would have a core that belongs to the next."""

OURS = {
    "compile": called(mg.compile),
    "compile, copy=False": called(lambda *graph: mg.compile(*graph, copy=False)),
    "compile, jit": descending(1),
    "function": called(mg.function),
    "eager": eager,
}
LOOPS = {"a loop of 100 steps, jit": descending(100)}


def check(step, theta, x, labels):
    """See that a candidate has the closed form's loss, gradient and update."""
    exact, steps = theta.dtype == np.float64, getattr(step, "steps", 1)
    for _ in range(2):  # the second time from a plan
        new = theta.copy()
        found, slope = step(new)
        new = getattr(step, "result", lambda new=new: new)()
        expected = theta
        for _ in range(steps):
            loss, gradient = closed_form(expected, x, labels)
            expected = expected - ETA * gradient
        far = np.abs(gradient).max() * (1e-9 if exact else 1e-3)
        found = float(np.asarray(found).reshape(-1)[-1])
        np.testing.assert_allclose(found, loss, rtol=1e-9 if exact else 1e-3)
        if slope is not None:
            np.testing.assert_allclose(np.asarray(slope), gradient, atol=far)
        np.testing.assert_allclose(
            new, expected, atol=ETA * steps * far + 1e-6 * steps * (not exact)
        )


def timed(step, theta, number):
    start = time.perf_counter()
    for _ in range(number):
        step(theta)
    return (time.perf_counter() - start) / number


def measure(size, dtype, seconds=6.0):
    """Return the time of the best by hand, its name, and the ratio of each candidate to it."""
    (n, _, m), (theta, x, labels, y) = size, data(*size, dtype)
    makers = {**hands(*size), "plain NumPy": plain, **OURS, **peers()}
    if n * m <= MOST_LOOPED:
        makers |= {**LOOPS, **loops()}
    steps = {name: make(x, labels, y) for name, make in makers.items()}
    for step in steps.values():
        check(step, theta, x, labels)
    each = {name: getattr(step, "steps", 1) for name, step in steps.items()}
    once = {
        name: min(timed(step, theta.copy(), 1) for _ in range(3)) for name, step in steps.items()
    }
    number = {name: max(1, int(0.004 / t)) for name, t in once.items()}
    whole = sum(once[name] * number[name] for name in steps)
    rounds = max(5, min(20 if REST else 40, int(seconds / whole)))
    times = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            if REST:
                time.sleep(REST)
                step(theta.copy())
            times[name].append(timed(step, theta.copy(), number[name]) / each[name])
    by_hand = hands(*size)
    best = min(by_hand, key=lambda name: statistics.median(times[name]))
    ratios = {
        name: statistics.median(a / b for a, b in zip(times[name], times[best], strict=True))
        for name in steps
        if name not in by_hand
    }
    return min(times[best]), best, ratios


def main(threads, chosen):
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "numba", "torch", "jax", "autograd", "mygrad"):
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    print(f"\n{threads} thread(s), {platform.machine()}, {', '.join(versions)}")
    for dtype in (np.float64, np.float32):
        columns = {}
        for size in SIZES:
            if chosen and SIZES.index(size) not in chosen:
                continue
            columns[size] = measure(size, dtype)
            # What is measured is not lost if a later size is stopped.
            print(f"  {size} done", file=sys.stderr, flush=True)
        names = list(dict.fromkeys(n for _, _, ratios in columns.values() for n in ratios))
        print(f"\n| {dtype.__name__} |", *(f" {size} |" for size in columns), sep="")
        print("|---|", "---|" * len(columns), sep="")
        shown = [f" {best * 1e6:.1f} µs ({name}) |" for best, name, _ in columns.values()]
        print("| best NumPy by hand |", *shown, sep="")
        for name in names:
            cells = [f" {r[name]:.2f} |" if name in r else " |" for _, _, r in columns.values()]
            print(f"| {name} |", *cells, sep="")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], [int(i) for i in sys.argv[2:]])
