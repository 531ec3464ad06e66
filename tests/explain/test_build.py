"""mg.explain on graphs of the user's own, and on what it refuses."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.build import LIMIT
from minigraph.graph import topological_order

HOSTILE = [
    "</script><b>",
    "$name ${x} $$",
    "{0} {x!r} %s",
    "a\nb\\N\"'",
    "\u202eL",
    "",
    "n" * 10_000,
]


def network(dtype=np.float64):
    """Return the loss of a two-layer relu network, and its parameters by name."""
    random = np.random.default_rng(0)
    x = mg.constant(random.normal(size=(4, 3)).astype(dtype), name="x")
    parameters = {
        name: mg.parameter(random.normal(size=shape).astype(dtype), name=name)
        for name, shape in {"W₁": (3, 5), "b₁": (5,), "W₂": (5, 2), "b₂": (2,)}.items()
    }
    w1, b1, w2, b2 = parameters.values()
    hidden = mg.relu(x @ w1 + b1).named("h")
    y = mg.one_hot([0, 1, 1, 0], 2, name="y")
    return mg.softmax_cross_entropy(hidden @ w2 + b2, y).named("L"), parameters


def sums(walk):
    """Return the last sum of contributions by the id of its node."""
    return {
        s.node: q.value
        for s in walk.steps
        for q in s.quantities
        if q.role == "sum" and s.place[0] == s.place[1]
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_two_layer_network(dtype):
    loss, parameters = network(dtype)
    walk = mg.explain(loss, update=0.1)
    order = topological_order(loss)
    assert all(node.grad is None for node in order)  # the user's nodes are left alone
    loss.backward()
    found = sums(walk)
    for i, node in enumerate(order):
        assert (f"n{i}" in found) == (node.grad is not None)
        if node.grad is not None:
            np.testing.assert_array_equal(found[f"n{i}"], node.grad)
            assert found[f"n{i}"].dtype == dtype
    updates = {walk.description[s.node].name: s for s in walk.steps if s.kind == "update"}
    assert list(updates) == list(parameters)
    new = []
    for name, step in updates.items():
        before, gradient, after = (q.value for q in step.quantities)
        np.testing.assert_array_equal(before, parameters[name].value)
        np.testing.assert_array_equal(gradient, parameters[name].grad)
        np.testing.assert_array_equal(after, before - dtype(0.1) * gradient)
        assert after.dtype == dtype
        new.append(after)
    last = walk.steps[-1]
    assert last.quantities[1].value == mg.function(loss, list(parameters.values()))(*new)
    assert "falls from" in last.sentences["en"]
    for step in walk.steps:
        if step.check is not None:
            np.testing.assert_allclose(step.check, step.quantities[-1].value, atol=1e-5)


def test_gradients_that_are_there_stay():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.sum(x * x).named("y")
    mg.sum(3 * y).backward()
    kept = {node: node.grad for node in topological_order(y)}
    walk = mg.explain(y, update=0.1)
    assert all(node.grad is gradient for node, gradient in kept.items())
    np.testing.assert_array_equal(sums(walk)["n0"], [2.0, 4.0])  # of y, not of 3 y


def test_contributions_come_one_by_one():
    a = mg.parameter([1.0, 2.0], name="a")
    b = mg.exp(a).named("b")
    loss = mg.sum(b * a + a * a - b).named("L")
    walk = mg.explain(loss)
    loss.backward()
    order = topological_order(loss)
    for node in (a, b):
        id = f"n{[x is node for x in order].index(True)}"
        steps = [s for s in walk.steps if s.kind == "backward" and s.node == id]
        count = {"a": 4, "b": 2}[node.name]
        assert [s.place for s in steps] == [(i, count) for i in range(1, count + 1)]
        total = 0
        for step in steps:
            part, so_far = (q.value for q in step.quantities[-2:])
            total = total + part
            np.testing.assert_array_equal(so_far, total)
            last = step.place[0] == count
            assert (f"{id}:grad" in step.known) is last
            assert (step.check is not None) is last
            # The local rule gives a part of the gradient, so it is not set equal to it.
            assert "=" not in step.formulas[0].text
        np.testing.assert_array_equal(total, node.grad)
    assert "the first of 2 contributions to ∂L/∂b" in str(walk)


def test_names_come_from_the_callers_variables():
    weight = mg.parameter(2.0)
    squared = weight * weight
    walk = mg.explain(mg.exp(squared))
    assert [node.name for node in walk.description.nodes][:2] == ["weight", "squared"]
    assert "Multiply gives squared = weight · weight." in str(walk)
    assert weight.name is squared.name is None


def test_a_scalar_a_leaf_and_nothing_to_update():
    x = mg.parameter(3.0, name="x")
    walk = mg.explain(x)
    assert [step.kind for step in walk.steps] == ["leaf", "seed"]
    assert [step.kind for step in mg.explain(x, 0.5).steps][2:] == ["update", "after"]
    assert mg.explain(x, 0.5).steps[-1].quantities[1].value == 2.5


def test_numbers_in_expressions_are_known_from_the_start():
    x = mg.parameter(3.0, name="x")
    walk = mg.explain(2.0 * x + 1, 0.1)
    numbers = {node.id for node in walk.description.nodes if node.kind == "scalar"}
    assert len(numbers) == 2
    assert numbers <= set(walk.steps[0].known)
    shown = {q.node for step in walk.steps for q in step.quantities}
    assert not numbers & shown
    (update,) = [step for step in walk.steps if step.kind == "update"]
    assert update.origins[0].entries == (((0,), (0,)),)


def test_what_no_gradient_reaches_is_not_updated():
    x, other = mg.parameter(3.0, name="x"), mg.parameter(1.0, name="other")
    loss = x * x + mg.sign(other)
    walk = mg.explain(loss, 0.1)
    assert mg.grad(loss, other) is None
    assert [walk.description[s.node].name for s in walk.steps if s.kind == "update"] == ["x"]


def test_a_loss_that_rises_or_stays():
    x = mg.parameter(1.0, name="x")
    assert "rises from 1 to 361" in mg.explain(x * x, 10).steps[-1].sentences["en"]
    assert "tăng từ 1 lên 361" in mg.explain(x * x, 10).steps[-1].sentences["vi"]
    assert "stays at 1" in mg.explain(x * x, 1).steps[-1].sentences["en"]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_text(name):
    x = mg.parameter([1.0, 2.0], name=name)
    y = mg.constant([3.0, 4.0], name=name + "y")
    walk = mg.explain(mg.sum(mg.softmax(x * y)).named(name), 0.1)
    for language in ("en", "vi"):
        text = str(mg.explain(mg.sum(mg.softmax(x * y)).named(name), 0.1, language=language))
        assert "\u202e" not in text
        assert max(map(len, text.splitlines())) < 1000
    assert x.name == name
    known = {"</script><b>", "$name ${x} $$", "{0} {x!r} %s"}
    if name in known:
        assert f"{name} is a parameter (2): what training changes." in str(walk)


def test_the_same_graph_gives_the_same_walk():
    first, second = (mg.explain(network()[0], 0.1) for _ in range(2))
    assert str(first) == str(second)
    assert [s.origins and s.origins[0].entries for s in first.steps] == [
        s.origins and s.origins[0].entries for s in second.steps
    ]
    assert first.picture.source == second.picture.source


def test_what_is_large_is_walked_through_without_its_entries():
    x = mg.parameter(np.ones((30, 40)), name="x")
    walk = mg.explain(mg.mean(mg.softmax(x) * x), 0.1)
    backward = [step for step in walk.steps if step.kind == "backward"]
    assert all(step.origins == () for step in walk.steps if step.kind in ("forward", "backward"))
    assert all(step.check is None for step in backward)
    assert not any(q.role == "jacobian" for step in backward for q in step.quantities)
    assert "…" in str(walk)


def test_empty_arrays_and_masked_logits():
    nothing = mg.parameter(np.ones((0, 3)), name="e")
    scalar = mg.parameter(2.0, name="s")
    walk = mg.explain(mg.sum(mg.softmax(nothing)) + scalar)
    assert "e = empty" in str(walk)
    masked = mg.parameter([0.0, -np.inf, 1.0], name="z")
    step = next(
        s for s in mg.explain(mg.softmax_cross_entropy(masked, 0)).steps if s.kind == "backward"
    )
    np.testing.assert_allclose(step.check[[0, 2]], step.quantities[-1].value[[0, 2]], atol=1e-9)
    assert step.quantities[-1].value[1] == 0


def chain(ops):
    x = mg.parameter(0.5, name="x")
    node = x
    for _ in range(ops):
        node = mg.tanh(node)
    return node


def test_the_limit():
    assert len(mg.explain(chain(LIMIT)).steps) == 1 + LIMIT + 1 + LIMIT
    with pytest.raises(mg.GraphError, match=f"walk through {LIMIT + 1} ops is too long") as caught:
        mg.explain(chain(LIMIT + 1))
    assert "smaller graph" in str(caught.value)


X = mg.parameter([1.0, 2.0], name="x")


@pytest.mark.parametrize(
    ("kind", "arguments", "options", "message", "fix"),
    [
        (mg.GraphError, (3.0,), {}, "explain: a float was given", "mg.explain(loss)"),
        (mg.GradientError, (X * X,), {}, "but this node has shape (2,)", "mg.sum(node)"),
        (mg.GradientError, (mg.constant(1.0),), {}, "depends on no parameter", "mg.parameter"),
        (mg.OptionError, (mg.sum(X), 0), {}, "update=0 is no learning rate", "positive"),
        (mg.OptionError, (mg.sum(X), -0.1), {}, "update=-0.1 is no learning rate", "0.1"),
        (mg.OptionError, (mg.sum(X), np.inf), {}, "update=inf is no learning rate", "0.1"),
        (mg.OptionError, (mg.sum(X), True), {}, "update=True is no learning rate", "0.1"),
        (mg.OptionError, (mg.sum(X), "0.1"), {}, "update='0.1' is no learning rate", "0.1"),
        (mg.OptionError, (mg.sum(X),), {"language": "fr"}, "language='fr'", "'en' or 'vi'"),
    ],
)
def test_what_it_refuses(kind, arguments, options, message, fix):
    with pytest.raises(kind) as caught:
        mg.explain(*arguments, **options)
    assert message in str(caught.value)
    assert fix in str(caught.value)


def test_numbers_of_numpy_are_learning_rates():
    rates = [0.5, np.float32(0.5), np.float64(0.5)]
    assert {str(mg.explain(mg.sum(X), rate)) for rate in rates} == {str(mg.explain(mg.sum(X), 0.5))}


def test_minigraph_does_not_wait_for_it():
    code = (
        "import sys, minigraph as mg\n"
        "before = [n for n in sys.modules if n.startswith(('minigraph.explain', 'graphviz'))]\n"
        "walk = mg.explain(mg.parameter(1.0))\n"
        "late = [n for n in ('jinja2', 'hypothesis', 'latex2mathml') if n in sys.modules]\n"
        "sys.exit(str(before + late) if before + late else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_limit_of_inputs():
    many = mg.stack([mg.parameter(float(i)) for i in range(2 * LIMIT)])
    with pytest.raises(mg.GraphError, match="inputs of ops is too long to follow"):
        mg.explain(mg.sum(many))


def test_many_inputs_of_one_op_are_not_all_shown_at_each_step():
    walk = mg.explain(mg.sum(mg.stack([mg.parameter(float(i)) for i in range(100)])))
    backward = [step for step in walk.steps if step.kind == "backward"]
    assert max(len(step.quantities) for step in backward) < 8


def test_a_kink_is_said_to_be_one():
    x = mg.parameter([0.0, 1.0], name="x")
    walk = mg.explain(mg.sum(mg.relu(x)))
    assert "kink" in walk.steps[-1].sentences["en"]
    near = mg.explain(mg.sum(mg.log(mg.parameter([1e-300], name="x"))))
    np.testing.assert_allclose(near.steps[-1].check, 1e300, rtol=1e-6)


def test_an_op_may_be_called_anything():
    @dataclass(frozen=True)
    class Odd(mg.Op):
        label = "\ud800\u202e"

        def forward(self, xp, x):
            return x * 2

        def backward(self, xp, cotangent, output, x):
            return (cotangent * 2,)

    walk = mg.explain(mg.sum(Odd()(mg.parameter([1.0], name="x"))))
    for text in (str(walk), walk.html()):
        assert "\u202e" not in text
        text.encode()
