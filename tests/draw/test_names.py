"""What nodes are called."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigraph as mg
from minigraph.draw.names import caller_variables
from minigraph.formula.names import shorten, visible


def names(picture):
    return [node.name for node in picture.description.nodes]


in_module = mg.parameter(1.0)


def test_unnamed_nodes_take_the_callers_local_variables():
    weight = mg.parameter(2.0)
    _hidden = (weight * 3.0).named(None)
    loss = mg.exp(_hidden)
    assert names(mg.draw(loss)) == ["weight", "3", "weight × 3", "loss"]


def test_then_its_global_ones():
    assert names(mg.draw(mg.exp(in_module))) == ["in_module", "Exp(in_module)"]


def test_a_given_name_is_kept():
    variable = mg.parameter(1.0, name="θ")
    assert names(mg.draw(variable)) == ["θ"]


def test_the_same_name_twice_is_no_matter():
    a, b = mg.parameter(1.0, name="w"), mg.parameter(2.0, name="w")
    assert names(mg.draw(a + b)) == ["w", "w", "w + w"]


def test_made_up_names_keep_what_belongs_together():
    a, b = mg.parameter(1.0, name="a"), mg.parameter(1.0, name="b")
    assert names(mg.draw((a + b) * b))[-1] == "(a + b) × b"
    assert names(mg.draw(a * b + b))[-1] == "a × b + b"
    assert names(mg.draw(a - (b + a)))[-1] == "a − (b + a)"


def test_what_would_be_too_long_is_numbered():
    a_long_variable_name = mg.parameter([1.0])
    other = [mg.constant([1.0])]
    y = mg.exp(mg.exp(a_long_variable_name)) + other[0]
    assert names(mg.draw([y + 1.0]))[1:] == ["v₁", "Exp(v₁)", "v₂", "y", "1", "y + 1"]


def test_without_a_frame_of_the_user_there_are_no_variables():
    frame = sys._getframe()
    assert caller_variables(frame)[0]["frame"] is frame

    class Inside:
        f_code = mg.draw.draw.__code__
        f_back = None

    assert caller_variables(Inside()) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", '""'),
        ("a\nb", "a¶b"),
        ("\x00\x1b", "‹U+0000›‹U+001B›"),
        ("\u202e", "‹U+202E›"),
        ("\ud800", "‹U+D800›"),
        ("\uffff", "‹U+FFFF›"),
        ("👩\u200d🔬 ŷ", "👩\u200d🔬 ŷ"),
    ],
)
def test_what_is_invisible_is_written_out(text, shown):
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_what_is_shown_has_nothing_that_xml_or_a_line_cannot_take(text):
    for character in visible(text):
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert ord(character) & 0xFFFE != 0xFFFE


@given(st.text(), st.integers(3, 20))
def test_shortened_text_is_short(text, longest):
    assert len(shorten(text, longest)) <= longest
