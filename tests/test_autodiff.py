"""backward and grad: of any graph, on any arrays, in any thread."""

import threading
import warnings
from dataclasses import dataclass

import array_api_strict as strict
import numpy as np
import pytest
from forms_ import EAGER, both, both_given, functions
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg
from minigraph import namespace
from minigraph.errors import locate
from minigraph.graph import topological_order

# Random graphs with shared nodes

STEPS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 2 * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: mg.exp(-a * a) + b,
    lambda a, b: a @ b.T @ a,
    lambda a, b: mg.softmax(a, axis=0) * b,
    lambda a, b: mg.log_softmax(a) - mg.mean(b, axis=0),
    lambda a, b: mg.logsumexp(a, axis=1, keepdims=True) * b,
    lambda a, b: mg.sum(a, axis=0) + mg.expand_dims(mg.sum(b * b, axis=1), 1),
    lambda a, b: mg.reshape(mg.permute_dims(a, (1, 0)), a.shape) + b,
    lambda a, b: mg.where(mg.constant([[True], [False]]), a, b),
    lambda a, b: mg.softmax_cross_entropy(a, mg.softmax(b, axis=0), axis=0) * a,
]


@st.composite
def graphs(draw):
    """Draw a graph as a function: each step takes any two of the nodes that are there."""
    steps = draw(
        st.lists(
            st.tuples(st.sampled_from(STEPS), st.integers(0, 99), st.integers(0, 99)),
            min_size=1,
            max_size=6,
        )
    )

    def build(*nodes):
        made = list(nodes)
        for step, i, j in steps:
            made.append(step(made[i % len(made)], made[j % len(made)]))
        # Bounded, so that finite differences tell something.
        return sum(mg.exp(-node * node) for node in made[1:]) + made[0]

    return build


@both_given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_any_graph(form, build, a, b):
    check_gradients(build, a, b, rtol=1e-4, atol=1e-5, form=form)


@given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_the_same_graph_gives_the_same_bits_and_the_same_order(build, a, b):
    def run():
        x, y = mg.parameter(a, name="x"), mg.parameter(b, name="y")
        loss = mg.sum(build(x, y)).named("L")
        gradients = mg.grad(loss, [x, y])
        found = [node for node in gradients if node is not None]
        order = [(n.label, n.name, n.value.tobytes()) for n in topological_order(*found)]
        loss.backward()
        return order, [None if n.grad is None else n.grad.tobytes() for n in (x, y)]

    assert run() == run()


@settings(max_examples=8)
@given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_the_same_graph_compiled_gives_the_same_source_and_the_same_bits(build, a, b):
    def run():
        x, y = mg.parameter(a, name="x"), mg.parameter(b, name="y")
        f = mg.compile(mg.sum(build(x, y)).named("L"), [x, y], wrt=[x, y])
        value, gradients = f(b, a)
        found = [None if g is None else g.tobytes() for g in (value, *gradients)]
        return f.source, f.constants.keys(), found

    assert run() == run()


@given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_no_gradient_shares_memory_and_no_input_is_written(build, a, b):
    x, y = mg.parameter(a, copy=False), mg.parameter(b, copy=False)
    loss = mg.sum(build(x, y))
    order = topological_order(loss)
    before = [node.value.tobytes() for node in order]
    loss.backward()
    assert [node.value.tobytes() for node in order] == before
    gradients = [node.grad for node in order if node.grad is not None]
    for gradient in gradients:
        assert gradient.flags.writeable
        gradient[...] = np.nan
    assert [node.value.tobytes() for node in order] == before
    for i, gradient in enumerate(gradients):
        assert not any(np.shares_memory(gradient, other) for other in gradients[:i])


@both_given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_a_function_agrees_with_backward_and_shares_no_memory(form, build, a, b):
    x, y = mg.parameter(np.zeros((2, 3))), mg.parameter(np.ones((2, 3)))
    f = form.function(mg.sum(build(x, y)), [x, y], wrt=[y, x])
    before = a.tobytes(), b.tobytes()
    value, (dy, dx) = f(a, b)
    x, y = mg.parameter(a), mg.parameter(b)
    loss = mg.sum(build(x, y))
    loss.backward()
    # A plan adds up in an order of its own.
    close = {"rtol": 0, "atol": 0} if form is EAGER else {"rtol": 1e-10, "atol": 1e-12}
    np.testing.assert_allclose(value, loss.value, **close)
    for found, node in ((dx, x), (dy, y)):
        if node.grad is None:
            assert found is None
        else:
            np.testing.assert_allclose(found, node.grad, **close)
            found[...] = np.nan
    assert (a.tobytes(), b.tobytes()) == before
    if dx is not None and dy is not None:
        assert not np.shares_memory(dx, dy)


@both_given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_float32_stays_float32(form, build, a, b):
    x, y = mg.parameter(np.float32(a)), mg.parameter(np.float32(b))
    loss = mg.sum(build(x, y))
    assert form.value(loss).dtype == np.float32
    form.slopes(loss, [x, y], rtol=2e-3, atol=2e-4)  # of the dtypes of their nodes
    for node in topological_order(loss):
        assert node.dtype in (np.float32, bool)
        assert node.grad is None or (node.grad.dtype, node.grad.shape) == (node.dtype, node.shape)


@functions
@settings(max_examples=30)
@given(graphs(), arrays((2, 3), -1, 1), arrays((2, 3), -1, 1))
def test_another_array_library(function, build, a, b):
    x, y = mg.parameter(a), mg.parameter(b)
    f = function(mg.sum(build(x, y)), [x, y], wrt=[x, y])
    value, gradients = f(a, b)
    found, others = f(strict.asarray(a), strict.asarray(b))
    for other, expected in zip((found, *others), (value, *gradients), strict=True):
        if expected is None:
            assert other is None
        else:
            assert type(other) is type(strict.asarray(0))
            np.testing.assert_allclose(np.asarray(other), expected, rtol=1e-12, atol=1e-14)


# backward


def test_calling_twice_changes_nothing():
    x = mg.parameter([1.0, 2.0])
    loss = mg.sum(x * x)
    for _ in range(2):
        loss.backward()
        assert x.grad.tolist() == [2.0, 4.0]


def test_where_nothing_arrives_no_earlier_gradient_remains():
    x, y = mg.parameter([1.0, 2.0]), mg.parameter([1.0, 2.0])
    mg.sum(x * y).backward()
    mg.sum(mg.sign(x) + y).backward()
    assert x.grad is None
    assert y.grad.tolist() == [1.0, 1.0]


@both
def test_0_dimensions_stay_0_dimensions(form):
    x, y = mg.parameter(2.0), mg.parameter(3.0)
    loss = x * y + mg.exp(x)
    found = form.slopes(loss, [x, y, loss])
    for array in (*found, form.value(loss)):
        assert type(array) is np.ndarray
        assert array.shape == ()
    assert [float(slope) for slope in found] == [3.0 + np.exp(2.0), 2.0, 1.0]
    assert not np.shares_memory(*found[:2])


@both
def test_a_loss_of_one_entry_may_have_axes(form):
    x = mg.parameter([[3.0]])
    assert form.slopes(x * x, [x])[0].tolist() == [[6.0]]


@both
def test_a_parameter_is_its_own_loss(form):
    x = mg.parameter(3.0)
    assert form.slopes(x, [x])[0].tolist() == 1.0


# grad


@both
def test_the_slopes_by_any_node_parameter_or_not(form):
    c = mg.parameter([1.0, 2.0], name="c")
    y = (c * c).named("y")
    loss = mg.sum(y * 3).named("L")
    dc, dy, dl = form.slopes(loss, [c, y, loss])
    assert (dc.tolist(), dy.tolist(), float(dl)) == ([6.0, 12.0], [3.0, 3.0], 1.0)


def test_by_any_node_parameter_or_not():
    c = mg.constant([1.0, 2.0], name="c")
    y = (c * c).named("y")
    loss = mg.sum(y * 3).named("L")
    dc, dy, dl = mg.grad(loss, [c, y, loss])
    assert (dc.value.tolist(), dy.value.tolist(), float(dl)) == ([6.0, 12.0], [3.0, 3.0], 1.0)
    assert (dc.name, dy.name, dl.name) == ("∂L/∂c", "∂L/∂y", "∂L/∂L")
    assert dc.source is c
    assert dy.source is y


@both
def test_none_where_no_path_leads(form):
    x, other = mg.parameter(1.0), mg.parameter(1.0)
    assert form.slopes(x * 2, [other]) == (None,)
    assert form.slopes(x * 2, [other, x]) == (None, 2.0)
    assert mg.grad(x * 2, other) is None
    assert mg.grad(x * 2, [other, x])[0] is None
    assert mg.grad(x * 2, []) == ()


def test_a_cotangent_of_any_sort():
    x = mg.parameter([1.0, 2.0], name="x")
    y = x * x
    c = mg.parameter([3.0, 4.0], name="c")
    for cotangent in ([3, 4], [3.0, 4.0], np.float32([3, 4]), mg.constant([3, 4]), c):
        dx = mg.grad(y, x, cotangent=cotangent)
        assert (dx.dtype, dx.value.tolist()) == (np.float64, [6.0, 16.0])
    # A cotangent that is a node is part of the graph of the gradient.
    assert mg.grad(mg.sum(dx), c).value.tolist() == [2.0, 4.0]
    assert c.name == "c"


def test_the_gradient_by_the_output_is_the_cotangent_under_a_name_of_its_own():
    x = mg.parameter([1.0, 2.0])
    y = (x * 2).named("y")
    c = mg.constant([3.0, 4.0], name="c")
    dy = mg.grad(y, y, cotangent=c)
    assert dy is not c
    assert (dy.name, c.name, dy.value.tolist()) == ("∂y/∂y", "c", [3.0, 4.0])


def test_a_gradient_that_serves_two_nodes_is_two_nodes():
    a, b = mg.parameter([1.0], name="a"), mg.parameter([2.0], name="b")
    loss = mg.sum(mg.exp(a + b)).named("L")
    da, db = mg.grad(loss, [a, b])
    assert da is not db
    assert (da.name, db.name) == ("∂L/∂a", "∂L/∂b")
    assert not np.shares_memory(da.value, db.value)


def test_names_of_second_derivatives_and_of_unnamed_nodes():
    x = mg.parameter(2.0, name="x")
    dy = mg.grad((x * x * x).named("y"), x)
    assert mg.grad(dy, x).name == "∂(∂y/∂x)/∂x"
    assert mg.grad(x * x, x).name == "∂L/∂x"
    assert mg.grad(x * x, mg.parameter(1.0)) is None
    nameless = mg.parameter(1.0)
    assert mg.grad(nameless * 2, nameless).name is None


@both
def test_integers_on_the_way_stop_the_gradient(form):
    x = mg.parameter([1.0, 2.0])
    w = mg.constant([1, 2])
    loss = mg.sum(x * (w + w))
    assert form.slopes(loss, [x])[0].tolist() == [2.0, 4.0]


@functions
def test_nodes_of_equal_values_are_two_nodes_all_the_same(function):
    x, y = mg.parameter(1.0, name="x"), mg.parameter(1.0, name="y")
    loss = x * y + mg.exp(x)
    dy = mg.grad(loss, [x, y])[1]
    assert mg.grad(dy, y) is None
    assert float(mg.grad(dy, x)) == 1.0
    f = function(dy, [x, y])
    df = function(loss, [x, y], [x, y])
    for values in ((1.0, 1.0), (2.0, 3.0)):
        assert float(f(*values)) == float(df(*values)[1][1]) == values[0]


# What is not finite


def recorded(action):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        action()
    return found


def test_a_value_that_is_not_finite_warns_once_at_its_line():
    def train():
        for _ in range(3):
            x = mg.parameter([0.0, 1.0], name="x")
            y = mg.log(x).named("y")  # here
            loss = mg.sum(y * 2)
            loss.backward()

    (warning,) = recorded(train)
    assert warning.category is mg.NonFiniteWarning
    assert warning.filename == __file__
    with open(__file__, encoding="utf-8") as source:
        assert source.readlines()[warning.lineno - 1].endswith("# here\n")
    what, inputs, output, where, remedy = str(warning.message).split("\n")
    assert what == "Log gave inf from finite inputs"
    assert (inputs, output) == ("  x  shape (2,), float64", "  y  shape (2,), float64")
    assert where.endswith(f':{warning.lineno}: y = mg.log(x).named("y")  # here')
    assert remedy.startswith("  To mend it: keep x above 0; ")


def test_a_gradient_that_is_not_finite_warns_once_though_the_loss_is():
    def slope():
        x = mg.parameter([0.0, 4.0], name="x")
        loss = mg.sum(x**0.5)
        loss.backward()
        assert float(loss) == 2.0
        assert x.grad.tolist() == [np.inf, 0.25]

    (warning,) = recorded(slope)
    assert str(warning.message).startswith("Pow gave inf from finite inputs\n  x  shape (2,)")
    assert "loss = mg.sum(x**0.5)" in str(warning.message)


def test_grad_warns_too():
    def slope():
        x = mg.parameter(0.0)
        mg.grad(mg.exp(x * 0.0) / x, x)

    (warning,) = recorded(slope)
    assert str(warning.message).startswith("Divide gave inf from finite inputs\n")
    assert "keep the divisor away from 0" in str(warning.message)


def test_a_node_without_a_gradient_does_not_disturb_the_search():
    def slope():
        a, b = mg.parameter([1.0]), mg.parameter([0.0])
        mg.sum(mg.sign(a) + b**0.5).backward()

    assert len(recorded(slope)) == 1


def test_nan_is_named_as_such():
    def negative():
        mg.sum(mg.log(mg.parameter([-1.0]))).backward()

    (warning,) = recorded(negative)
    assert str(warning.message).startswith("Log gave nan from finite inputs\n")


def test_it_is_an_error_for_who_wants_one():
    x = mg.parameter(1000.0)
    with pytest.raises(mg.NonFiniteWarning, match="Exp gave inf"):
        mg.exp(x).backward()


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_was_not_finite_from_the_start_is_no_news(value):
    x = mg.parameter([value, 1.0])
    assert recorded(lambda: mg.sum(x * 2).backward()) == []


def test_flags_that_mean_nothing_are_no_news():
    z = mg.parameter([0.0, -800.0, -np.inf])
    y_hat = mg.softmax(z)

    def action():
        mg.cross_entropy(y_hat, [1.0, 0.0, 0.0]).backward()
        mg.softmax_cross_entropy(z, 0).backward()
        mg.sum(mg.where(mg.constant([True, True, False]), mg.exp(z), 0)).backward()
        mg.logsumexp(z).backward()
        for function in (mg.function, mg.compile):
            f = function(mg.cross_entropy(y_hat, [1.0, 0.0, 0.0]), [z], wrt=[z])
            for _ in range(3):
                f(z.value)

    with np.errstate(all="raise"):
        assert recorded(action) == []
        assert np.geterr()["over"] == "raise"


# Threads


def test_threads_agree_with_one():
    shared = mg.parameter(np.arange(6.0).reshape(2, 3) / 7)

    def work(seed):
        rng = np.random.default_rng(seed)
        results = []
        for _ in range(100):
            x = mg.parameter(rng.normal(size=(3, 4)))
            loss = mg.softmax_cross_entropy((shared @ x).T, rng.integers(0, 2, size=4))
            loss.backward()
            results.append((float(loss), x.grad.tobytes(), mg.grad(loss, shared).value.tobytes()))
        return results

    found = {}
    start = threading.Barrier(2)

    def run(seed):
        start.wait()
        found[seed] = work(seed)

    threads = [threading.Thread(target=run, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {1: work(1), 2: work(2)}


def test_the_cotangent_takes_the_outputs_dtype():
    x = mg.parameter(np.float32([1.0, 2.0]), name="x")
    gradient = mg.grad(x * x, x, cotangent=np.array([1.0, 1.0]))
    assert gradient.dtype == np.float32
    assert {node.dtype for node in topological_order(gradient)} <= {np.dtype(np.float32)} | {
        np.dtype(np.float64)
    }
    assert mg.grad(x, x, cotangent=[1.0, 2.0]).dtype == np.float32


def test_no_gradient_is_a_nodes_own_array():
    @dataclass(frozen=True)
    class Weigh(mg.Op):
        def forward(self, xp, x, w):
            return xp.sum(x * w)

        def backward(self, xp, cotangent, output, x, w):
            return w, x  # right for a cotangent of 1

    x, w = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0]) * 1.0
    Weigh()(x, w).backward()
    assert x.grad.flags.writeable
    assert not np.shares_memory(x.grad, w.value)
    # Nor is a node of the user's simplified for being a gradient.
    one = mg.constant(1.0)
    one._source = x
    same = (w * one).named("same")
    assert same in set(topological_order(mg.grad(Weigh()(x, same), x)))


def test_a_gradients_value_is_read_only_view_or_not():
    x = mg.parameter([1.0, 2.0])
    assert not mg.grad(mg.sum(x), x).value.flags.writeable
    assert not mg.grad(mg.sum(x * x), x).value.flags.writeable


@both
def test_nothing_flows_through_whole_numbers(form):
    x = mg.parameter([1.5, 2.5])
    whole = namespace.astype(x, int)
    loss = mg.sum(namespace.astype(whole, float) * x)
    assert form.slopes(loss, [x])[0].tolist() == [1.0, 2.0]
    alone = mg.parameter([1.5, 2.5])
    whole = namespace.astype(alone, int)
    assert form.slopes(mg.sum(namespace.astype(whole, float)), [alone]) == (None,)


def test_what_a_rule_makes_belongs_to_its_node_and_a_sum_to_what_is_used_twice():
    x, w = mg.parameter([1.0, 2.0], name="x"), mg.parameter([3.0, 4.0], name="w")
    u, v = (x * w).named("u"), mg.sin(x).named("v")
    gradient = mg.grad(mg.sum(u * v), x)
    assert gradient.op.label == "Add"
    assert gradient.source is x
    by_u, by_v = gradient.inputs
    assert {by_u.source, by_v.source} == {u, v}


def test_one_gradient_that_is_not_finite_is_enough_to_warn():
    x, w = mg.parameter(0.0, name="x"), mg.parameter(1.0, name="w")
    with pytest.warns(mg.NonFiniteWarning):
        mg.grad(x**0.5 + w, [x, w])


def test_the_gradient_of_a_named_node_on_the_way_is_there_under_its_name():
    x, b = mg.parameter([1.0, 2.0], name="x"), mg.parameter([3.0, 4.0], name="b")
    z = (x + b).named("z")
    loss = mg.sum(z).named("L")
    gradient = mg.grad(loss, x)
    names = [node.name for node in topological_order(gradient) if node.name]
    assert names == ["∂L/∂z", "∂L/∂x"]
    # The twin is from the line of the rule that it repeats.
    assert locate(gradient._site) == locate(loss._site)


@pytest.mark.parametrize(
    ("first", "build", "text"),
    [
        (np.nan, lambda u: u * 2 + mg.log(mg.constant(-1.0)), "Log gave nan from finite inputs"),
        (np.inf, lambda u: u * 2 + mg.exp(mg.constant(1e3)), "Exp gave inf from finite inputs"),
        (np.inf, lambda u: u * 0, "Multiply gave nan from inputs that are not nan"),
    ],
)
def test_the_search_goes_past_what_was_not_finite_from_the_start(first, build, text):
    loss = build(mg.parameter(first, name="u"))
    with pytest.warns(mg.NonFiniteWarning, match=f"^{text}"):
        loss.backward()


def test_a_gradient_is_a_copy_made_when_it_is_asked_for():
    x = mg.parameter([1.0, 2.0], name="x")
    y = x + 0.0
    mg.sum(y).backward()  # what flows to x is what flowed to y, a view of one number
    assert x.grad is x.grad
    x.grad += 1.0
    assert x.grad.tolist() == [2.0, 2.0]
    assert y.grad.tolist() == [1.0, 1.0]
    mg.sum(y).backward()
    assert x.grad.tolist() == [1.0, 1.0]
    x.grad = None
    assert x.grad is None
    loss = mg.sum(y)
    loss.backward()
    assert type(loss.grad) is np.ndarray
    assert loss.grad.shape == ()
