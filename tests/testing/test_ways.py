"""The ways in which an input is moved, and what a gradient says of them."""

import numpy as np
import pytest

from minigraph.testing.ways import Coordinates, Directions, random_signs, unit_of, unit_vector

X = np.array([[1.0, -2.0, 3.0], [0.5, -np.inf, 100.0]])
G = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
STEPS = np.array([1.0, 0.5])
WAYS = {
    "coordinates": Coordinates(X.shape, np.array([1, 5]), STEPS),
    "directions": Directions([unit_vector(X.shape, 1), unit_vector(X.shape, 5)], STEPS),
}


@pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)
def test_both_ways_say_the_same_where_they_are_the_same(ways):
    assert ways.derivatives(G).tolist() == [2.0, 6.0]
    assert ways.lengths(-G).tolist() == [2.0, 6.0]
    assert ways.direction(1).tolist() == [[0, 0, 0], [0, 0, 1]]
    ends = ways.ends(X, slice(0, 2))
    assert ends.shape == (2, 3, 5)
    np.testing.assert_array_equal(ends[0, 1], [-1.0, -2.0, -3.0, -2.0, -2.0])
    np.testing.assert_array_equal(ends[1, 2], [100.0, 100.5, 100.0, 99.5, 100.0])
    np.testing.assert_array_equal(ends[1, 1], [-np.inf] * 5)
    np.testing.assert_array_equal(ways.ends(X, slice(1, 2))[1, 2], [100.5, 99.5, 100.0])


@pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)
def test_parts_are_as_many_as_fit(ways):
    assert list(ways.parts(2)) == [slice(0, 1), slice(1, 2)]
    assert list(ways.parts(1)) == [slice(0, 1), slice(1, 2)]
    assert list(ways.parts(100)) == [slice(0, 50)]


def test_steps_are_relative_to_large_numbers_unless_they_are_given():
    assert unit_of(X, None).tolist() == [[1, 2, 2], [1, 1, 64]]
    assert unit_of(X, 0.1).tolist() == np.ones(X.shape).tolist()


def test_signs_leave_alone_what_is_not_finite():
    signs = random_signs(np.random.default_rng(0), X, None)
    np.testing.assert_array_equal(np.abs(signs), [[1, 2, 2], [1, 0, 64]])
    assert (signs < 0).any()
    assert (signs > 0).any()
