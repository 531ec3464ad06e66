"""The page of a derivation: one file of HTML that needs no other, no script and no network."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from minigraph.formula import PackageError

if TYPE_CHECKING:
    from minigraph.derive.components import ComponentDerivation
    from minigraph.derive.derivation import Derivation

HEIGHT = 640
"""Of a notebook's frame, in pixels; a page that is longer scrolls inside it."""


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
    return _rendered("derivation.html", title=derivation.title, derivation=derivation)


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


def _rendered(template: str, **names: Any) -> str:
    # Imported here, so that to import minigraph takes no Jinja.
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError:
        raise PackageError(
            "pages are made with the package Jinja2, which is not installed",
            fix="pip install 'minigraph[explain]'",
        ) from None
    environment = Environment(
        loader=PackageLoader("minigraph.derive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["indexed"] = _indexed
    style = files("minigraph.derive") / "static" / "derivation.css"
    return environment.get_template(template).render(
        style=style.read_text(encoding="utf-8"), **names
    )


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
