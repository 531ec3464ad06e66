"""What a terminal cannot write is spelled otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.demo.spelling import spell
from minigraph.lecture import EXAMPLES, QUANTITIES, SLIPS, STEPS, VIETNAMESE


@given(st.text())
def test_what_can_be_written_stays(text):
    assert spell(text, "utf-32") == text or any(0xD800 <= ord(c) < 0xE000 for c in text)


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8", "gb2312"]))
def test_what_comes_out_can_be_written(text, encoding):
    spell(text, encoding).encode(encoding)


def test_every_symbol_of_the_lecture_has_a_spelling():
    texts = [*QUANTITIES, *STEPS.values(), *VIETNAMESE.values()]
    texts += [text for s in SLIPS for text in (s.where, s.printed, s.right, s.why)]
    texts += [figure.symbol for e in EXAMPLES.values() for figure in e.figures()]
    for text in texts:
        assert "?" not in spell(text, "ascii"), text


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Cập nhật tham số", "Cap nhat tham so"),
        ("∂L⁽³⁾/∂w₁₂", "dL^(3)/dw_1_2"),
        ("⎡✓ ⎤", "[v ]"),
        ("y ∈ ℝ", "y ? R"),
    ],
)
def test_in_ascii(text, spelled):
    assert spell(text, "ascii") == spelled


def test_only_what_cannot_be_written_changes():
    assert spell("é × θ", "latin-1") == "é × theta"
