"""How large an entry is among the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigraph.draw.levels import LEVELS, levels


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ([1.0, 0.76, 0.75, 0.5, 0.25, 1e-9], [4, 4, 3, 2, 1, 1]),
        ([-1.0, 0.0, -0.0, 0.3], [-4, 0, 0, 2]),
        ([0.0, 0.0], [0, 0]),
        ([np.inf, -np.inf, np.nan, 1.0, -0.1], [4, -4, 0, 4, -1]),
        ([np.nan, np.inf], [0, 4]),
        ([1e308, -1e308, 1e-308], [4, -4, 1]),
        ([5e-324, -5e-324], [4, -4]),
    ],
)
def test_floats(values, steps):
    assert levels(np.array(values)).tolist() == steps


def test_other_kinds():
    assert levels(np.array([True, False])).tolist() == [4, 0]
    assert levels(np.array([-3, 12])).tolist() == [-1, 4]
    assert levels(np.zeros((0, 3))).shape == (0, 3)


@given(hnp.arrays(np.float64, st.integers(1, 6), elements=st.floats()))
def test_the_sign_is_the_entry_s_and_larger_is_not_paler(values):
    steps = levels(values)
    known = ~np.isnan(values)
    assert np.array_equal(np.sign(steps[known]), np.sign(values[known]))
    assert np.abs(steps).max() <= LEVELS
    order = np.argsort(np.abs(values[known]), kind="stable")
    assert np.all(np.diff(np.abs(steps[known][order])) >= 0)
