"""Choices between entries: where, maximum, minimum, clip."""

import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays, broadcastable

import minigraph as mg

ONES = np.ones(3)


@both_given(broadcastable(2), st.data())
def test_maximum(form, shapes, data):
    a, b = (data.draw(arrays(shape)) for shape in shapes)
    np.testing.assert_array_equal(
        form.value(mg.maximum(mg.parameter(a), mg.parameter(b))), np.maximum(a, b)
    )
    if np.abs(a - b).min() > 1e-3:
        check_gradients(mg.maximum, a, b, form=form)


@both
def test_a_tie_of_maximum_is_split(form):
    a, b = mg.parameter([1.0, 2.0, 3.0]), mg.parameter([1.0, 3.0, 2.0])
    da, db = form.slopes(mg.sum(mg.maximum(a, b)), [a, b])
    assert da.tolist() == [0.5, 0.0, 1.0]
    assert db.tolist() == [0.5, 1.0, 0.0]


@both
def test_relu_at_0_by_maximum_takes_half(form):
    x = mg.parameter([-1.0, 0.0, 1.0])
    assert form.slopes(mg.sum(mg.maximum(x, 0)), [x])[0].tolist() == [0.0, 0.5, 1.0]


@both_given(broadcastable(3), st.data())
def test_where(form, shapes, data):
    condition, a, b = (data.draw(arrays(shape)) for shape in shapes)
    chosen = mg.where(condition > 0, mg.parameter(a), mg.parameter(b))
    np.testing.assert_array_equal(form.value(chosen), np.where(condition > 0, a, b))
    check_gradients(lambda a, b: mg.where(condition > 0, a, b), a, b, form=form)


@both
def test_the_branch_not_taken_may_hold_anything(form):
    x = mg.parameter([np.nan, 1.0, -np.inf])
    (dx,) = form.slopes(mg.sum(mg.where([False, True, False], x, 0.0)), [x])
    assert dx.tolist() == [0.0, 1.0, 0.0]


@both
@pytest.mark.parametrize("condition", [True, False])
def test_a_condition_of_python(form, condition):
    x = mg.parameter([1.0, 2.0])
    chosen = mg.where(condition, x, 0)
    assert chosen.inputs[0].dtype == bool
    assert form.slopes(mg.sum(chosen), [x])[0].tolist() == [float(condition)] * 2


@both
def test_clip_is_0_beyond_and_at_its_bounds(form):
    x = mg.parameter([-1.0, 0.0, 0.5, 1.0, 2.0])
    y = mg.clip(x, 0, 1)
    assert form.value(y).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert form.slopes(mg.sum(y), [x])[0].tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]


@both
def test_clip_between_nodes_splits_ties_and_gives_the_bounds_their_part(form):
    x, low, high = mg.parameter([-1.0, 0.0, 2.0]), mg.parameter(0.0), mg.parameter(1.0)
    dx, dl, dh = form.slopes(mg.sum(mg.clip(x, low, high)), [x, low, high])
    assert (dx.tolist(), float(dl), float(dh)) == ([0.0, 0.5, 0.0], 1.5, 1.0)


@both
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
def test_clip_with_bounds_of_every_sort(form, low, high):
    value = np.array([-1.0, 0.5, 2.0])
    x = mg.parameter(value)
    expected = np.clip(value, -np.inf if low is None else low, np.inf if high is None else high)
    assert form.value(mg.clip(x, low, high)).tolist() == expected.tolist()
    assert form.value(mg.clip(x, min=low, max=high)).tolist() == expected.tolist()


def test_clip_without_bounds_is_the_node_itself():
    x = mg.parameter([1.0])
    assert mg.clip(x) is x


def test_clip_of_whole_numbers():
    assert mg.clip([1, 5, 9], 2, 6).value.tolist() == [2, 5, 6]
    assert mg.clip([1, 5], 2, 6).dtype == np.int64


@both
@pytest.mark.parametrize(
    "build", [lambda c, x: mg.where(c, x, 0.5), lambda c, x: mg.where(c, 0.5, x)]
)
def test_numbers_in_a_choice_are_weak(form, build):
    x = mg.parameter(np.float32([1, 2]))
    assert form.value(build(np.array([True, False]), x)).dtype == np.float32
    assert form.value(build(mg.constant(np.array([1.0, 0.0])) > 0, x)).dtype == np.float32
