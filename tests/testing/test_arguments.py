"""What the inputs of a checked function are, and what they are called."""

import math

import numpy as np
import pytest

import minigraph as mg
from minigraph.testing.arguments import as_data, is_moved, names_of, title_of


def test_functions_and_ops_have_titles():
    def loss(x):
        return x

    assert title_of(loss) == "loss"
    assert title_of(lambda x: x) == "f"
    assert title_of(mg.exp) == "Exp"
    assert title_of(type("Callable", (), {"__call__": loss})()) == "Callable"


def test_names_come_from_the_node_the_signature_or_the_position():
    theta = mg.parameter(1.0, name="θ")
    assert names_of(lambda a, b: a, [theta, 1.0]) == ["θ", "b"]
    assert names_of(lambda a, *more, k=0: a, [1.0, 2.0, theta]) == ["a", "input 1", "θ"]
    assert names_of(mg.add, [1.0, mg.constant(2.0)]) == ["a", "b"]
    assert names_of(math.hypot, [1.0]) == ["input 0"]  # which has no signature


@pytest.mark.parametrize(
    ("x", "moved"),
    [
        (1.0, True),
        ([1.0, 2], True),
        (np.float32(1), True),
        (mg.constant(1.0), True),
        (np.array([1.0], dtype=">f4"), True),
        (1, False),
        ([1, 2], False),
        (True, False),
        ("a", False),
        (["a"], False),
        ([[1.0], [2.0, 3.0]], False),
        (None, False),
    ],
    ids=repr,
)
def test_floats_are_moved_and_all_else_is_data(x, moved):
    assert is_moved(as_data(x)) is moved


def test_data_are_copies_in_native_order():
    x = np.array([1.0], dtype=">f4")
    assert as_data(x).dtype == np.dtype("=f4")
    y = np.ones(3)
    assert not np.shares_memory(as_data(y), y)
