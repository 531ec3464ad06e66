"""Nodes: what cannot be changed, and how they mix with NumPy and Python."""

import copy
import math
import operator

import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st

import minigraph as mg

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


@both_given(
    st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]),
    st.sampled_from([2, 2.5, np.float64(1.5), np.array([1.0, 3.0]), [0.5, 2.0]]),
)
def test_operators_take_anything_on_either_side(form, operation, other):
    value = np.array([1.0, 2.0])
    x = mg.parameter(value)
    np.testing.assert_array_equal(form.value(operation(x, other)), operation(value, other))
    np.testing.assert_array_equal(form.value(operation(other, x)), operation(other, value))


def test_matmul_takes_arrays_on_either_side():
    x, a = mg.constant(np.eye(2)), np.array([[1.0, 2.0], [3.0, 4.0]])
    for product in (x @ a, a @ x, x @ a.tolist(), a.tolist() @ x):
        np.testing.assert_array_equal(product.value, a)


@both
@pytest.mark.parametrize("number", [2, 0.1, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_of_python_are_weak(form, number, dtype):
    x = mg.parameter(np.ones(2, dtype))
    for node in (x + number, number - x, x * number, number / x, x**number, number**x):
        assert form.value(node).dtype == node.dtype == dtype
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


def test_what_a_node_lacks_is_an_attribute_error():
    x = mg.parameter([1.0, 2.0], name="x")
    assert not hasattr(x, "reshape")
    assert not hasattr(x, "no_such_thing")
    with pytest.raises(AttributeError, match="'Node' object has no attribute 'no_such_thing'"):
        _ = x.no_such_thing
    with pytest.raises(AttributeError, match="a Node has no method reshape"):
        x.reshape(2, 1)


def test_what_is_made_has_no_kind_and_needs_a_parameter_below_it():
    x = mg.exp(mg.constant(1.0))
    assert x.kind is None
    with pytest.raises(mg.GradientError, match="depends on no parameter"):
        mg.exp(x).backward()


def test_repr_shows_up_to_twelve_entries():
    assert "shape" not in repr(mg.constant(np.zeros(12)))
    assert "shape (13,)" in repr(mg.constant(np.zeros(13)))


def test_length_and_entries_are_those_of_the_first_axis():
    x = mg.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert len(x) == 2
    assert [row.value.tolist() for row in x] == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
