"""The lecture's long derivation: ∂L/∂zᵢ in index notation, line by line, each line checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.autodiff import grad
from minigraph.derive.index_notation import LINES, Letters, letters
from minigraph.derive.index_proof import line_values, proved
from minigraph.derive.knowledge import Knowledge, Missing
from minigraph.derive.saving import save
from minigraph.errors import GraphError, MissingError
from minigraph.facts import SumsToOne
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.ops import probability


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the derivation by components.

    Attributes
    ----------
    text, latex : str
        What ∂L/∂zᵢ equals.
    reason : str
        Why it equals the line before.
    proof : {"algebra", "values"}
        How it was checked against the line before: as polynomials in the entries of ŷ and y,
        exactly, or by its values alone, with the derivatives that the ops' own rules give.
    value : numpy.ndarray
        Its values for i = 0, 1, ...
    slip : str
        What the lecture prints there instead, and why that is not right; "" for most lines.
    """

    text: str
    latex: str
    reason: str
    proof: str
    value: np.ndarray
    slip: str = ""


@dataclass(frozen=True, eq=False)
class ComponentDerivation:
    """The derivation of ∂L/∂zᵢ in index notation, for one example.

    Attributes
    ----------
    title : str
    lines : tuple of Line
    missing : tuple of Missing
        That the targets sum to 1, where that is not known: then the last line is not there.
    notes : tuple of str

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.derive import by_components
    >>> z = mg.parameter([0.3, -0.2, 0.1], name="z")
    >>> y = mg.one_hot(0, classes=3, name="y")
    >>> L = mg.cross_entropy(mg.softmax(z).named("ŷ"), y).named("L")
    >>> for line in by_components(L, z).lines[-3:]:
    ...     print(line.text)
    −yᵢ + yᵢŷᵢ + Σ_{k≠i} yₖŷᵢ
    ŷᵢ(yᵢ + Σ_{k≠i} yₖ) − yᵢ
    ŷᵢ − yᵢ
    """

    title: str
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The derivation as plain text."""
        lines = [f"{self.title}, in index notation", ""]
        for number, line in enumerate(self.lines):
            left = self.title if not number else " " * len(self.title)
            lines.append(f"{left} = {line.text}")
            lines.append(f"{' ' * len(self.title)}     {line.reason}")
            lines += [f"{' ' * len(self.title)}     {line.slip}"] if line.slip else []
        return "\n".join([*lines, "", *self.notes])

    @property
    def latex(self) -> str:
        r"""The derivation in LaTeX, with the reasons beside it. It needs the package amsmath."""
        rows = [
            f"&= {line.latex} && \\text{{{line.reason_latex}}}" for line in map(_Row, self.lines)
        ]
        rows[0] = self.title_latex + " " + rows[0]
        return "\n".join((r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"))

    title_latex: str = r"\partial L / \partial z_i"

    def html(self) -> str:
        """Return the derivation as one page of HTML that needs no other, and no network.

        Raises
        ------
        PackageError
            If Jinja or latex2mathml, which the extra ``explain`` brings, is not installed.
        """
        from minigraph.derive.page import component_page

        return component_page(self)

    def save(self, path: Any) -> Path:
        """Write the derivation to a file: .html, .txt or .tex. As `Derivation.save`."""
        return save(self, path)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Derivation of {self.title} in index notation, {len(self.lines)} lines>"

    def _repr_html_(self) -> str:
        from minigraph.derive.page import frame

        return frame(self.html(), self.title)


class _Row:
    def __init__(self, line: Line) -> None:
        from minigraph.formula.latex_signs import escape

        self.latex, self.reason_latex = line.latex, escape(line.reason)


def by_components(loss: Node, z: Node, example: int = 0) -> ComponentDerivation:
    """Derive ∂L/∂zᵢ in index notation, as the lecture's long derivation does, with right signs.

    Parameters
    ----------
    loss : Node
        The cross-entropy of the softmax of z, as two ops or as one.
    z : Node
        The logits.
    example : int
        Which example of a batch its numbers are of.

    Returns
    -------
    ComponentDerivation

    Raises
    ------
    GraphError
        If the loss is something else.
    MissingError
        If there is no such example.

    Notes
    -----
    Slides "Another Approach". For a batch, L is the loss of one example; of their mean, each
    gradient is the m-th part.
    """
    y_hat, y, axis = _parts(loss, z)
    rows = np.moveaxis(z.value, axis, -1).reshape(-1, z.shape[axis])
    if not 0 <= example < len(rows):
        raise MissingError(
            f"there is no example {example} among {len(rows)}", nodes=[z], fix="count from 0"
        )
    if y.ndim == z.ndim:
        targets = np.moveaxis(y.value, axis, -1).reshape(rows.shape)
        know = Knowledge()
        whole = know.has(y, SumsToOne(axis))
        missing = tuple(know.missed)
    else:
        targets, whole, missing = np.eye(rows.shape[1])[y.value.reshape(-1)], True, ()
    names = letters(z, y_hat, y, loss)
    values = line_values(rows[example], targets[example])
    _check(loss, z, axis, example, values[0], len(rows))
    given = LINES if whole else LINES[:-1]
    lines = [_line(number, names, values[number]) for number in range(len(given))]
    notes = (
        []
        if whole
        else [
            f"The last line, ŷᵢ − yᵢ, needs Σₖ yₖ = 1, which is not known of {names.y}: declare "
            f"SumsToOne(axis={axis}) of it."
        ]
    )
    if len(rows) > 1:
        notes.append(
            f"L is here the loss of one of the {len(rows)} examples. Of the mean of their losses, "
            f"each gradient is 1/{len(rows)} of it."
        )
    return ComponentDerivation(
        f"∂{names.loss}/∂{names.z}ᵢ",
        tuple(lines),
        missing,
        tuple(notes),
        rf"\frac{{\partial {names.latex(names.loss)}}}{{\partial {names.latex(names.z)}_i}}",
    )


def _line(number: int, names: Letters, value: np.ndarray) -> Line:
    text, latex, reason, slips = LINES[number]
    return Line(
        names.filled(text),
        names.filled_latex(latex),
        names.filled(reason),
        "algebra" if proved(number) else "values",
        value,
        _slip() if slips else "",
    )


def _slip() -> str:
    """Return what the lecture has there; the one thing that this room takes from that one."""
    from minigraph.lecture.slips import SLIPS

    (slip,) = (slip for slip in SLIPS if "long derivation" in slip.where)
    return f"The lecture prints {slip.printed}. {slip.why}"


def _parts(loss: Any, z: Any) -> tuple[Node | None, Node, int]:
    """Return ŷ, if it is there, the targets and the axis of the classes."""
    for node in topological_order(loss) if isinstance(loss, Node) else ():
        match node.op, node.inputs:
            case probability.SoftmaxCrossEntropy(axis), (logits, y) if logits is z:
                return None, y, axis % z.ndim
            case probability.CrossEntropy(axis), (
                Node(op=probability.Softmax(classes), inputs=(logits,)) as y_hat,
                y,
            ) if logits is z and classes is not None and classes == axis:
                return y_hat, y, axis % z.ndim
    raise GraphError(
        "the derivation by components is of the cross-entropy of the softmax of z",
        nodes=[x for x in (loss, z) if isinstance(x, Node)],
        fix="pass such a loss and its logits, or use mg.derive for any other graph",
    )


def _check(
    loss: Node, z: Node, axis: int, example: int, expected: np.ndarray, examples: int
) -> None:
    """Compare the first line with the gradient of the graph, up to the mean over the examples."""
    if loss.size != 1:
        loss = namespace.sum(loss)
    gradient = np.moveaxis(grad(loss, z).value, axis, -1).reshape(examples, -1)[example]
    ok = any(np.allclose(gradient * m, expected, atol=1e-5) for m in (1, examples))
    if not ok:
        raise GraphError(
            "the loss is not the mean or the sum of the examples' cross-entropies",
            nodes=[loss],
            fix="pass the cross-entropy itself, or use mg.derive",
        )
