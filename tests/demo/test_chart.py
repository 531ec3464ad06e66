"""The line chart: what its SVG holds, for lines of any kind."""

import math
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigraph.demo.chart import Line, line_chart

SVG = "{http://www.w3.org/2000/svg}"
CURVES = [
    Line("stochastic", "m = 1", [1.1, 0.2, 0.1, 0.08, 0.07, 0.06]),
    Line("mini-batch", "m = 10", [1.1, 0.6, 0.4, 0.3, 0.25, 0.2]),
    Line("batch", "m = 120", [1.1, 1.0, 0.9, 0.8, 0.75, 0.7]),
]


def chart(lines, title="Loss", subtitle="on iris"):
    text = line_chart(lines, title=title, subtitle=subtitle, x_label="epoch", y_label="L")
    return ET.fromstring(text)


def curves(svg):
    """Return the points of each curve."""
    lines = [p for p in svg.iter(f"{SVG}polyline") if p.get("class").startswith("line ")]
    return [[tuple(map(float, p.split(","))) for p in line.get("points").split()] for line in lines]


def texts(svg):
    return {text.text: text for text in svg.iter(f"{SVG}text")}


def test_a_curve_a_line_with_a_point_a_value():
    drawn = curves(chart(CURVES))
    assert [len(points) for points in drawn] == [6, 6, 6]
    for points in drawn:
        xs, ys = zip(*points, strict=True)
        assert list(xs) == sorted(xs)
        assert list(ys) == sorted(ys)  # the loss falls, and y grows downward
    # They start from one value, and end in the order of their losses.
    assert len({points[0] for points in drawn}) == 1
    ends = [points[-1][1] for points in drawn]
    assert ends == sorted(ends, reverse=True)


def test_the_y_axis_is_logarithmic():
    svg = chart([Line("a", "", [1, 0.1, 0.01])])
    ((_, y1), (_, y2), (_, y3)) = curves(svg)[0]
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.02)
    ticks = [text for text in svg.iter(f"{SVG}text") if text.get("text-anchor") == "end"]
    marks = {text.text: float(text.get("y")) for text in ticks}
    assert marks["1"] - y1 == pytest.approx(marks["0.01"] - y3, abs=0.02)
    assert {"1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01"} == set(marks)


def test_everything_is_labelled():
    svg = chart(CURVES)
    assert {"Loss", "on iris", "epoch", "L", "stochastic", "mini-batch", "batch"} < set(texts(svg))
    assert {"m = 1", "m = 10", "m = 120", "0", "1", "5"} < set(texts(svg))
    assert (svg.get("role"), svg.find(f"{SVG}title").text) == ("img", "Loss")
    assert svg.find(f"{SVG}desc").text == "on iris"


def test_lines_are_told_apart_without_colour_and_by_it():
    lines = [p for p in chart(CURVES).iter(f"{SVG}polyline") if "line " in p.get("class")]
    assert len({line.get("stroke-dasharray") for line in lines}) == 3
    assert len({line.get("class") for line in lines}) == 3


def test_light_and_dark():
    style = chart(CURVES).find(f"{SVG}style").text
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for name in ("ground", "ink", "faint", "grid", "axis", "stroke-0", "fill-2"):
        assert f".chart .{name} " in light
        assert f".chart .{name} " in dark
    # A page that holds the picture keeps its own styles.
    assert all(rule.startswith((".chart", "}", "")) for rule in style.splitlines())


def test_text_is_never_markup():
    nasty = "<script>&\"'</text>"
    svg = chart([Line(nasty, nasty, [1, 0.5])], title=nasty, subtitle=nasty)
    assert len(list(svg.iter(f"{SVG}script"))) == 0
    assert [text.text for text in svg.iter(f"{SVG}text")].count(nasty) == 4


positive = st.floats(1e-9, 1e9)


@given(
    st.integers(2, 40).flatmap(
        lambda n: st.lists(st.lists(positive, min_size=n, max_size=n), min_size=1, max_size=3)
    )
)
def test_any_lines_stay_on_the_chart(values):
    svg = chart([Line(f"line {i}", "note", line) for i, line in enumerate(values)])
    _, _, width, height = map(float, svg.get("viewBox").split())
    for points, line in zip(curves(svg), values, strict=True):
        assert len(points) == len(line)
        for x, y in points:
            assert 0 < x < width
            assert 100 < y < height - 50
    labels = sorted(float(texts(svg)[f"line {i}"].get("y")) for i in range(len(values)))
    assert all(below - above > 37 for above, below in pairwise(labels))
    assert all(100 < y < height - 50 for y in labels)
    for text in svg.iter(f"{SVG}text"):
        assert math.isfinite(float(text.get("y")))


@pytest.mark.parametrize(
    ("last", "marks"), [(1, "0 1"), (3, "0 1 2 3"), (100, "0 20 40 60 80 100")]
)
def test_the_x_axis_counts_in_round_numbers(last, marks):
    found = [
        text.text
        for text in chart([Line("a", "", [0.3] * (last + 1))]).iter(f"{SVG}text")
        if text.get("text-anchor") == "middle" and text.get("class") == "faint"
    ]
    assert found == marks.split()
