"""The closed forms, compared with the definitions in many digits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles_ import cross_entropy, cross_entropy_gradient, rounded, softmax

from minigraph.testing import strategies


@given(strategies.classifications(), st.sampled_from(["mean", "sum", "none"]))
def test_closed_forms(case, reduction):
    z = np.moveaxis(case.z, case.axis, -1)
    y = np.moveaxis(case.weights, case.axis, -1)
    scale = 1 / case.m if reduction == "mean" else 1

    def compare(got, rows, **tolerance):
        np.testing.assert_allclose(np.moveaxis(got, case.axis, -1), rows, **tolerance)

    compare(case.y_hat, [rounded(softmax(row)) for row in z], rtol=1e-12, atol=1e-300)
    gradients = [rounded(cross_entropy_gradient(*pair)) for pair in zip(z, y, strict=True)]
    compare(case.gradient(reduction), np.array(gradients) * scale, rtol=1e-12, atol=1e-15)
    if case.representable(naive=False):
        losses = rounded([cross_entropy(*pair) for pair in zip(z, y, strict=True)])
        expected = losses if reduction == "none" else losses.sum() * scale
        np.testing.assert_allclose(case.loss(reduction), expected, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("naive", [True, False])
@given(strategies.classifications(targets=["one_hot"]))
def test_representable(naive, case):
    if case.representable(naive):
        assert np.isfinite(case.loss("sum"))
        if naive:
            assert (case.y_hat[case.weights != 0] > 1e-261).all()
