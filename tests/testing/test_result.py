"""What a successful check shows."""

import dataclasses

import numpy as np
import pytest

import minigraph as mg
from minigraph.testing import check_gradient
from minigraph.testing.result import GradientCheck, InputCheck, ordinal


def part(**changes):
    known = {
        "order": 1,
        "name": "x",
        "shape": (2, 3),
        "dtype": "float64",
        "comparisons": 6,
        "directions": False,
        "method": "central differences",
        "step": 2.0**-17,
        "largest": 0.25,
        "error": 1.5e-11,
    }
    return InputCheck(**{**known, **changes})


def test_a_part_in_words():
    assert str(part()) == (
        "x  shape (2, 3), float64: 6 coordinates, central differences of step 7.6e-06; "
        "derivatives up to 0.25, off by 1.5e-11 at most"
    )
    assert str(part(comparisons=1, directions=True, method="complex step")) == (
        "x  shape (2, 3), float64: 1 random direction, complex step; "
        "derivatives up to 0.25, off by 1.5e-11 at most"
    )
    assert str(part(largest=0)).endswith("of step 7.6e-06; all 0")
    assert str(part(kinks=((0,), (2,)))).endswith("; kinks at (0,), (2,)")
    assert str(part(kinks=((0,),) * 4)).endswith("; kinks at (0,), (0,), (0,), ...")


def test_a_check_in_words():
    check = GradientCheck("f", 2, (part(), part(order=2, error=2e-11)), ("y", "k"))
    assert check.error == 2e-11
    assert (
        repr(check)
        == "<GradientCheck of f: right to order 2, 12 comparisons, off by 2.0e-11 at most>"
    )
    assert str(check).split("\n")[::2] == [
        "f: the gradient is right",
        "f: the derivative of order 2 (the gradient's gradient) is right",
        "  not compared: y, k",
    ]


def test_a_check_of_nothing():
    assert GradientCheck("f", 1, ()).error == 0
    assert repr(check_gradient(mg.sum, np.zeros(0))).endswith(
        "0 comparisons, off by 0.0e+00 at most>"
    )


def test_a_result_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        check_gradient(mg.exp, 1.0).order = 3


def test_orders_have_names():
    assert ordinal(1) == "the gradient"
    assert ordinal(3) == "the derivative of order 3"
