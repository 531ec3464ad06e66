"""When two outcomes are the same."""

import numpy as np
import pytest

from minigraph.testing.mistakes.mistake import same


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (np.array([1.0]), np.array([1.0 + 1e-8]), True),
        (np.array([1.0]), np.array([1.1]), False),
        (np.array([1.0]), np.array(1.0), False),
        (np.array([np.nan, 1.0]), np.array([np.inf, 1.0]), True),
        (np.array([np.nan]), np.array([1.0]), False),
        (np.array([1e308]), np.array([-1e308]), False),
        (ValueError("a"), ValueError("b"), True),
        (ValueError("a"), TypeError("a"), False),
        (ValueError("a"), np.array(1.0), False),
    ],
)
def test_same(one, other, expected):
    assert same(one, other) is expected
