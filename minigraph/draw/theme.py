"""Colours, for light and for dark, and the rules by which an SVG changes from one to the other."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """The colour of each role. Within a palette no two roles that swap apart share a colour.

    Text has a contrast of 4.5 and more with what it stands on, borders and lines of 3 and more
    (WCAG 2 AA); a test computes them.
    """

    background: str
    ink: str
    muted: str
    forward: str
    backward: str
    op: str
    op_text: str
    computed: str
    computed_border: str
    parameter: str
    parameter_border: str
    constant: str
    constant_border: str
    target: str
    target_border: str
    # Behind the entries of a table: the larger, the stronger.
    positive_1: str
    positive_2: str
    positive_3: str
    positive_4: str
    negative_1: str
    negative_2: str
    negative_3: str
    negative_4: str


LIGHT = Palette(
    background="#ffffff",
    ink="#1a2230",
    muted="#566072",
    forward="#465062",
    backward="#b42318",
    op="#2d3748",
    op_text="#fdfdfd",
    computed="#f5f6f8",
    computed_border="#7b8494",
    parameter="#e8f0ff",
    parameter_border="#2458b8",
    constant="#e9f5ee",
    constant_border="#2a7d53",
    target="#f4ecfd",
    target_border="#7a45b5",
    positive_1="#dbe8fa",
    positive_2="#c0d9f7",
    positive_3="#9ec6f2",
    positive_4="#79b0ec",
    negative_1="#fdeada",
    negative_2="#fbd3ae",
    negative_3="#f6b87f",
    negative_4="#ef9c51",
)

DARK = Palette(
    background="#11161d",
    ink="#eef1f5",
    muted="#a5afbe",
    forward="#98a4b5",
    backward="#ff9c8f",
    op="#cdd5e0",
    op_text="#10151c",
    computed="#1d242e",
    computed_border="#728094",
    parameter="#15274a",
    parameter_border="#7aa7ff",
    constant="#12301f",
    constant_border="#5fbf8c",
    target="#2b1d42",
    target_border="#b78cf0",
    positive_1="#1c3050",
    positive_2="#204374",
    positive_3="#245698",
    positive_4="#2868b8",
    negative_1="#402b16",
    negative_2="#5b3a17",
    negative_3="#774a18",
    negative_4="#925a1a",
)


def dark_rules(scope: str) -> str:
    """Return the CSS that gives a light picture its dark colours on a dark screen.

    Each rule finds the shapes by the light colour they were drawn in, so that nothing of what
    the drawing engine wrote has to be changed; names cannot interfere, being text. Print stays
    light.

    Parameters
    ----------
    scope : str
        The id of the element that holds the picture.
    """
    rules = [
        f'#{scope} [{paint}="{light}"]{{{paint}:{dark}}}'
        for field in fields(Palette)
        for light, dark in [(getattr(LIGHT, field.name), getattr(DARK, field.name))]
        for paint in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme:dark){\n" + "\n".join(rules) + "\n}"
