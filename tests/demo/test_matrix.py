"""Matrices as text."""

from hypothesis import given
from hypothesis import strategies as st

from minigraph.demo.matrix import align, brackets

numbers = st.floats(-1e6, 1e6).map(lambda x: f"{x:.4g}") | st.just("–")


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
def test_numbers_stand_under_each_other(rows):
    aligned = align(rows)
    assert [[cell.strip() for cell in row] for row in aligned] == rows
    for column in zip(*aligned, strict=True):
        assert len({len(cell) for cell in column}) == 1
        assert len({cell.index(".") for cell in column if "." in cell}) <= 1


def test_brackets():
    assert brackets(2) == [("⎡", "⎤"), ("⎣", "⎦")]
    assert brackets(4)[1:3] == [("⎢", "⎥"), ("⎢", "⎥")]
