"""Numbers that say how they are written."""

import math

import numpy as np
import pytest

from minigraph.draw.symbolic import OBJECTS, Scalar, as_scalar, named

A, B = named("a", 0.5, 0), named("b", 4.0, 1)


@pytest.mark.parametrize(
    ("made", "text", "value"),
    [
        (A + B, "a + b", 4.5),
        (B + A - B, "a", 0.5),
        (A - A, "0", 0.0),
        (1 - A, "1 − a", 0.5),
        (1 + A, "1 + a", 1.5),
        (B * A, "ab", 2.0),
        (2 * (A - B), "2(a − b)", -7.0),
        (A * (1 - A), "a(1 − a)", 0.25),
        (A / B, "a/b", 0.125),
        (1 / (A * B), "1/(ab)", 0.5),
        (A / 3 / B, "a/(3b)", 0.5 / 12),
        (A * A * A, "a³", 0.125),
        (A**-2, "1/a²", 4.0),
        (A**0.5, "a^0.5", math.sqrt(0.5)),
        (A * 0, "0", 0.0),
        (A * 1, "a", 0.5),
        (1 * (A + B), "a + b", 4.5),
        (A**0, "1", 1.0),
        (-A, "−a", -0.5),
        (-A - B, "−a − b", -4.5),
        (abs(-A), "a", 0.5),
        (abs(A), "a", 0.5),
        (2 ** Scalar(3), "8", 8.0),
        (A * 0.3, "0.3a", 0.15),
        (np.exp(np.array([A], object))[0], "exp(a)", math.exp(0.5)),
        (np.exp(np.array([Scalar(0)], object))[0], "1", 1.0),
    ],
)
def test_it_is_written_as_by_hand(made, text, value):
    assert made.text == text
    assert float(made) == pytest.approx(value, rel=1e-15)


def test_what_has_no_name_has_no_text_but_a_value():
    nameless = named(None, 2.0, 0)
    for made in (nameless + A, nameless * A, nameless**2, A**B, (-1 * A) ** 0.5, 2**A):
        assert made.text is None
        assert not made.is_number
    assert (nameless * 0).text == "0"
    assert np.exp(np.array([nameless], object))[0].text is None
    assert (nameless + A).value == 2.5


def test_comparisons_look_at_the_number():
    assert [A < B, A > B, A == 0.5, A != 0.5, A <= 0.5, A >= B] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    assert bool(A)
    assert not Scalar(0)


def test_it_is_at_home_in_arrays_of_objects():
    a = np.array([[A, B]], object)
    assert (a @ a.T)[0, 0].text == "a² + b²"
    assert (A * a)[0, 1].text == "ab"  # a single number beside an array
    assert (a > 1).tolist() == [[False, True]]
    assert OBJECTS.isnan(a).tolist() == OBJECTS.isfinite(-a / 0).tolist() == [[False, False]]
    assert as_scalar(A) is A
    with pytest.raises(AttributeError):
        A.add  # noqa: B018 (a function of two)
