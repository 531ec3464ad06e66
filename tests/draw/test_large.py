"""Ranges and thumbnails of large arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigraph.draw.large import MOST_ENTRIES, blocks, is_large, range_text, words


def test_what_is_large():
    assert not is_large(np.zeros((8, 8)))
    assert is_large(np.zeros(MOST_ENTRIES + 1))
    assert is_large(np.zeros((2, 2, 2)))
    assert not is_large(np.zeros((1, 1, 1)))
    assert not is_large(np.zeros((0, 2, 2)))


@pytest.mark.parametrize(
    ("shape", "small"),
    [
        ((100, 4), (8, 4)),
        ((100,), (1, 16)),
        ((7, 90), (7, 8)),
        ((2, 3, 50), (6, 8)),
        ((5, 5), (5, 5)),
    ],
)
def test_a_thumbnail_has_at_most_eight_blocks_a_side_and_a_vector_sixteen(shape, small):
    assert blocks(np.ones(shape)).shape == small


def test_blocks_are_the_means_of_what_they_stand_for():
    array = np.arange(160.0).reshape(16, 10)
    found = blocks(array)
    assert found[0, 0] == np.mean(array[:2, :1])
    assert found[7, 7] == np.mean(array[14:, 8:])


def test_what_is_not_finite_is_left_out():
    array = np.ones((16, 16))
    array[0, 0], array[1, 1] = np.nan, np.inf
    array[2:4, 2:4] = -np.inf
    found = blocks(array)
    assert found[0, 0] == 1.0
    assert np.isnan(found[1, 1])
    assert np.isfinite(np.delete(found.ravel(), 9)).all()


@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 20), st.integers(1, 20)),
        elements=st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_means_lie_between_the_ends_even_where_sums_would_overflow(array):
    found = blocks(array)
    # As near as the last digits.
    slack = 1e-12 * np.abs(array).max()
    assert found.min() / 2 >= array.min() / 2 - slack
    assert found.max() / 2 <= array.max() / 2 + slack


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.arange(100), "0 to 99, mean 49.5"),
        (np.linspace(-1, 1, 101), "−1 to 1, mean 0"),
        (np.full(70, 0.1), "all 0.1"),
        (np.full(70, -0.0), "all 0"),
        (np.full(70, np.nan), "70 not finite"),
        (np.array([1.0, 1.0, np.inf]), "all 1 but 1 not finite"),
        (np.array([0.0, 3.0, np.nan]), "0.0 to 3.0, mean 1.5, 1 not finite"),
        (np.array([1e308, 1.5e308]), "1.00e+308 to 1.50e+308, mean 1.25e+308"),
        (np.array([True, False, True]), "2 of 3 true"),
        (np.array([1, 2], dtype=np.int8), "1 to 2, mean 1.5"),
        (np.array([-1e-9, 1.0]), "0.0000 to 1.0000, mean 0.5000"),
    ],
)
def test_ranges(array, text):
    assert range_text(array) == text


def test_words_are_entries_or_a_range():
    assert words(np.eye(2)) == "[[1, 0], [0, 1]]"
    assert words(np.eye(9)) == "0.0000 to 1.0000, mean 0.1111"
