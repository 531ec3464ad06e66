"""The logistic loss from logits: beside its definition in many digits."""

import mpmath as mp
import numpy as np
import pytest
from compile.compare_ import both, run_from_plan
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg

LOGITS = st.sampled_from([0.0, -0.0, 40.0, -40.0, 700.0, -700.0, 1e-300]) | st.floats(-50, 50)
TARGETS = st.sampled_from([0.0, 1.0, 1 - 1e-10, 1e-10, 0.5]) | st.floats(0, 1)


def loss_of(z, y):
    y_hat = mg.sigmoid(z).named("ŷ")
    return (-mg.mean(y * mg.log(y_hat) + (1 - y) * mg.log(1 - y_hat))).named("L")


@settings(max_examples=60, deadline=None)
@given(z=LOGITS, y=TARGETS)
def test_the_loss_and_its_gradient_have_all_their_digits(z, y):
    node, target = mg.parameter([0.0], name="z"), mg.constant([0.0], name="y")
    f = mg.compile(loss_of(node, target), [node, target], [node])
    value, (dz,) = f(np.array([z]), np.array([y]))
    with mp.workdps(700):
        a, b = mp.mpf(z), mp.mpf(y)
        right = b * mp.log(1 + mp.exp(-a)) + (1 - b) * mp.log(1 + mp.exp(a))
        # For a small difference of σ(z) and y, 1 − y and σ(−z) are what there is to go by.
        slope = 1 / (1 + mp.exp(-a)) - b
        ends = min(1 / (1 + mp.exp(-a)) + b, 1 / (1 + mp.exp(a)) + 1 - b)
    assert abs(value - right) <= 1e-14 * abs(right) + 5e-324
    assert abs(dz[0] - slope) <= 1e-14 * ends + 5e-324


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_confident_prediction_keeps_its_digits(dtype):
    z, y = mg.parameter(np.zeros(2, dtype), name="z"), mg.constant(np.zeros(2, dtype), name="y")
    f = mg.compile(loss_of(z, y), [z, y], [z])
    value, (dz,) = f(np.array([40, -40], dtype), np.array([1, 0], dtype))
    np.testing.assert_allclose(value, 4.248354255291589e-18, rtol=1e-6)
    np.testing.assert_allclose(dz, [-2.1241771e-18, 2.1241771e-18], rtol=1e-6)


def forms(z, y):
    y_hat = mg.sigmoid(z)
    logs, rests = mg.log(y_hat), mg.log(1 - y_hat)
    return {
        "−mean": -mg.mean(y * logs + (1 - y) * rests),
        "minus in front": mg.mean(-y * logs - (1 - y) * rests),
        "turned": mg.sum(-(rests * (1 - y)) - logs * y),
        "softplus": mg.sum(y * mg.softplus(-z) + (1 - y) * mg.softplus(z)),
    }


@pytest.mark.parametrize("form", ["−mean", "minus in front", "turned", "softplus"])
def test_it_is_found_however_it_is_written(form):
    z, y = mg.parameter([[0.5], [1.0]], name="z"), mg.constant([[1.0], [0.0]], name="y")
    arrays = np.array([[0.3], [-0.2]]), np.array([[0.0], [1.0]])
    f = both(forms(z, y)[form], [z, y], [z, y], *arrays, planned=False)
    assert "side = np.where(" in f.source
    expected = mg.function(forms(z, y)[form], [z, y], [z, y])(*arrays)
    run_from_plan(f, arrays, expected)


def test_what_is_no_logistic_loss():
    z, y = mg.parameter([0.5, 1.0], name="z"), mg.constant([1.0, 0.0], name="y")
    w, whole = mg.constant([1.0, 2.0], name="w"), mg.constant(np.array([1, 0]))
    plus, minus = mg.softplus(z), mg.softplus(-z)
    for terms in (
        y * minus + (1 - w) * plus,
        y * minus + (2 - y) * plus,
        y * minus - (1 - y) * plus,
        y * minus + (1 - y) * mg.softplus(w),
        y * plus + (1 - y) * plus,
        y * minus + (1 - y) * z,
        y + (1 - y) * plus,
        whole * minus + (1 - whole) * plus,
    ):
        f = both(mg.sum(terms), [z], [z], np.array([0.3, 0.4]))
        assert "side = " not in f.source
