"""The legend: what the signs in a picture mean, those that are in it and no others."""

from __future__ import annotations

from minigraph.draw.description import ADDED, TAGS, Description, Folded
from minigraph.draw.large import is_large
from minigraph.draw.levels import LEVELS
from minigraph.draw.markup import cell, font, table
from minigraph.draw.matrices import DASH, MINUS
from minigraph.draw.tables import heat
from minigraph.draw.theme import Palette

_SIZE = 9
# How many signs stand beside each other.
_IN_A_ROW = 10


def legend_words(graph: Description) -> list[str]:
    """Return what the legend of a graph explains, in order.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.description import describe
    >>> x = mg.parameter(3.0, name="x")
    >>> legend_words(describe(mg.exp(x)))
    ['parameter', 'computed', 'op', 'order of evaluation', 'forward', 'value, gradient', \
'not computed']
    """
    present = {node.kind for node in graph.nodes}
    cards = [node for node in graph.nodes if node.kind != "scalar"]
    tables = [node.value for node in cards if node.value.ndim and node.value.size]
    directions = {edge.direction for edge in graph.edges}
    checks = {
        **{word: kind in present for kind, word in TAGS.items()},
        "number": "scalar" in present,
        "computed": "computed" in present,
        "op": any(not isinstance(op, Folded) for op in graph.ops),
        "order of evaluation": any(op.number is not None for op in graph.ops),
        "folded": bool(graph.folded),
        "forward": "forward" in directions,
        "backward": "backward" in directions,
        "a gradient and its node": bool(graph.links),
        "value from above": any(cluster.backward for cluster in graph.clusters),
        "used so many times": any(edge.times > 1 for edge in graph.edges),
        "parts of a gradient, added up": any(ADDED in edge.label for edge in graph.edges),
        "size of an entry in its table": any(not is_large(value) for value in tables),
        "large array: means of blocks": any(map(is_large, tables)),
        "value, gradient": graph.halves and bool(cards),
        "not computed": graph.halves and any(x.gradient is None and x.active for x in cards),
    }
    return [word for word, is_present in checks.items() if is_present]


def legend(graph: Description, palette: Palette) -> str:
    """Return the legend as the markup of a table."""
    # A small graph should not be lost above a long legend.
    return legend_row(legend_words(graph), palette, min(_IN_A_ROW, max(5, 2 * len(graph.nodes))))


def legend_row(words: list[str], palette: Palette, in_a_row: int = _IN_A_ROW) -> str:
    """Return a legend of some words that it knows, as the markup of a table."""
    # As long as all fits beside each other; then in rows as long as each other.
    count = -(-len(words) // in_a_row)
    length = -(-len(words) // max(count, 1))
    rows = f"<TR>{cell('', HEIGHT=8)}</TR>"
    for start in range(0, len(words), max(length, 1)):
        items = "".join(_item(word, palette) for word in words[start : start + length])
        rows += f"<TR>{cell('', HEIGHT=4)}</TR>" if start else ""
        rows += f"<TR>{cell(table(f'<TR>{items}</TR>'), ALIGN='LEFT')}</TR>"
    return table(rows)


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
    elif word == "folded":
        sign = _swatch(palette.op, palette.op, double=palette.background)
    elif word == "size of an entry in its table":
        sign = _ramp(palette)
    elif word == "large array: means of blocks":
        sign = _blocks(palette)
    else:
        signs = {
            "forward": font("—►", palette.forward, _SIZE),
            "backward": font("◄- -", palette.backward, _SIZE),
            "local derivative": font("—►", palette.forward, _SIZE)
            + font(" ∂b/∂a", palette.backward, _SIZE),
            "carries no gradient": font("···►", palette.muted, _SIZE),
            "a gradient and its node": font("·····", palette.muted, _SIZE),
            "value from above": font("◄— x", palette.forward, _SIZE),
            "order of evaluation": font("1.", palette.muted, _SIZE),
            "used so many times": font("×2", palette.forward, _SIZE),
            "parts of a gradient, added up": font("+=", palette.backward, _SIZE),
            "not computed": font(DASH, palette.muted, _SIZE),
        }
        sign = signs[word]
    return cell(sign) + gap + cell(font(word, palette.muted, _SIZE)) + cell("", WIDTH=16)


def _swatch(fill: str, border: str, width: int = 1, double: str = "") -> str:
    inner = f"<TR>{cell('', WIDTH=16, HEIGHT=9)}</TR>"
    swatch = table(inner, BORDER=width, STYLE="ROUNDED", COLOR=border, BGCOLOR=fill)
    if double:
        outer = {"STYLE": "ROUNDED", "COLOR": border, "BGCOLOR": double, "CELLPADDING": 2}
        swatch = table(f"<TR>{cell(swatch)}</TR>", BORDER=1, **outer)
    return _low(swatch)


def _low(inner: str) -> str:
    """Return a table that keeps its height: of spare height, empty cells take the most."""
    return table("".join(f"<TR>{cell(part)}</TR>" for part in ("", "", inner, "", "")))


def _ramp(palette: Palette) -> str:
    """Return the colours of entries, from the most negative to the most positive."""
    signs = {-LEVELS: MINUS, 0: "0", LEVELS: "+"}
    cells = "".join(
        cell(
            font(signs[level], palette.ink, _SIZE) if level in signs else "",
            WIDTH=10,
            **heat(level, palette),
        )
        for level in range(-LEVELS, LEVELS + 1)
    )
    return _low(table(f"<TR>{cells}</TR>"))


def _blocks(palette: Palette) -> str:
    """Return a thumbnail of four blocks."""
    rows = "".join(
        "<TR>"
        + "".join(
            cell(
                font(MINUS, palette.ink, 8) if level < 0 else "",
                WIDTH=10,
                HEIGHT=10,
                FIXEDSIZE="TRUE",
                **heat(level, palette),
            )
            for level in row
        )
        + "</TR>"
        for row in ((1, LEVELS), (1 - LEVELS, -1))
    )
    return _low(table(rows, CELLSPACING=1))


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
