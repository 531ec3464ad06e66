"""The text of programs: whatever names there are, and what there is beside ``call``."""

import ast
import builtins

import numpy as np
import pytest
from compile.graphs_ import regression
from compile.loops.plain_ import alike, call, more, space_of, written

import minigraph as mg
from minigraph.compile.loops import program
from minigraph.compile.trace import UnplannedError

HOSTILE = [
    "x\nraise SystemExit",
    "__import__('os').system('exit 1')",
    "ŷ, ∂L/∂θ₁",
    "θ",
    "𝔛",
    "ﬁ",  # which Python reads as fi
    "\u202e\0",
    "# '''",
    "lambda",
    "None",
    "print",
    *("exp", "log1p", "losses", "eta", "float64s", "int64s", "at", "start", "stop", "i0", "p"),
    *("np", "compute", "call", "descend", "njit", "Any", "product", "inner", "fetch", "_split"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_names(name):
    rng = np.random.default_rng(0)
    w = mg.parameter(rng.normal(size=(3, 4)), name=name)
    x = mg.constant(rng.normal(size=(3, 9)), name=name)
    c = mg.constant(rng.normal(size=(4, 9)), name=name)
    z = (mg.exp(w.T @ x / 9).named(name) * c).named(name)
    loss = mg.softmax_cross_entropy(z, mg.constant(rng.integers(0, 4, 9), name=name), axis=0)
    for block in (0, 4):
        made = alike(loss.named(name), [w, x], [w], w.value, x.value, block=block)
        assert "#" not in made.text
        names = {node.id for node in ast.walk(ast.parse(made.text)) if isinstance(node, ast.Name)}
        ours = {"range", "min", "max", "abs", "ValueError"}
        assert names.isdisjoint(set(dir(builtins)) - ours)


def test_a_label_that_is_none_is_found_before_anything_is_changed():
    loss, inputs, arrays = regression(m=5, labels_given=True)
    made = written(loss, inputs, inputs[:1], *arrays)
    arrays[2][3] = 4
    theta, losses = arrays[0].copy(), np.full(3, 7.0)
    assert not space_of(made)["descend"](*arrays, *more(made, made.work), 0.1, losses)
    np.testing.assert_array_equal(theta, arrays[0])
    np.testing.assert_array_equal(losses, 7)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("block", [0, 2])
def test_steps_of_gradient_descent(block, large, monkeypatch):
    if large:
        monkeypatch.setattr(program, "LARGE", 0)
    loss, inputs, (theta, x) = regression(m=5)
    made = written(loss, inputs, inputs[:1], theta, x, block=block)
    assert bool(made.work) == bool(made.gradients) == large
    alike(loss, inputs, inputs[:1], theta, x, block=block)
    f = mg.function(loss, inputs, inputs[:1])
    ours, expected, losses = theta.copy(), theta.copy(), np.empty(4)
    kinds = made.work, made.gradients
    assert space_of(made)["descend"](ours, x, *more(made, *kinds), 0.5, losses)
    for step in range(4):
        value, (gradient,) = f(expected, x)
        assert losses[step] == pytest.approx(float(value), rel=1e-12)
        expected = expected - 0.5 * gradient
    np.testing.assert_allclose(ours, expected, rtol=1e-12)


def test_there_are_no_steps_without_parameters_among_the_arguments():
    x, y = mg.parameter([1.0, 2.0], name="x"), mg.parameter([2.0, 3.0], name="y")
    loss = mg.sum(x * y)
    for wrt in (None, [], [y], [x, y]):
        assert "def descend" not in written(loss, [x], wrt, x.value).text
    # What is named twice changes once, and what the loss does not depend on does not change.
    made = written(mg.sum(x * x), [x, y], [x, x, y], x.value, y.value)
    ours, losses = [x.value.copy(), y.value.copy()], np.empty(2)
    assert space_of(made)["descend"](*ours, 0.25, losses)
    np.testing.assert_array_equal(ours, [[0.25, 0.5], y.value])
    np.testing.assert_array_equal(losses, [5, 1.25])


def test_a_program_of_many_ops_takes_too_long_to_compile(monkeypatch):
    monkeypatch.setattr(program, "MOST", 5)
    x = mg.constant([1.0], name="x")
    alike(mg.sin(mg.sin(mg.sin(x))), [x], None, [0.5])
    with pytest.raises(UnplannedError, match="more than 5 ops"):
        alike(mg.sin(mg.sin(mg.sin(mg.sin(mg.sin(x))))), [x], None, [0.5])


def test_a_confident_prediction_keeps_its_digits():
    z = mg.parameter([[0.0], [-40.0]], name="z")
    y = mg.constant([0], name="y")
    for loss in (
        mg.softmax_cross_entropy(z, y, axis=0),
        mg.cross_entropy(mg.softmax(z, axis=0), y, axis=0),
    ):
        made = written(loss, [z, y], [z], z.value, y.value)
        value, (gradient,) = call(made, z.value, y.value)
        assert float(value) == 4.248354255291589e-18
        np.testing.assert_allclose(gradient.ravel(), [-float(value), float(value)], rtol=1e-15)
        value, (gradient,) = call(made, np.array([[1e308], [-1e308]]), np.array([1]))
        assert float(value) == np.inf
        value, (gradient,) = call(made, np.array([[3.0], [-np.inf]]), np.array([0]))
        assert [float(value), *gradient.ravel()] == [0, 0, 0]


def test_special_logits():
    z = mg.parameter(np.zeros((3, 2)), name="z")
    loss = mg.softmax_cross_entropy(z, [0, 1], axis=0)
    for values in (
        [[0, -np.inf], [-np.inf, 0], [1, 1]],
        [[np.nan, 1], [1, 1], [1, 1]],
        [[1e308, 0], [-1e308, 0], [1e308, 0]],
        [[-np.inf, 1], [1, 1], [1, 1]],
    ):
        alike(loss, [z], [z], np.array(values, float))
