"""From the entries of a graph to DOT: small cards, and on each edge its local derivative."""

from __future__ import annotations

from typing import Any

import graphviz
import numpy as np

from minigraph.draw.component import Components
from minigraph.draw.derivatives import Derivative
from minigraph.draw.description import TAGS, DataNode
from minigraph.draw.legend import legend_row
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import DASH, NO_GRADIENT, entries
from minigraph.draw.sheet import LONGEST_NAME, mark_row, set_up
from minigraph.draw.theme import Palette
from minigraph.draw.widths import width
from minigraph.formula.names import shorten, visible

_SIZE = 13


def write_components(
    picture: graphviz.Digraph, graph: Components, palette: Palette, precision: int, prefix: str
) -> None:
    """Write the entries of a graph into a Digraph."""
    set_up(picture, palette, prefix, legend_row(legend_words(graph), palette), ranksep="0.55")
    for node in graph.nodes:
        picture.node(
            node.id,
            f"<{_card(node, palette, precision)}>",
            id=prefix + node.id,
            shape="plain",
            _attributes={"class": f"data {node.kind}"},
        )
    for below, above in graph.neighbours:
        place: Any = picture.subgraph()
        with place as row:
            row.attr(rank="same")
            row.edge(below, above, style="invis")
    for edge in graph.derivatives:
        _draw_edge(picture, edge, palette, precision, prefix)


def legend_words(graph: Components) -> list[str]:
    """Return what the legend of the picture explains, in order.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.component import describe_components
    >>> legend_words(describe_components(mg.exp(mg.parameter(0.5, name="x"))))
    ['parameter', 'computed', 'local derivative', 'value, gradient', 'not computed']
    """
    kinds = {node.kind for node in graph.nodes}
    carries = {edge.carries for edge in graph.derivatives}
    checks = {
        **{word: kind in kinds for kind, word in TAGS.items()},
        "number": "scalar" in kinds,
        "computed": "computed" in kinds,
        "local derivative": True in carries,
        "carries no gradient": False in carries,
        "value, gradient": True,
        "not computed": any(n.gradient is None and n.active for n in graph.nodes),
    }
    return [word for word, is_present in checks.items() if is_present]


def _card(node: DataNode, palette: Palette, precision: int) -> str:
    kind = "constant" if node.kind == "scalar" else node.kind
    border = getattr(palette, f"{kind}_border")
    rows = mark_row(node.mark, palette) if node.mark else ""
    name = font(shorten(node.name, LONGEST_NAME), palette.ink, _SIZE, "B" if node.named else "")
    if node.kind == "scalar":
        rows += f"<TR>{cell(name)}</TR>"
    else:
        (value,) = entries(node.value.reshape(1), precision)
        head = cell(name, ALIGN="LEFT") + cell("", WIDTH=8)
        # The engine sets bold letters higher; an empty row below sets the others so, too.
        number = f"<TR>{cell(font(value, palette.ink, _SIZE))}</TR><TR>{cell('', HEIGHT=4)}</TR>"
        head += cell(table(number), ALIGN="RIGHT")
        rows += f"<TR>{cell(table(f'<TR>{head}</TR>'))}</TR>"
        if node.kind in TAGS:
            tag = font(TAGS[node.kind], border, 9)
            rows += f"<TR>{cell(tag, CELLPADDING=1)}</TR>"
        if node.gradient is None:
            # Data have none, which is no lack.
            missing = (DASH, _SIZE) if node.active else (NO_GRADIENT, 9)
            gradient = font(missing[0], palette.muted, missing[1])
        else:
            gradient = font(
                entries(node.gradient.reshape(1), precision)[0], palette.backward, _SIZE
            )
        rows += f"<HR/><TR>{cell(gradient)}</TR>"
    return table(
        rows,
        BORDER=4 if node.mark else 2 if node.kind == "parameter" else 1,
        STYLE="ROUNDED",
        COLOR=palette.backward if node.mark else border,
        BGCOLOR=getattr(palette, kind),
        CELLPADDING=3,
    )


def _draw_edge(
    picture: graphviz.Digraph, edge: Derivative, palette: Palette, precision: int, prefix: str
) -> None:
    if not edge.carries:
        picture.edge(
            f"{edge.tail}:e",
            f"{edge.head}:w",
            id=prefix + edge.id,
            style="dotted",
            color=palette.muted,
            # As long as an edge with a derivative in it, so that data stand beside parameters.
            minlen="2",
            _attributes={"class": "data"},
        )
        return
    # The derivative stands in the middle of its edge, as a node that the edge goes through: so it
    # has its room, and nobody has to guess which edge it belongs to.
    lines = [visible(shorten(edge.label, 2 * LONGEST_NAME)), derivative_text(edge, precision)]
    middle = f"{edge.id}_label"
    picture.node(
        middle,
        # No markup: so the letters are centred, whatever the engine thinks of their widths.
        graphviz.escape("\n".join(lines)).replace("&", "&amp;").replace("\n", "\\n"),
        id=prefix + middle,
        shape="plaintext",
        fontcolor=palette.backward,
        fixedsize="true",
        width=f"{max(width(line, 10) for line in lines) / 72 + 0.08:.2f}",
        height="0.36",
        margin="0",
        _attributes={"class": "derivative"},
    )
    ends = {"color": palette.forward, "_attributes": {"class": "derivative"}}
    picture.edge(f"{edge.tail}:e", f"{middle}:w", id=prefix + edge.id, dir="none", **ends)
    picture.edge(f"{middle}:e", f"{edge.head}:w", id=f"{prefix}{edge.id}_end", **ends)


def derivative_text(edge: Derivative, precision: int) -> str:
    """Write what a local derivative is: "= x = 1.4"."""
    (number,) = entries(np.array([edge.number]), precision)
    symbol = "" if edge.symbol in (None, number) else f"= {visible(edge.symbol)} "
    return f"{symbol}= {number}"
