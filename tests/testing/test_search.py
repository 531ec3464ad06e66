"""Searching leaves things as they were."""

import pytest
from hypothesis import HealthCheck, configuration, given, settings
from hypothesis import strategies as st

from minigraph.testing.search import smallest


def home():
    return configuration.storage_directory("constants", intent_to_write=False).path


def test_the_smallest_is_found():
    assert smallest(st.lists(st.integers(0, 9)), lambda x: sum(x) > 10, examples=100) == [2, 9]


def test_none_is_found():
    assert smallest(st.integers(), lambda n: False, examples=10) is None


def test_hypothesis_keeps_its_home():
    before = home()
    seen = []
    smallest(st.integers(), lambda n: seen.append(home()), examples=5)
    assert home() == before
    assert all(place != before and not place.exists() for place in seen)


def test_what_the_condition_raises_goes_through():
    before = home()
    with pytest.raises(ZeroDivisionError):
        smallest(st.integers(), lambda n: 1 / 0, examples=5)
    assert home() == before


@settings(suppress_health_check=[HealthCheck.nested_given])
@given(st.integers(1, 3))
def test_within_a_test_of_hypothesis(n):
    assert smallest(st.integers(0, 9), lambda x: x > n, examples=20) == n + 1
