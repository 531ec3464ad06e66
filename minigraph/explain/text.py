"""A walk as text, for terminals and files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from minigraph.explain.blocks import beside, block
from minigraph.explain.walk import PHASES, Step, Walk
from minigraph.explain.wording import words

WIDTH = 90
_INDENT = 5


def text(walk: Walk) -> str:
    """Write all steps of a walk, in its language."""
    own = words(walk.language)
    lines = [walk.title]
    phase = None
    for number, step in enumerate(walk.steps, 1):
        if step.phase != phase:
            phase = step.phase
            lines += ["", f"{PHASES.index(phase) + 1}  {own['phases'][phase]}", ""]
        sentence = f"{number:3}  {step.sentences[walk.language]}"
        # Long words are broken too: a name may be one.
        lines += textwrap.wrap(sentence, WIDTH, subsequent_indent=" " * _INDENT)
        lines += beside(_blocks(step, own["text"]), WIDTH, _INDENT)
    return "\n".join(lines)


def _blocks(step: Step, own: dict[str, str]) -> Iterator[list[str]]:
    """Go through what is shown below a step's sentence."""
    for quantity in step.quantities:
        name = quantity.name
        if quantity.role == "contribution":
            if step.place[1] == 1:  # it is the gradient, and shown under that name
                continue
            name = own["contribution"]
        elif quantity.role in ("before", "after"):
            name = f"{name} {own[quantity.role]}"
        elif quantity.role == "sum" and step.place[0] < step.place[1]:
            name = f"{name} {own['so_far']}"
        yield block(name, quantity.value)
    for closed, value in step.equals:
        yield block(closed, value)
    if step.check is not None:
        yield block(own["check"], step.check)
