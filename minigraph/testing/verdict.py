"""SoftmaxMistake: what is wrong with a softmax, a cross-entropy or a gradient, as a lesson."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigraph.errors import MinigraphError
from minigraph.testing.claims import Claim
from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.mistake import recognize
from minigraph.testing.student import Misbehaviour

_FORMULAS = {
    "mean": "L = −(1/m) Σᵤ Σᵢ yᵢ log ŷᵢ",
    "sum": "L = −Σᵤ Σᵢ yᵢ log ŷᵢ",
    "none": "L = −Σᵢ yᵢ log ŷᵢ of each example",
}

# How close numbers are that differ by rounding to float32, after division by a step.
_NEARLY = 0.05


class SoftmaxMistake(MinigraphError, AssertionError):  # noqa: N818 (it fails a test)
    """A softmax, a cross-entropy or a gradient that is wrong; its text is the lesson.

    Attributes
    ----------
    function : str
        What is wrong: "softmax", "cross_entropy", "cross_entropy(softmax(z), y)", "loss",
        "gradient", or "∂L/∂z of ..." for the derivative of a loss.
    mistake : str or None
        The name of the well-known mistake that it looks like, if it looks like one.
    z, y : numpy.ndarray
        The smallest logits and targets found that show it.
    expected : numpy.ndarray
        The right answer there.
    got : numpy.ndarray or Exception
        What the function returned there, or raised.
    """

    def __init__(
        self,
        what: str,
        fix: str,
        lines: list[str],
        *,
        function: str,
        mistake: str | None,
        case: Classification,
        expected: np.ndarray,
        got: Any,
    ) -> None:
        super().__init__(what, fix, nodes=lines)
        self.function = function
        self.mistake = mistake
        self.z, self.y = case.z, case.y
        self.expected, self.got = expected, got


def verdict(
    claim: Claim, case: Classification, got: Any, seen: list[Classification], reduction: str
) -> SoftmaxMistake:
    """Return the error that says what is wrong, as a lesson."""
    right = claim.right(case)
    outcomes = [(c, claim.right(c), claim.got(c)) for c in seen if claim.binds(c)]
    # An epsilon may show at this case alone; a second mistake, too, but not at the probes.
    mistake = recognize(claim.mistakes, [*outcomes, (case, right, got)], reduction) or recognize(
        claim.mistakes, outcomes, reduction
    )
    if mistake is not None:
        what = f"{claim.name}: {mistake.name}: {mistake.words}"
        fix = mistake.fix.format(
            axis=case.axis,
            over="/m" if reduction == "mean" else "",
            reduction=reduction,
            formula=_FORMULAS[reduction],
        )
    elif isinstance(got, Misbehaviour):
        what, fix = str(got), f"return {claim.symbol} as a new array of shape {right.shape}"
    elif isinstance(got, Exception):
        what = f"{claim.name} raises {type(got).__name__}: {str(got).splitlines()[0]}"
        fix = f"it gets z of shape {case.z.shape} and y of shape {case.y.shape}"
    else:
        names = {mistake.name for mistake in claim.mistakes}
        what = (
            f"{claim.name}: {_symptom(claim, case, got, right)}; "
            f"it looks like none of the {len(names)} well-known mistakes"
        )
        fix = f"work {claim.symbol} out by hand for these numbers, and compare each step"
        if got.shape == right.shape and np.allclose(got, right, rtol=_NEARLY, atol=_NEARLY):
            fix = (
                "its leading digits are right: if it computes in float32, let it compute in "
                "float64, or ask for less: rtol=1e-3, atol=1e-4, largest=8.0"
            )
    lines = [f"z = {_text(case.z)}", f"y = {_text(case.y)}"]
    if claim.name == "cross_entropy":
        lines[0] = f"ŷ = {_text(case.y_hat)}"
    lines.append(f"{claim.symbol} expected: {_text(right)}")
    if not isinstance(got, Exception):
        lines.append(f"{claim.symbol} got:      {_text(got)}")
    lines += [
        f"{function.name}{where}" for function in claim.functions if (where := function.where())
    ]
    return SoftmaxMistake(
        what,
        fix,
        lines,
        function=claim.name,
        mistake=None if mistake is None else mistake.name,
        case=case,
        expected=right,
        got=got,
    )


def _symptom(claim: Claim, case: Classification, got: np.ndarray, right: np.ndarray) -> str:
    """Say what is wrong with numbers, in words."""
    if got.shape != right.shape:
        return f"{claim.symbol} has shape {got.shape}, not {right.shape}"
    if not np.isfinite(got).all() and np.isfinite(right).all():
        return f"{claim.symbol} is not finite"
    if claim.symbol == "ŷ" and (got < 0).any():
        return "ŷ has a negative entry"
    if claim.symbol == "ŷ":
        sums = got.sum(axis=case.axis)
        if not np.allclose(sums, 1):
            return f"ŷ sums to {_text(sums)} along axis {case.axis}, not to 1"
    return f"{claim.symbol} has wrong numbers"


def _text(x: np.ndarray) -> str:
    return " ".join(np.array2string(np.asarray(x), precision=6, separator=", ").split())
