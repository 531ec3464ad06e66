"""Contrast by WCAG 2, and the rules for dark screens."""

from dataclasses import astuple, fields
from itertools import pairwise

import pytest
from contrast_ import contrast

from minigraph.draw.levels import LEVELS
from minigraph.draw.theme import DARK, LIGHT, Palette, dark_rules


def test_the_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


KINDS = ["computed", "parameter", "constant", "target"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
class TestPalette:
    @pytest.mark.parametrize("ink", ["ink", "muted", "backward"])
    def test_text_can_be_read(self, palette: Palette, ink: str):
        for ground in ["background", *KINDS]:
            assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5

    def test_tags_can_be_read(self, palette: Palette):
        for kind in KINDS[1:]:
            assert contrast(getattr(palette, f"{kind}_border"), getattr(palette, kind)) >= 4.5

    def test_ops_can_be_read_and_stand_out(self, palette: Palette):
        assert contrast(palette.op_text, palette.op) >= 4.5
        assert contrast(palette.op, palette.background) >= 3

    def test_entries_can_be_read_on_the_colour_of_their_size(self, palette: Palette):
        for sign in ("positive", "negative"):
            for level in range(1, LEVELS + 1):
                assert contrast(palette.ink, getattr(palette, f"{sign}_{level}")) >= 4.5

    def test_larger_entries_stand_out_more(self, palette: Palette):
        for sign in ("positive", "negative"):
            steps = [getattr(palette, f"{sign}_{level}") for level in range(1, LEVELS + 1)]
            found = [contrast(step, palette.background) for step in steps]
            assert found == sorted(found)
            assert all(b / a > 1.1 for a, b in pairwise(found))

    def test_lines_stand_out(self, palette: Palette):
        lines = ["forward", "backward", *(f"{kind}_border" for kind in KINDS)]
        assert all(contrast(getattr(palette, x), palette.background) >= 3 for x in lines)


def test_each_light_colour_has_one_dark_one():
    assert len(set(astuple(LIGHT))) == len(fields(Palette))
    rules = dark_rules("p")
    for light, dark in zip(astuple(LIGHT), astuple(DARK), strict=True):
        assert f'#p [fill="{light}"]{{fill:{dark}}}' in rules
        assert f'#p [stroke="{light}"]{{stroke:{dark}}}' in rules
