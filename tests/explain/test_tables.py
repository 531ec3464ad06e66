"""Arrays as tables: what is shown, and what a learner's number is held against."""

import numpy as np
import pytest

from minigraph.explain.tables import MOST, table


def only(value, dtype=float):
    """Return the one cell of a number."""
    ((_, (cell,)),) = table(np.array(value, dtype=dtype)).rows
    return cell


def test_a_number_has_no_headers():
    shown = table(np.array(3.0))
    assert shown.columns == ()
    assert [header for header, _ in shown.rows] == [""]


def test_a_vector_is_one_row_with_headers_above():
    shown = table(np.array([1.0, 2.0]))
    assert shown.columns == ("1", "2")
    assert [header for header, _ in shown.rows] == [""]


def test_more_than_two_axes_are_rows_that_say_where_they_stand():
    shown = table(np.arange(12.0).reshape(2, 3, 2))
    assert [header for header, _ in shown.rows] == ["1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"]
    assert [cell.flat for _, cells in shown.rows for cell in cells] == list(range(12))


def test_an_empty_array_has_no_rows():
    assert table(np.zeros((0, 3))).rows == ()


def test_the_middle_of_a_large_array_is_left_out():
    value = np.arange(400.0).reshape(20, 20)
    shown = table(value)
    assert len(shown.rows) == len(shown.columns) == MOST
    assert shown.columns[-2:] == ("…", "20")
    assert len(shown.shown) == (MOST - 1) ** 2
    for _, cells in shown.rows:
        for cell in cells:
            if cell.flat >= 0:
                assert float(cell.text) == value.flat[cell.flat]
            else:
                assert (cell.text, cell.answer) == ("…", "")


@pytest.mark.parametrize(
    ("value", "text", "answer", "unit"),
    [
        (0.29, "0.29", "0.29", "0"),
        # Three tenths, but for what rounding left.
        (0.1 + 0.2, "0.3", "0.3", "0"),
        (-2.0, "−2", "-2.0", "0"),
        (1 / 3, "0.3333", repr(1 / 3), "0.0001"),
        (12345.678912, "12345.7", "12345.678912", "0.1"),
        (2 / 3 * 1e-9, "6.67e−10", repr(2 / 3 * 1e-9), "1e-12"),
        (np.inf, "∞", "inf", "0"),
        (np.nan, "NaN", "nan", "0"),
    ],
)
def test_a_number_is_asked_for_to_its_printed_places(value, text, answer, unit):
    cell = only(value)
    assert (cell.text, cell.answer) == (text, answer)
    assert float(cell.unit) == float(unit)


def test_single_precision_is_exact_where_its_decimals_are():
    cell = only(0.1, np.float32)
    assert (cell.text, cell.answer, cell.unit) == ("0.1", "0.1", "0")


@pytest.mark.parametrize(("dtype", "text"), [(bool, "true"), (np.int64, "1")])
def test_integers_and_truth_values_are_exact(dtype, text):
    cell = only(1, dtype)
    assert (cell.text, cell.unit) == (text, "0")


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ([0.25, 1.0], ("exact", 0)),
        ([0.25, 1 / 3], ("decimals", 4)),
        ([1 / 3e9, -2 / 3e9], ("digits", 3)),
    ],
)
def test_the_places_that_are_asked_for(value, places):
    assert table(np.array(value)).places == places
