"""What every comparison starts from: cotangents, precise copies, bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.testing.subject import random_cotangent, same_bits, widened


@given(seed=st.integers(0, 1000))
def test_cotangents_are_neither_all_alike_nor_close_to_0(seed):
    v = random_cotangent(np.random.default_rng(seed), (3, 4), np.float32)
    assert v.dtype == np.float32
    assert v.shape == (3, 4)
    assert ((np.abs(v) >= 0.5) & (np.abs(v) <= 1.5)).all()
    assert np.ptp(v) > 0


def test_a_scalars_cotangent_is_an_array():
    assert isinstance(random_cotangent(np.random.default_rng(0), (), np.float64), np.ndarray)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_copies_are_as_precise_as_they_can_be(dtype):
    x = np.asfortranarray(np.ones((2, 3), dtype=dtype))
    wide = widened(x)
    assert wide.dtype == np.promote_types(dtype, np.float64)
    assert wide.flags.c_contiguous
    assert not np.shares_memory(wide, x)


def test_bits_are_compared_and_not_numbers():
    assert same_bits([np.nan], [np.nan])
    assert not same_bits([0.0], [-0.0])
    assert not same_bits([1.0], [1])
    assert not same_bits(np.ones(2), np.ones((1, 2)))
