"""How a plain function and its gradient are to behave."""

import numpy as np
import pytest

from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(7)
X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
LABELS = np.array([0, 1, 1, 0, 1])


def linear(w, x):
    return x @ w


def writes_to_w(w, x):
    w *= 2
    return np.sum(x @ w)


BEHAVIOUR = {
    "f writes to its input": (
        lambda: check_gradient(writes_to_w, W, X, gradient=lambda w, x: (w, x)),
        "writes_to_w writes to its input w",
        "work on a copy: w = w.copy()",
    ),
    "f writes to its data": (
        lambda: check_gradient(
            lambda w, y: np.sum(w) * y.__iadd__(1)[0], W, LABELS, gradient=lambda w, y: w
        ),
        "f writes to its input y",
        "",
    ),
    "the gradient writes to its input": (
        lambda: check_gradient(linear, W, X, vjp=lambda v, w, x: (x.T @ v, v @ w.__imul__(1.5).T)),
        "vjp writes to its input w",
        "",
    ),
    "the vjp writes to the cotangent": (
        lambda: check_gradient(linear, W, X, vjp=lambda v, w, x: (x.T @ v.__imul__(2), None)),
        "vjp writes to its input cotangent",
        "write a = a + b instead of a += b",
    ),
    "the gradient is the input": (
        lambda: check_gradient(lambda x: np.sum(x * x) / 2, X, gradient=lambda x: x),
        "the gradient by x that gradient returned shares its memory with the input x",
        "return a copy: .copy()",
    ),
    "the gradient is random": (
        lambda: check_gradient(np.sum, X, gradient=lambda x: rng.normal(size=x.shape)),
        "gradient is not deterministic: two calls at the same point give different gradients",
        "depend on its arguments alone",
    ),
    "another shape": (
        lambda: check_gradient(linear, W, X, vjp=lambda v, w, x: (v.T @ x, None)),
        "the gradient by w that vjp returned has shape (2, 3), but w has shape (3, 2); it looks "
        "transposed",
        "a gradient has one entry for each entry of its input",
    ),
    "not summed over a broadcast axis": (
        lambda: check_gradient(lambda b, x: x + b, W[0], X[:, :2], vjp=lambda v, b, x: (v, v)),
        "the gradient by b that vjp returned has shape (5, 2), but b has shape (2,)",
        "sum over the axes along which the input was broadcast",
    ),
    "integers": (
        lambda: check_gradient(np.sum, X, gradient=lambda x: np.ones(x.shape, dtype=int)),
        "the gradient by a that gradient returned is int64, but a is float64",
        "or return .astype(float64)",
    ),
    "nan": (
        lambda: check_gradient(lambda x: np.sum(x), [0.0, 1.0], gradient=lambda x: x / abs(x)),
        "the gradient by x that gradient returned is nan at (0,), although the function is finite",
        "look for a division by 0",
    ),
    "a word": (
        lambda: check_gradient(lambda x: x * x, 1.0, gradient=lambda x: "2x"),
        "gradient returned a str for x, not an array of numbers",
        "return an array of shape ()",
    ),
    "one for two": (
        lambda: check_gradient(linear, W, X, vjp=lambda v, w, x: x.T @ v),
        "vjp returned one gradient, but there are 2 inputs of floats: w, x",
        "or name what to compare: wrt='w'",
    ),
    "three for two": (
        lambda: check_gradient(linear, W, X, vjp=lambda v, w, x: (w, w, w)),
        "vjp returned 3 gradients for 2 inputs: w, x",
        "None for data",
    ),
}


@pytest.mark.parametrize("name", BEHAVIOUR)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_how_a_gradient_misbehaves_is_told(name):
    call, what, fix = BEHAVIOUR[name]
    with pytest.raises(GradientMismatch) as caught:
        call()
    assert what in str(caught.value)
    assert fix in str(caught.value)
