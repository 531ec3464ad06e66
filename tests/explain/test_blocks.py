"""Blocks of text."""

import numpy as np
import pytest

from minigraph.explain.blocks import beside, block


@pytest.mark.parametrize(
    ("array", "lines"),
    [
        (np.array(0.25), ["x = 0.25"]),
        (np.array([1.0, -0.5]), ["x = [1.0  −0.5]"]),
        (np.array([[1.0, -10.0], [-1.0, 2.0]]), ["x = [ 1  −10]", "    [−1    2]"]),
        (np.zeros((2, 0)), ["x = empty"]),
        (np.arange(8.0).reshape(2, 2, 2), ["x = 0 to 7"]),
        (np.array([True, False]), ["x = [true  false]"]),
    ],
)
def test_blocks(array, lines):
    assert block("x", array) == lines


def test_blocks_stand_side_by_side_while_there_is_room():
    two, wide = ["a = [1]", "    [2]"], ["w" * 30]
    assert beside([two, two], 18) == ["a = [1]    a = [1]", "    [2]        [2]"]
    assert beside([two, two], 17) == [*two, *two]
    assert beside([two, two], 18, indent=1) == [f" {line}" for line in [*two, *two]]
    assert beside([wide, two], 20) == [*wide, *two]
    assert beside([], 20) == []


def test_each_row_begins_anew():
    one = ["a = 1"]
    assert beside([one] * 5, 14) == ["a = 1    a = 1", "a = 1    a = 1", "a = 1"]
