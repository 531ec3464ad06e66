"""Pictures of the entries."""

import re
from xml.etree import ElementTree

import pytest

import minigraph as mg
from minigraph.draw.component_dot import derivative_text, legend_words
from minigraph.draw.derivatives import Derivative


def picture(worked, **options):
    return mg.draw(worked("A"), zoom="component", **options)


def test_each_entry_is_a_card_and_each_derivative_a_label_on_its_edge(worked):
    drawn = picture(worked)
    svg = drawn.svg()
    assert svg.count('class="node data') == 13
    carrying = sum(edge.carries for edge in drawn.description.derivatives)
    assert svg.count('class="node derivative"') == carrying == 10
    assert svg.count('class="edge derivative"') == 2 * carrying
    assert svg.count('class="edge data"') == 6
    assert "= −ŷ₁ŷ₂ = −0.2367" in svg
    # Labels without markup are centred, whatever their width was taken for.
    assert re.search(r'text-anchor="middle"[^>]*>∂ŷ₁/∂z₂</text>', svg)


def test_it_is_the_same_each_time_and_has_ids_of_its_own(worked):
    assert picture(worked).svg() == picture(worked).svg()
    ids = re.findall(r'\bid="([^"]+)"', picture(worked).svg())
    assert len(ids) == len(set(ids))
    assert picture(worked).prefix != mg.draw(worked("A")).prefix


def test_dark_and_auto(worked):
    assert "#11161d" in picture(worked, theme="dark").source
    assert "prefers-color-scheme:dark" in picture(worked).svg()


def test_kinds_are_told_by_words_and_a_dash_stands_for_no_gradient(worked):
    source = picture(worked).source
    for tag in ("parameter", "input", "target"):
        assert f">{tag}</FONT>" in source
    cards = [line for line in source.splitlines() if "class=data" in line or 'class="data' in line]
    assert sum(">no&#160;gradient</FONT>" in line for line in cards) == 4  # x₀, x, y₁, y₂
    assert not any(">–</FONT>" in line for line in cards)
    plain = mg.draw(worked("A", backward=False), zoom="component").source
    cards = [line for line in plain.splitlines() if 'class="data' in line]
    assert len(cards) == 13
    assert sum(">–</FONT>" in line for line in cards) == 9


def test_marks_and_numbers():
    x = mg.parameter([1.0, 2.0], name="x")
    source = mg.draw(mg.sum(x * 2).named("y"), zoom="component", mark={x: "look"}).source
    assert source.count("<B>look</B>") == 2
    assert "number" in legend_words(mg.draw(x * 2, zoom="component").description)


def test_the_legend_has_what_is_there(worked):
    words = legend_words(picture(worked).description)
    assert words == [
        *("parameter", "input", "target", "computed", "local derivative"),
        *("carries no gradient", "value, gradient"),
    ]


@pytest.mark.parametrize(
    "name",
    ['"', "<b>&amp;</b>", "\\N \\l \\", "a\nb", "\u202eevil", "</script>", "🙂", "", "n" * 10_000],
)
def test_hostile_names_are_text(name):
    x = mg.parameter([1.0, 2.0], name=name)
    y = mg.exp(x).named(name)
    y = mg.sum(y).named(name)
    y.backward()
    svg = mg.draw(y, zoom="component").svg()
    root = ElementTree.fromstring(svg)
    texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    if name and len(name) < 100 and name.isprintable():
        called = f"({name})" if " " in name else name
        assert f"∂{called}/∂{called}₁" in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}b"))
    assert str(mg.draw(y, zoom="component"))


@pytest.mark.parametrize(
    ("symbol", "number", "text"),
    [("x", 1.4, "= x = 1.4"), (None, -0.5, "= −0.5"), ("1", 1.0, "= 1"), ("−ŷ", 0.0, "= −ŷ = 0")],
)
def test_a_derivative_is_its_symbol_and_its_number(symbol, number, text):
    edge = Derivative("e", "n0", "n1", "forward", None, "∂y/∂x", symbol=symbol, number=number)
    assert derivative_text(edge, 4) == text


@pytest.mark.parametrize("name", ["\x00", "\ud800", "\ufffe", "\u202eab\nc", "<b>&\\N"])
def test_a_hostile_name_in_a_symbol_is_text(name):
    x = mg.parameter(2.0, name=name)
    y = (x * x * x).named(name)
    y.backward()
    picture = mg.draw(y, zoom="component")
    svg, text = picture.svg(), str(picture)
    for written in (picture.source, svg, text):
        assert not {"\x00", "\ud800", "\ufffe", "\u202e"} & set(written)
        written.encode()
    assert "<b>" not in svg
