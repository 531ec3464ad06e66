"""A line chart as SVG: a logarithmic y axis, each line labelled where it ends.

Its colours keep apart for colour-blind eyes, its dashes without any colour, and it reads on light
and on dark ground.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

__all__ = ["Line", "line_chart"]

_WIDTH, _HEIGHT = 760, 450
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 584, 106, 388
_DASHES = ("", "9 5", "2 5")
# Okabe and Ito's blue, vermilion and green; lighter ones of the same hues on dark ground.
_STYLE = """
.chart { font-family: Helvetica, Arial, sans-serif; font-size: 13px; }
.chart .ground { fill: #ffffff; }
.chart .ink { fill: #1f2328; } .chart .faint { fill: #59636e; }
.chart .grid { stroke: #d9dee3; } .chart .axis { stroke: #59636e; }
.chart .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.chart .leader { fill: none; stroke-width: 1; opacity: 0.6; }
.chart .stroke-0 { stroke: #0072b2; } .chart .fill-0 { fill: #0072b2; }
.chart .stroke-1 { stroke: #c04f00; } .chart .fill-1 { fill: #c04f00; }
.chart .stroke-2 { stroke: #00795a; } .chart .fill-2 { fill: #00795a; }
@media (prefers-color-scheme: dark) {
.chart .ground { fill: #0d1117; }
.chart .ink { fill: #e6edf3; } .chart .faint { fill: #9da7b1; }
.chart .grid { stroke: #2b323b; } .chart .axis { stroke: #9da7b1; }
.chart .stroke-0 { stroke: #56b4e9; } .chart .fill-0 { fill: #56b4e9; }
.chart .stroke-1 { stroke: #f5945c; } .chart .fill-1 { fill: #f5945c; }
.chart .stroke-2 { stroke: #3fc79f; } .chart .fill-2 { fill: #3fc79f; }
}
"""


@dataclass(frozen=True)
class Line:
    """A line of a chart.

    Parameters
    ----------
    name : str
        What it is.
    note : str
        What else to know of it, in small letters under the name.
    values : sequence of float
        Positive numbers, at x = 0, 1, 2, …
    """

    name: str
    note: str
    values: Sequence[float]


def line_chart(
    lines: Sequence[Line], *, title: str, subtitle: str, x_label: str, y_label: str
) -> str:
    """Draw up to three lines over one x axis, with a logarithmic y axis.

    Parameters
    ----------
    lines : sequence of Line
        At least one, all of the same length of at least two.
    title, subtitle : str
        What stands above.
    x_label, y_label : str
        What the axes measure.

    Returns
    -------
    str
        A whole SVG document. Text is escaped.

    Examples
    --------
    >>> svg = line_chart(
    ...     [Line("batch", "m = 120", [1.1, 0.5, 0.3])],
    ...     title="Loss", subtitle="iris", x_label="epoch", y_label="L",
    ... )
    >>> svg.startswith("<svg"), svg.count('class="line'), "nan" in svg
    (True, 1, False)
    """
    low = min(min(line.values) for line in lines)
    high = max(max(line.values) for line in lines)
    ticks = _log_ticks(low, high)
    floor, ceiling = math.log(ticks[0]), math.log(max(high, ticks[-1]))
    last = len(lines[0].values) - 1

    def across(x: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * x / last

    def up(y: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (math.log(y) - floor) / (ceiling - floor)

    svg = _frame(title, subtitle)
    for tick in ticks:
        _rule(svg, "grid", _LEFT, up(tick), _RIGHT, up(tick))
        _text(svg, f"{tick:g}", _LEFT - 10, up(tick) + 4.5, "faint", "end")
    for tick in _linear_ticks(last):
        _rule(svg, "axis", across(tick), _BOTTOM, across(tick), _BOTTOM + 5)
        _text(svg, f"{tick:g}", across(tick), _BOTTOM + 21, "faint", "middle")
    _rule(svg, "axis", _LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    _text(svg, x_label, (_LEFT + _RIGHT) / 2, _BOTTOM + 46, "ink", "middle")
    _text(svg, y_label, 24, _TOP - 18, "ink", "start")

    ends = [up(line.values[-1]) for line in lines]
    labels = _apart(ends, gap=38, highest=_TOP, lowest=_BOTTOM - 16)
    for i, (line, end, label) in enumerate(zip(lines, ends, labels, strict=True)):
        points = " ".join(f"{across(x):.2f},{up(y):.2f}" for x, y in enumerate(line.values))
        curve = {"class": f"line stroke-{i}", "points": points, "stroke-dasharray": _DASHES[i]}
        ET.SubElement(svg, "polyline", {key: value for key, value in curve.items() if value})
        leader = f"{_RIGHT + 3},{end:.2f} {_RIGHT + 15},{label:.2f}"
        ET.SubElement(svg, "polyline", {"class": f"leader stroke-{i}", "points": leader})
        _text(svg, line.name, _RIGHT + 19, label + 3, f"fill-{i}", "start", weight="bold")
        _text(svg, line.note, _RIGHT + 19, label + 19, "faint", "start", size=11.5)
    return ET.tostring(svg, encoding="unicode")


def _frame(title: str, subtitle: str) -> ET.Element:
    """Begin a picture: its ground, its headings, and what is read out for those who don't see."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
            "class": "chart",
            "role": "img",
        },
    )
    ET.SubElement(svg, "title").text = title
    ET.SubElement(svg, "desc").text = subtitle
    ET.SubElement(svg, "style").text = _STYLE
    ET.SubElement(svg, "rect", {"class": "ground", "width": "100%", "height": "100%"})
    _text(svg, title, 24, 32, "ink", "start", size=18, weight="bold")
    _text(svg, subtitle, 24, 52, "faint", "start")
    return svg


def _text(
    svg: ET.Element,
    text: str,
    x: float,
    y: float,
    style: str,
    anchor: str,
    *,
    size: float = 13,
    weight: str = "normal",
) -> None:
    attributes = {"class": style, "x": f"{x:.2f}", "y": f"{y:.2f}", "text-anchor": anchor}
    if size != 13:
        attributes["font-size"] = f"{size}px"
    if weight != "normal":
        attributes["font-weight"] = weight
    ET.SubElement(svg, "text", attributes).text = text


def _rule(svg: ET.Element, style: str, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    attributes = {"class": style, **{key: f"{value:.2f}" for key, value in ends.items()}}
    ET.SubElement(svg, "line", attributes)


def _log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten up to high, from the last of them that low reaches."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    ticks = [float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)]
    first = max(tick for tick in ticks if tick <= low)
    # A single tick is no scale: lines that hardly move get the one above them too.
    return [tick for tick in ticks if first <= tick <= max(high, 2.5 * first)]


def _linear_ticks(last: int) -> list[int]:
    """Return round numbers from 0 to last, five steps or so."""
    rough = max(last / 5, 1)
    decade = 10 ** math.floor(math.log10(rough))
    stride = next(decade * digit for digit in (1, 2, 5, 10) if decade * digit >= rough)
    return list(range(0, last + 1, stride))


def _apart(heights: Sequence[float], gap: float, highest: float, lowest: float) -> list[float]:
    """Move heights (y grows downward) as little as need be, to stand a gap apart within bounds."""
    moved = list(heights)
    order = sorted(range(len(heights)), key=heights.__getitem__)
    for i in reversed(order):  # up, from the lowest
        moved[i] = lowest = min(moved[i], lowest)
        lowest -= gap
    for i in order:  # and down again where that left the chart
        moved[i] = highest = max(moved[i], highest)
        highest += gap
    return moved
