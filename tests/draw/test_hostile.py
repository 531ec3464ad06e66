"""Hostile names are text, in every format: dot, svg, png, pdf, and the tree of text."""

import html
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.draw.engine import find_engine, run
from minigraph.draw.sheet import LONGEST_NAME
from minigraph.formula.names import shorten, visible

pytestmark = pytest.mark.untraced

SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = {
    "empty": "",
    "space": " ",
    "spaces": "a   b",
    "quotes": "\"'`",
    "markup": "<b>&amp;</b>",
    "entity": "&#60;&lt;&bogus;",
    "node escape": "\\N\\G\\E\\T\\H\\L",
    "line escapes": "\\n\\l\\r",
    "backslash at the end": "a\\",
    "script": "</script><script>alert(1)</script>",
    "title": "</title></svg><svg onload='alert(1)'>",
    "comment": "<!-- --> -- ]]>",
    "label": "</TD></TR></TABLE>>",
    "dot": "]; evil -> node [label=x",
    "port": "n0:value:e",
    "newlines": "two\nlines\r\nor\u2028three",
    "right to left": "\u202eevil\u202c \u200f\u061c",
    "hebrew": "שלום",
    "emoji": "👩\u200d🔬🏳️\u200d🌈",
    "combining": "z̸̢̛͈͂" * 5,
    "control": "\x00\x07\x1b[31m",
    "surrogate": "\ud800",
    "no character": "\uffff\ufdd0",
    "colour": 'fill="#ffffff"',
    "css": "}</style><style>*{display:none}",
    "format": "{} {0} %s ${x}",
    "only zero width": "\u200b\u2060\ufeff",
    "long": "x" * 10_000,
    "long and wide": "漢" * 10_000,
}

names = st.one_of(st.sampled_from(sorted(HOSTILE.values())), st.text(st.characters(), max_size=40))


def graph(leaf: str, result: str) -> mg.Node:
    x = mg.parameter([1.0, 2.0], name=leaf)
    y = mg.sum(x * x).named(result)
    y.backward()
    return y


def plain(text: str) -> str:
    return text.replace("\xa0", " ").strip()


def check_svg(svg: str, picture: mg.draw.Picture, *shown: str) -> None:
    """Check that the names stand in an SVG as text, and have made nothing else."""
    root = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {
        *("svg", "title", "desc", "style", "g", "path", "polygon", "polyline", "ellipse", "text"),
    }
    for element in root.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
    nodes = [g for g in root.iter(f"{SVG}g") if "node" in g.get("class", "").split()]
    assert len(nodes) == len(picture.description.nodes) + len(picture.description.ops)
    texts = {plain(text.text or "") for text in root.iter(f"{SVG}text")}
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    for name in shown:
        assert plain(visible(shorten(name, LONGEST_NAME))) in texts
        assert any(title.startswith(visible(name)) for title in titles)


def check_dot(picture: mg.draw.Picture, *shown: str) -> None:
    """Check what the engine reads in the DOT: the same nodes, and the names in their labels."""
    read = json.loads(run(find_engine(), picture.source, "json"), strict=False)
    objects = {thing["name"]: thing for thing in read["objects"]}
    graph = picture.description
    assert set(objects) == {thing.id for thing in (*graph.nodes, *graph.ops)}
    for node in graph.nodes:
        if node.name in shown:
            label = objects[node.id]["label"]
            texts = [plain(html.unescape(text)) for text in re.findall(r">([^<>]+)<", label)]
            # In the DOT a backslash stands twice, lest it be read as an escape.
            name = plain(visible(shorten(node.name, LONGEST_NAME))).replace("\\", "\\\\")
            assert not name or name in texts


def check_tree(text: str, *shown: str) -> None:
    """Check that each node has its line, and that nothing in it moves the terminal."""
    check_lines(text, 4)
    for name in shown:
        assert visible(shorten(name, 40)) in text


def check_lines(text: str, count: int) -> None:
    assert len(text.split("\n")) == len(text.splitlines()) == count
    assert max(map(len, text.split("\n"))) < 400
    moves = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]"
    assert not re.search(moves, text)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_known_hostile_name_is_text_in_every_format(name, tmp_path):
    pytest.importorskip("typst")
    y = graph(name, "y")
    for theme in ("auto", "dark"):
        picture = mg.draw(y, theme=theme)
        check_svg(picture.svg(), picture, name, "y")
    check_dot(picture, name, "y")
    check_tree(str(picture), name, "y")
    assert picture.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    pdf = picture.save(tmp_path / "a.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert not re.search(rb"/(JavaScript|JS|Launch|URI)\b", pdf)


@settings(max_examples=40, deadline=None)
@given(names, names)
def test_any_text_is_a_name(leaf, result):
    y = graph(leaf, result)
    picture = mg.draw(y)
    check_svg(picture.svg(), picture, leaf, result)
    check_dot(picture, leaf, result)
    check_tree(str(picture), leaf, result)


@pytest.mark.parametrize("zoom", ["primitive", "component"])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_at_every_zoom(name, zoom):
    x = mg.parameter([1.0, 2.0], name=name)
    picture = mg.draw(mg.sum(mg.softmax(x)).named("y"), zoom=zoom)
    root = ElementTree.fromstring(picture.svg())
    assert not list(root.iter(f"{SVG}script"))
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert any(visible(name) in title for title in titles)
    assert "\x1b" not in str(picture)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_in_a_folded_part_and_in_a_mark(name):
    h = mg.parameter([1.0, 2.0], name="x")
    for _ in range(4):
        h = mg.tanh(h * mg.parameter([0.5, 0.5], name=name))
    picture = mg.draw(h.named("y"), fold=True, mark={h: name})
    svg = picture.svg()
    assert ElementTree.fromstring(svg) is not None
    (part,) = picture.description.folded
    assert part.leaves == (name,) * 3
    check_lines(str(picture), 5)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_as_the_label_of_an_op(name):
    class Strange(mg.Op):
        label = name

        def forward(self, xp, x):
            return x + 1

    y = Strange()(mg.parameter(1.0, name="x")).named("y")
    picture = mg.draw(y)
    assert not list(ElementTree.fromstring(picture.svg()).iter(f"{SVG}script"))
    check_lines(str(picture), 2)
