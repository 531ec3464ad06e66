"""Each slip, in numbers: what is printed fails, what is called right holds."""

import numpy as np
import pytest

from minigraph.lecture import EXAMPLES, SLIPS

X, THETA = EXAMPLES["C"].x, EXAMPLES["C"].theta
Y = np.equal.outer(EXAMPLES["C"].classes, EXAMPLES["C"].labels).astype(float)


def loss_of_each(theta, x=X):
    """Compute L⁽ᵘ⁾ for every example of C."""
    z = theta.T @ x
    return np.log(np.exp(z).sum(axis=0)) - (Y * z).sum(axis=0)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


def slope(i, j):
    """Differentiate each example's loss by θ[j, i], by central differences."""
    step = np.zeros_like(THETA)
    step[j, i] = 1e-6
    return (loss_of_each(THETA + step) - loss_of_each(THETA - step)) / 2e-6


Y_HAT = softmax(THETA.T @ X)


def test_they_are_listed_with_the_examples_that_they_touch():
    assert len(SLIPS) == 6
    for slip in SLIPS:
        assert slip.where
        assert slip.why
        assert slip.printed != slip.right
        assert set(slip.examples) <= set(EXAMPLES)


def test_the_second_probability_has_the_second_logit():
    z = EXAMPLES["A"].theta.T @ EXAMPLES["A"].x
    exact = EXAMPLES["A"].quantities["ŷ"].exact
    total = np.exp(z).sum()
    assert np.exp(z[1]) / total == pytest.approx(exact[1])
    assert np.exp(z[0]) / total != pytest.approx(exact[1], rel=1e-3)
    assert "ŷ₂ = e^{z₁}" in SLIPS[0].printed
    assert "ŷ₂ = e^{z₂}" in SLIPS[0].right


def test_without_the_factor_x_it_is_the_derivative_by_the_bias():
    residual = (Y_HAT - Y)[0]
    np.testing.assert_allclose(slope(0, 0), residual, atol=1e-8)
    assert not np.allclose(slope(0, 1), residual, atol=1e-2)
    assert "∂wᵢ" in SLIPS[1].printed
    assert "∂bᵢ" in SLIPS[1].right


def test_the_signs_of_the_long_derivation():
    # A soft target shows what a one-hot one could hide.
    y_hat, y = Y_HAT[:, 0], np.array([0.2, 0.5, 0.3])
    others = y.sum() - y
    np.testing.assert_allclose(-y * (1 - y_hat) + others * y_hat, y_hat - y)
    np.testing.assert_allclose(y_hat * (y + others) - y, y_hat - y)
    assert not np.allclose(-y_hat * (1 - y_hat) - others * y_hat, y_hat - y, atol=1e-2)
    assert not np.allclose(y_hat * (y - others) - y, y_hat - y, atol=1e-2)
    assert "− Σ" in SLIPS[2].printed
    assert "− Σ" not in SLIPS[2].right


def test_the_weight_of_feature_j_carries_feature_j():
    i, j = 0, 2  # class 1, feature 2; row 1 of x is the feature with the number of the class
    residual = (Y_HAT - Y)[i]
    np.testing.assert_allclose(slope(i, j), X[j] * residual, atol=1e-8)
    assert not np.allclose(slope(i, j), X[i + 1] * residual, atol=1e-2)
    assert "xᵢ" in SLIPS[3].printed
    assert "xⱼ" in SLIPS[3].right


def test_the_third_scales_the_whole_sum():
    figures = [f for f in EXAMPLES["C"].figures(quantity="∂L/∂θ") if f.index[1] == 0]
    terms = X * (Y_HAT - Y)[0]
    whole = terms.sum(axis=1) / 3
    first_only = terms[:, 0] / 3 + terms[:, 1:].sum(axis=1)
    for figure, right, wrong in zip(figures, whole, first_only, strict=True):
        assert figure.matches(right)
        assert not figure.matches(wrong)


def test_the_first_logarithm_is_truncated():
    figure = next(EXAMPLES["C"].figures(quantity="log ŷ_y"))
    assert figure.printed == "-0.90"
    assert f"{figure.exact:.2f}" == "-0.91"
    assert f"{figure.exact:.4f}".replace("-", "−") in SLIPS[5].right
