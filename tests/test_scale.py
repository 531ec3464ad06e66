"""Depth, sharing, threads and memory: what holds for graphs of any size."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
from forms_ import both_given
from hypothesis import strategies as st

import minigraph as mg
from minigraph import namespace
from minigraph.draw import notebook_bundle
from minigraph.graph import topological_order
from minigraph.lecture import EXAMPLES, graph

DEEP = 1_000_000
RUNGS = 10_000


def refused(node, size):
    """Check that a graph is too large to draw unasked, and that this is said with what to do."""
    with pytest.raises(mg.GraphError) as caught:
        mg.draw(node)
    what, _, mend = str(caught.value).split("\n")
    assert what == f"a graph of {size} nodes takes long even to fold; the limit is 200000"
    assert "draw an inner node" in mend
    assert "fold=60" in mend
    assert notebook_bundle(node) == {"text/plain": repr(node)}


def folded(node, size, times, shown):
    """Check that a graph is drawn with its repeated blocks as one."""
    graph = mg.draw(node).description
    (part,) = graph.folded
    assert part.times == times
    assert len(graph.nodes) == shown
    assert len(graph.nodes) + part.hidden == size


@pytest.mark.untraced
def test_a_chain_of_a_million_nodes():
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(DEEP):
        y = mg.negative(y)
    y.named("y")
    assert float(y) == 1.0
    y.backward()
    assert x.grad == 1.0
    assert repr(y) == "<Node 'y': Negative() of Negative → 1.>"
    refused(y, DEEP + 1)
    gone = weakref.ref(y)
    del y
    gc.collect()  # what the refusal's traceback held
    assert gone() is None


@pytest.mark.untraced
def test_a_ladder_of_squarings_is_walked_once_a_rung():
    # Of x to the power of 2¹⁰⁰⁰⁰ at 1 the slope is beyond the largest float; of this it is 1.
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(RUNGS):
        y = y * y / 2 + 0.5
    y.named("y")
    assert len(topological_order(y)) == 1 + RUNGS * 5
    y.backward()
    dy = mg.grad(y, x)
    assert float(y) == float(x.grad) == float(dy) == 1.0
    assert repr(y) == "<Node 'y': Add() of Divide, 0.5 → 1.>"
    assert repr(dy).startswith("<Node '∂y/∂x': Add() of ")
    # The first rung is what is repeated; the last one, which ends in y, is shown.
    folded(y, 1 + RUNGS * 5, times=RUNGS - 1, shown=7)
    gone = weakref.ref(dy), weakref.ref(y)
    del y, dy
    gc.collect()
    assert all(ref() is None for ref in gone)


def test_a_slope_beyond_the_largest_float_is_infinite_and_warned_of():
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(2000):
        y = y * y
    with pytest.raises(mg.NonFiniteWarning, match="gave inf from finite inputs"):
        y.backward()
    assert np.isposinf(x.grad)


def test_the_order_is_that_of_evaluation_and_always_the_same():
    a, b = mg.constant(1.0, name="a"), mg.constant(2.0, name="b")
    y = (a + b) * (b - a)
    assert [n.label for n in topological_order(y)] == ["a", "b", "Add", "Subtract", "Multiply"]


@st.composite
def recipes(draw):
    """Draw a random graph with shared nodes: each step applies an op to two earlier nodes."""
    steps = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 9))))
    return steps


def build(steps, leaves):
    """Follow a recipe; values stay between −1 and 1, so that nothing overflows."""
    nodes = list(leaves)
    for kind, i, j in steps:
        a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
        made = [
            lambda a, b: (a + b) / 2,
            lambda a, b: a * b,
            lambda a, b: (a - b) / 2,
            lambda a, b: mg.exp(a - 1) * b / 2,
            lambda a, b: mg.softmax(a * b),
        ][kind]
        nodes.append(made(a, b))
    return mg.sum(nodes[-1] * nodes[len(nodes) // 2])


@both_given(recipes(), st.integers(0, 2**32 - 1))
def test_random_graphs_with_shared_nodes_agree_with_finite_differences(form, steps, seed):
    rng = np.random.default_rng(seed)
    values = [rng.uniform(-1, 1, size) for size in [(2, 3), (3,), (2, 1)]]
    leaves = [mg.parameter(value) for value in values]
    loss = build(steps, leaves)
    loss.backward()
    directions = [rng.uniform(-1, 1, value.shape) for value in values]
    h = 1e-5
    shifted = [
        build(steps, [mg.constant(v + s * h * d) for v, d in zip(values, directions, strict=True)])
        for s in (1, -1)
    ]
    along = (float(shifted[0]) - float(shifted[1])) / (2 * h)
    ours = sum(
        np.sum(leaf.grad * d)
        for leaf, d in zip(leaves, directions, strict=True)
        if leaf.grad is not None
    )
    np.testing.assert_allclose(ours, along, rtol=1e-6, atol=1e-8)
    # The same by the graph of the gradient, by a function of arrays, and expanded.
    graphs = mg.grad(loss, leaves)
    value, arrays = form.function(loss, leaves, leaves)(*values)
    np.testing.assert_allclose(value, float(loss), rtol=1e-12)
    mg.expand(loss).backward()
    for leaf, node, array in zip(leaves, graphs, arrays, strict=True):
        if node is None:
            assert array is None
            continue
        np.testing.assert_allclose(node.value, array, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(leaf.grad, array, rtol=1e-9, atol=1e-12)


def test_no_gradient_shares_memory_and_nothing_given_is_written():
    given_value = np.arange(6.0).reshape(2, 3)
    kept = given_value.copy()
    a, b = mg.parameter(given_value, copy=False), mg.parameter(given_value, copy=False)
    loss = mg.sum((a + b).T)
    loss.backward()
    loss.backward()  # nothing accumulates
    assert a.grad.tolist() == b.grad.tolist() == [[1.0] * 3] * 2
    gradients = [node.grad for node in topological_order(loss) if node.grad is not None]
    for i, one in enumerate(gradients):
        assert not np.shares_memory(one, given_value)
        assert not any(np.shares_memory(one, other) for other in gradients[:i])
    gradient_of_a, gradient_of_b = mg.grad(loss, [a, b])
    assert gradient_of_a is not gradient_of_b
    assert not np.shares_memory(gradient_of_a.value, gradient_of_b.value)
    np.testing.assert_array_equal(given_value, kept)


def test_a_function_of_arrays_gives_memory_of_its_own():
    x = mg.parameter([1.0, 2.0])
    array = np.array([3.0, 4.0])
    assert not np.shares_memory(mg.function(x, [x])(array), array)
    value, (dx,) = mg.function(mg.sum(x), [x], [x])(array)
    assert dx.flags.writeable
    assert value == 7.0


def test_what_an_earlier_backward_left_goes_where_nothing_arrives_now():
    x = mg.parameter([1.0, -1.0])
    y = x * 2
    mg.sum(y).backward()
    assert y.grad is not None
    mg.sum(y * mg.sign(y)).backward()
    assert y.grad.tolist() == [1.0, -1.0]
    z = mg.sum(mg.sign(y))
    z.backward()
    assert y.grad is None
    assert mg.grad(z, x) is None


def test_two_threads_agree_with_one():
    example = EXAMPLES["C"]

    def work(seed):
        rng = np.random.default_rng(seed)
        made = graph(
            example.theta + rng.normal(size=(3, 3)), example.x, example.labels, example.classes
        )
        made.loss.backward()
        return made.theta.grad, mg.grad(made.loss, made.theta).value

    seeds = range(40)
    alone = [work(seed) for seed in seeds]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(work, seeds))
    np.testing.assert_array_equal(alone, together)


@pytest.mark.parametrize(
    "layout",
    [
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a[::-1].copy()[::-1],
        lambda a: a.astype(">f8"),
        lambda a: np.broadcast_to(a, (1, *a.shape))[0],
    ],
    ids=["Fortran order", "strided", "negative strides", "big-endian", "broadcast view"],
)
@pytest.mark.parametrize("copy", [True, False])
def test_any_layout_is_taken(layout, copy):
    plain = np.arange(6.0).reshape(2, 3)
    array = layout(plain)
    a = mg.parameter(array, copy=copy)
    b = mg.parameter(plain)
    for node in (a, b):
        mg.sum(mg.exp(node / 6) @ node.T).backward()
    np.testing.assert_array_equal(a.grad, b.grad)
    assert a.grad.dtype == np.float64
    assert not a.value.flags.writeable


def test_expand_opens_an_op_that_saves_and_passes_an_input_through():
    @dataclass(frozen=True)
    class Same(mg.Composite):
        def forward(self, xp, x):
            return x

        def backward(self, xp, cotangent, output, x):
            return (cotangent,)

    x = mg.parameter([1.0, 2.0], name="x")
    y = Same()(x).named("y")
    opened = mg.expand(y)
    assert (x.name, opened.name, opened.value.tolist()) == ("x", "y", [1.0, 2.0])
    assert mg.grad(mg.sum(opened), x).value.tolist() == [1.0, 1.0]


def test_products_with_vectors():
    rng = np.random.default_rng(0)
    shapes = [((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((4, 2, 3), (3,)), ((3,), (4, 3, 2))]
    for shape, other in shapes:
        a, b = mg.parameter(rng.normal(size=shape)), mg.parameter(rng.normal(size=other))
        product = a @ b
        cotangent = rng.normal(size=product.shape)
        mg.sum(product * cotangent).backward()
        # The product is linear in each: the gradient along the input itself is the output.
        assert np.sum(a.grad * a.value) == pytest.approx(np.sum(cotangent * product.value))
        assert np.sum(b.grad * b.value) == pytest.approx(np.sum(cotangent * product.value))
        e = rng.normal(size=shape)
        assert np.sum(a.grad * e) == pytest.approx(np.sum(cotangent * (e @ b.value)))


def test_rules_may_make_constants():
    x = mg.parameter([1.0, 2.0], name="x")
    assert namespace.zeros_like(x).value.tolist() == [0.0, 0.0]
    assert namespace.asarray(x) is x


def test_a_room_is_imported_when_it_is_first_used(monkeypatch):
    import minigraph.lecture as room

    monkeypatch.delattr(mg, "lecture")
    assert mg.lecture is room
    assert mg.parameter([1.0]).__array_namespace__() is namespace
    assert namespace.float32 == np.float32


def test_a_message_calls_an_unnamed_node_by_its_variable():
    x = mg.parameter([1.0, 2.0], name="x")
    twice = x * 2
    with pytest.raises(mg.GradientError, match=r"\n  twice = Multiply  shape \(2,\), float64\n"):
        twice.backward()
    with pytest.raises(mg.ShapeError, match=r"\n  twice = Multiply  shape \(2,\), float64\n  con"):
        twice + np.ones(3)
