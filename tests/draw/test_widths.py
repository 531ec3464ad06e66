"""Widths of texts, against the font's metrics."""

import pytest

from minigraph.draw.widths import width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("0.2367", 5 * 556 + 278),
        ("Max(z)", 833 + 556 + 500 + 333 + 500 + 333),
        ("ŷ", 500),
        ("y\u0302", 500),  # the accent as a character of its own
        ("−ŷ₁ŷ₂", 584 + 2 * (500 + 333)),
        ("图", 1000),
    ],
)
def test_a_text_is_as_wide_as_its_letters(text, expected):
    assert width(text, 1000) == expected
