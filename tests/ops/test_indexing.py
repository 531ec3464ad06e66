"""Indexing: any key of NumPy's, take and take_along_axis; what is picked twice adds up."""

import numpy as np
import pytest
from cases_ import spaced
from forms_ import both, both_given, functions
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.ops.indexing import Given, Index, Slice, Take, TakeAlongAxis, parse


@both_given(st.data())
def test_any_key_of_numpy_and_the_other_way_round(form, data):
    (value,) = spaced(data.draw, [data.draw(hnp.array_shapes(max_dims=3, max_side=3))])
    key = data.draw(
        hnp.basic_indices(value.shape, allow_newaxis=True)
        | hnp.integer_array_indices(value.shape)
        | hnp.arrays(bool, value.shape)
    )
    x = mg.parameter(value)
    picked = x[key]
    np.testing.assert_array_equal(form.value(picked), value[key])
    cotangent = np.random.default_rng(0).normal(size=picked.shape)
    expected = np.zeros(value.shape)
    np.add.at(expected, key, cotangent)
    (gradient,) = form.slopes(picked, [x], cotangent)
    np.testing.assert_allclose(gradient, expected, rtol=1e-14, atol=1e-15)


@both
@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        np.int64(1),
        slice(None),
        slice(np.int64(0), 2),
        (slice(None, None, -1), 0),
        ...,
        None,
        (..., None, 1),
        [0, 1, 1],
        ([0, 1, 1], [2, 2, 2]),
        (slice(None), [0, 2, 0]),
        (0, [0, 2, 0]),
        ([[0], [1]], [[0, 1]]),
        [],
        [True, False],
        (True, 0),
        np.array(1),
        (np.array([True, False]), 1),
        (),
    ],
    ids=repr,
)
def test_keys_of_every_sort(form, key):
    value = np.arange(6.0).reshape(2, 3)
    x = mg.parameter(value)
    assert form.value(x[key]).tolist() == value[key].tolist()
    (dx,) = form.slopes(mg.sum(x[key] * 2), [x])
    expected = np.zeros((2, 3))
    np.add.at(expected, key, 2.0)
    assert dx.tolist() == expected.tolist()


@functions
def test_an_index_may_be_a_node_and_a_mask_a_comparison(function):
    x = mg.parameter([3.0, -1.0, 2.0], name="x")
    i = mg.constant([2, 0], name="i")
    assert x[i].value.tolist() == [2.0, 3.0]
    assert x[i].inputs == (x, i)
    assert x[x > 0].value.tolist() == [3.0, 2.0]
    f = function(mg.sum(x[x > 0] ** 2), [x], wrt=[x])
    value, (dx,) = f([1.0, -5.0, 2.0, -3.0])
    assert (float(value), dx.tolist()) == (5.0, [2.0, 0.0, 4.0, 0.0])
    g = function(mg.sum(x[i]), [x, i], wrt=[x])
    assert g([1.0, 2.0], [1, 1, 0])[1][0].tolist() == [1.0, 2.0]


def test_a_node_is_iterated_over_along_its_first_axis():
    x = mg.parameter([[1.0, 2.0], [3.0, 4.0]], name="x")
    assert len(x) == 2
    first, second = x
    assert (first.value.tolist(), second.value.tolist()) == ([1.0, 2.0], [3.0, 4.0])
    loss = sum(mg.sum(row) * i for i, row in enumerate(x))
    assert mg.grad(loss, x).value.tolist() == [[0.0, 0.0], [1.0, 1.0]]


def test_a_key_reads_as_it_is_written():
    x = mg.parameter(np.zeros((4, 4)))
    assert repr(x[1:3, 0].op) == "Index(items=(1:3, 0))"
    assert repr(x[::2, [0, 1]].op) == "Index(items=(::2, ·))"
    assert repr(x[..., None, :-1].op) == "Index(items=(Ellipsis, None, :-1))"
    assert x[1:3].op == x[1:3].op != x[1:4].op
    assert len({x[1:3].op, x[1:3].op, x[0].op}) == 2
    assert parse([0]) == ((Given(),), [[0]])
    assert Index((Slice(None, None, 2),)).items == x[::2].op.items


@both_given(st.data())
def test_take_takes_the_place_of_its_axis(form, data):
    (value,) = spaced(data.draw, [(2, 3, 4)])
    axis = data.draw(st.integers(-3, 2))
    shape = data.draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=3))
    n = value.shape[axis]
    indices = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(-n, n - 1)))
    x = mg.parameter(value)
    taken = mg.take(x, indices, axis=axis)
    np.testing.assert_array_equal(form.value(taken), np.take(value, indices, axis=axis))
    (dx,) = form.slopes(mg.sum(taken), [x])
    counts = np.bincount(indices.ravel() % n, minlength=n)
    counted = np.moveaxis(np.broadcast_to(counts, np.moveaxis(value, axis, -1).shape), -1, axis)
    np.testing.assert_array_equal(dx, counted)


def test_the_log_probability_of_each_label():
    z = mg.parameter([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    labels = np.array([2, 0])
    picked = mg.take_along_axis(mg.log_softmax(z), labels[:, None], axis=1)
    loss = -mg.mean(picked)
    fused = mg.softmax_cross_entropy(z, labels)
    np.testing.assert_allclose(float(loss), float(fused), rtol=1e-15)
    np.testing.assert_allclose(mg.grad(loss, z).value, mg.grad(fused, z).value, atol=1e-16)


@both
def test_nothing_taken(form):
    x = mg.parameter([1.0, 2.0])
    for picked in (mg.take(x, []), x[[]], mg.take_along_axis(x, [], axis=0), x[:0]):
        assert form.value(picked).shape == (0,)
        assert form.slopes(mg.sum(picked), [x])[0].tolist() == [0.0, 0.0]


def test_of_one_axis_take_needs_no_name():
    assert mg.take([5.0, 6.0, 7.0], [2, -3]).value.tolist() == [7.0, 5.0]


def test_concat_and_stack_of_a_nodes_rows():
    x = mg.parameter([[1.0, 2.0], [3.0, 4.0]])
    assert mg.concat(x).value.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert mg.stack(x, axis=1).value.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    assert mg.concat([[[1.0]], [[2.0], [3.0]]], axis=None).value.tolist() == [1.0, 2.0, 3.0]


@functions
def test_a_gradient_that_scatters_is_a_function_of_nodes_too(function):
    x = mg.parameter([1.0, 2.0, 3.0], name="x")
    f = function(mg.grad(mg.sum(x[[0, 0, 2]] ** 2), x), [x])
    z = mg.parameter([1.0, 1.0, 4.0], name="z")
    again = f(z)
    assert isinstance(again, mg.Node)
    assert again.value.tolist() == [4.0, 0.0, 8.0]
    assert mg.grad(mg.sum(again), z).value.tolist() == [4.0, 0.0, 2.0]
    f = function(mg.grad(mg.sum(x[1:] ** 2), x), [x])
    assert f(z).value.tolist() == [0.0, 2.0, 8.0]


@both
def test_take_along_axis_where_x_is_the_one_that_repeats(form):
    x = mg.parameter([[1.0, 2.0, 3.0]])
    indices = np.array([[0, 2], [2, 2]])
    taken = mg.take_along_axis(x, indices, axis=1)
    assert form.value(taken).tolist() == [[1.0, 3.0], [3.0, 3.0]]
    (dx,) = form.slopes(mg.sum(taken * [[1.0, 2.0], [3.0, 4.0]]), [x])
    assert dx.tolist() == [[1.0, 0.0, 9.0]]


@pytest.mark.parametrize(
    ("pick", "shape", "arrays"),
    [
        (TakeAlongAxis(1), (1, 3), [[[0, 2], [2, 2]]]),
        (TakeAlongAxis(-2), (3, 2), [[[0], [-1]]]),
        (TakeAlongAxis(0), (3, 1), [[[0, 2, 2]]]),
        (Take(1), (2, 3), [[[0, -1], [2, 2]]]),
        (Take(-2), (2, 3), [1]),
        (Index((Given(), Given())), (2, 3), [[[0, 1], [1, 1]], [[2, 0], [0, 0]]]),
        (Index((Given(),)), (2, 3), [[[True, False, True], [False, True, False]]]),
        (Index((Slice(None, None, -1), 0)), (2, 3), []),
        (Index((..., None, Slice(1, None, None))), (2, 3), []),
    ],
    ids=repr,
)
def test_by_comparing_entries_come_back_to_where_they_were(pick, shape, arrays):
    arrays = tuple(map(np.asarray, arrays))
    x = np.zeros(shape)
    entries = np.random.default_rng(0).normal(size=x[pick.key(x, arrays)].shape)
    expected = np.zeros(shape)
    np.add.at(expected, pick.key(x, arrays), entries)
    found = pick.spread(np, entries, x, arrays)
    assert found.shape == shape
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


def test_a_key_is_a_part_of_the_notation_and_not_said_twice():
    (op,) = describe(mg.parameter([1.0, 2.0], name="x")[0]).ops
    assert op.parameters == ""
