"""Walking, expanding, replaying: in one order, at any depth."""

from dataclasses import dataclass

import numpy as np
import pytest
from forms_ import both_given
from hypothesis import strategies as st
from strategies_ import classifications

import minigraph as mg
from minigraph.arrays import NUMPY
from minigraph.graph import added, dependents, replay, topological_order

DEEP = 100_000


def chain(length):
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(length):
        y = y + 1e-5
    return x, y.named("y")


def leaves(node):
    """Return the leaves, less the constants that an expansion brings with it."""
    return {leaf for leaf in topological_order(node) if leaf.op is None and leaf.kind != "scalar"}


# The order


def test_each_node_comes_once_after_its_inputs_from_left_to_right():
    a, b = mg.constant(1.0, name="a"), mg.constant(2.0, name="b")
    c = (b * a).named("c")
    d = (c + a).named("d")
    assert [n.name for n in topological_order((d - c).named("e"))] == ["b", "a", "c", "d", "e"]
    assert [n.name for n in topological_order(c, d)] == ["b", "a", "c", "d"]


def test_outputs_are_walked_in_their_order():
    a, b = mg.constant(1.0, name="a"), mg.constant(2.0, name="b")
    assert [n.name for n in topological_order(a, b)] == ["a", "b"]
    assert [n.name for n in topological_order(b, a)] == ["b", "a"]


def test_the_walk_can_be_kept_to_some_nodes():
    x, c = mg.parameter(1.0, name="x"), mg.constant(1.0, name="c")
    y = (x * c).named("y")
    assert [n.name for n in topological_order(y, within=lambda n: n is not c)] == ["x", "y"]
    assert [n.name for n in added(y, {x})] == ["c", "y"]
    assert added(y, {y}) == []


def test_what_depends_on_what():
    x, c = mg.parameter(1.0), mg.constant(1.0)
    a, b = mg.exp(x), mg.exp(c)
    loss = a + b
    assert dependents(topological_order(loss), [x]) == {x, a, loss}


def test_diamonds_are_walked_once():
    x = mg.parameter(1.0)
    y = x
    for _ in range(60):
        y = y * y
    assert len(topological_order(y)) == 61
    y.backward()
    assert float(x.grad) == float(mg.grad(y, x)) == 2.0**60


# Depth


@pytest.mark.untraced
def test_a_long_chain_goes_forward_backward_and_out_of_memory():
    x, y = chain(DEEP)
    np.testing.assert_allclose(y.value, 2.0)
    y.backward()
    assert float(x.grad) == 1.0
    dx = mg.grad(y, x)
    assert (float(dx), dx.name) == (1.0, "∂y/∂x")
    assert repr(y).startswith("<Node 'y': Add() of Add")
    assert len(topological_order(y)) == 2 * DEEP + 1
    assert mg.expand(y) is y
    value, (gradient,) = mg.function(y, [x], wrt=[x])(3.0)
    np.testing.assert_allclose([value, gradient], [4.0, 1.0])
    del x, y, dx


def test_a_long_chain_has_a_second_derivative():
    x = mg.parameter(0.5)
    y = x
    for _ in range(1000):
        y = y * 1.0 + 0.0 * y * y
    dy = mg.grad(y, x)
    assert float(dy) == 1.0
    assert float(mg.grad(dy, x)) == 0.0


def test_a_long_chain_of_composites_is_expanded():
    z = mg.parameter([1.0, 2.0])
    y = z
    for _ in range(2000):
        y = mg.log_softmax(y)
    opened = mg.expand(y)
    # Linear in the depth: the same few primitives for each.
    assert len(topological_order(opened)) < 2000 * 20
    np.testing.assert_array_equal(opened.value, y.value)


# Expanding


@both_given(classifications(logits=st.floats(-20, 20)), st.booleans())
def test_an_expanded_graph_has_the_same_values_and_gradients(form, drawn, fused):
    z = mg.parameter(drawn.z, name="z")
    y = drawn.target if isinstance(drawn.target, mg.Node) else mg.constant(drawn.target)
    if fused:
        loss = mg.softmax_cross_entropy(z, y, axis=drawn.axis).named("L")
    else:
        loss = mg.cross_entropy(mg.softmax(z, axis=drawn.axis), y, axis=drawn.axis).named("L")
    opened = mg.expand(loss)
    assert not any(isinstance(node.op, mg.Composite) for node in topological_order(opened))
    assert leaves(loss) <= leaves(opened)
    assert opened.name == "L"
    # The very same NumPy calls in the very same order.
    np.testing.assert_array_equal(opened.value, loss.value)
    np.testing.assert_allclose(form.value(opened), loss.value, rtol=1e-9, atol=1e-12)
    loss.backward()
    gradient = z.grad
    (dz,) = form.slopes(opened, [z], atol=1e-12, rtol=1e-9)
    np.testing.assert_allclose(dz, gradient, rtol=1e-9, atol=1e-12)


def test_what_holds_no_composite_stays_the_same_nodes():
    x = mg.parameter([1.0, 2.0])
    y = mg.exp(x) * 2
    z = mg.softmax(y)
    opened = mg.expand(mg.sum(z * y).named("s"))
    assert mg.expand(y) is y
    assert {x, y} <= set(topological_order(opened))
    assert opened.name == "s"


def test_a_primitive_above_a_composite_keeps_its_name_and_value():
    x = mg.parameter([1.0, 2.0])
    y = (mg.logsumexp(x) * 3.0).named("y")
    opened = mg.expand(y)
    assert (opened.name, opened.op) == ("y", y.op)
    assert opened.value is y.value


def test_an_expanded_gradient_still_knows_its_forward_nodes():
    z = mg.parameter([1.0, 2.0], name="z")
    y_hat = mg.softmax(mg.log_softmax(z)).named("ŷ")
    dz = mg.grad(mg.sum(y_hat * y_hat).named("L"), z)
    opened = mg.expand(dz)
    assert opened.name == dz.name == "∂L/∂z"
    assert opened.source is z


def test_a_composite_that_returns_its_input_does_not_take_its_name():
    @dataclass(frozen=True)
    class Same(mg.Composite):
        def forward(self, xp, x):
            return x

        def backward(self, xp, cotangent, output, x):
            return (cotangent,)

    x = mg.parameter([1.0], name="x")
    opened = mg.expand(Same()(x).named("y"))
    assert (x.name, opened.name) == ("x", "y")


def test_what_expanding_makes_belongs_to_the_composite_and_its_line():
    z = mg.parameter([1.0, 2.0], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    loss = mg.cross_entropy(y_hat, 0).named("L")
    there = {z, *loss.inputs}
    for node in topological_order(mg.expand(loss)):
        if node not in there:
            assert node.source in {y_hat, loss}
            assert node._site == node.source._site
    # In a gradient's graph a node keeps the forward node that it belongs to.
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.logsumexp(x).named("y")
    inner = [node for node in topological_order(mg.expand(mg.grad(y, x))) if node.op == mg.exp]
    assert inner
    assert all(node.source in {x, y} for node in inner)


def test_a_graph_is_replayed_at_other_shapes_unless_they_are_fast():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.exp(x)
    given = {x: np.zeros(3)}
    assert replay([x, y], given, NUMPY)[y].tolist() == [1.0, 1.0, 1.0]
    with pytest.raises(mg.ShapeError, match="ties it to shape"):
        replay([x, y], given, NUMPY, same_shapes=True)
