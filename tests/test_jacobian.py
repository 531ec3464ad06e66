"""Jacobian, Hessian and its products: against closed forms and finite differences."""

import numpy as np
import pytest
from cases_ import spaced
from forms_ import both, both_given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minigraph as mg
from minigraph.graph import topological_order

SMALL = hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)


@both_given(st.data())
def test_the_jacobian_of_softmax(form, data):
    (x,) = spaced(data.draw, [data.draw(st.tuples(st.integers(1, 5)))])
    z = mg.parameter(x, name="z")
    y_hat = mg.softmax(z).named("ŷ")
    found = mg.jacobian(y_hat, z)
    p = np.exp(x) / np.exp(x).sum()
    np.testing.assert_allclose(
        form.value(found), np.diag(p) - np.outer(p, p), rtol=1e-12, atol=1e-15
    )
    assert found.name == "∂ŷ/∂z"


@both_given(st.data())
def test_the_jacobian_of_a_linear_map_is_its_matrix(form, data):
    n, m = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    a, x = spaced(data.draw, [(n, m), (m,)])
    node = mg.parameter(x)
    np.testing.assert_allclose(form.value(mg.jacobian(mg.constant(a) @ node, node)), a)


@both_given(st.data())
def test_shapes_are_those_of_the_output_and_the_node(form, data):
    left, right = data.draw(SMALL), data.draw(SMALL)
    x, y = map(mg.parameter, spaced(data.draw, [left, right]))
    outer = mg.reshape(x, (*left, *[1] * len(right))) * y
    for node, shape in ((x, left), (y, right)):
        found = mg.jacobian(outer, node)
        assert found.shape == outer.shape + shape
        assert found.dtype == np.float64
    expected = np.zeros((*outer.shape, *right))
    for i in np.ndindex(left):
        for j in np.ndindex(right):
            expected[(*i, *j, *j)] = x.value[i]
    np.testing.assert_array_equal(form.value(mg.jacobian(outer, y)), expected)


@both
def test_float32_stays(form):
    x = mg.parameter(np.float32([1.0, 2.0]))
    for derivative in (
        mg.jacobian(x * x, x),
        mg.hessian(mg.sum(x**3), x),
        mg.hvp(mg.sum(x**3), x, [1, 2]),
        mg.jacobian(x[:0], x),
    ):
        assert form.value(derivative).dtype == np.float32


def test_of_several_nodes_and_none_where_no_path_leads():
    x, y, other = (mg.parameter([1.0, 2.0], name=n) for n in "xyo")
    a, b, c = mg.jacobian((x * y).named("f"), [x, y, other])
    assert (a.value.tolist(), b.value.tolist(), c) == ([[1, 0], [0, 2]], [[1, 0], [0, 2]], None)
    assert mg.jacobian(x * y, other) is None
    assert mg.jacobian(x * y, []) == ()
    assert (a.name, a.source) == ("∂f/∂x", x)


def test_the_gradients_in_a_jacobian_are_named_by_their_entry():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.exp(x).named("y")
    names = [node.name for node in topological_order(mg.jacobian(y, x))]
    assert [name for name in names if name and name.startswith("∂")] == [
        "∂y[0]/∂x",
        "∂y[1]/∂x",
        "∂y/∂x",
    ]


def test_a_jacobian_shares_what_its_rows_have_in_common():
    z = mg.parameter([1.0, 2.0, 3.0, 4.0], name="z")
    found = mg.jacobian(mg.logsumexp(mg.stack([z, 2 * z])), z)
    made = [(type(n.op), n.op, tuple(map(id, n.inputs))) for n in topological_order(found) if n.op]
    assert len(set(made)) == len(made)


@both_given(st.data())
def test_the_hessian_of_a_quadratic_form_is_its_symmetric_part_twice(form, data):
    n = data.draw(st.integers(1, 4))
    a, x = spaced(data.draw, [(n, n), (n,)])
    node = mg.parameter(x)
    hessian = mg.hessian(node @ mg.constant(a) @ node, node)
    np.testing.assert_allclose(form.value(hessian), a + a.T, rtol=1e-12, atol=1e-14)


def rosenbrock(x):
    return mg.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_hessian(x):
    n = len(x)
    h = np.diag(-400 * x[:-1], 1)
    h = h + h.T
    diagonal = np.zeros(n)
    diagonal[:-1] += 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    diagonal[1:] += 200
    return h + np.diag(diagonal)


@both_given(st.data())
def test_the_hessian_of_rosenbrock_and_its_products(form, data):
    x, v = spaced(data.draw, [(4,), (4,)])
    node = mg.parameter(x, name="x")
    loss = rosenbrock(node).named("f")
    h = rosenbrock_hessian(x)
    np.testing.assert_allclose(form.value(mg.hessian(loss, node)), h, rtol=1e-11, atol=1e-9)
    product = mg.hvp(loss, node, v)
    np.testing.assert_allclose(form.value(product), h @ v, rtol=1e-10, atol=1e-9)
    assert product.name == "∂(∇f·v)/∂x"


@both
def test_the_hessian_of_the_loss_is_the_covariance_of_the_softmax(form):
    z = mg.parameter([0.28, -0.05, 0.02])
    p = np.exp(z.value) / np.exp(z.value).sum()
    for loss in (
        mg.softmax_cross_entropy(z, 0),
        mg.cross_entropy(mg.softmax(z), 0),
        mg.expand(mg.softmax_cross_entropy(z, 0)),
        mg.logsumexp(z) - z[0],
    ):
        h = form.value(mg.hessian(loss, z))
        np.testing.assert_allclose(h, np.diag(p) - np.outer(p, p), rtol=1e-10, atol=1e-13)


def test_a_hessian_in_blocks():
    x, y, other = mg.parameter([1.0, 2.0]), mg.parameter([[3.0]]), mg.parameter(1.0)
    (xx, xy, xo), (yx, yy, _), others = mg.hessian(mg.sum(x**2 * y), [x, y, other])
    assert xx.value.tolist() == [[6.0, 0.0], [0.0, 6.0]]
    assert xy.shape == (2, 1, 1)
    assert yx.shape == (1, 1, 2)
    assert xy.value.ravel().tolist() == yx.value.ravel().tolist() == [2.0, 4.0]
    assert (yy, xo, others) == (None, None, (None, None, None))
    assert mg.hessian(mg.sum(x), x) is None
    assert mg.hessian(mg.sum(x), other) is None


def test_products_of_several_nodes():
    x, y = mg.parameter([1.0, 2.0], name="x"), mg.parameter(3.0, name="y")
    loss = mg.sum(x**2 * y)
    hx, hy = mg.hvp(loss, [x, y], [[1.0, -1.0], 2.0])
    assert hx.value.tolist() == [2 * 3 * 1 + 2 * 2, -2 * 3 + 4 * 2]
    assert float(hy) == 2 * 1 * 1 - 2 * 2 * 1
    v = mg.parameter([1.0, 1.0], name="v")
    product = mg.hvp(loss, x, v)
    assert mg.grad(mg.sum(product), v).value.tolist() == [6.0, 6.0]
    assert mg.hvp(mg.sum(x), x, [1.0, 1.0]) is None
    assert mg.hvp(mg.sum(x), [y, x], [1.0, [1.0, 1.0]]) == (None, None)
    assert mg.hvp(mg.sum(x), y, 1.0) is None


@pytest.mark.untraced
@both_given(st.data())
def test_any_function_against_differences_of_its_gradient(form, data):
    x, v = spaced(data.draw, [(2, 3), (2, 3)], -1.0, 1.0)

    def loss(node):
        return mg.mean(mg.tanh(node @ node.T) * mg.logsumexp(node)) + mg.prod(node) + mg.var(node)

    node = mg.parameter(x)
    step = 1e-5

    def slope(value):
        at = mg.parameter(value)
        loss(at).backward()
        return at.grad

    expected = (slope(x + step * v) - slope(x - step * v)) / (2 * step)
    product = form.value(mg.hvp(loss(node), node, v))
    np.testing.assert_allclose(product, expected, rtol=1e-6, atol=1e-8)
    h = form.value(mg.hessian(loss(node), node))
    np.testing.assert_allclose(np.tensordot(h, v, 2), expected, rtol=1e-6, atol=1e-8)


@both
def test_third_derivatives(form):
    x = mg.parameter(2.0, name="x")
    y = mg.exp(x * x)
    for order in range(1, 5):
        y = mg.grad(y, x)
        hermite = [2 * 2.0, 4 * 4 + 2, 8 * 8 + 12 * 2, 16 * 16 + 48 * 4 + 12]
        np.testing.assert_allclose(form.value(y), hermite[order - 1] * np.exp(4.0), rtol=1e-13)


@pytest.mark.parametrize("derivative", [mg.jacobian, mg.hessian])
def test_a_sequence_of_one_gives_a_sequence_of_one(derivative):
    x = mg.parameter([1.0, 2.0])
    (found,) = derivative(mg.sum(x**3), [x])
    assert isinstance(found, tuple if derivative is mg.hessian else mg.Node)


def test_the_vector_counts_as_constant_even_if_it_depends_on_the_nodes():
    x = mg.parameter([1.0, 2.0], name="x")
    loss = mg.sum(x**3).named("L")
    assert mg.hvp(loss, x, mg.grad(loss, x)).value.tolist() == [18.0, 144.0]
    assert mg.hvp(loss, x, x).value.tolist() == [6.0, 24.0]


def test_equal_jacobians_of_two_nodes_are_two_nodes():
    x, y = mg.parameter([1.0, 2.0], name="x"), mg.parameter([3.0, 4.0], name="y")
    a, b = mg.jacobian((x + y).named("s"), [x, y])
    assert a is not b
    assert (a.name, b.name, a.source, b.source) == ("∂s/∂x", "∂s/∂y", x, y)
    assert not np.shares_memory(a.value, b.value)
    (_, second), (_, fourth) = mg.hessian(mg.sum((x + y) ** 2).named("L"), [x, y])
    assert second.name == "∂(∂L/∂x)/∂y"
    assert fourth.name == "∂(∂L/∂y)/∂y"


def test_the_jacobian_of_float32_needs_no_cast():
    x = mg.parameter(np.float32([1, 2]), name="x")
    order = topological_order(mg.jacobian(mg.exp(x), x))
    assert "AsType" not in [node.label for node in order]
    assert order[-1].op.label != "BroadcastTo"  # nor a twin of what stands alone


def test_the_jacobian_of_a_scalar_is_named_as_its_gradient():
    x = mg.parameter([1.0, 2.0], name="x")
    order = topological_order(mg.jacobian(mg.sum(x * x * x).named("L"), x))
    assert {node.name for node in order if node.op is not None} >= {"∂L/∂x"}
    assert not [node.name for node in order if node.name and "[" in node.name]


def test_products_where_the_first_node_has_no_part():
    x, y = mg.parameter(2.0, name="x"), mg.parameter(3.0, name="y")
    assert mg.hvp(y**3, [x, y], [1.0, 1.0])[0] is None
    assert float(mg.hvp(y**3, [x, y], [1.0, 1.0])[1]) == 18.0
