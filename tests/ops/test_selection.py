"""Choices between entries: where, maximum, minimum, clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays, broadcastable

import minigraph as mg

ONES = np.ones(3)


@given(broadcastable(2), st.data())
def test_maximum(shapes, data):
    a, b = (data.draw(arrays(shape)) for shape in shapes)
    np.testing.assert_array_equal(mg.maximum(a, b).value, np.maximum(a, b))
    if np.abs(a - b).min() > 1e-3:
        check_gradients(mg.maximum, a, b)


def test_a_tie_of_maximum_is_split():
    a, b = mg.parameter([1.0, 2.0, 3.0]), mg.parameter([1.0, 3.0, 2.0])
    mg.sum(mg.maximum(a, b)).backward()
    assert a.grad.tolist() == [0.5, 0.0, 1.0]
    assert b.grad.tolist() == [0.5, 1.0, 0.0]


def test_relu_at_0_by_maximum_takes_half():
    x = mg.parameter([-1.0, 0.0, 1.0])
    mg.sum(mg.maximum(x, 0)).backward()
    assert x.grad.tolist() == [0.0, 0.5, 1.0]


@given(broadcastable(3), st.data())
def test_where(shapes, data):
    condition, a, b = (data.draw(arrays(shape)) for shape in shapes)
    expected = np.where(condition > 0, a, b)
    np.testing.assert_array_equal(mg.where(condition > 0, a, b).value, expected)
    check_gradients(lambda a, b: mg.where(condition > 0, a, b), a, b)


def test_the_branch_not_taken_may_hold_anything():
    x = mg.parameter([np.nan, 1.0, -np.inf])
    mg.sum(mg.where([False, True, False], x, 0.0)).backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("condition", [True, False])
def test_a_condition_of_python(condition):
    x = mg.parameter([1.0, 2.0])
    chosen = mg.where(condition, x, 0)
    assert chosen.inputs[0].dtype == bool
    mg.sum(chosen).backward()
    assert x.grad.tolist() == [float(condition)] * 2


def test_clip_is_0_beyond_and_at_its_bounds():
    x = mg.parameter([-1.0, 0.0, 0.5, 1.0, 2.0])
    y = mg.clip(x, 0, 1)
    mg.sum(y).backward()
    assert y.value.tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert x.grad.tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]


def test_clip_between_nodes_splits_ties_and_gives_the_bounds_their_part():
    x, low, high = mg.parameter([-1.0, 0.0, 2.0]), mg.parameter(0.0), mg.parameter(1.0)
    dx, dl, dh = mg.grad(mg.sum(mg.clip(x, low, high)), [x, low, high])
    assert (dx.value.tolist(), float(dl), float(dh)) == ([0.0, 0.5, 0.0], 1.5, 1.0)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (None, None),
        (0, None),
        (None, 1),
        (np.float64(0.0), [1.0] * 3),
        ([0.0] * 3, 1),
        (None, [1.0] * 3),
    ],
)
def test_clip_with_bounds_of_every_sort(low, high):
    value = np.array([-1.0, 0.5, 2.0])
    x = mg.parameter(value)
    expected = np.clip(value, -np.inf if low is None else low, np.inf if high is None else high)
    assert mg.clip(x, low, high).value.tolist() == expected.tolist()
    assert mg.clip(x, min=low, max=high).value.tolist() == expected.tolist()


def test_clip_without_bounds_is_the_node_itself():
    x = mg.parameter([1.0])
    assert mg.clip(x) is x


def test_clip_of_whole_numbers():
    assert mg.clip([1, 5, 9], 2, 6).value.tolist() == [2, 5, 6]
    assert mg.clip([1, 5], 2, 6).dtype == np.int64


@pytest.mark.parametrize(
    "build", [lambda c, x: mg.where(c, x, 0.5), lambda c, x: mg.where(c, 0.5, x)]
)
def test_numbers_in_a_choice_are_weak(build):
    x = mg.parameter(np.float32([1, 2]))
    assert build(np.array([True, False]), x).dtype == np.float32
    assert build(mg.constant(np.array([1.0, 0.0])) > 0, x).dtype == np.float32
