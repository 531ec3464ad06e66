"""The lines of the lecture's long derivation, in index notation, as text and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from minigraph.formula.latex import Latex
from minigraph.formula.names import letter
from minigraph.node import Node

LINES: tuple[tuple[str, str, str, bool], ...] = (
    (
        "−Σₖ <y>ₖ ∂log <p>ₖ/∂<z>ᵢ",
        r"-\sum_k <y>_k \frac{\partial \log <p>_k}{\partial <z>_i}",
        "<L> = −Σₖ <y>ₖ log <p>ₖ, and <y> does not depend on <z>",
        False,
    ),
    (
        "−Σₖ <y>ₖ (∂log <p>ₖ/∂<p>ₖ) (∂<p>ₖ/∂<z>ᵢ)",
        r"-\sum_k <y>_k \frac{\partial \log <p>_k}{\partial <p>_k} "
        r"\frac{\partial <p>_k}{\partial <z>_i}",
        "the chain rule",
        False,
    ),
    (
        "−Σₖ <y>ₖ (1/<p>ₖ) ∂<p>ₖ/∂<z>ᵢ",
        r"-\sum_k <y>_k \frac{1}{<p>_k} \frac{\partial <p>_k}{\partial <z>_i}",
        "the derivative of log x is 1/x",
        False,
    ),
    (
        "−<y>ᵢ (1/<p>ᵢ) <p>ᵢ(1 − <p>ᵢ) − Σ_{k≠i} <y>ₖ (1/<p>ₖ) (−<p>ₖ<p>ᵢ)",
        r"-<y>_i \frac{1}{<p>_i} <p>_i (1 - <p>_i) "
        r"- \sum_{k \ne i} <y>_k \frac{1}{<p>_k} (-<p>_k <p>_i)",
        "∂<p>ₖ/∂<z>ᵢ is <p>ᵢ(1 − <p>ᵢ) for k = i, which is taken apart, and −<p>ₖ<p>ᵢ for k ≠ i",
        False,
    ),
    (
        "−<y>ᵢ(1 − <p>ᵢ) + Σ_{k≠i} <y>ₖ<p>ᵢ",
        r"-<y>_i (1 - <p>_i) + \sum_{k \ne i} <y>_k <p>_i",
        "<p>ᵢ/<p>ᵢ and <p>ₖ/<p>ₖ cancel, and minus times minus is plus",
        True,
    ),
    (
        "−<y>ᵢ + <y>ᵢ<p>ᵢ + Σ_{k≠i} <y>ₖ<p>ᵢ",
        r"-<y>_i + <y>_i <p>_i + \sum_{k \ne i} <y>_k <p>_i",
        "multiplied out",
        False,
    ),
    (
        "<p>ᵢ(<y>ᵢ + Σ_{k≠i} <y>ₖ) − <y>ᵢ",
        r"<p>_i \Bigl( <y>_i + \sum_{k \ne i} <y>_k \Bigr) - <y>_i",
        "<p>ᵢ is a common factor",
        False,
    ),
    (
        "<p>ᵢ − <y>ᵢ",
        r"<p>_i - <y>_i",
        "<y>ᵢ + Σ_{k≠i} <y>ₖ is Σₖ <y>ₖ, and that is 1",
        False,
    ),
)
"""Each line: as text, as LaTeX, why, and whether the lecture slips there."""


@dataclass(frozen=True)
class Letters:
    """What the logits, the probabilities, the targets and the loss are called: letters."""

    z: str
    p: str
    y: str
    loss: str

    def filled(self, text: str) -> str:
        """Put the letters into a line of text."""
        return self._filled(text, lambda name: name)

    def filled_latex(self, latex: str) -> str:
        """Put the letters into a line of LaTeX."""
        return self._filled(latex, self.latex)

    def latex(self, name: str) -> str:
        """Write a letter in LaTeX."""
        return Latex().name(name)

    def _filled(self, text: str, write: Callable[[str], str]) -> str:
        names = {"z": self.z, "p": self.p, "y": self.y, "L": self.loss}
        return re.sub("<([zpyL])>", lambda found: write(names[found[1]]), text)


def letters(z: Node, y_hat: Node | None, y: Node, loss: Node) -> Letters:
    """Return the nodes' own names where they are single letters, else the lecture's.

    Examples
    --------
    >>> import minigraph as mg
    >>> z, y = mg.parameter([0.0], name="logits"), mg.constant([1.0], name="t")
    >>> letters(z, None, y, z)
    Letters(z='z', p='ŷ', y='t', loss='L')
    """
    usual = ("z", "ŷ", "y", "L")
    own = [_letter(node) or other for node, other in zip((z, y_hat, y, loss), usual, strict=True)]
    return Letters(*(own if len(set(own)) == len(own) else usual))


def _letter(node: Node | None) -> str | None:
    """Return a node's name, if it is a letter without scripts."""
    name = None if node is None else node.name
    parts = None if name is None else letter(name)
    return None if parts is None or parts.sub or parts.super or parts.primes else name
