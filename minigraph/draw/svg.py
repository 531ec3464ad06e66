"""The SVG that an engine wrote: checked, given titles, and made to suit light and dark."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from minigraph.draw.description import TAGS, Description
from minigraph.draw.markup import plain
from minigraph.draw.matrices import shape_text
from minigraph.draw.theme import dark_rules
from minigraph.draw.titles import more_titles
from minigraph.errors import DrawingError
from minigraph.formula.names import visible

_SVG = "{http://www.w3.org/2000/svg}"
# The families that are measured like Helvetica, which is what the layout reckons with.
_FAMILIES = "Helvetica,Arial,Arimo,'Liberation Sans',sans-serif"


def finish(raw: str, graph: Description, prefix: str, *, adaptive: bool) -> str:
    """Check an engine's SVG, and make it one to show.

    Parameters
    ----------
    raw : str
    graph : Description
        What it must show.
    prefix : str
        Of the ids in it.
    adaptive : bool
        Whether it takes dark colours on a dark screen.

    Returns
    -------
    str
        An SVG without XML prolog, so that it can stand in an HTML page.

    Raises
    ------
    DrawingError
        If it is broken.
    """
    check(raw, graph)
    start = raw.index("<svg")
    body = re.sub(r"<!--.*?-->\n?", "", raw[start:], flags=re.DOTALL)
    body = body.replace('font-family="Helvetica,sans-Serif"', f'font-family="{_FAMILIES}"')
    titles = _titles(graph) | more_titles(graph)
    body = re.sub(
        rf'(<g id="{prefix}_([^"]+)" class="(?:node|edge|cluster)[^"]*">\s*)<title>[^<]*</title>',
        lambda match: f"{match[1]}<title>{plain(titles.get(match[2], match[2]))}</title>",
        body,
    )
    # The halves of cards: groups with an id and a class, and not the links that the engine makes.
    body = re.sub(
        rf'<g id="a_({prefix}_[^"]+_(value|gradient))"><a xlink:title="[^"]*">\n(.*?)</a>\n</g>',
        r'<g id="\1" class="\2">\n\3</g>',
        body,
        flags=re.DOTALL,
    )
    # The graph's own title would be shown by browsers wherever there is no node.
    body = re.sub(r'(class="graph"[^>]*>\s*)<title>[^<]*</title>\s*', r"\1", body)
    # A wide picture shrinks to its page, as long as it can be read; then the page scrolls.
    width = float(re.search(r'width="([\d.]+)pt"', body)[1])  # pyright: ignore[reportOptionalSubscript]
    head = (
        f'id="{prefix}" class="minigraph" role="img" '
        f'style="max-width:max(100%,{0.6 * width:.0f}pt);height:auto" '
        # In the attribute itself: references would go wrong where the same picture, and so the
        # same ids, is on a page twice.
        f'aria-label="{plain(f"{graph.title}. {graph.summary}")}" '
    )
    style = f"<style>\n{dark_rules(prefix)}\n</style>\n" if adaptive else ""
    lead = f"<title>{plain(graph.title)}</title>\n<desc>{plain(graph.summary)}</desc>\n{style}"
    body = body.replace("<svg ", f"<svg {head}", 1)
    end = body.index(">") + 1
    return body[:end] + "\n" + lead + body[end:].lstrip("\n")


def _titles(graph: Description) -> dict[str, str]:
    """Return what each element is, by its id without the prefix."""
    titles = {}
    called = {}
    for part in graph.folded:
        called[part.id] = part.label
        titles[part.id] = f"{part.label}: {part.steps}" if part.times == 1 else part.label
    for node in graph.nodes:
        called[node.id] = visible(node.name)
        kind = TAGS.get(node.kind, node.kind)
        titles[node.id] = f"{called[node.id]}: {kind}, {shape_text(node.value.shape)}"
        if node.op is not None and node.op.id not in called:
            called[node.op.id] = node.op.label
            parameters = f" ({node.op.parameters})" if node.op.parameters else ""
            titles[node.op.id] = f"{node.op.label}{parameters}"
    for edge in graph.edges:
        carries = f" carries {edge.label}" if edge.label else ""
        times = f", {edge.times} times" if edge.times > 1 else ""
        ends = f"{called[edge.tail]} → {called[edge.head]}"
        titles[edge.id] = f"{edge.direction}: {ends}{carries}{times}"
    return titles


def check(raw: str, graph: Description) -> None:
    """Refuse an SVG that is not well formed, lost nodes or edges, or has no place for something.

    Raises
    ------
    DrawingError
    """
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise _broken(f"it is not XML: {error}") from None
    groups = [group.get("class", "").split() for group in root.iter(f"{_SVG}g")]
    for what, expected in (("node", len(graph.nodes) + len(graph.ops)), ("edge", len(graph.edges))):
        drawn = sum(what in classes for classes in groups)
        if drawn < expected:
            raise _broken(f"it has {drawn} {what}s of {expected}")
    for element in root.iter():
        for name in ("d", "points", "x", "y", "cx", "cy", "rx", "ry", "width", "height", "viewBox"):
            if "nan" in element.get(name, ""):
                raise _broken("a coordinate is not a number")


def _broken(problem: str) -> DrawingError:
    return DrawingError(
        f"the drawing engine wrote a broken SVG: {problem}",
        fix="choose another engine with mg.draw(..., dot=path), and report the graph",
    )
