"""From the description of a graph to DOT, in the symbols of the lecture.

Data nodes are cards: a name, and below it the value and the gradient. Forward edges run from
value to value, backward edges from gradient to gradient, so that the two directions keep apart.
"""

from __future__ import annotations

import hashlib

import graphviz

from minigraph.draw.description import TAGS, DataNode, Description, Edge, OpNode
from minigraph.draw.legend import legend
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import DASH, MINUS, Matrix, matrix, shape_text
from minigraph.draw.names import shorten
from minigraph.draw.theme import Palette

# The longest name that is shown whole; the SVG's titles hold all of it.
LONGEST_NAME = 32

_FONT = "Helvetica"


def fill(picture: graphviz.Digraph, graph: Description, palette: Palette, precision: int) -> str:
    """Write a described graph into a Digraph.

    Returns
    -------
    str
        The prefix of the picture's ids, which depends on nothing but what is drawn.
    """
    _write(picture, graph, palette, precision, prefix="")
    digest = hashlib.sha256(picture.source.encode("utf-8", "surrogatepass")).hexdigest()
    prefix = f"mg_{digest[:10]}"
    picture.clear()
    _write(picture, graph, palette, precision, prefix + "_")
    return prefix


def _write(
    picture: graphviz.Digraph, graph: Description, palette: Palette, precision: int, prefix: str
) -> None:
    picture.attr(
        "graph",
        id=f"{prefix}graph",
        rankdir="LR",
        bgcolor=palette.background,
        fontname=_FONT,
        nodesep="0.25",
        # An edge's label adds a rank, and so doubles the room.
        ranksep="0.16" if any(edge.label for edge in graph.edges) else "0.3",
        pad="0.15",
    )
    picture.attr("graph", label=f"<{legend(graph, palette)}>", labelloc="b", labeljust="l")
    picture.attr("node", fontname=_FONT, fontsize="10", fontcolor=palette.ink)
    picture.attr("edge", fontname=_FONT, fontsize="10", arrowsize="0.6")
    for node in graph.nodes:
        if node.op is not None:
            _draw_op(picture, node.op, palette, prefix)
        _draw_data(picture, node, palette, precision, prefix)
    for edge in graph.edges:
        _draw_edge(picture, edge, palette, prefix)


def _draw_op(picture: graphviz.Digraph, op: OpNode, palette: Palette, prefix: str) -> None:
    symbol = len(op.text) < 3
    label = font(op.text, palette.op_text, size=14 if symbol else 11)
    if op.parameters:
        label += "<BR/>" + font(shorten(op.parameters, LONGEST_NAME), palette.op_text, size=8)
    picture.node(
        op.id,
        f"<{label}>",
        id=prefix + op.id,
        shape="ellipse",
        style="filled",
        fillcolor=palette.op,
        color=palette.op,
        margin="0.02,0.02",
        height="0.35",
        width="0.35",
        _attributes={"class": "op"},
    )


def _draw_data(
    picture: graphviz.Digraph, node: DataNode, palette: Palette, precision: int, prefix: str
) -> None:
    picture.node(
        node.id,
        f"<{_card(node, palette, precision)}>",
        id=prefix + node.id,
        shape="plain",
        _attributes={"class": f"data {node.kind}"},
    )


def _card(node: DataNode, palette: Palette, precision: int) -> str:
    kind = "constant" if node.kind == "scalar" else node.kind
    border = getattr(palette, f"{kind}_border")
    name = font(shorten(node.name, LONGEST_NAME), palette.ink, 14, "B" if node.named else "")
    mark = _mark(node.mark, palette) if node.mark else ""
    if node.kind == "scalar":
        rows = f"{mark}<TR>{cell(name, PORT='value')}</TR>"
    else:
        tag = TAGS.get(node.kind)
        head = (
            cell(name, ALIGN="LEFT")
            + cell("", WIDTH=10)
            + cell(font(shape_text(node.value.shape), palette.muted, 9), ALIGN="RIGHT")
        )
        head = f"<TR>{head}</TR>"
        if tag:
            head += f"<TR>{cell(font(tag, border, 9), ALIGN='LEFT', COLSPAN=3)}</TR>"
        value = _matrix(matrix(node.value, precision=precision), palette.ink)
        if node.gradient is None:
            gradient = font(DASH, palette.muted)
        else:
            gradient = _matrix(matrix(node.gradient, precision=precision), palette.backward)
        rows = (
            f"{mark}<TR>{cell(table(head))}</TR>"
            f"<TR>{cell(value, PORT='value')}</TR>"
            f"<HR/><TR>{cell(gradient, PORT='gradient')}</TR>"
        )
    return table(
        rows,
        BORDER=4 if node.mark else 2 if node.kind == "parameter" else 1,
        STYLE="ROUNDED",
        COLOR=palette.backward if node.mark else border,
        BGCOLOR=getattr(palette, kind),
        CELLPADDING=4,
    )


def _mark(words: str, palette: Palette) -> str:
    """Return the row that points a card out: words on a band, so that it is not colour alone."""
    text = font(shorten(words, LONGEST_NAME), palette.background, 11, "B")
    return f"<TR>{cell(text, BGCOLOR=palette.backward)}</TR>"


def _matrix(shown: Matrix, color: str) -> str:
    """Return the markup of a matrix between brackets, which are borders of empty cells."""
    if not shown.brackets:
        return font(shown.rows[0][0], color)
    # Widths are estimated, and a minus's is estimated wrong; a space's is wrong by as much, so
    # that in a column with a minus it keeps the digits of the other numbers in line.
    signed = [
        any(text.startswith(MINUS) for text in column) for column in zip(*shown.rows, strict=True)
    ]
    height = len(shown.rows)
    rows = ""
    bracket = {"ROWSPAN": height, "WIDTH": 4, "BORDER": 1, "COLOR": color}
    for r, row in enumerate(shown.rows):
        cells = "".join(
            cell(
                font(" " + text if sign and not text.startswith(MINUS) else text, color),
                ALIGN="RIGHT",
                CELLPADDING=3 if len(row) > 1 else 2,
            )
            for text, sign in zip(row, signed, strict=True)
        )
        if r == 0:
            cells = cell("", SIDES="LTB", **bracket) + cells + cell("", SIDES="RTB", **bracket)
        rows += f"<TR>{cells}</TR>"
    # Of a cell's spare width a table takes all, unless empty cells beside it do.
    return table(f"<TR>{cell('')}{cell(table(rows))}{cell('')}</TR>")


def _draw_edge(picture: graphviz.Digraph, edge: Edge, palette: Palette, prefix: str) -> None:
    forward = edge.direction == "forward"
    port = "value" if forward else "gradient"
    # A backward edge is drawn from its head to its tail, with the arrow at its start: so it does
    # not turn the layout round.
    left, right = (edge.tail, edge.head) if forward else (edge.head, edge.tail)
    left, right = (
        end if end.endswith("_op") else f"{end}:{port}:{side}"
        for end, side in ((left, "e"), (right, "w"))
    )
    color = palette.forward if forward else palette.backward
    options = {"color": color}
    if not forward:
        text = font(shorten(edge.label, LONGEST_NAME), color)
        # Room around keeps the line from running through the letters.
        room = cell("", WIDTH=3, HEIGHT=4)
        label = f"<{table(f'<TR>{room}{cell(text)}</TR><TR>{room}</TR>')}>"
        options |= {"dir": "back", "style": "dashed", "label": label}
    picture.edge(
        left,
        right,
        id=prefix + edge.id,
        _attributes={"class": edge.direction},
        **options,
    )
