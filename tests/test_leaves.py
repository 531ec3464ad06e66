"""Leaves: parameters, constants and targets, from anything like an array."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigraph as mg

LAYOUTS = {
    "C": lambda x: x,
    "Fortran": np.asfortranarray,
    "reversed": lambda x: np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1],
    "strided": lambda x: np.repeat(np.repeat(x, 2, axis=0), 3, axis=1)[::2, ::3],
    "big-endian": lambda x: x.astype(x.dtype.newbyteorder(">")),
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
    "subclass": lambda x: x.view(np.recarray),
}


# Leaves


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("copied", [True, False])
def test_any_layout_gives_the_same_graph(layout, copied):
    plain = np.arange(6.0).reshape(2, 3)
    given_ = LAYOUTS[layout](plain)
    before = given_.tobytes()
    x, w = mg.parameter(given_, copy=copied), mg.parameter(np.ones((3, 2)))
    mg.sum((x @ w) ** 2).backward()
    np.testing.assert_array_equal(x.grad, 2 * (plain @ w.value) @ w.value.T)
    assert x.dtype.isnative
    assert given_.tobytes() == before


def test_a_view_that_repeats_one_entry():
    x = mg.parameter(np.broadcast_to(np.array(3.0), (2, 2)))
    mg.sum(x * x).backward()
    assert x.grad.tolist() == [[6.0, 6.0], [6.0, 6.0]]


def test_a_leaf_copies_what_it_is_given():
    array = np.ones(2)
    x = mg.parameter(array)
    array[:] = 7
    assert x.value.tolist() == [1.0, 1.0]


def test_without_a_copy_the_leaf_reads_the_same_memory():
    array = np.ones(2)
    x = mg.parameter(array, copy=False)
    assert np.shares_memory(x.value, array)
    assert array.flags.writeable
    assert not x.value.flags.writeable


@pytest.mark.parametrize("value", [2.0, [1.0, 2.0], ((1, 2), (3, 4.5)), np.float32(1), range(3)])
def test_leaves_of_anything_like_an_array(value):
    x = mg.constant(value, "x")
    np.testing.assert_array_equal(x.value, np.asarray(value))
    assert (x.name, x.kind, x.op, x.inputs, x.source, x.grad) == (
        "x",
        "constant",
        None,
        (),
        None,
        None,
    )


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g", "i1", "u8", "?"])
def test_a_leaf_keeps_its_dtype(dtype):
    x = mg.constant(np.ones((2, 1), dtype))
    assert x.dtype == dtype
    assert (x.shape, x.ndim, x.size) == ((2, 1), 2, 2)


# Targets


@given(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.sampled_from([0, 1, -1, -2]))
def test_one_hot_is_1_at_the_label(labels, axis):
    y = mg.one_hot(labels, classes=4, axis=axis)
    expected = np.eye(4)[labels]
    np.testing.assert_array_equal(y.value, expected.T if axis in (0, -2) else expected)
    assert (y.kind, y.dtype, y.op) == ("target", np.float64, None)


@pytest.mark.parametrize(
    ("labels", "classes", "expected"),
    [
        ([3, 1], [1, 2, 3], [[0, 0, 1], [1, 0, 0]]),
        ([3, 1], None, [[0, 1], [1, 0]]),
        (["b", "a"], ["a", "b"], [[0, 1], [1, 0]]),
        (["b", "b"], None, [[1], [1]]),
        (2, 3, [0, 0, 1]),
        ([[0], [1]], 2, [[[1, 0]], [[0, 1]]]),
        (mg.constant([1, 0]), np.int64(2), [[0, 1], [1, 0]]),
        (np.array([1, 0], np.uint8), 2, [[0, 1], [1, 0]]),
    ],
)
def test_labels_and_classes_of_every_sort(labels, classes, expected):
    assert mg.one_hot(labels, classes, name="y").value.tolist() == expected


def test_no_gradient_flows_to_constants_and_targets():
    z, x, y = mg.parameter([1.0, 2.0]), mg.constant([1.0, 1.0]), mg.one_hot(0, 2)
    mg.softmax_cross_entropy(z * x, y).backward()
    assert z.grad is not None
    assert x.grad is None
    assert y.grad is None


@pytest.mark.parametrize("dtype", [int, np.float16, np.float32, float])
def test_a_leaf_copies_any_dtype_unless_told_not_to(dtype):
    array = np.array([1, 2], dtype)
    kept, shared = mg.constant(array), mg.constant(array, copy=False)
    array[0] = 5
    assert (kept.value[0], shared.value[0]) == (1, 5)


@pytest.mark.parametrize("array", [np.array([1, 2]), np.array([True])])
def test_a_parameter_of_an_array_that_is_not_of_floats_is_refused(array):
    with pytest.raises(mg.DTypeError, match="gradients need floating-point numbers"):
        mg.parameter(array)


@pytest.mark.parametrize("array", [np.array([1j]), np.array([None]), np.array(["a"])])
def test_a_leaf_of_an_array_that_is_not_of_real_numbers_is_refused(array):
    with pytest.raises(mg.DTypeError, match="values are real numbers"):
        mg.constant(array)


def test_the_axis_of_one_hot_counts_from_the_end_too():
    assert mg.one_hot([0, 1, 2], axis=-2).value.tolist() == np.eye(3).tolist()
    assert mg.one_hot([1, 0], classes=3, axis=-2).value.tolist() == [[0, 1], [1, 0], [0, 0]]
    labels = [[0, 1, 1]]
    for axis in (-1, -2, -3):
        hot = mg.one_hot(labels, classes=2, axis=axis).value
        assert np.argmax(hot, axis=axis).tolist() == labels
    for axis in (-3, 2):
        with pytest.raises(mg.LabelError, match="out of range"):
            mg.one_hot([0, 1, 2], axis=axis)


def test_a_number_of_an_expression_is_a_leaf_that_cannot_be_written_to():
    x = mg.parameter([1.0, 2.0])
    number = (x + 1).inputs[1]
    assert (number.kind, number.value.flags.writeable) == ("scalar", False)
    assert [leaf.kind for leaf in mg.add(1, 2).inputs] == ["constant", "constant"]
