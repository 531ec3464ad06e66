"""Stable forms: right past underflow, where the graph itself gives inf."""

import warnings

import numpy as np
import pytest
from compile.compare_ import both

import minigraph as mg


@pytest.mark.parametrize(
    ("z", "label", "loss", "gradient"),
    [
        ([0.0, -40.0], 0, 4.248354255291589e-18, [-4.248354255291589e-18, 4.248354255291589e-18]),
        ([0.0, -40.0], 1, 40.0, [1.0, -1.0]),
        ([1e308, -1e308], 0, 0.0, [0.0, 0.0]),
        ([1e308, 1e308, -np.inf], 1, np.log(2), [0.5, -0.5, 0.0]),
        ([0.0, -800.0], 1, 800.0, [1.0, -1.0]),
        ([0.0, 1e16, 1e16], 0, 1e16, [-1.0, 0.5, 0.5]),
        ([0.0, 5000.0, 5000.0], 0, 5000 + np.log(2), [-1.0, 0.5, 0.5]),
        ([0.0, 0.0, 0.0, -800.0], 3, 800 + np.log(3), [1 / 3, 1 / 3, 1 / 3, -1.0]),
    ],
)
@pytest.mark.parametrize("form", ["fused", "separate", "labels", "log", "given one-hot"])
def test_far_ends(form, z, label, loss, gradient):
    node = mg.parameter(np.zeros(len(z)), name="z")
    y = mg.one_hot([label], classes=len(z), axis=0, name="y")[:, 0]
    y = mg.one_hot(np.array(label), classes=len(z), axis=0, name="y")
    inputs, arrays = [node], [np.array(z)]
    if form == "fused":
        output = mg.softmax_cross_entropy(node, y)
    elif form == "separate":
        output = mg.cross_entropy(mg.softmax(node), y)
    elif form == "labels":
        output = mg.softmax_cross_entropy(node, label)
    elif form == "log":
        output = -mg.log(mg.softmax(node))[label]
    else:
        output = mg.softmax_cross_entropy(node, y)
        inputs, arrays = [node, y], [np.array(z), y.value]
    f = mg.compile(output, inputs, [node])
    for _ in range(3):
        value, (dz,) = f(*arrays)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, (dz,) = f(*arrays)
    np.testing.assert_allclose(value, loss, rtol=1e-13)
    if form != "log" or np.isfinite(z).all():
        np.testing.assert_allclose(dz, gradient, rtol=1e-13, atol=1e-300)


def test_logarithms_of_softmax_and_sigmoid_past_underflow():
    z = mg.parameter([[0.0, -900.0]], name="z")
    values = np.array([[0.0, -900.0]])
    forms = {
        "log softmax": (mg.log(mg.softmax(z)), [[0.0, -900.0]]),
        "log sigmoid": (mg.log(mg.sigmoid(z)), [[-np.log(2), -900.0]]),
        "log 1 − sigmoid": (mg.log(1 - mg.sigmoid(-z)), [[-np.log(2), -900.0]]),
        "log Σ exp": (mg.log(mg.sum(mg.exp(z * 2 + 1800), axis=1)), [1800.0]),
        "no sigmoid": (mg.log(2 - mg.sigmoid(z)), [[np.log(1.5), np.log(2)]]),
        "no exp": (mg.log(mg.sum(z * z + 1, axis=1)), [np.log(810002.0)]),
        "an empty sum": (mg.log(mg.sum(mg.exp(z), axis=())), [[0.0, -np.inf]]),
    }
    for output, expected in forms.values():
        f = mg.compile(output, [z])
        for _ in range(2):
            np.testing.assert_allclose(f(values), expected, rtol=1e-14)
    y_hat = mg.sigmoid(z)
    asked = mg.compile(mg.sum(mg.log(y_hat)), [z], [y_hat])
    _, (found,) = asked([[0.0, 1.0]])
    np.testing.assert_allclose(found, 1 / (1 / (1 + np.exp([[0.0, -1.0]]))), rtol=1e-14)
    # Along several axes, there is no loss of one op.
    w = mg.softmax(z, axis=(0, 1))
    both(mg.cross_entropy(w, [1]), [z], [z], [[0.0, 1.0]])
