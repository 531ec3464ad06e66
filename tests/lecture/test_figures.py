"""A printed figure is matched to its last digit, and by nothing else."""

import dataclasses
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.lecture import QUANTITIES, STEPS, Figure


def printed_as(text: str | None) -> Figure:
    return Figure("L", "L", (), text, math.nan, 3)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("0.615", 0.615, True),
        ("0.615", 0.6153837563911821, True),  # truncated
        ("0.083", 0.08289319692335985, True),  # rounded up
        ("0.615", 0.6159999, True),
        ("0.615", 0.6140001, True),
        # A whole unit away is another printed figure, on whichever side the binary number lies.
        ("0.615", 0.616, False),
        ("0.615", 0.614, False),
        ("0.615", 0.6159999999999999, False),
        ("1.31", 1.32, False),
        ("1.31", 1.30, False),
        ("-0.90", -0.9065392101681398, True),
        ("-0.90", -0.91, False),
        ("-0.90", 0.9065392101681398, False),
        # The printed places count, not the number: 0.1790 is finer than 0.179.
        ("0.1790", 0.1795, False),
        ("0.179", 0.1795, True),
        ("1.1", 1.1, True),
        ("3", 3.5, True),
        ("3", 4, False),
        ("0.615", math.nan, False),
        ("0.615", math.inf, False),
        ("0.615", -math.inf, False),
        ("0.615", 1.7e308, False),
        ("0.000", 5e-324, True),
    ],
)
def test_matches(text, value, expected):
    assert printed_as(text).matches(value) is expected


def test_matches_takes_numpy_scalars():
    assert printed_as("0.615").matches(np.float32(0.6153837))
    assert printed_as("0.615").matches(np.array(0.6153837))


@given(st.integers(-10_000, 10_000), st.integers(0, 6), st.integers(-3, 3))
def test_a_whole_number_of_units_away_matches_only_at_none(digits, places, units):
    printed = Decimal(digits).scaleb(-places)
    value = float(printed + Decimal(units).scaleb(-places))
    figure = printed_as(f"{printed:f}")
    assert figure.unit == Decimal(1).scaleb(-places)
    assert figure.matches(value) is (units == 0)


def test_what_is_not_printed_cannot_match():
    with pytest.raises(ValueError, match="the lecture prints no figure for L"):
        printed_as(None).matches(1.0)
    with pytest.raises(ValueError, match="the lecture prints no figure for L"):
        _ = printed_as(None).unit


def test_a_figure_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        printed_as("1").printed = "2"


def test_the_quantities_follow_the_steps():
    steps = [quantity.step for quantity in QUANTITIES.values()]
    assert steps == sorted(steps)
    assert set(STEPS) == {1, *steps}
    assert all(name == quantity.name for name, quantity in QUANTITIES.items())
