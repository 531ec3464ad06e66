"""Arrays in DOT."""

import html
import re

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.tables import added, heat, number_table
from minigraph.draw.theme import DARK, LIGHT


def texts(markup: str) -> list[str]:
    found = [html.unescape(text) for text in re.findall(r">([^<>]+)<", markup)]
    return [text.replace("\xa0", " ").strip() for text in found if text.strip("\xa0 ")]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_each_entry_stands_on_the_colour_of_its_size(palette):
    markup = number_table(np.array([[1.0, -1.0], [0.0, 0.5]]), palette, palette.backward, 4)
    cells = re.findall(r'<TD ALIGN="RIGHT"([^>]*)><FONT COLOR="([^"]*)">([^<]*)</FONT>', markup)
    found = {text.replace("&#160;", ""): (attributes, ink) for attributes, ink, text in cells}
    assert f'BGCOLOR="{palette.positive_4}"' in found["1.0"][0]
    assert f'BGCOLOR="{palette.negative_4}"' in found["−1.0"][0]
    assert f'BGCOLOR="{palette.positive_2}"' in found["0.5"][0]
    assert "BGCOLOR" not in found["0.0"][0]
    # In ink, which can be read on all of them; a test of the palettes computes it.
    assert {ink for _, ink in found.values()} == {palette.ink}


def test_a_single_number_has_no_colour_behind_it():
    assert number_table(np.array(-2.0), LIGHT, LIGHT.backward, 4) == (
        f'<FONT COLOR="{LIGHT.backward}">−2</FONT>'
    )


def test_levels():
    assert heat(0, LIGHT) == {}
    assert heat(-3, LIGHT) == {"BGCOLOR": LIGHT.negative_3}
    assert heat(2, DARK) == {"BGCOLOR": DARK.positive_2}


def test_a_large_array_is_blocks_and_words_and_negative_blocks_bear_a_minus():
    array = np.concatenate([np.ones((50, 4)), -np.ones((50, 4))])
    markup = number_table(array, LIGHT, LIGHT.ink, 4)
    assert markup.count('FIXEDSIZE="TRUE"') == 32
    assert markup.count(f'BGCOLOR="{LIGHT.negative_4}"') == texts(markup).count("−") == 16
    assert markup.count(f'BGCOLOR="{LIGHT.positive_4}"') == 16
    assert texts(markup)[-2:] == ["−1 to 1", "mean 0"]


def test_a_block_of_nothing_finite_is_empty():
    array = np.zeros((16, 8))
    array[:2, 0] = np.nan
    markup = number_table(array, LIGHT, LIGHT.ink, 4)
    assert markup.count(f'BGCOLOR="{LIGHT.background}"') == 64


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([np.array(3.0), np.array(-1.0)], ["= 3 + (−1)"]),
        ([np.array([[1.5]]), np.array([[0.25]])], ["= 1.50 + 0.25"]),
        ([np.array([1.0, 2.0]), np.array([3.0, 4.0])], ["=", "1", "2", "+", "3", "4"]),
        ([np.ones(10)] * 2, ["= sum of 2 parts"]),
        ([np.ones(2)] * 4, ["= sum of 4 parts"]),
    ],
)
def test_contributions(parts, shown):
    assert texts(added(parts, len(parts), LIGHT, 4)) == shown


def test_contributions_that_are_too_many_are_counted():
    assert texts(added((), 5000, LIGHT, 4)) == ["= sum of 5000 parts"]


def test_a_card_shows_what_its_gradient_is_the_sum_of():
    x = mg.parameter(3.0, name="x")
    y = (x * x + x).named("y")
    y.backward()
    (line,) = [line for line in mg.draw(y).body if "<B>x</B>" in line]
    assert "=&#160;3&#160;+&#160;3&#160;+&#160;1" in line
    many = mg.parameter(1.0, name="x")
    total = many
    for _ in range(9):
        total = total + many
    total.backward()
    (line,) = [line for line in mg.draw(total).body if "<B>x</B>" in line]
    assert "sum&#160;of&#160;10&#160;parts" in line
