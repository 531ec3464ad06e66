"""Folded parts in DOT: dark like the ops that are in them, but boxes with a double line."""

from __future__ import annotations

import graphviz

from minigraph.draw.description import Folded, few
from minigraph.draw.markup import font
from minigraph.draw.theme import Palette
from minigraph.formula.names import shorten

_LONGEST = 40


def draw_folded(picture: graphviz.Digraph, part: Folded, palette: Palette, prefix: str) -> None:
    """Draw what stands for a folded part: how often it comes, what is in it, its size."""
    ink = palette.op_text
    lines = [(part.text, 16), (part.steps, 10)]
    if part.times > 1:
        lines.append((f"{part.size} nodes", 9))
    if part.leaves:
        names = [shorten(name, 12) for name in part.leaves]
        lines.append((f"with {few(names)}", 9))
    label = "<BR/>".join(
        font(shorten(text, _LONGEST), ink, size, "B" if size == 16 else "")
        for text, size in lines
        if text
    )
    picture.node(
        part.id,
        f"<{label}>",
        id=prefix + part.id,
        shape="box",
        style="filled,rounded",
        peripheries="2",
        fillcolor=palette.op,
        color=palette.op,
        margin="0.12,0.06",
        _attributes={"class": "op folded"},
    )
