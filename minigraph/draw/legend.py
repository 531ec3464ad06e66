"""The legend: what the signs in a picture mean, those that are in it and no others."""

from __future__ import annotations

from minigraph.draw.description import TAGS, Description
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import DASH
from minigraph.draw.theme import Palette

_SIZE = 9


def legend_words(graph: Description) -> list[str]:
    """Return what the legend of a graph explains, in order.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.description import describe
    >>> x = mg.parameter(3.0, name="x")
    >>> legend_words(describe(mg.exp(x)))
    ['parameter', 'computed', 'op', 'forward', 'value, gradient', 'not computed']
    """
    present = {node.kind for node in graph.nodes}
    gradients = [node.gradient is not None for node in graph.nodes if node.kind != "scalar"]
    directions = {edge.direction for edge in graph.edges}
    checks = {
        **{word: kind in present for kind, word in TAGS.items()},
        "number": "scalar" in present,
        "computed": "computed" in present,
        "op": bool(graph.ops),
        "forward": "forward" in directions,
        "backward": "backward" in directions,
        "value, gradient": bool(gradients),
        "not computed": not all(gradients),
    }
    return [word for word, is_present in checks.items() if is_present]


def legend(graph: Description, palette: Palette) -> str:
    """Return the legend as the markup of a table of one row."""
    items = "".join(_item(word, palette) for word in legend_words(graph))
    return table(f"<TR>{cell('', HEIGHT=8)}</TR><TR>{items}</TR>")


def _item(word: str, palette: Palette) -> str:
    gap = cell("", WIDTH=5)
    if word == "value, gradient":
        return cell(_halves(palette)) + cell("", WIDTH=16)
    kinds = {tag: kind for kind, tag in TAGS.items()} | {"computed": "computed"}
    if word in kinds:
        sign = _swatch(
            getattr(palette, kinds[word]),
            getattr(palette, f"{kinds[word]}_border"),
            2 if word == "parameter" else 1,
        )
    elif word == "number":
        sign = _swatch(palette.constant, palette.constant_border)
    elif word == "op":
        sign = _swatch(palette.op, palette.op)
    else:
        signs = {
            "forward": font("—►", palette.forward, _SIZE),
            "backward": font("◄- -", palette.backward, _SIZE),
            "not computed": font(DASH, palette.muted, _SIZE),
        }
        sign = signs[word]
    return cell(sign) + gap + cell(font(word, palette.muted, _SIZE)) + cell("", WIDTH=16)


def _swatch(fill: str, border: str, width: int = 1) -> str:
    inner = f"<TR>{cell('', WIDTH=16, HEIGHT=9)}</TR>"
    swatch = table(inner, BORDER=width, STYLE="ROUNDED", COLOR=border, BGCOLOR=fill)
    # Empty cells above and below take the row's spare height, which the swatch would take.
    return table("".join(f"<TR>{cell(part)}</TR>" for part in ("", swatch, "")))


def _halves(palette: Palette) -> str:
    """Return a small card that says what stands in the halves of a card."""
    rows = (
        f"<TR>{cell(font(' value ', palette.ink, _SIZE))}</TR><HR/>"
        f"<TR>{cell(font(' gradient ', palette.backward, _SIZE))}</TR>"
    )
    return table(
        rows,
        BORDER=1,
        STYLE="ROUNDED",
        COLOR=palette.computed_border,
        BGCOLOR=palette.computed,
        CELLPADDING=2,
    )
