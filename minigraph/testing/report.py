"""The text of a GradientMismatch: a lesson on what is wrong and where to look."""

from __future__ import annotations

from typing import Any

from minigraph.errors import at
from minigraph.node import Node
from minigraph.testing.differences import Kink
from minigraph.testing.finding import Finding
from minigraph.testing.hints import hints
from minigraph.testing.mismatch import GradientMismatch
from minigraph.testing.result import ordinal
from minigraph.testing.subject import Subject


def mismatch(
    finding: Finding,
    *,
    kind: str,
    output: Node | None = None,
    guilty: tuple[Node, GradientMismatch] | None = None,
) -> GradientMismatch:
    """Put the failure together.

    Parameters
    ----------
    finding : Finding
    kind : {"op", "graph", "plain"}
        What was checked.
    output : Node, optional
        Of the checked graph.
    guilty : tuple of Node and GradientMismatch, optional
        The node whose op is wrong by itself, and how.
    """
    subject, kink = finding.subject, finding.kink
    name, value = subject.names[finding.input], subject.values[finding.input]
    # Of a function that returns one number the derivative itself is shown, without the cotangent.
    unit = subject.cotangent.item() if subject.cotangent.size == 1 else 1.0
    yours, expected = finding.yours / unit, finding.expected / unit
    what = f"{ordinal(subject.order)} of {subject.title} by {name} is wrong"
    if finding.index is None:
        what += " along a random direction"
    elif finding.index:
        what += f" at {list(finding.index)}"
    if subject.order > 1:
        what += f", while {ordinal(subject.order - 1)} is right"
    here = "" if finding.index is None else f", there {_number(value[finding.index])}"
    step = "" if finding.method == "complex step" else f", step {finding.step:.2g}"
    lines = [
        f"{name}  shape {value.shape}, {value.dtype}{here}",
        f"yours     {_number(yours)}",
        f"expected  {_number(expected)}, by {finding.method}{step}",
        f"off by    {abs(yours - expected):.3g}; tolerance {finding.tolerance / abs(unit):.2g}",
        *_meaning(subject, name),
    ]
    node, seen = None, hints(finding)
    at_kink = kink is not None
    if kind == "graph" and guilty is not None:
        node, local = guilty
        seen, at_kink = list(local.hints), at_kink or local.kink
        lines += _guilty(node, local)
    elif kind == "graph" and kink is None:
        seen = [
            "each op of the graph is right by itself, so the graph is not all of the function: a "
            "value is taken out of it (node.value, float(node)), or counted as a constant"
        ]
    elif kind == "op":
        node = output
        lines += _rules(output)
    if kink is not None:
        seen = [_kink(kink, unit, yours)]
    return GradientMismatch(
        what,
        _fix(kind, node, at_kink),
        nodes=[*lines, *(f"hint: {hint}" for hint in seen)],
        order=subject.order,
        input=name,
        index=finding.index,
        yours=yours,
        expected=expected,
        tolerance=finding.tolerance / abs(unit),
        step=finding.step,
        kink=at_kink,
        hints=tuple(seen),
        node=node,
        output=output,
    )


def _fix(kind: str, node: Node | None, kink: bool) -> str:
    if kink:
        return (
            "move the input off this point, and check there; which slope minigraph takes at a kink "
            "is in its documentation"
        )
    if kind == "plain":
        return "derive that entry by hand and compare; the smaller the example, the easier"
    if node is None:
        return "compute with Nodes throughout; error.picture() draws the graph that there is"
    return f"correct the backward of {node.op!r}; error.picture() draws the graph with it marked"


def _meaning(subject: Subject, name: str) -> list[str]:
    """Say what the two numbers are derivatives of, if it is not f itself."""
    v = subject.cotangent
    if subject.order > 1:
        return ["both are derivatives of L = Σ u · ∂(Σ v · f)/∂x, with random u and cotangent v"]
    if v.size == 1:
        return []
    shown = f" = {v.round(3).tolist()}" if v.size <= 4 else ""
    return [f"both are ∂L/∂{name} of L = Σ v · f, with a random cotangent v{shown}"]


def _kink(kink: Kink, unit: float, yours: float) -> str:
    """Say what the kink looks like."""
    if not kink.slopes:
        return kink.reason
    left, right = kink.left / unit + 0.0, kink.right / unit + 0.0
    text = f"{kink.reason}: the slope is {left:.6g} on the left and {right:.6g} on the right"
    if min(left, right) <= yours <= max(left, right):
        text += "; yours lies between, a subgradient, and may well be meant"
    return text


def _guilty(node: Node, local: GradientMismatch) -> list[str]:
    """Say which node is guilty, where it was made, and where its rules are."""
    name = "" if node.name is None else f"{node.name} = "
    made = f"{name}{type(node.op).__name__}({', '.join(x.label for x in node.inputs)})"
    if local.kink:
        what = "has the kink"
    else:
        what = f"is wrong by itself: its derivative by {local.input or 'its inputs'}"
        if local.yours is not None and local.expected is not None:
            what += f" is {_number(local.yours)} instead of {_number(local.expected)}"
    return [
        f"guilty: {made} {what}",
        at(node._site),
        *_rules(node),
    ]


def _rules(node: Node | None) -> list[str]:
    """Return the line that shows where the backward of a user's op is."""
    op = None if node is None else type(node.op)
    code = getattr(getattr(op, "backward", None), "__code__", None)
    if op is None or code is None or op.__module__.startswith("minigraph."):
        return []
    return ["its backward:" + at((code, 0)).replace("  at", "", 1)]


def readings_differ(finding: Finding, output: Node) -> GradientMismatch:
    """Say that backward() on arrays and mg.grad as a graph give different numbers."""
    subject, yours, expected = finding.subject, finding.yours, finding.expected
    name = subject.names[finding.input]
    return GradientMismatch(
        f"{ordinal(subject.order)} of {subject.title} by {name} has two values: as a graph "
        "(mg.grad) it is not what it is on arrays (backward)",
        "write backward with xp and operators alone, so that it does the same on both",
        nodes=[
            f"as a graph  {_number(yours)} at {list(finding.index or ())}",
            f"on arrays   {_number(expected)}, which agrees with the differences",
        ],
        order=subject.order,
        input=name,
        index=finding.index,
        yours=yours,
        expected=expected,
        output=output,
    )


def _number(x: Any) -> str:
    return f"{float(x) + 0.0:.8g}"  # no −0
