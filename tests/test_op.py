"""The protocol of an op, and what a user's own op of ten lines gets."""

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest
from hypothesis.vendor.pretty import pretty
from oracles_ import check_gradients

import minigraph as mg
from minigraph.graph import topological_order
from minigraph.ops import probability, reduction
from minigraph.ops.reduction import Sum


@dataclass(frozen=True)
class Scale(mg.Op):
    by: float = 2.0

    def forward(self, xp, x):
        return x * self.by

    def backward(self, xp, cotangent, output, x):
        return (cotangent * self.by,)


@dataclass(frozen=True)
class Swish(mg.Op):
    """An op that saves: backward gets the sigmoid that forward computed."""

    saves = True

    def forward(self, xp, x):
        sigmoid = 1 / (1 + xp.exp(-x))
        return x * sigmoid, sigmoid

    def backward(self, xp, cotangent, output, x):
        swish, sigmoid = output
        return (lambda: cotangent * (sigmoid + swish * (1 - sigmoid)),)


@dataclass(frozen=True)
class Norm(mg.Composite):
    """An op of other ops; its forward runs on arrays and on Nodes."""

    def forward(self, xp, x):
        return xp.sum(Swish().on(xp, x) ** 2) ** 0.5

    def backward(self, xp, cotangent, output, x):
        swish, sigmoid = Swish().forward(xp, x)
        return (cotangent / output * swish * (sigmoid + swish * (1 - sigmoid)),)


@pytest.mark.parametrize("op", [Scale(), Scale(-3.0), Swish(), Norm()])
def test_an_op_of_ones_own_is_differentiated_twice(op):
    x = np.array([0.5, -1.0, 2.0])
    check_gradients(op, x)
    check_gradients(lambda node: mg.grad(mg.sum(op(node) ** 2), node), x)


def test_it_is_expanded():
    x = mg.parameter([0.5, -1.0])
    opened = mg.expand(Norm()(x).named("n"))
    assert [
        node.label for node in topological_order(opened) if node.op and node.op.label != "n"
    ] == [
        "Swish",
        "Pow",
        "Sum",
        "n",
    ]


def test_it_runs_on_other_arrays():
    x = mg.parameter([0.5, -1.0])
    value, (dx,) = mg.function(Norm()(x), [x], wrt=[x])([1.0, 2.0, 3.0])
    again = mg.parameter([1.0, 2.0, 3.0])
    loss = Norm()(again)
    loss.backward()
    np.testing.assert_allclose([value, *dx], [loss.value, *again.grad], rtol=1e-15)


def test_ops_are_equal_and_hashed_by_their_fields():
    assert Scale(2.0) == Scale(2.0) != Scale(3.0)
    assert len({Scale(2.0), Scale(2), Scale(3.0), Sum(), Sum(), Sum(axis=0), mg.add, mg.exp}) == 6
    assert mg.sum([1.0], axis=0).op == Sum(axis=0)
    assert mg.add == (mg.constant(1.0) + 1).op


@pytest.mark.parametrize("op", [Scale(), Sum(), mg.add, mg.exp, mg.matmul, mg.matrix_transpose])
@pytest.mark.parametrize("attribute", ["by", "axis", "saves", "new"])
def test_ops_are_frozen(op, attribute):
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(op, attribute, 1)


def test_the_names_of_ops():
    assert repr(Scale()) == "Scale(by=2.0)"
    assert repr(mg.add) == "Add()"
    assert Scale().label == "Scale"


def test_backward_is_not_asked_for_what_nobody_needs():
    asked = []

    @dataclass(frozen=True)
    class Product(mg.Op):
        def forward(self, xp, a, b):
            return a * b

        def backward(self, xp, cotangent, output, a, b):
            return lambda: asked.append("a") or cotangent * b, lambda: asked.append("b")

    a = mg.parameter([1.0, 2.0])
    mg.sum(Product()(a, [3.0, 4.0])).backward()
    assert (a.grad.tolist(), asked) == ([3.0, 4.0], ["a"])


def test_backward_may_leave_broadcasting_and_dtypes_to_the_engine():
    @dataclass(frozen=True)
    class Plus(mg.Op):
        def forward(self, xp, a, b):
            return a + b

        def backward(self, xp, cotangent, output, a, b):
            return cotangent, cotangent

    a, b = mg.parameter(np.ones((2, 1), np.float32)), mg.parameter(np.ones((3, 1, 4)))
    mg.sum(Plus()(a, b) * 2).backward()
    assert (a.grad.dtype, a.grad.tolist()) == (np.float32, [[24.0], [24.0]])
    assert b.grad.tolist() == np.full((3, 1, 4), 4.0).tolist()


def test_an_identity_shares_no_memory_with_its_input():
    @dataclass(frozen=True)
    class Identity(mg.Op):
        def forward(self, xp, x):
            return x

        def backward(self, xp, cotangent, output, x):
            return (cotangent,)

    x = mg.parameter([1.0, 2.0])
    y = Identity()(x)
    mg.sum(y).backward()
    assert not np.shares_memory(x.grad, y.grad)


def test_a_cotangent_that_is_an_array_of_the_graph_is_copied():
    table = mg.constant([5.0, 6.0])

    @dataclass(frozen=True)
    class Lookup(mg.Op):
        def forward(self, xp, x, table):
            return xp.sum(x * table)

        def backward(self, xp, cotangent, output, x, table):
            return table, None

    x = mg.parameter([1.0, 2.0])
    Lookup()(x, table).backward()
    assert x.grad.tolist() == [5.0, 6.0]
    assert x.grad.flags.writeable
    assert not np.shares_memory(x.grad, table.value)


def test_an_array_that_has_a_value_of_its_own_is_no_node():
    class Lazy:
        """As JAX's arrays, whose `_value` is NumPy's."""

        _value = np.ones(2)

        def __array_namespace__(self, api_version=None):
            raise AssertionError("not asked for")

    with pytest.raises(mg.GraphError, match="but Nodes hold NumPy arrays"):
        mg.add(mg.parameter([1.0, 2.0]), Lazy())


def test_hypothesis_and_ipython_print_an_op_as_its_repr():
    assert pretty(mg.exp) == "Exp()"
    assert pretty(Scale(3.0)) == "Scale(by=3.0)"


def test_an_op_by_itself_has_the_defaults_of_its_function():
    x = [1.0, 2.0]
    for name, op in {
        "sum": Sum,
        "mean": reduction.Mean,
        "max": reduction.Max,
        "min": reduction.Min,
        "prod": reduction.Prod,
        "var": reduction.Var,
        "logsumexp": probability.LogSumExp,
        "softmax": probability.Softmax,
        "log_softmax": probability.LogSoftmax,
    }.items():
        assert getattr(mg, name)(x).op == op()
    assert mg.cross_entropy(x, 0).op == probability.CrossEntropy()
    assert mg.softmax_cross_entropy(x, 0).op == probability.SoftmaxCrossEntropy()


@dataclass(frozen=True)
class Inside(mg.Op):
    """An op that computes with nodes of its own."""

    def forward(self, xp, x):
        return mg.exp(x).value

    def backward(self, xp, cotangent, output, x):
        return (cotangent * output,)


def test_an_op_may_apply_other_ops_inside():
    x = mg.parameter([1.0, 2.0], name="x")
    np.testing.assert_array_equal(Inside()(x).value, np.exp([1.0, 2.0]))
    np.testing.assert_array_equal(mg.function(Inside()(x), [x])([0.0, 1.0]), np.exp([0.0, 1.0]))


def test_an_op_may_call_a_function_of_a_graph_inside():
    @dataclass(frozen=True)
    class Nested(mg.Op):
        def forward(self, xp, x):
            return square(x)

    u = mg.constant(0.0)
    square = mg.function(u * u, [u])
    x = mg.constant(3.0)
    assert mg.function(Nested()(x), [x])(4.0) == 16.0


@dataclass(frozen=True)
class Broken(mg.Op):
    def forward(self, xp, *inputs):
        raise ValueError("broken")


def test_an_op_of_no_inputs_may_fail_too():
    with pytest.raises(mg.InputError, match="Broken: broken"):
        Broken()()


def test_complex_numbers_are_refused_where_they_come_about():
    @dataclass(frozen=True)
    class Root(mg.Op):
        def forward(self, xp, x):
            return xp.astype(x, complex) ** 0.5

    with pytest.raises(mg.DTypeError, match=r"the forward of .*Root\(\) returned a ndarray"):
        Root()(mg.constant([-1.0, 1.0]))
