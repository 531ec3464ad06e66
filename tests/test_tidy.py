"""A gradient's graph is tidy, and says of each node whose it is."""

import numpy as np
import pytest
from forms_ import both_given, functions
from hypothesis import strategies as st
from strategies_ import arrays

import minigraph as mg
from minigraph.graph import topological_order
from minigraph.lecture import EXAMPLES, graph
from minigraph.namespace import astype
from minigraph.ops.reduction import Sum
from minigraph.ops.shape import BroadcastTo, Reshape
from minigraph.tidy import tidy


def made(*gradients, forward):
    """Return what a gradient's graph adds to the forward graph, leaves apart."""
    there = set(topological_order(forward))
    return [n for n in topological_order(*gradients) if n not in there and n.op is not None]


def labels(gradient, forward):
    return [node.label for node in made(gradient, forward=forward)]


x = mg.parameter([1.0, 2.0], name="x")
w = mg.parameter([3.0, 4.0], name="w")
s = mg.parameter(3.0, name="s")


@pytest.mark.parametrize(
    ("output", "wrt", "expected"),
    [
        # The seed 1 multiplies nothing.
        (s * s, s, ["∂y/∂s"]),
        (mg.exp(s), s, ["∂y/∂s"]),
        (mg.sum(x * w), x, ["∂y/∂x"]),
        (mg.negative(-s), s, ["∂y/∂s"]),
        (s**1, s, ["∂y/∂s"]),
        (s**2, s, ["∂y/∂s"]),
        (s**3, s, ["Pow", "∂y/∂s"]),
        (s / 1, s, ["∂y/∂s"]),
        (mg.sum(x.T), x, ["∂y/∂x"]),
        (mg.sum(mg.reshape(x, (2,))), x, ["∂y/∂x"]),
        (mg.sum(mg.permute_dims(x, (0,))), x, ["∂y/∂x"]),
        (mg.sum(astype(x, np.float64)), x, ["∂y/∂x"]),
        (mg.mean(x), x, ["Divide", "∂y/∂x"]),
        (mg.sum(mg.mean(x, axis=0, keepdims=True)), x, ["Reshape", "Divide", "∂y/∂x"]),
    ],
)
def test_no_node_too_many(output, wrt, expected):
    output = output.named("y")
    assert labels(mg.grad(output, wrt), output) == expected


def test_a_product_of_two_forward_nodes_is_all_there_is():
    y = mg.sum(mg.exp(x) * w).named("y")
    (gradient,) = made(mg.grad(y, x), forward=y)
    assert [n.label for n in gradient.inputs] == ["w", "Exp"]


def test_what_the_forward_graph_computes_is_not_computed_again():
    y = mg.sum(mg.log(mg.softmax(x)) + mg.logsumexp(x)).named("y")
    found = mg.grad(y, x)
    assert [n.label for n in topological_order(found)].count("Softmax") <= 2
    z = mg.expm1(x)
    y = mg.sum(z + mg.exp(x)).named("y")
    assert mg.exp not in {node.op for node in made(mg.grad(y, x), forward=y)}


def test_two_rules_that_compute_the_same_share_it():
    y = mg.sum(mg.tanh(x) * 2 + mg.tanh(x) * 3).named("y")
    sigmoids = [n for n in made(mg.grad(y, x), forward=y) if n.op == mg.sigmoid]
    assert len(sigmoids) == 2


@functions
def test_only_numbers_of_rules_count_as_one_or_zero(function):
    # A constant of the user's may be given another value by mg.function.
    one, zero = mg.constant([1.0, 1.0], name="one"), mg.constant([0.0, 0.0], name="zero")
    y = mg.sum(x * one).named("y")
    # Of y = Σ x·one the gradient is `one`, and so it stays when another is given.
    gradient = mg.grad(y, x)
    assert function(gradient, [one])([5.0, 6.0]).tolist() == [5.0, 6.0]
    gradient = mg.grad(mg.sum(x * x * (one + zero)), x)
    assert function(gradient, [one, zero])([1.0, 2.0], [1.0, 1.0]).tolist() == [4.0, 12.0]
    # So may one that was given as a cotangent.
    gradient = mg.grad(x * x, x, cotangent=one)
    assert function(gradient, [one])([5.0, 6.0]).tolist() == [10.0, 24.0]


def test_a_number_of_another_dtype_or_shape_leaves_both_right():
    small = mg.parameter(np.float32([1.0, 2.0]), name="small")
    y = mg.sum(astype(small, np.float64) * w)
    assert mg.grad(y, small).dtype == np.float32
    column = mg.parameter([[1.0], [2.0]], name="c")
    gradient = mg.grad(mg.sum(column * np.ones((2, 3))), column)
    assert gradient.value.tolist() == [[3.0], [3.0]]


def test_a_choice_that_is_settled_is_taken():
    y = mg.sum(x**3.0).named("y")
    operations = [node.label for node in made(mg.grad(y, x), forward=y)]
    assert "Where" not in operations
    assert "equal" not in operations


def test_an_op_that_cannot_be_hashed_is_told_apart():
    from dataclasses import dataclass, field

    @dataclass(frozen=True)
    class Scale(mg.Op):
        by: list = field(default_factory=lambda: [2.0])

        def forward(self, xp, x):
            return x * self.by[0]

        def backward(self, xp, cotangent, output, x):
            return (Scale([3.0]).on(xp, cotangent) * 0 + cotangent * self.by[0],)

    y = mg.sum(Scale()(x) + Scale()(x))
    assert mg.grad(y, x).value.tolist() == [4.0, 4.0]


# Names and origins


@pytest.mark.parametrize("key", EXAMPLES)
@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("order", [1, 2])
def test_each_node_knows_the_forward_node_and_the_line_that_it_belongs_to(key, fused, order):
    example = EXAMPLES[key]
    g = graph(example.theta, example.x, example.labels, example.classes, fused=fused)
    output, gradient = g.loss, mg.grad(g.loss, g.theta)
    if order == 2:
        output = mg.sum(gradient * gradient).named("∇")
        gradient = mg.grad(output, g.theta)
    forward = set(topological_order(output))
    for node in topological_order(gradient):
        if node not in forward:
            assert node.source in forward
            # A cotangent belongs to its node, and comes from the line whose rule passed it on.
            assert node._site in {n._site for n in forward}
            assert node.name is not None or node._site == node.source._site
    assert gradient.source is g.theta
    assert gradient.name == ("∂L/∂θ" if order == 1 else "∂∇/∂θ")


def test_an_unnamed_node_of_a_gradient_is_said_to_be_for_its_forward_node():
    y = mg.sum(mg.tanh(x)).named("y")
    inner = next(n for n in made(mg.grad(y, x), forward=y) if n.op == mg.sigmoid)
    assert ", for Tanh → " in repr(inner)
    with pytest.raises(
        mg.GradientError, match=r"\n  inner = Sigmoid for Tanh  shape \(2,\), float64\n"
    ):
        mg.grad(inner, x)


# The values stay what they were

STEPS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: (a - b) / (b * b + 1),
    lambda a, b: mg.softmax(a, axis=0) * mg.logsumexp(b, axis=1, keepdims=True),
    lambda a, b: mg.where(mg.constant([[True], [False]]), a, mg.exp(-b * b)),
    lambda a, b: mg.concat([a, b])[1:3] + mg.take(b, [1, 0], axis=0),
    lambda a, b: mg.stack([mg.prod(a, axis=0), mg.var(b, axis=0)]),
    lambda a, b: mg.tanh(a) ** 2 + mg.clip(b, -0.5, 0.5),
]


@both_given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=5,
    ),
    arrays((2, 3), -1, 1),
    arrays((2, 3), -1, 1),
)
def test_replayed_a_tidy_gradient_of_any_graph_computes_its_own_values(form, steps, a, b):
    leaves = [mg.parameter(a, name="a"), mg.parameter(b, name="b")]
    nodes = list(leaves)
    for step, i, j in steps:
        nodes.append(step(nodes[i % len(nodes)], nodes[j % len(nodes)]))
    output = mg.sum(nodes[-1] * nodes[len(nodes) // 2]).named("L")
    output.backward()
    for leaf, gradient in zip(leaves, mg.grad(output, leaves), strict=True):
        if gradient is None:
            continue
        np.testing.assert_allclose(gradient.value, leaf.grad, rtol=1e-10, atol=1e-13)
        # Each op, applied to its inputs' values, gives the value that its node holds.
        replayed = form.function(gradient, leaves)(a, b)
        np.testing.assert_allclose(replayed, gradient.value, rtol=1e-10, atol=1e-13)
        operations = [n for n in topological_order(gradient) if n.op is not None]
        keys = {(type(n.op), n.op, tuple(map(id, n.inputs))) for n in operations}
        forward = set(topological_order(output))
        doubles = len(operations) - len(keys)
        # The user may have written the same twice; the gradient adds no double of its own.
        own = [n for n in operations if n in forward]
        assert doubles == len(own) - len(
            {(type(n.op), n.op, tuple(map(id, n.inputs))) for n in own}
        )


def test_a_sum_of_single_entries_and_a_reshape_to_the_same_shape_go():
    column = mg.parameter([[1.0], [2.0]], name="c")
    y = mg.sum(mg.exp(column) * mg.sum(column, axis=1, keepdims=True)).named("y")
    kinds = {type(node.op) for node in made(mg.grad(y, column), forward=y)}
    assert not kinds & {Sum, Reshape}
    assert BroadcastTo not in kinds


def test_the_sum_of_contributions_knows_its_node_too():
    y = (s * s).named("y")
    for output, by in ((y, s), (s * s * s, s), (mg.sum(mg.exp(x) * x * mg.tanh(x)), x)):
        for node in made(mg.grad(output, by), forward=output):
            assert node.source is not None


def test_a_cotangent_of_0_alone_brings_no_guard_into_the_graph():
    y = mg.sum(mg.exp(x) * mg.constant([0.0, 1.0])).named("y")
    assert "Where" not in labels(mg.grad(y, x), y)
    # nan without a cotangent of 0 does not, either
    z = mg.parameter([-1.0, 1.0], name="z")
    with pytest.warns(mg.NonFiniteWarning):
        gradient = mg.grad(mg.sum(z**0.5 * [1.0, 1.0]).named("y"), z)
    assert "Where" not in [node.label for node in topological_order(gradient)]


def test_a_users_node_that_is_the_gradient_stays_the_users():
    v = mg.constant([1.0, 1.0], name="v")
    gradient = mg.grad(-x, x, cotangent=-v)
    assert (v.name, v.source) == ("v", None)
    assert gradient is not v
    assert gradient.name == "∂L/∂x"
    again = mg.grad(mg.sum(x * x * v), x)
    assert mg.function(again, [x, v])([5.0, 6.0], [10.0, 20.0]).tolist() == [100.0, 240.0]


def test_ops_that_differ_in_what_is_no_field_are_told_apart():
    class Scale(mg.Op):
        def __init__(self, k):
            self.k = k

        def forward(self, xp, x):
            return x * self.k

        def backward(self, xp, cotangent, output, x):
            return (self.on(xp, cotangent),)

    gradient = mg.grad(mg.sum(Scale(2.0)(x) + Scale(3.0)(x)), x)
    assert gradient.value.tolist() == [5.0, 5.0]
    assert mg.function(gradient, [x])([1.0, 1.0]).tolist() == [5.0, 5.0]


def number(value, dtype=float):
    """Return a leaf as a rule makes it: one that may be counted on."""
    leaf = mg.constant(np.asarray(value, dtype))
    leaf._source = x
    return leaf


def tidied(node, known=()):
    order = [n for n in topological_order(node) if n not in set(known)]
    return tidy(order, known)[node]


def test_what_the_forward_graph_has_serves_the_gradient():
    a, b, c = (mg.parameter(v, name=n) for v, n in ((2.0, "a"), (3.0, "b"), (5.0, "c")))
    product = (c * b).named("cb")
    gradient = mg.grad(a * b * c + product, a)
    assert product in set(topological_order(gradient))


def test_data_that_equals_the_seed_is_not_taken_for_it():
    one = mg.constant(1.0, name="one")
    gradient = mg.grad(s + one, s)
    assert one not in set(topological_order(gradient))


def test_data_that_equals_a_rules_constant_is_not_taken_for_it():
    ones = mg.constant([1.0, 1.0], name="ones")
    gradient = mg.grad(mg.max(x) * mg.sum(ones), x)
    users = [n for n in made(gradient, forward=ones) if ones in set(n.inputs)]
    assert [n.label for n in users] == ["Sum"]


def test_a_forward_node_that_is_a_gradient_is_not_tidied_away():
    same = (x * number(1.0)).named("same")
    gradient = mg.grad(mg.sum(same * w), w)
    assert same in set(topological_order(gradient))


def test_ops_are_told_apart_by_their_parameters_and_inputs():
    class Power(mg.Op):
        __hash__ = None  # a list among its parameters would do the same

        def forward(self, xp, x):
            return x**3

    one, other = Power()(x), Power()(w)
    found = tidy([one, other], [x, w])
    assert found[one] is one
    assert found[other] is other
    first, second, third = mg.sum(x, axis=0), mg.sum(x, axis=0), mg.sum(x, axis=(0,))
    found = tidy([first, second, third], [x])
    assert found[second] is first
    assert found[third] is third


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        (number([True, True], bool), "a"),
        (number([False, False], bool), "b"),
        (number([True, False], bool), "both"),
        (mg.constant([True, True]), "both"),
        (mg.constant([False, False]), "both"),
    ],
)
def test_a_choice_goes_only_where_a_rules_own_numbers_settle_it_for_all_entries(condition, result):
    choice = mg.where(condition, x, w)
    assert tidied(choice) is {"a": x, "b": w, "both": choice}[result]


def test_a_factor_of_1_stays_where_it_makes_the_dtype():
    small = mg.parameter(np.float32([1, 2]), name="small")
    product = mg.multiply(number([1.0, 1.0]), small)
    assert tidied(product) is product
    assert tidied(mg.multiply(number([1.0, 1.0], np.float32), small)) is small


def test_a_sum_of_a_rules_numbers_is_a_number():
    total = tidied(mg.add(number(2.0), number(3.0)))
    assert (total.op, total.kind, total.label) == (None, "scalar", "5.0")
