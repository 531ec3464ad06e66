"""The worked examples computed by the graph, and each figure checked against the lecture's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import minigraph as mg
from minigraph.lecture import EXAMPLES, Example, Figure, SoftmaxRegressionGraph, graph, step

__all__ = ["TOLERANCE", "Check", "WorkedExample", "work", "work_all"]

TOLERANCE = 1e-12
"""How far a figure may lie from the one in full precision."""


@dataclass(frozen=True)
class Check:
    """One figure of the lecture beside ours.

    Parameters
    ----------
    figure : Figure
        What the lecture prints, and what full precision gives.
    ours : float
        What the graph gives.

    Examples
    --------
    >>> figure = Figure("ŷ", "ŷ₁", (0, 0), "0.615", 0.6153837563911821, 2)
    >>> Check(figure, 0.61538).matches, Check(figure, 0.6161).matches
    (True, False)
    """

    figure: Figure
    ours: float

    @property
    def matches(self) -> bool | None:
        """Whether ours is the printed figure to its last digit; None where none is printed."""
        return None if self.figure.printed is None else self.figure.matches(self.ours)

    @property
    def difference(self) -> float:
        """How far ours is from full precision."""
        return abs(self.ours - self.figure.exact)


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """A worked example gone through by the graph.

    Parameters
    ----------
    example : Example
        What the lecture gives.
    graph : SoftmaxRegressionGraph
        Its graph, after ``backward()``.
    values : mapping of str to numpy.ndarray
        Each quantity of the example, by its name in `minigraph.lecture.QUANTITIES`.
    checks : tuple of Check
        Every figure of the example, in the order of the steps.
    """

    example: Example
    graph: SoftmaxRegressionGraph
    values: Mapping[str, NDArray[np.float64]]
    checks: tuple[Check, ...]

    @property
    def printed(self) -> int:
        """How many figures the lecture prints."""
        return sum(check.matches is not None for check in self.checks)

    @property
    def matching(self) -> int:
        """How many of the printed figures are ours."""
        return sum(check.matches is True for check in self.checks)

    @property
    def difference(self) -> float:
        """The largest distance from full precision."""
        # NaN must not hide behind a comparison, as it would in Python's max.
        return float(np.max([check.difference for check in self.checks]))

    @property
    def passes(self) -> bool:
        """Whether every printed figure matches, and every figure is right in full precision."""
        return self.matching == self.printed and self.difference <= TOLERANCE


def work(example: Example) -> WorkedExample:
    """Go through an example with minigraph: every quantity of the five steps.

    Parameters
    ----------
    example : Example
        One of `minigraph.lecture.EXAMPLES`.

    Examples
    --------
    >>> worked = work(EXAMPLES["A"])
    >>> worked.printed, worked.matching, worked.passes
    (12, 12, True)
    >>> worked.values["ŷ"].round(6)
    array([[0.615384],
           [0.384616]])
    """
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    updated = step(nodes, example.eta)
    loss_of_each = mg.cross_entropy(nodes.y_hat, nodes.y, axis=0, reduction="none")
    by_theta, by_z = nodes.theta.grad, nodes.z.grad
    assert by_theta is not None  # `step` has run backward
    assert by_z is not None
    everything = {
        "z": nodes.z.value,
        "ŷ": nodes.y_hat.value,
        "log ŷ_y": -loss_of_each.value,
        "L": nodes.loss.value,
        "∂L⁽ᵘ⁾/∂z": example.m * by_z,
        "∂L/∂b": by_theta[0],
        "∂L/∂w": by_theta[1:],
        "∂L/∂θ": by_theta,
        "θ − ηL'_θ": updated,
    }
    values = {name: everything[name] for name in example.quantities}
    checks = tuple(
        Check(figure, float(values[figure.quantity][figure.index])) for figure in example.figures()
    )
    return WorkedExample(example, nodes, values, checks)


def work_all(examples: Iterable[Example] | None = None) -> tuple[WorkedExample, ...]:
    """Go through the lecture's examples A to E, or through others.

    Examples
    --------
    >>> [(worked.example.key, worked.matching) for worked in work_all()]
    [('A', 12), ('B', 13), ('C', 40), ('D', 12), ('E', 6)]
    """
    return tuple(work(example) for example in (EXAMPLES.values() if examples is None else examples))
