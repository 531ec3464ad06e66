"""Errors are lessons: each says what was wrong, on which nodes, at which line, and what to do."""

import re
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

import minigraph as mg
from minigraph import namespace

theta = mg.parameter(np.ones((2, 3)), name="θ")
x = mg.constant(np.ones((4, 5)), name="x")
row = mg.parameter([1.0, 2.0], name="row")
loss = mg.sum(row * row).named("L")


@dataclass(frozen=True)
class Broken(mg.Op):
    """An op whose rules return whatever they are told to."""

    output: object = None
    cotangents: object = None

    def forward(self, xp, a):
        return a * 2 if self.output is None else self.output

    def backward(self, xp, cotangent, output, a):
        return self.cotangents

    def __hash__(self):
        return 0


class Foreign:
    """An array of some other library."""

    __module__ = "otherlib.arrays"
    dtype = shape = None

    def __array_namespace__(self):
        return type("otherlib", (), {"__name__": "otherlib"})()


class Nameless:
    """An array of a library without a namespace."""

    __module__ = "nameless"


def broken(**fields):
    return mg.sum(Broken(**fields)(row)).backward()


CASES = [
    # what is done, the kind of error, and parts that its message has in this order
    (lambda: theta @ x, mg.ShapeError, ["MatMul", "(2, 3) @ (4, 5)", "3 and 4", "θ", "x"]),
    (lambda: theta @ theta, mg.ShapeError, ["MatMul", "a @ b.mT"]),
    (lambda: theta @ mg.constant(np.ones(2)), mg.ShapeError, ["MatMul", "a.mT @ b"]),
    (lambda: row.T @ theta.T, mg.ShapeError, ["(2,) @ (3, 2)", "a @ b.mT"]),
    (lambda: namespace.int0, AttributeError, ["no attribute 'int0'"]),
    (lambda: theta @ 2.0, mg.ShapeError, ["MatMul", "scalar", "with *"]),
    (
        lambda: mg.constant(np.ones((2, 3, 4))) @ mg.constant(np.ones((5, 4, 2))),
        mg.ShapeError,
        ["MatMul", "do not broadcast"],
    ),
    (lambda: theta + x, mg.ShapeError, ["Add", "(2, 3) and (4, 5)", "axis -1", "3", "5", "θ"]),
    (lambda: mg.matmul(theta), mg.GraphError, ["MatMul", "takes 2 input(s), got 1"]),
    (lambda: mg.exp(theta, x), mg.GraphError, ["Exp", "takes 1 input(s), got 2"]),
    (lambda: mg.sum(theta, axis=2), mg.AxisError, ["Sum", "axis 2", "θ", "count from 0"]),
    (lambda: mg.sum(theta, axis="0"), mg.AxisError, ["axis '0' is no axis"]),
    (lambda: mg.sum(theta, axis=(0, 0)), mg.AxisError, ["names an axis twice"]),
    (lambda: mg.reshape(theta, "2"), mg.ShapeError, ["'2' is no shape"]),
    (lambda: mg.reshape(theta, (4, 2)), mg.ShapeError, ["Reshape", "6 entries", "(4, 2)"]),
    (lambda: mg.broadcast_to(theta, (2, 4)), mg.ShapeError, ["(2, 3)", "to (2, 4)"]),
    (lambda: mg.permute_dims(theta, (0, 0)), mg.ShapeError, ["(0, 0)", "permutation"]),
    (lambda: mg.squeeze(theta, 0), mg.ShapeError, ["Squeeze", "axis 0", "(2, 3)"]),
    (lambda: mg.matrix_transpose(row), mg.ShapeError, ["two axes", "shape (2,) has 1"]),
    (lambda: mg.max(mg.constant(np.ones((0,)))), mg.ShapeError, ["Max", "no entries"]),
    (lambda: mg.negative(mg.constant([True])), mg.DTypeError, ["Negative", "astype(float)"]),
    (lambda: mg.constant([1], name="n") ** -1, mg.MinigraphError, ["Pow", "negative integer"]),
    (lambda: mg.constant(np.int8([1])) * 1000, mg.DTypeError, ["Multiply", "1000", "int8"]),
    (lambda: mg.cross_entropy(theta, [0, 3]), mg.LabelError, ["label 3", "3 classes, 0 to 2"]),
    (lambda: mg.cross_entropy(theta, [-1, 0]), mg.LabelError, ["label -1", "out of range"]),
    (lambda: mg.cross_entropy(theta, [0.0, 1.0]), mg.LabelError, ["integers, not float64"]),
    (lambda: mg.cross_entropy(theta, [0, 1, 2]), mg.ShapeError, ["(3,)", "(2, 3)", "(2,)"]),
    (lambda: mg.cross_entropy(theta, np.ones((1, 3))), mg.ShapeError, ["(1, 3)", "(2, 3)"]),
    (lambda: mg.cross_entropy(theta, [0, 1], axis=5), mg.AxisError, ["axis 5", "one int"]),
    (
        lambda: mg.cross_entropy(np.ones((2, 0)), np.ones((2, 0))),
        mg.ShapeError,
        ["no classes", "(2, 0)"],
    ),
    (lambda: mg.cross_entropy(theta, [0, 1], reduction="avg"), mg.OptionError, ["'avg'", "'mean'"]),
    (lambda: mg.one_hot([0.5]), mg.LabelError, ["one_hot", "not float64"]),
    (lambda: mg.one_hot([3], classes=[1, 2]), mg.LabelError, ["label 3", "[1, 2]"]),
    (lambda: mg.one_hot([1], classes=[1, 1]), mg.LabelError, ["[1, 1]", "distinct"]),
    (lambda: mg.one_hot([1], axis=3), mg.LabelError, ["axis 3", "(1,)"]),
    (lambda: mg.one_hot([[1], [1, 2]]), mg.LabelError, ["rows of different lengths"]),
    (lambda: mg.parameter([1, 2], name="w"), mg.DTypeError, ["parameter 'w'", "int64", "1.0"]),
    (lambda: mg.constant("word"), mg.DTypeError, ["constant", "real numbers"]),
    (lambda: mg.constant([[1.0], [1.0, 2.0]]), mg.ShapeError, ["rows of different lengths"]),
    (lambda: mg.constant(theta), mg.GraphError, ["was given a Node", "node.value"]),
    (lambda: mg.constant(Foreign()), mg.GraphError, ["array of otherlib", "mg.function"]),
    (lambda: mg.constant(np.ma.masked_array([1.0])), mg.GraphError, ["masked", "filled"]),
    (lambda: row.named(3), mg.GraphError, ["a name is text, not int"]),
    (lambda: bool(row), mg.GraphError, ["ambiguous", "row", ".all()"]),
    (lambda: float(row), mg.GraphError, ["shape (2,)", "row"]),
    (lambda: np.asarray(row), mg.GraphError, ["NumPy array is needed", "row", "node.value"]),
    (lambda: np.add.reduce(row), mg.GraphError, ["np.add", "row", "node.value"]),
    (lambda: np.cbrt(row), mg.GraphError, ["np.cbrt", "no counterpart"]),
    (lambda: row.backward(), mg.GradientError, ["scalar loss", "row", "mg.sum"]),
    (lambda: mg.sum(x).backward(), mg.GradientError, ["no parameter", "mg.parameter"]),
    (lambda: mg.grad(row, theta), mg.GradientError, ["shape (2,)", "cotangent"]),
    (lambda: mg.grad(row, row, np.ones(3)), mg.ShapeError, ["(3,)", "(2,)", "row"]),
    (lambda: mg.grad(loss, "row"), mg.GraphError, ["wrt is no Node but a str"]),
    (lambda: mg.grad(3.0, row), mg.GraphError, ["output is no Node but a float"]),
    (lambda: mg.grad(loss, mg.constant([1])), mg.DTypeError, ["wrt holds int64", "no gradient"]),
    (lambda: mg.function(loss, row), mg.GraphError, ["lists of the graph's Nodes", "inputs=["]),
    (lambda: mg.function(loss, [row])(), mg.GraphError, ["takes 1 arrays, got 0"]),
    (
        lambda: mg.function(row, [row], [row])([1.0, 2.0]),
        mg.GradientError,
        ["shape (2,)", "scalar"],
    ),
    (lambda: mg.function(loss, [row])([[1.0], [1.0, 2.0]]), mg.ShapeError, ["rows", "row"]),
    (lambda: mg.function(loss, [row])(np.ma.masked_array([1.0])), mg.GraphError, ["masked"]),
    (lambda: mg.function(loss, [row], [row])(np.array([1])), mg.DTypeError, ["int64", "row"]),
    (
        lambda: mg.function(loss, [row])(np.ones(2), Foreign()),
        mg.GraphError,
        ["takes 1 arrays, got 2"],
    ),
    (
        lambda: mg.function(row @ row, [row])(Nameless()),
        mg.GraphError,
        ["nameless.Nameless", "array-api-compat"],
    ),
    (
        lambda: mg.function(mg.sum(row * mg.constant([1.0, 2.0], name="c")), [row])(np.ones(3)),
        mg.ShapeError,
        ["Multiply", "(3,)", "(2,)"],
    ),
    (lambda: broken(cotangents=[1.0]), mg.GradientError, ["Broken", "a list, not a tuple"]),
    (lambda: broken(cotangents=()), mg.GradientError, ["0 cotangent(s) for 1 input(s)"]),
    (lambda: broken(cotangents=(3.0,)), mg.GradientError, ["a float, not an array"]),
    (lambda: broken(cotangents=(np.ones(3),)), mg.GradientError, ["(3,)", "row", "shape (2,)"]),
    (lambda: broken(output="text"), mg.DTypeError, ["Broken", "str, not an array"]),
    (lambda: mg.nothing, AttributeError, ["'nothing'"]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case[2])[:40])
def test_message(case):
    mistake, kind, parts = case
    with pytest.raises(kind) as caught:
        mistake()
    message = str(caught.value)
    assert re.search(".*".join(map(re.escape, parts)), message, re.DOTALL), message
    if issubclass(kind, mg.MinigraphError):
        # The user's own line: this file, at the line of the mistake.
        assert re.search(r"test_messages\.py:\d+: ", message), message
        assert "To mend it: " in message or kind is mg.GraphError, message


def test_every_kind_is_a_builtin_error_too():
    for kind, builtin in [
        (mg.ShapeError, ValueError),
        (mg.AxisError, IndexError),
        (mg.DTypeError, TypeError),
        (mg.LabelError, ValueError),
        (mg.GraphError, TypeError),
        (mg.GradientError, ValueError),
    ]:
        assert issubclass(kind, builtin)
        assert issubclass(kind, mg.MinigraphError)


def test_a_users_op_keeps_its_cause():
    @dataclass(frozen=True)
    class Picky(mg.Op):
        def forward(self, xp, a):
            raise ValueError("no such luck")

    with pytest.raises(mg.MinigraphError, match="Picky: no such luck") as caught:
        Picky()(row)
    assert isinstance(caught.value.__cause__, ValueError)


def test_arrays_of_different_libraries():
    f = mg.function(mg.sum(row * row), [row, mg.constant([1.0])])
    with pytest.raises(mg.GraphError, match="different libraries in one call: numpy, otherlib"):
        f(np.ones(2), Foreign())


def test_the_message_shows_a_path_when_the_working_directory_is_gone(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(mg.ShapeError, match=r"test_messages\.py"):
        theta + x


def test_non_finite_value_warns_once_at_the_line_where_it_arose():
    w = mg.parameter([0.0, 1.0], name="w")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        y = mg.log(w)  # this line
        mg.sum(y * 2).backward()
    (warning,) = caught
    assert warning.category is mg.NonFiniteWarning
    text = str(warning.message)
    assert re.search(r"Log gave inf.*w  shape \(2,\).*# this line.*To mend it: keep x", text, re.S)
    assert warning.filename == __file__


def test_non_finite_gradient_of_a_finite_loss_warns():
    w = mg.parameter([0.0, 1.0], name="w")
    half = mg.constant([0.5, 0.5], name="p")
    total = mg.sum(w**half)
    with pytest.warns(mg.NonFiniteWarning, match="Pow gave inf"):
        total.backward()
    with pytest.warns(mg.NonFiniteWarning, match="Pow gave inf"):
        mg.grad(total, w)


def test_what_is_not_finite_from_the_start_does_not_warn():
    z = mg.parameter([0.0, -np.inf], name="z")
    total = mg.sum(z)
    total.backward()
    assert z.grad.tolist() == [1.0, 1.0]
