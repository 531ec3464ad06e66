"""The page of a walk: one file of HTML that needs no other, and no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from minigraph.draw.legend import legend_words
from minigraph.draw.matrices import shape_text
from minigraph.draw.theme import DARK, LIGHT, Palette
from minigraph.errors import DrawingError
from minigraph.explain.tables import Table, table
from minigraph.explain.walk import PHASES, Origin, Phase, Step, Walk
from minigraph.explain.wording import LANGUAGES, say, words
from minigraph.formula.names import visible

if TYPE_CHECKING:
    from minigraph.derive import Derivation

# What a learner is asked to find, and what would give it away.
_FOUND = ("contribution", "sum", "after")

# What stands before an array, by what it is to its step.
_SIGNS = {
    "output": "→",
    "gradient": "→",
    "contribution": "→",
    "sum": "+=",
    "total": "+=",
    "after": "→",
    "equal": "=",
    "check": "≈",
}


@dataclass(frozen=True, eq=False)
class Shown:
    """An array of a step, ready for the page.

    Attributes
    ----------
    index : int
        Its place among what its step shows; what the origins refer to.
    label : str
        The key, in the words' table ``[page.roles]``, of what it is to its step.
    sign : str
        What stands before it: "=", "+=", "≈" or nothing.
    name : str
        As text.
    mathml : str or None
        The name as a formula.
    shape : str
    table : Table
    asked : bool
        Whether quiz mode asks for it.
    secret : bool
        Whether it would give away what is asked for.
    origin : str
        JSON: which of the step's arrays its entries were made of, and of which entries; or "".
    """

    index: int
    label: str
    sign: str
    name: str
    mathml: str | None
    shape: str
    table: Table
    asked: bool
    secret: bool
    origin: str


@dataclass(frozen=True, eq=False)
class Why:
    """The derivation of a gradient, ready for the page.

    Attributes
    ----------
    derivation : Derivation
    asks : dict of str to str
        By language: what one clicks on to see it.
    rests : dict of Derivation to int
        Of those that it rests on: the number of the step.
    serves : list of (int, str)
        The derivations that rest on it: the number of the step, and the gradient.
    """

    derivation: Derivation
    asks: dict[str, str]
    rests: dict[Derivation, int]
    serves: list[tuple[int, str]]


def page(walk: Walk) -> str:
    """Write a walk as one page of HTML.

    Without scripts it shows all steps, one below the other; with them, one at a time.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    str

    Raises
    ------
    PackageError
        If Jinja, which the extra ``explain`` brings, is not installed.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> page(mg.explain((x * x).named("L")))[:15]
    '<!DOCTYPE html>'
    """
    static = files("minigraph.explain") / "static"
    style = (static / "walk.css").read_text(encoding="utf-8")
    script = (static / "walk.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    try:
        picture = walk.picture.svg()
    except DrawingError:
        picture = None
    # Imported here, so that to import minigraph takes no rules of derivations.
    from minigraph.derive.page import environment
    from minigraph.derive.page import style as derivation_style

    whys = _whys(walk)
    return (
        environment("minigraph.explain")
        .get_template("walk.html")
        .render(
            walk=walk,
            titles=_titles(walk),
            languages=LANGUAGES,
            words={language: words(language) for language in LANGUAGES},
            phases=_phases(walk),
            steps=[(step, tuple(shown(step))) for step in walk.steps],
            names={node.id: visible(node.name) for node in walk.description.nodes},
            whys=whys,
            picture=picture,
            legend=legend_words(walk.description),
            light=_properties(LIGHT),
            dark=_properties(DARK),
            style=style + derivation_style() * bool(whys),
            script=script,
            # The one script that runs is this one, whatever else a page might come to hold.
            policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
        )
    )


def _whys(walk: Walk) -> dict[int, Why]:
    """Return the derivations of a walk, by the number of the step."""
    found = {place + 1: derivation for place, derivation in walk.derivations.items()}
    numbers = {derivation: number for number, derivation in found.items()}
    whys = {}
    for number, derivation in found.items():
        formula, count = visible(str(derivation.formula)), len(derivation.steps)
        lemmas = [step.lemma for step in derivation.steps if step.lemma is not None]
        whys[number] = Why(
            derivation,
            say("derivation", "ask", formula=formula, count=str(count)),
            {lemma: numbers[lemma] for lemma in lemmas},
            [],
        )
    for number, why in whys.items():
        for rests in why.rests.values():
            whys[rests].serves.append((number, visible(why.derivation.title)))
    return whys


def _titles(walk: Walk) -> dict[str, str]:
    """Return the title in each language; one that somebody chose stays as it is."""
    name = next((node.name for node in walk.description.nodes if node.output), "")
    own = say("sentences", "title", name=name)
    return own if walk.title in own.values() else dict.fromkeys(LANGUAGES, walk.title)


def _phases(walk: Walk) -> list[tuple[int, Phase, int | None]]:
    """Return the number of each phase, and that of the first step in it, if there is one."""
    first: dict[Phase, int] = {}
    for number, step in enumerate(walk.steps, 1):
        first.setdefault(step.phase, number)
    return [(number, phase, first.get(phase)) for number, phase in enumerate(PHASES, 1)]


def _properties(palette: Palette) -> str:
    """Return a palette as custom properties of CSS."""
    return ";".join(
        f"--{field.name.replace('_', '-')}:{getattr(palette, field.name)}"
        for field in fields(palette)
    )


def shown(step: Step) -> Iterator[Shown]:
    """Go through the arrays of a step, as its page shows them.

    The one contribution to a gradient is the gradient: the two are shown as one. Closed forms and
    finite differences come last; their entries were made of what the gradient's were.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> walk = mg.explain(mg.sum(mg.exp(x)).named("L"))
    >>> for array in shown(walk.steps[-1]):
    ...     print((array.label, array.name, array.origin))
    ('cotangent', '∂L/∂Exp(x)', '')
    ('input', 'Exp(x)', '')
    ('gradient', '∂L/∂x', '[[0,1],{"0":[[0],[0]],"1":[[1],[1]]}]')
    ('check', '∂L/∂x', '[[0,1],{"0":[[0],[0]],"1":[[1],[1]]}]')
    """
    number, count = step.place
    alone = step.kind == "backward" and count == 1
    tables = [table(quantity.value) for quantity in step.quantities]
    origins = {origin.target: _origin(origin, tables) for origin in step.origins}
    total = next((q for q in step.quantities if q.role == "sum"), None)
    made = next(
        (origins.get(i, "") for i, q in enumerate(step.quantities) if q.role == "contribution"), ""
    )
    for i, quantity in enumerate(step.quantities):
        if alone and quantity is total:
            continue
        # Leaves are given, and so is what came out of an op whose backward rule uses it.
        given = step.kind in ("leaf", "backward") and quantity.role == "output"
        label, called = "input" if given else quantity.role, quantity
        if step.kind == "update" and quantity.role == "cotangent":
            label = "slope"
        if quantity.role == "sum":
            label = "seed" if step.kind == "seed" else "sum" if number < count else "total"
        elif alone and total is not None and quantity.role == "contribution":
            label, called = "gradient", total
        yield Shown(
            index=i,
            label=label,
            sign=_SIGNS.get(label, "") if i else "",
            name=visible(called.name),
            mathml=None if called.formula is None else called.formula.mathml,
            shape=shape_text(quantity.value.shape),
            table=tables[i],
            asked=i == step.asked,
            secret=step.asked is not None and (i == step.asked or quantity.role in _FOUND),
            origin=origins.get(i, ""),
        )
    beside: list[tuple[str, str, str | None, np.ndarray]] = [
        ("equal", visible(name), None, value) for name, value in step.equals
    ]
    if step.check is not None and total is not None:
        formula = None if total.formula is None else total.formula.mathml
        beside.append(("check", visible(total.name), formula, step.check))
    for i, (label, name, mathml, value) in enumerate(beside, len(tables)):
        yield Shown(
            index=i,
            label=label,
            sign=_SIGNS[label],
            name=name,
            mathml=mathml,
            shape=shape_text(value.shape),
            table=table(value),
            asked=False,
            secret=step.asked is not None,
            origin=made if alone else "",
        )


def _origin(origin: Origin, tables: list[Table]) -> str:
    """Write as JSON which of the entries on show were made of which."""
    kept = [tables[source].shown for source in origin.sources]
    made = {
        entry: [
            [i for i in sources if i in seen]
            for sources, seen in zip(origin.entries[entry], kept, strict=True)
        ]
        for entry in sorted(tables[origin.target].shown)
    }
    return json.dumps([origin.sources, made], separators=(",", ":"))
