"""Each SVG, parsed and held against the graph."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.draw.svg import check, finish
from minigraph.formula.names import shorten, visible

SVG = "{http://www.w3.org/2000/svg}"


def groups(root: ElementTree.Element, css_class: str) -> list[ElementTree.Element]:
    return [g for g in root.iter(f"{SVG}g") if css_class in g.get("class", "").split()]


def texts(element: ElementTree.Element) -> list[str]:
    return [(t.text or "").replace("\xa0", " ") for t in element.iter(f"{SVG}text")]


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("key", list("ABCDE"))
def test_every_node_and_edge_of_the_graph_is_there(worked, key, fused):
    picture = mg.draw(worked(key, fused))
    graph = picture.description
    root = ElementTree.fromstring(picture.svg())
    by_id = {g.get("id"): g for g in root.iter(f"{SVG}g")}
    for node in graph.nodes:
        group = by_id[f"{picture.prefix}_{node.id}"]
        assert node.name in texts(group)
        assert group.find(f"{SVG}title").text.startswith(f"{node.name}: ")
    for op in graph.ops:
        assert op.text in texts(by_id[f"{picture.prefix}_{op.id}"])
    for edge in graph.edges:
        group = by_id[f"{picture.prefix}_{edge.id}"]
        assert edge.direction in group.get("class").split()
        assert not edge.label or edge.label in texts(group)
        dashed = group.find(f"{SVG}path").get("stroke-dasharray") is not None
        assert dashed == (edge.direction == "backward")
    for direction in ("forward", "backward"):
        expected = sum(edge.direction == direction for edge in graph.edges)
        assert len(groups(root, direction)) == expected
    assert len(groups(root, "node")) == len(graph.nodes) + len(graph.ops)


def test_it_has_a_title_a_description_and_a_view_box(worked):
    picture = mg.draw(worked("A"))
    root = ElementTree.fromstring(picture.svg())
    assert root.get("viewBox")
    assert root.get("role") == "img"
    title, summary = picture.description.title, picture.description.summary
    assert root.find(f"{SVG}title").text == title
    assert root.find(f"{SVG}desc").text == summary
    assert root.get("aria-label") == f"{title}. {summary}"


def test_it_follows_the_screen_unless_a_theme_is_chosen(worked):
    loss = worked("A")
    assert "prefers-color-scheme:dark" in mg.draw(loss).svg()
    for theme in ("light", "dark"):
        assert "prefers-color-scheme" not in mg.draw(loss, theme=theme).svg()


def test_every_colour_has_a_dark_counterpart(worked):
    svg = mg.draw(worked("A")).svg()
    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', re.sub(r"(?s)<style>.*</style>", "", svg)))
    assert used <= set(re.findall(r'\[fill="(#\w+)"\]', svg))
    # Text without a colour would stay black.
    assert all("fill=" in text for text in re.findall(r"<text[^>]*>", svg))


hostile = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            '"',
            "<b>",
            "&amp;",
            "\\N",
            "\\",
            "a\\",
            "</script><script>alert(1)</script>",
            "]]>",
            "<!--",
            "two\nlines",
            "\u202eevil",
            "👩\u200d🔬",
            "<>",
            "x" * 10_000,
            "\x00\x07",
            "]; evil -> node [label=x",
            "n0:v",
            "#ffffff",
            'fill="#ffffff"',
        ]
    ),
    st.text(st.characters(), max_size=30),
)


@settings(max_examples=60, deadline=None)
@given(hostile, hostile)
def test_names_are_text(leaf, result):
    x = mg.parameter([1.0, 2.0], name=leaf)
    y = mg.sum(x).named(result)
    y.backward()
    picture = mg.draw(y)
    svg = picture.svg()
    root = ElementTree.fromstring(svg)
    assert len(groups(root, "node")) == 3
    assert len(groups(root, "edge")) == 4
    assert not list(root.iter(f"{SVG}script"))
    for node, name in zip(picture.description.nodes, (leaf, result), strict=True):
        (group,) = [g for g in root.iter(f"{SVG}g") if g.get("id") == f"{picture.prefix}_{node.id}"]
        assert group.find(f"{SVG}title").text.startswith(visible(name))
        shown = visible(shorten(name, 32)).replace("\xa0", " ").strip()
        assert shown in [text.replace("\xa0", " ").strip() for text in texts(group)]


def test_values_that_are_nan_are_text():
    assert ">NaN<" in mg.draw(mg.parameter([float("nan")], name="nan")).svg()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda svg: svg[:-20], "not XML"),
        (lambda svg: svg.replace('class="edge forward"', 'class="lost"', 1), "9 edges of|17 edges"),
        (lambda svg: svg.replace('class="node op"', 'class="lost"', 1), "10 nodes of 11"),
        (lambda svg: re.sub(r' d="M\d+', ' d="Mnan', svg, count=1), "not a number"),
    ],
)
def test_a_broken_svg_is_refused(worked, spoil, problem):
    picture = mg.draw(worked("A"))
    svg = picture.svg()
    check(svg, picture.description)
    with pytest.raises(mg.DrawingError, match=problem):
        finish(spoil(svg), picture.description, picture.prefix, adaptive=False)
