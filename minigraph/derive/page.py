"""The page of a derivation: one file of HTML that needs no other, no script and no network."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from minigraph.formula import Formula, PackageError
from minigraph.formula.tree import Statement

if TYPE_CHECKING:
    from jinja2 import Environment

    from minigraph.derive.components import ComponentDerivation
    from minigraph.derive.derivation import Derivation

HEIGHT = 640
"""Of a notebook's frame, in pixels; a page that is longer scrolls inside it."""

WORDS = {
    "lead": "From the chain rule to the simplest form. Each step names its rule; what it changes "
    "is marked.",
    "loss": "First, the loss in simpler words",
    "gradient": "Then its gradient",
    "from": "from",
    "that_is": "that is",
    "to": "to",
    "where": "where",
}
"""What is said around the steps of a derivation."""


def page(derivation: Derivation) -> str:
    """Write a derivation as one page of HTML.

    Raises
    ------
    PackageError
        If Jinja or latex2mathml, which the extra ``explain`` brings, is not installed.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> page(mg.derive((x * x).named("L"), x))[:15]
    '<!DOCTYPE html>'
    """
    return _rendered("derivation.html", title=derivation.title, derivation=derivation, words=WORDS)


def component_page(derivation: ComponentDerivation) -> str:
    """Write a derivation by components as one page of HTML.

    Raises
    ------
    PackageError
        If Jinja or latex2mathml, which the extra ``explain`` brings, is not installed.
    """
    lines = [(line, _mathml(line.latex)) for line in derivation.lines]
    return _rendered(
        "components.html",
        title=derivation.title,
        derivation=derivation,
        left=_mathml(derivation.title_latex),
        lines=lines,
    )


def frame(html: str, title: str) -> str:
    """Return a page in an ``iframe``, as HTML for a notebook.

    The frame keeps the page's style apart from the notebook's, and its sandbox allows nothing.

    Examples
    --------
    >>> frame("<p>", "∂L/∂z")[:38]
    '<iframe title="∂L/∂z, derived" sandbox'
    """
    return (
        f'<iframe title="{escape(title)}, derived" sandbox loading="lazy" '
        f'style="width:100%;height:{HEIGHT}px;border:1px solid #7b849466;border-radius:8px" '
        f'srcdoc="{escape(html)}"></iframe>'
    )


def style() -> str:
    """Return the CSS of the steps of a derivation, for any page that shows them."""
    return _static("derivation.css")


def environment(room: str) -> Environment:
    """Return what makes pages of a room's templates; those of this room are there under derive/.

    Parameters
    ----------
    room : str
        The name of a package.

    Raises
    ------
    PackageError
        If Jinja, which the extra ``explain`` brings, is not installed.
    """
    # Imported here, so that to import minigraph takes no Jinja.
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
    except ModuleNotFoundError:
        raise PackageError(
            "pages are made with the package Jinja2, which is not installed",
            fix="pip install 'minigraph[explain]'",
        ) from None
    own = PackageLoader("minigraph.derive")
    made = Environment(
        loader=ChoiceLoader([PackageLoader(room), PrefixLoader({"derive": own})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"lines": _lines, "compact": _compact}
    return made


def _rendered(template: str, **names: Any) -> str:
    pages = environment("minigraph.derive")
    pages.filters["indexed"] = _indexed
    return pages.get_template(template).render(style=_static("page.css") + style(), **names)


def _static(name: str) -> str:
    return (files("minigraph.derive") / "static" / name).read_text(encoding="utf-8")


def _lines(formula: Formula) -> list[Formula]:
    """Return a formula alone, and then what each of the names means that were made up for it."""
    given = formula.statement
    meanings = [Formula(Statement(name, tree)) for name, tree in given.where]
    return [Formula(replace(given, where=())), *meanings]


def _compact(mathml: str) -> str:
    """Write MathML for a page of HTML in fewer letters: signs as they are, not as numbers."""
    short = mathml.replace(' xmlns="http://www.w3.org/1998/Math/MathML" display="inline"', "")
    return _SIGN.sub(lambda sign: sign[0] if sign[1] in _KEPT else chr(int(sign[1], 16)), short)


# A sign that latex2mathml wrote as a number; and the numbers of those that HTML is written with.
_SIGN = re.compile(r"&#x0*([0-9A-F]+);")
_KEPT = {f"{ord(character):X}" for character in "<>&\"'"}


def _indexed(text: str) -> Any:
    """Write Σ_{k≠i} as a sum with its index below, and all else as text."""
    from markupsafe import Markup

    below = Markup("Σ<sub>k\u202f≠\u202fi</sub>")
    return below.join(text.split("Σ_{k≠i}"))


def _mathml(latex: str) -> str:
    """Write LaTeX of this room's own, in which all names are single letters, as MathML."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise PackageError(
            "MathML needs the package latex2mathml", fix="pip install 'minigraph[explain]'"
        ) from None
    line = convert(latex).replace('display="inline"', 'display="inline" displaystyle="true"', 1)
    # The accent that fits a letter.
    return line.replace("<mo>&#x0005E;</mo></mover>", '<mo stretchy="false">&#x002C6;</mo></mover>')
