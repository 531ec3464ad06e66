"""The lecture's indices."""

from minigraph.lecture.symbols import parameter_symbol, subscript, superscript


def test_every_digit():
    assert subscript(1234567890) == "₁₂₃₄₅₆₇₈₉₀"
    assert superscript(1234567890) == "⁽¹²³⁴⁵⁶⁷⁸⁹⁰⁾"


def test_parameters():
    names = [[parameter_symbol(row, i, features=2) for i in (1, 2)] for row in range(3)]
    assert names == [["b₁", "b₂"], ["w₁₁", "w₂₁"], ["w₁₂", "w₂₂"]]
