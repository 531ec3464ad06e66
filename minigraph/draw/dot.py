"""From the description of a graph to DOT, in the symbols of the lecture.

Data nodes are cards: a name, and below it the value and the gradient. Forward edges run from
value to value, backward edges from gradient to gradient, so that the two directions keep apart.
"""

from __future__ import annotations

import graphviz

from minigraph.draw.description import ADDED, TAGS, DataNode, Description, Edge, Folded, OpNode
from minigraph.draw.folded_dot import draw_folded
from minigraph.draw.gradient_dot import draw_backward, draw_link
from minigraph.draw.legend import legend
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import DASH, NO_GRADIENT, shape_text
from minigraph.draw.sheet import LONGEST_NAME, frame, mark_row, set_up
from minigraph.draw.tables import added, number_table
from minigraph.draw.tangle import TANGLED, tangle
from minigraph.draw.theme import Palette
from minigraph.formula.names import shorten


def write_graph(
    picture: graphviz.Digraph, graph: Description, palette: Palette, precision: int, prefix: str
) -> None:
    """Write a described graph into a Digraph."""
    # An edge's label adds a rank, and so doubles the room.
    ranksep = "0.16" if any(edge.label or edge.rule for edge in graph.edges) else "0.3"
    set_up(picture, palette, prefix, legend(graph, palette), ranksep)
    if tangle(graph) > TANGLED:
        picture.attr("graph", splines="line", mclimit="0.1", nslimit="1", nslimit1="1")
    together = {id for cluster in graph.clusters for id in cluster.members}
    below = {id for cluster in graph.clusters if cluster.backward for id in cluster.members}
    # What comes first is put lowest, so a gradient's graph is below its forward graph.
    for cluster in graph.clusters:
        with frame(picture, cluster, palette, prefix) as inside:
            members = [graph[id] for id in cluster.members]
            _draw_nodes(inside, members, palette, precision, prefix, graph.halves)
            if cluster.backward:
                draw_backward(inside, graph, cluster, palette, prefix)
    alone = [node for node in graph.nodes if node.id not in together]
    _draw_nodes(picture, alone, palette, precision, prefix, graph.halves)
    for part in graph.folded:
        if part.hidden == part.size:  # otherwise it was drawn before its output
            draw_folded(picture, part, palette, prefix)
    for edge in graph.edges:
        if edge.head.removesuffix("_op") not in below:
            _draw_edge(picture, edge, palette, prefix)
    for gradient, forward in graph.links:
        draw_link(picture, gradient, forward, bool(below), palette, prefix)


def _draw_nodes(
    picture: graphviz.Digraph,
    nodes: list[DataNode],
    palette: Palette,
    precision: int,
    prefix: str,
    halves: bool,
) -> None:
    for node in nodes:
        if isinstance(node.op, Folded):
            draw_folded(picture, node.op, palette, prefix)
        elif node.op is not None:
            _draw_op(picture, node.op, palette, prefix)
        _draw_data(picture, node, palette, precision, prefix, halves)


def _draw_op(picture: graphviz.Digraph, op: OpNode, palette: Palette, prefix: str) -> None:
    symbol = len(op.text) < 3
    number = "" if op.number is None else font(f"{op.number}.", palette.op_text, 8) + "<BR/>"
    label = number + font(
        shorten(op.text, LONGEST_NAME), palette.op_text, size=14 if symbol else 11
    )
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
    picture: graphviz.Digraph,
    node: DataNode,
    palette: Palette,
    precision: int,
    prefix: str,
    halves: bool,
) -> None:
    picture.node(
        node.id,
        f"<{_card(node, palette, precision, prefix, halves)}>",
        id=prefix + node.id,
        shape="plain",
        _attributes={"class": f"data {node.kind}"},
    )


def _card(node: DataNode, palette: Palette, precision: int, prefix: str, halves: bool) -> str:
    kind = "constant" if node.kind == "scalar" else node.kind
    border = getattr(palette, f"{kind}_border")
    name = font(shorten(node.name, LONGEST_NAME), palette.ink, 14, "B" if node.named else "")
    mark = mark_row(node.mark, palette) if node.mark else ""
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
        value = number_table(node.value, palette, palette.ink, precision)
        gradient = _gradient(node, palette, precision)
        rows = (
            f"{mark}<TR>{cell(table(head))}</TR><TR>{_half(value, prefix + node.id, 'value')}</TR>"
        )
        if halves:
            rows += f"<HR/><TR>{_half(gradient, prefix + node.id, 'gradient')}</TR>"
    return table(
        rows,
        BORDER=4 if node.mark else 2 if node.kind == "parameter" else 1,
        STYLE="ROUNDED",
        COLOR=palette.backward if node.mark else border,
        BGCOLOR=getattr(palette, kind),
        CELLPADDING=4,
    )


def _gradient(node: DataNode, palette: Palette, precision: int) -> str:
    """Return what stands in the place for a node's gradient."""
    if node.gradient is None:
        # Data have none, which is no lack.
        return font(DASH, palette.muted) if node.active else font(NO_GRADIENT, palette.muted, 9)
    gradient = number_table(node.gradient, palette, palette.backward, precision)
    if node.uses < 2:
        return gradient
    parts = added(node.contributions, node.uses, palette, precision)
    return table(f"<TR>{cell(gradient)}</TR><TR>{cell('', HEIGHT=4)}</TR><TR>{cell(parts)}</TR>")


def _half(inner: str, id: str, name: str) -> str:
    """Return the cell of a card's half: a port, and in the SVG a group of its own."""
    # The engine makes a group of a cell that has an id, but only for the sake of a title.
    return cell(inner, PORT=name, ID=f"{id}_{name}", TITLE=name)


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
    # Of a node used twice the label goes on: "∂y/∂x", and below it "+= 3".
    label, _, part = edge.label.partition(ADDED)
    lines = [shorten(label, LONGEST_NAME)] if label else []
    lines += [ADDED.strip() + " " + part] if part else []
    if edge.times > 1 and not part:
        lines.append(f"×{edge.times}")
    if edge.rule:
        # The rule goes on where the label ends: "∂L/∂θ", and below it "= x (∂L/∂z)ᵀ".
        start = "= " if label == edge.rule.partition(" = ")[0] else ""
        lines.append(start + shorten(edge.rule.partition(" = ")[2] if start else edge.rule, 48))
    if lines:
        # Room around keeps the line from running through the letters.
        room = cell("", WIDTH=3, HEIGHT=4)
        # A rule is about gradients, wherever it stands.
        ink = palette.backward if edge.rule else color
        rows = "".join(f"<TR>{room}{cell(font(line, ink), ALIGN='LEFT')}</TR>" for line in lines)
        options["label"] = f"<{table(f'{rows}<TR>{room}</TR>')}>"
    if not forward:
        options |= {"dir": "back", "style": "dashed"}
    picture.edge(
        left,
        right,
        id=prefix + edge.id,
        _attributes={"class": edge.direction},
        **options,
    )
