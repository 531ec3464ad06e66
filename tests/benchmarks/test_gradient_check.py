"""A full gradient check of softmax cross-entropy, k = 10 and m = 8: beside PyTorch's gradcheck.

Run by `make bench`. Both move each of the 80 logits both ways, in float64; they take turns in
rounds, and a ratio is the median over the rounds. Ours also sees that both readings of the gradient
agree, that no op writes to what it is given, and how exact the differences are.
"""

import statistics
import timeit

import numpy as np
import pytest

import minigraph as mg
from minigraph.testing import check_gradient
from minigraph.testing.subject import Subject

K, M = 10, 8
rng = np.random.default_rng(0)
Z, LABELS = rng.normal(size=(K, M)), rng.integers(0, K, M)
y = mg.one_hot(LABELS, K, axis=0)
ROUNDS, EACH = 30, 5


def ours():
    return check_gradient(lambda z: mg.softmax_cross_entropy(z, y, axis=0), Z)


def one_by_one():
    """Check without the batch, as where a function cannot be had at many points at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Subject, "prepare", lambda self, moves: None)
        return ours()


def theirs():
    torch = pytest.importorskip("torch")
    logits, labels = torch.from_numpy(Z.T.copy()).requires_grad_(), torch.from_numpy(LABELS)
    return lambda: torch.autograd.gradcheck(
        lambda z: torch.nn.functional.cross_entropy(z, labels), (logits,)
    )


def test_check_is_full_and_right_before_it_is_timed():
    for check in (ours(), one_by_one()):
        assert check.inputs[0].comparisons == K * M
        assert check.error < 1e-9


@pytest.mark.benchmark(group="gradient check of softmax cross-entropy, k = 10, m = 8")
@pytest.mark.parametrize("check", [ours, one_by_one])
def test_check(benchmark, check):
    benchmark(check)


def test_ratio(capsys):
    gradcheck = theirs()
    assert gradcheck()
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    candidates = {"gradcheck": gradcheck, "ours": ours, "ours, one by one": one_by_one}
    times = {name: [] for name in candidates}
    try:
        for _ in range(ROUNDS):
            for name, check in candidates.items():
                times[name].append(timeit.timeit(check, number=EACH) / EACH)
    finally:
        torch.set_num_threads(threads)
    with capsys.disabled():
        print(f"\n\ngradient check, k = {K}, m = {M}, one thread: medians of {ROUNDS} rounds")
        print(f"{'':18}{'ms':>8}{'/ gradcheck':>13}")
        for name, own in times.items():
            ratio = statistics.median(a / b for a, b in zip(own, times["gradcheck"], strict=True))
            print(f"{name:18}{statistics.median(own) * 1e3:8.2f}{ratio:13.3f}")
