"""Nodes and leaves: what they hold, what cannot be changed, how they mix with NumPy and Python."""

import copy
import math
import operator

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


# What cannot be changed


@pytest.mark.parametrize(
    "attribute",
    ["value", "op", "inputs", "kind", "source", "shape", "dtype", "ndim", "size", "new"],
)
def test_a_node_is_immutable(attribute):
    with pytest.raises(AttributeError):
        setattr(mg.parameter(1.0), attribute, None)


def test_values_are_read_only():
    x = mg.parameter([1.0, 2.0])
    for node in (x, x * 2, mg.sum(x), mg.softmax(x), x.T, mg.one_hot([0]), mg.add(1, 2)):
        with pytest.raises(ValueError, match="read-only"):
            node.value[...] = 0


def test_a_name_can_be_set_and_taken_away():
    x = mg.parameter(1.0)
    assert x.named("θ").name == x.label == "θ"
    assert x.named(None).name is None


# Operators


@given(
    st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]),
    st.sampled_from([2, 2.5, np.float64(1.5), np.array([1.0, 3.0]), [0.5, 2.0]]),
)
def test_operators_take_anything_on_either_side(operation, other):
    value = np.array([1.0, 2.0])
    x = mg.constant(value)
    np.testing.assert_array_equal(operation(x, other).value, operation(value, other))
    np.testing.assert_array_equal(operation(other, x).value, operation(other, value))


def test_matmul_takes_arrays_on_either_side():
    x, a = mg.constant(np.eye(2)), np.array([[1.0, 2.0], [3.0, 4.0]])
    for product in (x @ a, a @ x, x @ a.tolist(), a.tolist() @ x):
        np.testing.assert_array_equal(product.value, a)


@pytest.mark.parametrize("number", [2, 0.1, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_of_python_are_weak(number, dtype):
    x = mg.parameter(np.ones(2, dtype))
    for node in (x + number, number - x, x * number, number / x, x**number, number**x):
        assert node.dtype == dtype
    loss = mg.sum(mg.maximum(x * number, 0) ** 2)
    loss.backward()
    assert loss.grad.dtype == x.grad.dtype == dtype


def test_numbers_alone_are_numbers_of_numpy():
    assert (mg.add(1, 2).dtype, mg.add(1, 2.0).dtype) == (np.int64, np.float64)
    assert (mg.constant([1]) * 2).dtype == np.int64
    assert (mg.constant([1]) * 2.5).dtype == np.float64


def test_numpy_functions_of_nodes_are_ops():
    x = mg.constant([1.0, 2.0])
    assert np.exp(x).op == mg.exp(x).op
    assert np.power(x, 2).op == (x**2).op
    assert np.true_divide(3.0, x).op == (3.0 / x).op


def test_a_node_that_is_transposed_twice_is_back():
    x = mg.constant(np.arange(6.0).reshape(1, 2, 3))
    np.testing.assert_array_equal(x.T.T.value, x.value)
    np.testing.assert_array_equal(x.mT.mT.value, x.value)
    assert (x.T.shape, x.mT.shape, mg.constant([1.0]).T.shape) == ((3, 2, 1), (1, 3, 2), (1,))


# As a Python object


def test_truth_and_number_of_one_entry():
    x = mg.constant([[2.5]])
    assert math.sqrt(x * x) == float(x) == 2.5
    assert bool(x)
    assert not mg.constant(0.0)
    assert x == 2.5


def test_nodes_are_told_apart_in_sets_though_they_compare_by_entries():
    a, b = mg.constant(1.0), mg.constant(1.0)
    assert len({a, b, a}) == 2
    assert {a: "a", b: "b"}[b] == "b"


def test_a_deep_copy_is_another_node_of_the_same_value():
    x = mg.parameter([1.0], name="x")
    twin = copy.deepcopy(x)
    assert (twin is not x, twin.name, twin.value.tolist()) == (True, "x", [1.0])


def test_repr():
    x = mg.parameter([1.0, 2.0], name="x")
    assert repr(x) == "<Node 'x': parameter → [1., 2.]>"
    assert repr(x * 2) == "<Node: Multiply() of x, 2.0 → [2., 4.]>"
    assert repr(mg.constant(np.zeros((4, 4)))) == "<Node: constant → shape (4, 4), float64>"
    assert repr(mg.sum(mg.exp(x) + np.ones(2))) == (
        "<Node: Sum(axis=None, keepdims=False) of Add → 12.107338>"
    )
    assert repr(mg.one_hot([0]).named("x\ny")) == "<Node 'x\\ny': target → [[1.]]>"


def test_repr_does_not_round_a_small_number_to_0():
    assert "4.248354e-18" in repr(mg.softmax_cross_entropy([0.0, -40.0], 0))


def test_a_notebook_shows_the_picture(monkeypatch):
    import minigraph.draw

    def bundle(*shown):
        return shown

    monkeypatch.setattr(minigraph.draw, "notebook_bundle", bundle)
    x = mg.parameter(1.0)
    assert x._repr_mimebundle_(include={"text/plain"}) == (x, {"text/plain"}, None)


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
