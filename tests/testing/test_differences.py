"""Slopes from values: steps, rounding noise, extrapolation, and kinks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.testing import differences
from minigraph.testing.differences import (
    agrees_nearby,
    central,
    complex_step,
    extrapolate,
    find_kink,
    finite_step,
    noise_of,
    step_size,
)

EPS = float(np.finfo(float).eps)
STEP = step_size(EPS)


def test_the_step_is_the_cube_root_of_the_precision_as_a_power_of_two():
    assert STEP == 2.0**-17
    assert step_size(float(np.finfo(np.float32).eps)) == 2.0**-8


@given(a=st.floats(-3, 3))
def test_central_differences_and_the_complex_step_see_the_slope(a):
    def line(t):
        return np.exp(np.sin(a + t))

    slope = math.exp(math.sin(a)) * math.cos(a)
    assert central(line, STEP) == pytest.approx(slope, abs=1e-9)
    assert complex_step(line) == pytest.approx(slope, rel=1e-14, abs=1e-15)


@given(a=st.floats(-3, 3))
def test_extrapolation_is_nearer_than_its_error_and_than_plain_differences(a):
    def line(t):
        return math.sin(20 * (a + t))

    value, error = extrapolate(line, 1e-2, EPS)
    slope = 20 * math.cos(20 * a)
    assert abs(value - slope) <= 4 * error + 1e-11
    assert error < 1e-7


def test_extrapolation_of_a_cube_is_not_fooled_by_its_truncation():
    assert central(lambda t: t**3, STEP) > 0
    value, error = extrapolate(lambda t: t**3, STEP, 0.0)
    assert abs(value) <= error < 1e-20


def test_a_step_is_shrunk_until_both_sides_are_finite():
    def line(t):
        return math.log(1e-9 + t) if t > -1e-9 else math.nan

    step = finite_step(line, STEP)
    assert 1e-10 < step < 1e-9
    assert extrapolate(line, step, EPS)[0] == pytest.approx(1e9, rel=1e-6)
    assert finite_step(lambda t: math.nan, STEP) == STEP


@pytest.mark.parametrize("offset", [0.0, 1e2, 1e3])
def test_noise_is_measured(offset):
    def line(t):
        return (math.exp(t) + offset) - offset

    noise = noise_of(line, STEP, EPS)
    assert 0.1 * EPS * max(1, offset) < noise < 2 * EPS * max(1, offset)


def test_noise_of_what_does_not_move_is_that_of_numbers_of_order_1():
    assert noise_of(lambda t: 0.0, STEP, EPS) == EPS
    assert noise_of(lambda t: 1e5, STEP, EPS) == EPS * 1e5
    assert noise_of(lambda t: math.inf, STEP, EPS) == EPS


def test_a_kink_is_not_taken_for_noise():
    assert noise_of(abs, STEP, EPS) < 1e-11


@pytest.mark.parametrize(
    ("line", "reason", "slopes"),
    [
        (abs, "the point looks like a kink", True),
        (lambda t: max(t, 3 * t), "the point looks like a kink", True),
        (lambda t: float(t > 0), "the difference quotient grows", False),
        (lambda t: math.copysign(abs(t) ** 0.1, t) if t > 0 else 0.0, "the difference quot", False),
        (lambda t: math.sqrt(t) if t >= 0 else math.nan, "f is not finite right beside", False),
    ],
    ids=["abs", "max", "jump", "root", "edge"],
)
def test_points_without_a_derivative_are_told_apart(line, reason, slopes):
    kink = find_kink(line, STEP, EPS, 1.0)
    assert kink.reason.startswith(reason)
    assert kink.slopes is slopes


def test_the_slopes_of_a_kink_are_those_of_its_sides():
    kink = find_kink(lambda t: max(-2 * t, 3 * t), STEP, EPS, 1.0)
    assert (kink.left, kink.right) == pytest.approx((-2, 3))


@pytest.mark.parametrize(
    "line", [math.sin, lambda t: t * t, lambda t: 1e3 * t**2 + t, lambda t: math.cos(50 * t)]
)
def test_what_is_smooth_has_no_kink(line):
    assert find_kink(line, STEP, EPS, 1.0) is None


def test_the_imaginary_step_vanishes_beside_1():
    assert 1 + differences.IMAGINARY_STEP**2 == 1


def test_a_kink_close_by_is_neither_at_the_point_nor_in_the_way():
    def line(t):
        return max(t - 1e-6, 0.0)

    kink = find_kink(line, STEP, EPS, 1.0)
    assert kink.reason == "there is a kink within 7.6e-06 of the point"
    assert agrees_nearby(line, STEP, EPS, 0.0, 0.4)
    assert not agrees_nearby(line, STEP, EPS, 1.0, 0.4)
    assert not agrees_nearby(line, STEP, EPS, 0.5, 0.4)


def test_slopes_that_rounding_hides_do_not_agree():
    assert not agrees_nearby(lambda t: 1e6 + t, STEP, EPS, 1.0, 1.0 + 1e-6)
    assert not agrees_nearby(lambda t: t, STEP, EPS, 1.0 + 1e-6, 1.0)
    assert not agrees_nearby(abs, STEP, EPS, 0.0, 0.5)
