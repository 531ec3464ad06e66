"""∂L/∂z = ŷ − y: for any logits, any targets, any batch, whichever way the loss is written."""

import warnings

import numpy as np
import pytest
from forms_ import COMPILED, EAGER, both, every_given, given_in
from hypothesis import strategies as st
from oracles_ import cross_entropy, cross_entropy_gradient, rounded, softmax
from strategies_ import Classification, classifications, finite

import minigraph as mg

REDUCTIONS = st.sampled_from(["mean", "sum", "none"])


def expected(drawn: Classification, scale=1.0):
    """Return (ŷ Σy − y) · scale, from many digits."""
    pairs = zip(drawn.rows(drawn.z), drawn.rows(drawn.weights), strict=True)
    rows = np.array([rounded(cross_entropy_gradient(z, y)) for z, y in pairs])
    columns = (drawn.z.shape[0] if drawn.axis % 2 else drawn.z.shape[1], -1)
    return np.moveaxis(rows.reshape(columns), -1, drawn.axis) * scale


def gradient(form, loss, z):
    """Return ∂(Σ loss)/∂z."""
    with warnings.catch_warnings():
        # Logits 2e308 apart have a loss beyond the largest float, and yet a gradient.
        warnings.simplefilter("ignore", mg.NonFiniteWarning)
        (found,) = form.slopes(mg.sum(loss) if loss.ndim else loss, [z], atol=1e-300)
    return found


@every_given(classifications(targets=("one_hot", "labels", "array")), REDUCTIONS)
def test_of_any_finite_logits(form, drawn, reduction):
    z = mg.parameter(drawn.z)
    loss = mg.softmax_cross_entropy(z, drawn.target, axis=drawn.axis, reduction=reduction)
    scale = 1 / drawn.m if reduction == "mean" else 1.0
    # Right in relative terms: ŷ − 1 of a confident prediction keeps its digits.
    np.testing.assert_allclose(
        gradient(form, loss, z), expected(drawn, scale), rtol=2e-13, atol=1e-300
    )


@every_given(classifications(targets=("soft",)), REDUCTIONS)
def test_of_soft_targets_that_need_not_sum_to_1(form, drawn, reduction):
    z = mg.parameter(drawn.z)
    loss = mg.softmax_cross_entropy(z, drawn.target, axis=drawn.axis, reduction=reduction)
    scale = 1 / drawn.m if reduction == "mean" else 1.0
    np.testing.assert_allclose(
        gradient(form, loss, z), expected(drawn, scale), rtol=1e-12, atol=1e-13
    )


@every_given(classifications(logits=finite.filter(lambda x: abs(x) < 300)), REDUCTIONS)
def test_through_softmax_and_cross_entropy_apart(form, drawn, reduction):
    z = mg.parameter(drawn.z)
    y_hat = mg.softmax(z, axis=drawn.axis)
    loss = mg.cross_entropy(y_hat, drawn.target, axis=drawn.axis, reduction=reduction)
    scale = 1 / drawn.m if reduction == "mean" else 1.0
    np.testing.assert_allclose(
        gradient(form, loss, z), expected(drawn, scale), rtol=1e-11, atol=1e-12
    )


@every_given(classifications(logits=finite.filter(lambda x: abs(x) < 300)))
def test_through_primitives_alone(form, drawn):
    z = mg.parameter(drawn.z)
    y_hat = mg.softmax(z, axis=drawn.axis)
    loss = mg.expand(mg.cross_entropy(y_hat, drawn.target, axis=drawn.axis))
    np.testing.assert_allclose(
        gradient(form, loss, z), expected(drawn, 1 / drawn.m), rtol=1e-11, atol=1e-12
    )


@every_given(classifications(logits=st.floats(-30, 30), targets=("one_hot", "labels", "array")))
def test_through_log_softmax(form, drawn):
    z = mg.parameter(drawn.z)
    loss = -mg.sum(mg.constant(drawn.weights) * mg.log_softmax(z, axis=drawn.axis)) / drawn.m
    np.testing.assert_allclose(
        gradient(form, loss, z), expected(drawn, 1 / drawn.m), rtol=2e-13, atol=1e-300
    )


@every_given(classifications(logits=finite.filter(lambda x: abs(x) < 1e300)), REDUCTIONS)
def test_the_loss_itself(form, drawn, reduction):
    z = mg.parameter(drawn.z)
    loss = form.value(mg.softmax_cross_entropy(z, drawn.target, drawn.axis, reduction))
    pairs = zip(drawn.rows(drawn.z), drawn.rows(drawn.weights), strict=True)
    losses = rounded(cross_entropy(z, y) for z, y in pairs)
    if reduction != "none":
        losses = np.sum(losses) / (drawn.m if reduction == "mean" else 1)
    assert loss.shape == losses.shape
    np.testing.assert_allclose(loss, losses, rtol=2e-13, atol=1e-300)


@both
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_classes_along_any_axis_of_many(form, axis):
    rng = np.random.default_rng(0)
    z = mg.parameter(rng.normal(size=(2, 3, 4)))
    labels = rng.integers(0, z.shape[axis], size=np.delete(z.shape, axis))
    (dz,) = form.slopes(mg.softmax_cross_entropy(z, labels, axis=axis), [z])
    y = mg.one_hot(labels, z.shape[axis], axis=axis).value
    m = z.size // z.shape[axis]
    np.testing.assert_allclose(dz, (mg.softmax(z, axis=axis).value - y) / m, atol=1e-15)


def fused(z, y):
    return mg.softmax_cross_entropy(z, y)


def apart(z, y):
    return mg.cross_entropy(mg.softmax(z), y)


@pytest.mark.untraced
@pytest.mark.parametrize("loss", [fused, apart], ids=lambda f: f.__name__)
@pytest.mark.parametrize("expanded", [False, True])
@given_in(EAGER, COMPILED, examples=6)(classifications(logits=st.floats(-8, 8)))
def test_the_second_derivative_is_diag_minus_outer_block_by_block(form, loss, expanded, drawn):
    rows, weights = drawn.rows(drawn.z), drawn.rows(drawn.weights)
    z, direction = mg.parameter(rows), mg.parameter(np.ones(rows.shape))
    value = loss(z, weights)
    gradient = mg.grad(mg.expand(value) if expanded else value, z)
    row = form.function(mg.grad(gradient, z, cotangent=direction), [z, direction])
    m, k = rows.shape
    for u, i in np.ndindex(m, k):
        entry = np.zeros((m, k))
        entry[u, i] = 1
        y_hat = rounded(softmax(rows[u]))
        block = np.zeros((m, k))
        block[u] = (y_hat * (np.arange(k) == i) - y_hat[i] * y_hat) * weights[u].sum() / m
        np.testing.assert_allclose(row(rows, entry), block, rtol=1e-9, atol=1e-11)


@both
def test_a_confident_prediction_has_a_second_derivative_too(form):
    z = mg.parameter([0.0, -1000.0])
    gradient = mg.grad(mg.cross_entropy(mg.softmax(z), [1.0, 0.0]), z)
    assert form.value(mg.grad(gradient, z, cotangent=[1.0, 2.0])).tolist() == [0.0, 0.0]


@both
def test_a_confident_prediction_keeps_its_digits(form):
    z = mg.parameter([0.0, -40.0])
    loss = mg.softmax_cross_entropy(z, 0)
    assert float(form.value(loss)) == 4.248354255291589e-18
    (dz,) = form.slopes(loss, [z])
    assert dz.tolist() == [-4.248354255291589e-18, 4.248354255291589e-18]


@both
def test_masked_logits_of_wrong_classes_are_harmless(form):
    z = mg.parameter([[1.0, -np.inf, 2.0], [-np.inf, -np.inf, 0.5]])
    loss = mg.softmax_cross_entropy(z, mg.one_hot([0, 2], classes=3))
    assert np.isfinite(form.value(loss))
    (dz,) = form.slopes(loss, [z])
    np.testing.assert_array_equal(dz[:, 1], 0)
    np.testing.assert_array_equal(dz[1], 0)
    np.testing.assert_allclose(dz[0, 0], -dz[0, 2])


@both
def test_the_gradient_by_the_targets_where_they_are_0(form):
    y = mg.parameter([0.0, 1.0, 0.0], name="y")
    y_hat = mg.parameter([0.2, 0.3, 0.5], name="ŷ")
    z = mg.parameter(np.log([0.2, 0.3, 0.5]), name="z")
    for loss, by in [
        (mg.cross_entropy(y_hat, y), y_hat),
        (mg.softmax_cross_entropy(z, y), z),
    ]:
        for written in (loss, mg.expand(loss)):
            dy, d = mg.grad(written, [y, by])
            np.testing.assert_allclose(form.value(dy), -np.log([0.2, 0.3, 0.5]), rtol=1e-12)
            direction = [1.0, 2.0, -3.0]
            (one,) = form.slopes(mg.sum(dy * direction), [by])
            (other,) = form.slopes(mg.sum(d * [0.5, 1.0, 2.0]), [y])
            np.testing.assert_allclose(
                np.dot(one, [0.5, 1.0, 2.0]), np.dot(other, direction), rtol=1e-12
            )
