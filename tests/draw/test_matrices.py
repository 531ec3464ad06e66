"""Numbers formatted alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigraph.draw.matrices import entries, line, matrix, shape_text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.28, -0.05, 0.02], ["0.28", "−0.05", "0.02"]),
        ([0.1 + 0.2, 1.0], ["0.3", "1.0"]),
        ([0.615384, 0.384616], ["0.6154", "0.3846"]),
        ([-1e-9, 1.0], ["0.0000", "1.0000"]),
        ([-0.0, 0.0], ["0", "0"]),
        ([1234.5678, 1.0], ["1234.57", "1.00"]),
        ([123456.7, 1.0], ["123457", "1"]),
        ([1e7, 1.0], ["1.00e+07", "1.00e+00"]),
        ([4.248e-18, -0.0], ["4.25e−18", "0.00e+00"]),
        ([np.nan, np.inf, -np.inf, 0.5], ["NaN", "∞", "−∞", "0.5"]),
        ([np.nan], ["NaN"]),
        ([1e308, -1e308], ["1.00e+308", "−1.00e+308"]),
    ],
)
def test_floats(values, texts):
    assert entries(np.array(values)) == texts


def test_other_kinds():
    assert entries(np.array([True, False])) == ["true", "false"]
    assert entries(np.array([-3, 12])) == ["−3", "12"]
    assert entries(np.array([10**12, 1])) == ["1.00e+12", "1.00e+00"]
    assert entries(np.array([0.1, 0.2], dtype=np.float32)) == ["0.1", "0.2"]


@given(hnp.arrays(np.float64, st.integers(1, 5), elements=st.floats()))
def test_no_zero_has_a_sign_and_all_have_as_many_decimals(values):
    texts = entries(values)
    assert not any(t.startswith("−") and not t.strip("−0.e+") for t in texts)
    finite = [t for t, v in zip(texts, values, strict=True) if np.isfinite(v)]
    assert len({len(t.partition("e")[0].partition(".")[2]) for t in finite}) <= 1


def test_large_arrays_leave_out_their_middle():
    shown = matrix(np.arange(800).reshape(40, 20))
    assert len(shown.rows) == 6
    assert shown.rows[0] == ("0", "1", "2", "…", "19")
    assert shown.rows[4] == ("…",) * 5
    assert shown.rows[5][-1] == "799"


@pytest.mark.parametrize(
    ("value", "rows", "brackets"),
    [
        (np.array(2.5), (("2.5",),), False),
        (np.array([1.0, 2.0]), (("1", "2"),), True),
        (np.zeros((0, 3)), (("empty",),), False),
        (np.arange(8.0).reshape(2, 2, 2), (("0 to 7",),), False),
    ],
)
def test_other_numbers_of_axes(value, rows, brackets):
    shown = matrix(value)
    assert (shown.rows, shown.brackets) == (rows, brackets)


def test_on_one_line():
    assert line(np.arange(3)) == "[0, 1, 2]"
    assert line(np.eye(9)) == "[[1, 0, …, 0], [0, 1, …, 0], …, [0, 0, …, 1]]"
    assert line(np.zeros((2, 0))) == "empty"


def test_shapes():
    assert [shape_text(shape) for shape in [(), (3,), (2, 1), (0,)]] == ["scalar", "3", "2×1", "0"]
