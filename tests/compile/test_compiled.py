"""A compiled function is `mg.function`, for any graph and any batch."""

import numpy as np
import pytest
from compile.compare_ import agree, both
from compile.graphs_ import regression, rows
from hypothesis import HealthCheck, given, settings

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph
from minigraph.testing import strategies


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.graphs(max_steps=10))
def test_random_graphs(random_graph):
    nodes = random_graph.parameters()
    loss = mg.sum(random_graph(*nodes))
    both(loss, nodes, nodes, *random_graph.values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("key", EXAMPLES)
def test_the_lecture(key, fused):
    example = EXAMPLES[key]
    g = graph(example.theta, example.x, example.labels, example.classes, fused=fused)
    f = mg.compile(g.loss, [g.theta, g.x], [g.theta])
    for _ in range(3):
        loss, (gradient,) = f(example.theta, example.x)
        quantities = example.quantities
        np.testing.assert_allclose(loss, quantities["L"].exact, rtol=1e-12)
        np.testing.assert_allclose(
            example.theta - example.eta * gradient, quantities["θ − ηL'_θ"].exact, rtol=1e-10
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_last_smaller_batch_and_labels_as_indices(dtype):
    theta, x, labels = rows(5, dtype=dtype)
    t, a, y = mg.parameter(theta, name="θ"), mg.constant(x), mg.constant(labels)
    loss = mg.softmax_cross_entropy(a @ t, y)
    f = mg.compile(loss, [t, a, y], [t, a])
    g = mg.function(loss, [t, a, y], [t, a])
    rtol = 1e-12 if dtype == np.float64 else 1e-4
    for m in (5, 5, 2, 5, 2, 1, 1, 0, 0, 5):
        arrays = theta, x[:m], labels[:m]
        agree(f(*arrays), g(*arrays), rtol=rtol, atol=rtol / 10)


def test_errors_are_those_of_the_function():
    t, a = mg.parameter([[1.0]], name="θ"), mg.constant([[1.0]], name="x")
    f = mg.compile(mg.sum(t @ a), [t, a], [t])
    for _ in range(2):
        f([[1.0]], [[1.0]])
        with pytest.raises(mg.GraphError, match="takes 2 arrays, got 1"):
            f([[1.0]])
        with pytest.raises(mg.DTypeError, match="gradients need floating-point"):
            f(np.array([[1]]), [[1.0]])
        with pytest.raises(mg.ShapeError, match="inner lengths"):
            f([[1.0]], [[1.0], [2.0]])
    with pytest.raises(mg.GraphError, match="no Node"):
        mg.compile(3, [t])
    with pytest.raises(mg.OptionError, match="copy=1"):
        mg.compile(t, [t], copy=1)
    assert repr(f) == "<compiled (θ, x) → Sum>"


def test_errors_name_the_users_line_whatever_was_called_before():
    loss, inputs, (theta, x, y) = regression(labels_given=True)
    f = mg.compile(loss, inputs, inputs[:1])
    train = f.descent(0.1)
    for call in (f, train):
        for _ in range(2):
            with pytest.raises(mg.MinigraphError, match=r"at .*test_compiled\.py:\d+: call\("):
                call(theta, x, y + 7)
            call(theta, x, y)


def test_options_that_are_not_known():
    t = mg.parameter(1.0)
    for block in (-1, 1.5, True):
        with pytest.raises(mg.OptionError, match="block="):
            mg.compile(t * t, [t], block=block)


def test_results_are_right_at_the_first_call_and_when_shapes_alternate():
    z = mg.parameter([[0.0, -900.0]], name="z")
    f = mg.compile(mg.cross_entropy(mg.softmax(z), [1]), [z], [z])
    for _ in range(3):
        assert float(f([[0.0, -900.0]])[0]) == 900.0
        assert float(f([[0.0, -900.0, -1e4]])[0]) == 900.0


def edge_cases():
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant(3.0, name="c")
    s, loss = x * 2, mg.sum(x * x * x)
    return {
        "an input": (x, [x], None, ([5.0, 6.0],)),
        "a view of an input": (x.T, [x], None, ([5.0, 6.0],)),
        "a constant": (c, [x], None, ([1.0, 2.0],)),
        "no inputs": (loss, [], [x], ()),
        "by what is no input": (mg.sum(x * c), [c], [x], (2.0,)),
        "by nothing": (loss, [x], [], ([1.0, 2.0],)),
        "by one twice": (loss, [x], [x, x], ([1.0, 2.0],)),
        "what is given hides what it is made of": (mg.sum(s * s), [s], [s, x], ([1.0, 2.0],)),
        "an entry": (x[0], [x], [x], ([1.0, 2.0],)),
        "an input that is not needed": (mg.sum(x), [x, c], [c, x], ([1.0, 2.0], 1.0)),
        "a gradient": (mg.grad(loss, x), [x], None, ([1.0, 3.0],)),
        "a Hessian": (mg.hessian(loss, x), [x], None, ([1.0, 3.0],)),
    }


@pytest.mark.parametrize("case", edge_cases())
def test_edges(case):
    both(*edge_cases()[case][:3], *edge_cases()[case][3])


def test_a_gradient_starts_from_a_scalar():
    x = mg.parameter([1.0, 2.0], name="x")
    with pytest.raises(mg.GradientError, match="starts from a scalar"):
        mg.compile(x * x, [x], [x])([1.0, 2.0])


def test_the_graph_of_a_gradient_keeps_its_shape():
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.compile(mg.grad(mg.sum(x * x), x), [x])
    for _ in range(2):
        with pytest.raises(mg.ShapeError, match="ties it to shape"):
            f([1.0, 2.0, 3.0])
