"""Derivation: a gradient, rewritten step by step until it is as simple as the rules make it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minigraph.derive.knowledge import Missing
from minigraph.derive.saving import save
from minigraph.formula import Formula
from minigraph.formula.latex_signs import escape
from minigraph.node import Node


@dataclass(frozen=True)
class Step:
    """One step of a derivation.

    Attributes
    ----------
    rule : str
        The rule's name.
    reason : str
        Why it is right, in one line.
    facts : tuple of str
        What it needed to know, each with where it is known from: "ŷ is positive (softmax)".
    before : Formula or None
        The whole expression before; None for the first of all.
    after : Formula
        The whole expression after, with what changed marked.
    stage : {"loss", "gradient"}
        Whether the loss was made simpler, or its gradient.
    between : Formula or None
        For a product that was multiplied out: the part that changed, with all its products.
    lemma : Derivation or None
        For a gradient that was put in as derived before: its derivation.
    """

    rule: str
    reason: str
    facts: tuple[str, ...]
    before: Formula | None
    after: Formula
    stage: str = "gradient"
    between: Formula | None = None
    lemma: Derivation | None = None


@dataclass(frozen=True, eq=False)
class Derivation:
    """The derivation of a gradient, from the chain rule to its simplest form.

    It prints as text, shows itself in notebooks, and saves itself as HTML, text or LaTeX.

    Attributes
    ----------
    title : str
    steps : tuple of Step
    result : Node
        The gradient in its last form: a node as any other. Its value is that of the gradient.
    formula : Formula
        The last form: ∂L/∂z = (ŷ − y) / 3.
    missing : tuple of Missing
        The facts that would have let another rule apply, could they be relied on.
    notes : tuple of str
        What there is to say of the whole: what is missing, or that no rule applied.
    where : tuple of str
        What symbols that are nobody's names stand for.

    Examples
    --------
    >>> import minigraph as mg
    >>> z = mg.parameter([0.3, -0.2], name="z")
    >>> y = mg.one_hot(0, classes=2, name="y")
    >>> y_hat = mg.softmax(z).named("ŷ")
    >>> derivation = mg.derive(mg.cross_entropy(y_hat, y).named("L"), z)
    >>> print(derivation.formula)
    ∂L/∂z = ŷ − y
    """

    title: str
    steps: tuple[Step, ...]
    result: Node
    formula: Formula
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    where: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The derivation as plain text."""
        lines = [self.title, "=" * len(self.title), ""]
        for number, step in enumerate(self.steps, 1):
            lines.append(f"{number}. {step.rule}: {step.reason}")
            lines += [f"   {fact}" for fact in step.facts]
            lines += [f"     {step.before}"] if step.before is not None else []
            if step.between is not None:
                lines.append(f"     written out: {step.between}")
            lines += [f"     {'→ ' if step.before is not None else ''}{step.after}", ""]
        lines.append(f"So {self.formula}")
        lines += [f"where {line}" for line in self.where]
        lines += self.notes
        return "\n".join(lines)

    @property
    def latex(self) -> str:
        r"""The derivation in LaTeX: aligned formulas, with the rules beside them.

        It needs the package amsmath.
        """
        rows = []
        for step in self.steps:
            said = escape(f"{step.rule}: {step.reason}")
            rows.append(rf"&\text{{{said}}}\\")
            rows.append(rf"&\quad {step.after.latex}\\[1ex]")
        rows.append(rf"&\boxed{{{self.formula.latex}}}")
        return "\n".join((r"\begin{align*}", *rows, r"\end{align*}"))

    def html(self) -> str:
        """Return the derivation as one page of HTML that needs no other, and no network.

        Raises
        ------
        PackageError
            If Jinja or latex2mathml, which the extra ``explain`` brings, is not installed.
        """
        from minigraph.derive.page import page

        return page(self)

    def save(self, path: Any) -> Path:
        """Write the derivation to a file: .html, .txt or .tex.

        Parameters
        ----------
        path : str or path-like

        Returns
        -------
        pathlib.Path

        Raises
        ------
        OptionError
            If the suffix is another one.
        PackageError
            If a package that the page is made with is not installed.
        """
        return save(self, path)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Derivation of {self.title} in {len(self.steps)} steps: {self.formula}>"

    def _repr_html_(self) -> str:
        from minigraph.derive.page import frame

        return frame(self.html(), self.title)
