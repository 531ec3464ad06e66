"""What the public strategies draw: what they promise, and small cases when they shrink."""

import runpy
import sys

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.testing import strategies

NEAR = 1e-9


def smallest(strategy, condition=lambda drawn: True):
    return find(strategy, condition, settings=settings(max_examples=500, database=None))


@given(strategies.shapes(min_dims=1, max_dims=2, max_side=4))
def test_shapes(shape):
    assert 1 <= len(shape) <= 2
    assert all(1 <= side <= 4 for side in shape)


def test_axes_of_length_0_on_request():
    assert smallest(strategies.shapes(empty=True), lambda shape: 0 in shape) == (0,)
    pair = smallest(
        strategies.broadcastable_shapes(2, empty=True), lambda s: any(0 in x for x in s)
    )
    assert 0 in np.broadcast_shapes(*pair)


@given(strategies.broadcastable_shapes(3))
def test_shapes_that_broadcast(shapes):
    assert len(np.broadcast_shapes(*shapes)) <= 3


@given(strategies.separated_arrays(strategies.broadcastable_shapes(3)))
def test_separated_arrays_have_no_two_equal_entries(arrays):
    entries = np.sort(np.concatenate([[0.0], *(x.ravel() for x in arrays)]))
    assert (np.diff(entries) >= 1 / 64).all()
    assert np.abs(entries).max() <= 2


@given(strategies.arrays((2, 3), low=0, high=5, dtype=np.float32))
def test_arrays_keep_to_their_limits(x):
    assert x.dtype == np.float32
    assert (x > 0).all()
    assert (x <= 5).all()


def test_arrays_shrink_to_whole_numbers():
    assert smallest(strategies.arrays(3)).tolist() == [1.0, 2.0, -1.0]
    assert smallest(strategies.arrays()).tolist() == 1.0
    assert smallest(strategies.arrays((0, 2))).shape == (0, 2)
    assert smallest(strategies.separated_arrays([])) == ()


def test_arrays_of_no_numbers():
    with pytest.raises(mg.OptionError, match="no numbers between low=1 and high=1"):
        smallest(strategies.arrays(low=1, high=1))


@given(strategies.parameters(name="θ"), strategies.constants((2,)))
def test_leaves(theta, x):
    assert (theta.kind, theta.name) == ("parameter", "θ")
    assert (x.kind, x.shape) == ("constant", (2,))


def test_from_type():
    kinds = {
        kind: smallest(st.from_type(mg.Node), lambda x, k=kind: x.kind == k).kind
        for kind in ("parameter", "constant")
    }
    assert set(kinds.values()) == {"parameter", "constant"}


@pytest.mark.parametrize(
    "condition",
    [
        lambda z: (z == z[0]).all(),
        lambda z: np.isneginf(z).any(),
        lambda z: (z == 1e308).any(),
        lambda z: (z == -1e308).any(),
        lambda z: (np.abs(z) == 5e-324).any(),
        lambda z: np.ptp(z[np.isfinite(z)]) > 600,
        lambda z: (z != np.round(z)).any(),
    ],
)
def test_logits_of_every_sort(condition):
    z = smallest(strategies.logits((3,)), condition)
    assert np.count_nonzero(z) <= 1


@given(strategies.logits((2, 3), axis=0))
def test_no_example_is_masked_whole(z):
    assert np.isfinite(z).any(axis=0).all()
    assert not np.isnan(z).any()


def test_masked_whole_on_request():
    z = smallest(strategies.logits((2,), all_masked=True), lambda z: np.isneginf(z).all())
    assert z.tolist() == [-np.inf, -np.inf]


@given(strategies.logits((2, 3), largest=2000, spread=100, masked=False))
def test_logits_within_limits(z):
    assert np.abs(z).max() <= 2000
    assert np.ptp(z, axis=-1).max() <= 100


@given(strategies.logits((2, 3), largest=8, masked=False))
def test_ordinary_logits(z):
    assert np.abs(z).max() <= 8


@given(strategies.labels((4,), classes=3))
def test_labels(y):
    assert y.dtype == np.int64
    assert set(y.tolist()) <= {0, 1, 2}


@given(strategies.one_hot_targets((3, 2), axis=0))
def test_one_hot_targets(y):
    assert y.sum(axis=0).tolist() == [1.0, 1.0]
    assert set(y.ravel().tolist()) <= {0.0, 1.0}


@given(strategies.soft_targets((3, 2), axis=0))
def test_soft_targets(y):
    np.testing.assert_allclose(y.sum(axis=0), 1)
    assert (y >= 0).all()


def test_soft_targets_that_sum_to_anything():
    free = strategies.soft_targets((1, 2), normalized=False)
    assert smallest(free).tolist() == [[0.0, 0.0]]
    assert smallest(free, lambda y: y.sum() > 1).sum() == 1.5


@given(strategies.classifications())
def test_classifications_fit_together(case):
    assert case.z.shape == case.weights.shape
    assert 1 <= case.m <= 3
    assert 2 <= case.k <= 4
    np.testing.assert_allclose(case.weights.sum(axis=case.axis), 1)
    assert np.isfinite(case.z[case.weights != 0]).all()
    np.testing.assert_allclose(case.y_hat.sum(axis=case.axis), 1)


@given(strategies.classifications(batch=False, targets=["labels"]))
def test_classifications_of_one_example(case):
    assert case.z.shape == (case.k,)
    assert case.y.shape == ()
    assert case.m == 1


def test_classifications_shrink():
    case = smallest(strategies.classifications())
    assert repr(case) == "Classification(z=[[0.0, 0.0]], y=[[1.0, 0.0]], axis=-1)"
    case = smallest(strategies.classifications(), lambda case: case.z.max() > 30)
    assert sorted(case.z.ravel().tolist()) == [0.0, 40.0]


def test_unknown_targets():
    with pytest.raises(mg.OptionError, match="no such targets: 'hot'"):
        smallest(strategies.classifications(targets=["hot"]))


def test_without_hypothesis_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "hypothesis.strategies")
    with pytest.raises(ModuleNotFoundError) as caught:
        runpy.run_path(strategies.__file__)
    assert str(caught.value) == (
        "minigraph.testing draws its cases with hypothesis, which is not installed: "
        "pip install 'minigraph[testing]'"
    )
