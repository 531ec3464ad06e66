"""The DOT of the worked examples, against golden files.

After a wanted change, write them anew and look at the difference:

    MINIGRAPH_GOLDEN=write python -m pytest tests/draw/test_dot.py
"""

import os
import re
from pathlib import Path

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.sheet import LONGEST_NAME

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("fused", [False, True], ids=["separate", "fused"])
@pytest.mark.parametrize("key", list("ABCDE"))
def test_the_worked_examples_are_drawn_as_the_golden_files_say(worked, key, fused):
    picture = mg.draw(worked(key, fused))
    path = GOLDEN / f"{key}{'-fused' if fused else ''}.dot"
    if os.environ.get("MINIGRAPH_GOLDEN") == "write":
        path.write_text(picture.source, encoding="utf-8")
    assert picture.source == path.read_text(encoding="utf-8")


def test_the_same_program_gives_the_same_bytes(worked):
    first, second = (mg.draw(worked("C")) for _ in range(2))
    assert first.source == second.source
    assert first.svg() == second.svg()
    assert first.prefix != mg.draw(worked("B")).prefix


def statements(picture: mg.draw.Picture, css_class: str) -> list[str]:
    return [line for line in picture.body if re.search(rf'class="?(data )?{css_class}\b', line)]


def test_ops_and_data_differ_in_shape_and_colour(worked):
    picture = mg.draw(worked("A"))
    data, ops = statements(picture, "data"), statements(picture, "op")
    assert len(data) == 7
    assert len(ops) == 4
    assert all("shape=plain" in line for line in data)
    assert all("shape=ellipse" in line for line in ops)
    fill = re.search(r'fillcolor="(#\w+)"', ops[0])[1]
    assert not any(f'BGCOLOR="{fill}"' in line for line in data)


@pytest.mark.parametrize(("name", "tag"), [("θ", "parameter"), ("x", "input"), ("y", "target")])
def test_leaves_are_told_apart_by_a_word(worked, name, tag):
    (line,) = [
        line for line in statements(mg.draw(worked("A")), "data") if f"<B>{name}</B>" in line
    ]
    assert f">{tag}</FONT>" in line


GRADIENT = r'PORT="gradient"[^>]*><FONT COLOR="#\w+"[^>]*>([^<]*)</FONT>'


def test_a_dash_stands_where_no_gradient_was_computed_and_never_a_zero(worked):
    lines = statements(mg.draw(worked("A", backward=False)), "data")
    found = [re.search(GRADIENT, line)[1] for line in lines]
    assert sorted(found) == ["no&#160;gradient"] * 2 + ["–"] * 5


def test_data_say_that_they_have_no_gradient(worked):
    for name in "xy":
        lines = statements(mg.draw(worked("A")), "data")
        (line,) = [line for line in lines if f"<B>{name}</B>" in line]
        assert re.search(GRADIENT, line)[1] == "no&#160;gradient"


def test_backward_edges_are_dashed_and_carry_their_cotangent(worked):
    picture = mg.draw(worked("A"))
    forward, backward = statements(picture, "forward"), statements(picture, "backward")
    assert len(forward) == 10
    assert len(backward) == 8
    assert not any("dashed" in line or "label=" in line for line in forward)
    assert all("dashed" in line and "∂L/∂" in line for line in backward)
    assert all("rank=same" not in line and "record" not in line for line in picture.body)


def test_dark_is_drawn_in_other_colours(worked):
    light, dark = mg.draw(worked("A")), mg.draw(worked("A"), theme="dark")
    assert "#11161d" in dark.source
    assert "#11161d" not in light.source


def test_a_number_in_an_expression_is_a_card_of_its_own():
    x = mg.parameter(3.0, name="x")
    (line,) = statements(mg.draw(x * 2.5), "scalar")
    assert "2.5" in line
    assert "gradient" not in line


def test_long_names_are_cut_in_the_picture_and_whole_in_the_titles():
    name = "a" * 10_000
    picture = mg.draw(mg.parameter(1.0, name=name))
    assert "a" * LONGEST_NAME not in picture.source
    assert name in picture.svg()


def test_numbers_in_a_column_with_a_minus_keep_in_line():
    picture = mg.draw(mg.parameter(np.array([[-1.0], [2.0]]), name="x"))
    assert ">−1</FONT>" in picture.source
    assert ">&#160;2</FONT>" in picture.source


def test_an_op_shows_its_parameters_in_small(worked):
    assert any("axis=0" in line for line in statements(mg.draw(worked("A")), "op"))


def test_a_mark_is_words_on_a_band_and_a_thick_border_so_not_colour_alone(worked):
    loss = worked("A")
    y_hat = loss.inputs[0]
    plain, marked = mg.draw(loss), mg.draw(loss, mark={y_hat: "look <here>"})
    (line,) = [line for line in statements(marked, "data") if "<B>ŷ</B>" in line]
    assert "<B>look&#160;&lt;here&gt;</B>" in line
    assert 'BORDER="4"' in line
    assert [a for a, b in zip(plain.body, marked.body, strict=True) if 'BORDER="4"' in a] == []
    assert sum('BORDER="4"' in line for line in marked.body) == 1


def test_a_number_in_an_expression_can_be_marked_too():
    y = mg.parameter(3.0, name="x") * 2.5
    (line,) = statements(mg.draw(y, mark={y.inputs[1]: "why?"}), "scalar")
    assert "<B>why?</B>" in line
