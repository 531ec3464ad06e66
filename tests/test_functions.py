"""A graph as a function of arrays: of other batches, other dtypes, other libraries."""

from dataclasses import dataclass

import numpy as np
import pytest
from forms_ import both_given, functions
from strategies_ import arrays

import minigraph as mg
from minigraph.graph import topological_order
from minigraph.namespace import astype


@both_given(arrays((2, 3)), arrays((4, 3)))
def test_a_function_takes_other_batches(form, theta, rows):
    x = mg.constant(np.ones((1, 3)), name="x")
    w = mg.parameter(theta, name="θ")
    y = mg.constant([0], name="y")
    f = form.function(mg.softmax_cross_entropy(x @ w.T, y), [w, x, y], wrt=[w])
    labels = [0, 1, 1, 0]
    value, (dw,) = f(theta, rows, labels)
    w = mg.parameter(theta)
    loss = mg.softmax_cross_entropy(mg.constant(rows) @ w.T, labels)
    loss.backward()
    np.testing.assert_allclose(value, loss.value, rtol=1e-13)
    np.testing.assert_allclose(dw, w.grad, rtol=1e-12, atol=1e-15)


@functions
def test_what_is_not_given_keeps_its_value(function):
    x, w = mg.constant([1.0, 2.0]), mg.parameter([3.0, 4.0])
    f = function(mg.sum(w * x) + 1, [x])
    assert float(f([10.0, 20.0])) == 111.0
    assert float(f([0.0, 0.0])) == 1.0


@functions
@pytest.mark.parametrize("build", [mg.softmax, mg.log_softmax, lambda z: mg.exp(z) ** 2 / 3 + 1])
def test_float32_is_replayed_as_float32(function, build):
    z = mg.parameter([1.0, 2.0])
    value, (dz,) = function(mg.sum(build(z)), [z], wrt=[z])(np.float32([0.5, 0.25]))
    assert value.dtype == dz.dtype == np.float32


@functions
def test_a_given_node_hides_what_it_was_made_of(function):
    x = mg.parameter([1.0, 2.0], name="x")
    z = mg.softmax_cross_entropy(x, 0).named("z")
    loss = z * z + mg.sum(x)
    f = function(loss, [z], wrt=[x, z])
    value, (dx, dz) = f(3.0)
    assert (float(value), dx.tolist(), float(dz)) == (12.0, [1.0, 1.0], 6.0)


@functions
def test_an_output_that_is_given(function):
    x = mg.parameter([1.0, 2.0])
    given_ = np.array([5.0, 6.0])
    result = function(x, [x])(given_)
    assert result.tolist() == [5.0, 6.0]
    assert not np.shares_memory(result, given_)
    assert not np.shares_memory(function(x.T, [x])(given_), given_)


@functions
def test_an_argument_that_the_output_does_not_need(function):
    x, y = mg.parameter(1.0), mg.parameter(1.0)
    value, (dy, dx) = function(x * 2, [x, y], wrt=[y, x])(3.0, 4.0)
    assert (float(value), dy, float(dx)) == (6.0, None, 2.0)


@functions
def test_by_what_is_no_argument(function):
    x, w = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0])
    z = w * x
    _, (dw, dz, again) = function(mg.sum(z * z), [x], wrt=[w, z, w])([1.0, 1.0])
    assert (dw.tolist(), dz.tolist(), again.tolist()) == ([6.0, 8.0], [6.0, 8.0], [6.0, 8.0])
    assert not np.shares_memory(dw, again)


@functions
def test_lists_of_integers_stand_for_floats(function):
    x = mg.parameter(np.float32([1.0, 2.0]))
    value, (dx,) = function(mg.mean(x * x), [x], wrt=[x])([1, 2, 3])
    assert (value.dtype, dx.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(dx, np.array([2, 4, 6]) / 3, rtol=1e-6)


@functions
def test_a_function_of_nodes_is_a_graph(function):
    x = mg.parameter([1.0, 2.0])
    small = mg.sum(astype(x, np.float32) ** 2)
    f = function(mg.softmax_cross_entropy(x, 0), [x], wrt=[x])
    z = mg.parameter([0.0, -40.0])
    loss, (dz,) = f(z)
    assert (float(loss), dz.value.tolist()) == (
        4.248354255291589e-18,
        [-4.248354255291589e-18, 4.248354255291589e-18],
    )
    np.testing.assert_allclose(mg.grad(dz, z, [1.0, 0.0]).value, [4.2e-18, -4.2e-18], rtol=0.02)
    assert function(small, [x])(z).dtype == np.float32


def test_the_name_of_a_function():
    x, y = mg.parameter(1.0, name="x"), mg.constant(1.0, name="y")
    assert repr(mg.function((x * y).named("L"), [x, y])) == "<function (x, y) → L>"


@functions
def test_a_gradient_through_a_mask_is_refused_where_the_mask_picks_another_number(function):
    x = mg.parameter([1.0, 2.0, 3.0], name="x")
    positive = x[x > 2.5]  # here
    gradient = mg.grad(mg.mean(positive), x)
    assert function(gradient, [x])([1.0, 9.0, 0.0]).tolist() == [0.0, 1.0, 0.0]
    with pytest.raises(mg.ShapeError) as caught:
        function(gradient, [x])([3.0, 4.0, 5.0])
    assert str(caught.value).startswith(
        "Scatter: shape (3,) is picked, but the entries have (1,): the graph of a gradient picks"
    )
    # Where the number is built in further up, it is that node that is named.
    twice = mg.grad(mg.sum(positive * positive), x)
    with pytest.raises(mg.ShapeError) as caught:
        function(twice, [x])([3.0, 4.0, 5.0])
    what, _, where, _ = str(caught.value).split("\n")
    assert what.startswith("Index got shape (3,), but this is the graph of a gradient")
    assert where.endswith("# here")


@functions
def test_nothing_is_computed_that_was_given(function):
    @dataclass(frozen=True)
    class Counted(mg.Op):
        def forward(self, xp, x):
            calls.append(self)
            return x

    calls = []
    x = mg.parameter([1.0, 2.0], name="x")
    z = Counted()(mg.exp(Counted()(x)))
    f = function(mg.sum(z * z), [z], wrt=[z])
    calls.clear()
    value, (dz,) = f([3.0, 4.0])
    assert (value, dz.tolist(), calls) == (25.0, [6.0, 8.0], [])


@functions
def test_a_gradient_of_nodes_has_no_guards_that_nothing_needs(function):
    x = mg.parameter([1.0, 2.0], name="x")
    f = function(mg.sum(mg.exp(x) * x), [x], wrt=[x])
    _, (dx,) = f(mg.parameter([0.0, 1.0], name="u"))
    assert "Where" not in {node.label for node in topological_order(dx)}
    np.testing.assert_allclose(dx.value, np.exp([0.0, 1.0]) * [1.0, 2.0])
