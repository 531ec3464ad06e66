"""A chain of ops on arrays of three: minigraph's eager graph beside PyTorch's, op by op.

Run by `make bench`, on one thread. Candidates take turns in rounds, and a ratio is the median over
the rounds. PyTorch takes part where it is installed.
"""

import importlib.util
import statistics
import time

import numpy as np
import pytest

import minigraph as mg

OPS = 900
MANY = 1_000_000
X, C = np.array([0.3, -0.2, 0.5]), np.array([0.45, 0.55, 0.525])


def products_and_sums(x, c, ops, library):
    for _ in range(ops // 2):
        x = x * c
        x = x + c
    return library.sum(x)


def mixed(x, c, ops, library):
    for _ in range(ops // 6):
        x = x * c
        x = library.tanh(x)
        x = x + c
        x = x * 0.5
        x = library.exp(x)
        x = -x
    return library.sum(x)


def negatives(x, c, ops, library):
    for _ in range(ops):
        x = -x
    return library.sum(x)


def ours(chain, ops):
    x = mg.parameter(X)
    return x, chain(x, mg.constant(C), ops, mg)


def torchs(chain, ops):
    import torch

    torch.set_num_threads(1)
    x = torch.tensor(X, requires_grad=True)
    return x, chain(x, torch.tensor(C), ops, torch)


LIBRARIES = {"minigraph": ours}
if importlib.util.find_spec("torch"):
    LIBRARIES["PyTorch"] = torchs


def timed(make, chain, ops):
    """Return the seconds forward, backward, and until all is freed; and the gradient."""
    start = time.perf_counter()
    x, y = make(chain, ops)
    forward = time.perf_counter()
    y.backward()
    backward = time.perf_counter()
    gradient = np.array(x.grad.tolist())
    gone = time.perf_counter()
    del x, y
    freed = time.perf_counter() - gone
    return np.array([forward - start, backward - forward, freed]), gradient


def table(times, ops):
    """Print the time an op of each library, and the median of the ratios to the last one's."""
    *_, last = times
    print(f"{'':12}{'µs an op':>10}{'forward':>10}{'backward':>10}{'freed':>8}{f'/ {last}':>13}")
    for name, rounds in times.items():
        best = min(rounds, key=np.sum) / ops * 1e6
        pairs = zip(rounds, times[last], strict=True)
        ratio = statistics.median(np.sum(a) / np.sum(b) for a, b in pairs)
        parts = "{:10.2f}{:10.2f}{:8.2f}".format(*best)
        print(f"{name:12}{best.sum():10.2f}{parts}{ratio:13.2f}")


@pytest.mark.parametrize("chain", [products_and_sums, mixed, negatives])
def test_the_libraries_agree(chain):
    found = [timed(make, chain, OPS)[1] for make in LIBRARIES.values()]
    for gradient in found:
        np.testing.assert_allclose(gradient, found[0], rtol=1e-10)


@pytest.mark.parametrize("chain", [products_and_sums, mixed])
def test_a_chain(chain, capsys):
    times = {name: [] for name in LIBRARIES}
    for _ in range(40):
        for name, make in LIBRARIES.items():
            times[name].append(timed(make, chain, OPS)[0])
    with capsys.disabled():
        print(f"\n\n{OPS} ops on arrays of three, {chain.__name__}; 40 interleaved rounds")
        table(times, OPS)


@pytest.mark.parametrize("chain", [products_and_sums, negatives])
def test_a_million_ops(chain, capsys):
    times = {name: [timed(make, chain, MANY)[0]] for name, make in LIBRARIES.items()}
    with capsys.disabled():
        print(f"\n\n{MANY} ops on arrays of three, {chain.__name__}; once each")
        table(times, MANY)
