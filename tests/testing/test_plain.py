"""Plain functions of arrays with gradients written by hand, as students write them."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(7)
X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
LABELS = np.array([0, 1, 1, 0, 1])


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(w, x, labels):
    return -np.mean(np.log(softmax(x @ w)[np.arange(len(labels)), labels]))


def loss_gradient(w, x, labels):
    p = softmax(x @ w)
    p[np.arange(len(labels)), labels] -= 1
    return x.T @ p / len(labels)


def linear(w, x):
    return x @ w


def linear_vjp(cotangent, w, x):
    return x.T @ cotangent, cotangent @ w.T


def test_a_students_loss_passes_by_the_complex_step():
    check = check_gradient(loss, W, X, LABELS, gradient=loss_gradient, wrt="w")
    (part,) = check.inputs
    assert (part.name, part.method, part.comparisons) == ("w", "complex step", 6)
    assert part.error < 1e-15
    assert check.skipped == ("x", "labels")
    assert "complex step; derivatives up to" in str(check)


def test_a_vjp_is_checked_by_all_inputs():
    check = check_gradient(linear, W, X, vjp=linear_vjp)
    assert [part.name for part in check.inputs] == ["w", "x"]
    assert {part.method for part in check.inputs} == {"complex step"}


@pytest.mark.parametrize(
    ("f", "gradient"),
    [
        (lambda x: np.sum(np.abs(x)), np.sign),
        (lambda x: np.sum(np.maximum(x, 0) ** 2), lambda x: 2 * np.maximum(x, 0)),
        (lambda x: sum(float(v) ** 2 for v in x.ravel()), lambda x: 2 * x),
        (lambda x: float(np.sum(np.array(x, dtype=float) ** 2)), lambda x: 2 * x),
        (lambda x: np.sum(x.real * np.hypot(x.real, 1.0)), None),
    ],
    ids=["abs", "relu", "float()", "a cast", "real parts"],
)
def test_where_complex_numbers_make_no_sense_central_differences_are_taken(f, gradient):
    if gradient is None:

        def gradient(x):
            return np.hypot(x, 1.0) + x * x / np.hypot(x, 1.0)

    check = check_gradient(f, X, gradient=gradient)
    if check.inputs[0].method == "complex step":  # where it takes the branches as real numbers do
        assert f(X + 0j) == pytest.approx(f(X))
    else:
        assert check.inputs[0].error < 1e-8
    with pytest.raises(GradientMismatch):
        check_gradient(f, X, gradient=lambda x: gradient(x) + 1e-4)


def test_float32_stays_float32():
    w, x = W.astype(np.float32), X.astype(np.float32)
    assert check_gradient(linear, w, x, vjp=linear_vjp).inputs[0].dtype == "float32"
    with pytest.raises(GradientMismatch, match="is float64, but w is float32"):
        check_gradient(linear, w, x, vjp=lambda v, w, x: (x.T @ v.astype(float), None))


def test_a_function_that_computes_in_float32_is_moved_by_larger_steps():
    def coarse(x):
        return np.sum(x.astype(np.float32) ** 2)

    check = check_gradient(coarse, X, gradient=lambda x: 2 * x)
    assert check.inputs[0].step == 2.0**-8
    with pytest.raises(GradientMismatch):
        check_gradient(coarse, X, gradient=lambda x: 2.1 * x)


def test_lists_nodes_numbers_and_anything_else_may_be_inputs():
    def f(x, power, name, ragged):
        assert name == "sum"
        assert ragged == [[1], [2, 3]]
        return np.sum(x**power)

    def gradient(x, power, name, ragged):
        return power * x ** (power - 1)

    for x in ([1.0, 2.0], mg.parameter([1.0, 2.0]), (1.0, 2.0), np.array([1.0, 2.0], ">f8")):
        check = check_gradient(f, x, 3, "sum", [[1], [2, 3]], gradient=gradient)
        assert check.skipped == ("power", "name", "ragged")
    assert check_gradient(lambda x: x * x, np.float32(2), gradient=lambda x: 2 * x).order == 1


def test_a_confident_prediction_is_no_mistake():
    # 1 − ŷ is 0 to the digits that a student's ŷ has; the true slope is 4e-18.
    z = np.array([[0.0, -40.0]])
    check_gradient(lambda z: loss(z, np.eye(1), [0]), z, gradient=lambda z: softmax(z) - [[1, 0]])


def test_a_vjp_that_does_not_use_the_cotangent_is_told_so():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(np.sin, X, vjp=lambda v, x: np.cos(x))
    assert caught.value.hints[0].startswith("it does not change with the cotangent")


def test_none_leaves_an_input_out():
    check = check_gradient(linear, W, X, vjp=lambda v, w, x: (None, v @ w.T))
    assert [part.name for part in check.inputs] == ["x"]
    assert check.skipped == ("w",)
    with pytest.raises(mg.InputError, match="returned None for w and x: there is nothing"):
        check_gradient(linear, W, X, vjp=lambda v, w, x: (None, None))


def test_a_tuple_may_leave_out_the_data():
    def f(x, labels, w):
        return np.sum(x @ w) + labels.sum()

    def gradient(x, labels, w):
        ones = np.ones((5, 2))
        return ones @ w.T, x.T @ ones

    assert len(check_gradient(f, X, LABELS, W, gradient=gradient).inputs) == 2


BAD = {
    "an array": (lambda x: x, "f returned shape (5, 3); a gradient is one of a scalar"),
    "a Node": (
        lambda x: mg.sum(x),
        "f returned a Node, not numbers\n",
    ),
    "a word": (lambda x: "x", "f returned a str, not numbers"),
    "inf": (lambda x: np.sum(x) + np.inf, "f is inf at this point\n  x  shape (5, 3), float64"),
    "random": (lambda x: rng.random(), "f is not deterministic"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_function_that_has_no_gradient_is_refused(name):
    f, words = BAD[name]
    with pytest.raises(mg.InputError) as caught:
        check_gradient(f, X, gradient=np.ones_like)
    assert words in str(caught.value)


def test_a_function_of_nodes_is_told_what_is_checked():
    with pytest.raises(mg.InputError, match="for a function of Nodes leave out gradient="):
        check_gradient(lambda x: mg.sum(x), X, gradient=np.ones_like)


def test_a_gradient_of_a_named_function_is_called_by_its_name():
    def gradient_of_w(w, x, labels):
        return loss_gradient(w, x, labels).T

    with pytest.raises(GradientMismatch, match="that gradient_of_w returned has shape"):
        check_gradient(loss, W, X, LABELS, gradient=gradient_of_w, wrt=0)
