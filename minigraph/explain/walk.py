"""Walk: a graph, gone through step by step, as data that knows nothing of pages or terminals."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from minigraph.draw.description import Description
from minigraph.draw.picture import Picture
from minigraph.errors import OptionError
from minigraph.node import Node

if TYPE_CHECKING:
    from minigraph.derive import Derivation
    from minigraph.formula import Formula

Phase = Literal["sample", "output", "loss", "derivative", "update"]
Kind = Literal["leaf", "forward", "seed", "backward", "update", "after"]
Role = Literal[
    "input",
    "output",
    "cotangent",
    "jacobian",
    "contribution",
    "sum",
    "check",
    "before",
    "after",
]

PHASES: tuple[Phase, ...] = ("sample", "output", "loss", "derivative", "update")


@dataclass(frozen=True, eq=False)
class Quantity:
    """One array on show.

    Attributes
    ----------
    name : str
        How it is written: "θ", "∂L/∂z", "x (∂L/∂z)ᵀ".
    role : Role
        What it is to its step.
    value : numpy.ndarray
    formula : Formula or None
        Its name as a formula.
    node : str or None
        The id of the data node, in the walk's description, that it belongs to.
    """

    name: str
    role: Role
    value: np.ndarray
    formula: Formula | None
    node: str | None


@dataclass(frozen=True, eq=False)
class Origin:
    """Which entries made an entry.

    Attributes
    ----------
    target : int
        The quantity whose entries were made: an index into the step's quantities.
    sources : tuple of int
        The quantities that they were made of.
    entries : tuple
        ``entries[e][k]`` are the flat indices in ``sources[k]`` that made the target's entry of
        flat index ``e``.
    """

    target: int
    sources: tuple[int, ...]
    entries: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a walk.

    Attributes
    ----------
    phase : {"sample", "output", "loss", "derivative", "update"}
        Which of the lecture's five steps it belongs to.
    kind : {"leaf", "forward", "seed", "backward", "update", "after"}
    node : str
        The id of the data node that the step is about; of a backward step the one that receives.
    op : str or None
        The id of the op.
    lit : tuple of str
        The ids of the nodes, ops and edges that are lit.
    known : tuple of str
        The ids of the nodes whose values are known after this step, and, as "n3:grad", of those
        whose gradients are.
    formulas : tuple of Formula
        With symbols: the equation; of a backward step the local rule, and the Jacobian.
    quantities : tuple of Quantity
        With numbers, in reading order.
    equals : tuple of (str, numpy.ndarray)
        Closed forms that the gradient is equal to: ("ŷ − y", array); mostly empty.
    origins : tuple of Origin
    asked : int or None
        Which quantity quiz mode asks for.
    check : numpy.ndarray or None
        Finite differences, beside the gradient of the step's node.
    sentences : mapping of str to str
        By language: the step in a sentence.
    rules : mapping of str to str
        By language: what somebody is told whose answer was wrong.
    place : (int, int)
        Of a backward step: which contribution to the node's gradient it is, of how many.
    """

    phase: Phase
    kind: Kind
    node: str
    op: str | None
    lit: tuple[str, ...]
    known: tuple[str, ...]
    formulas: tuple[Formula, ...]
    quantities: tuple[Quantity, ...]
    equals: tuple[tuple[str, np.ndarray], ...]
    origins: tuple[Origin, ...]
    asked: int | None
    check: np.ndarray | None
    sentences: Mapping[str, str]
    rules: Mapping[str, str]
    place: tuple[int, int] = (1, 1)


@dataclass(frozen=True, eq=False)
class Walk:
    """A graph, gone through in the lecture's five steps: what `explain` returns.

    It prints as text, shows itself in a notebook, and saves itself as a page or as text.

    Attributes
    ----------
    title : str
    description : Description
        The graph, with its gradients.
    picture : Picture
        The graph, drawn.
    steps : tuple of Step
    language : {"en", "vi"}
        The language that it prints in, and that its page starts with.
    nodes : mapping of str to Node
        The graph itself, or rather a copy of it, by the ids of the description.
    """

    title: str
    description: Description
    picture: Picture
    steps: tuple[Step, ...]
    language: str
    nodes: Mapping[str, Node] = field(default_factory=dict)

    @cached_property
    def derivations(self) -> Mapping[int, Derivation]:
        """The derivations of gradients, by the place, among the steps, that completes the gradient.

        They are made when they are asked for: the page does, the text does not.
        """
        from minigraph.explain.derivations import derivations

        return derivations(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Save the walk in the format that the file's suffix names.

        Parameters
        ----------
        path : path
            It ends in .html, for one page that needs no other file, or in .txt. Folders are made.

        Returns
        -------
        Path

        Raises
        ------
        OptionError
            If the suffix is another one.
        """
        file = Path(path)
        suffix = file.suffix.lower()
        if suffix not in (".html", ".txt"):
            raise OptionError(
                f"a walk is saved as .html or .txt, not as {file.suffix or file.name!r}",
                fix='write it so: walk.save("walk.html")',
            )
        content = self.html() if suffix == ".html" else f"{self}\n"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="\n")
        return file

    def html(self) -> str:
        """Return the walk as one page of HTML that needs no other file."""
        from minigraph.explain.page import page

        return page(self)

    def __str__(self) -> str:
        from minigraph.explain.text import text

        return text(self)

    def __repr__(self) -> str:
        return f"<Walk: {self.title}, {len(self.steps)} steps>"

    def _repr_html_(self) -> str:
        from minigraph.explain.notebook import frame

        return frame(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))
