"""What a wrong gradient looks like, in words: a factor, a sign, a transpose, a forgotten term."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from minigraph.testing.finding import Finding

# Ratios that are recognised: what a derivative is multiplied by too much.
_NAMED = {
    -1.0: "it is −1 times what it should be: the sign is wrong",
    2.0: "it is 2 times what it should be: a factor 2 too many, or a term added twice",
    0.5: "it is ½ of what it should be: the 2 of a square's derivative forgotten, or one of two "
    "equal terms",
}


def hints(finding: Finding) -> list[str]:
    """Say what the wrong derivatives by an input have in common."""
    if not _uses_cotangent(finding):
        return ["it does not change with the cotangent: multiply ∂L/∂output in (the chain rule)"]
    yours, expected, wrong = finding.claimed, finding.found, finding.wrong
    if yours is None or expected is None or wrong is None or not np.isfinite(expected).all():
        return []
    slack = 1e-4 * float(np.abs(expected).max())
    if finding.subject.claimed[finding.input] is None:
        if finding.subject.order == 1:
            return ["no gradient flows to this input, although the output changes with it"]
        return [
            "as a graph, the gradient does not depend on this input, although its value does: a "
            "backward takes it for a constant"
        ]
    if not yours.any():
        return ["it is 0 everywhere: a term is missing, or counted as a constant"]
    words = _misplaced(yours, expected, slack)
    if not words and wrong.all():
        words = _factor(finding, yours, expected, slack) or _offset(yours, expected, slack)
    if words:
        return [words]
    count, total = int(wrong.sum()), yours.size
    if count < total:
        listed = ", ".join(str([int(j) for j in index]) for index in np.argwhere(wrong)[:4])
        rest = ", ..." if count > 4 else ""
        verb = "entry is" if count == 1 else "entries are"
        return [f"{count} of {total} {verb} wrong ({listed}{rest}), the others are right"]
    return []


def _uses_cotangent(finding: Finding) -> bool:
    claimed = finding.subject.claimed[finding.input]
    if claimed is None or not claimed.any():
        return True
    other = finding.subject.scaled(2.0)[finding.input]
    return other is None or not np.array_equal(other, claimed)


def _misplaced(yours: np.ndarray, expected: np.ndarray, slack: float) -> str:
    """Recognise entries that are right but for where they stand."""
    if yours.ndim >= 2 and yours.shape[-1] > 1 and _close(yours.mT, expected, slack):
        return "it is the transpose of what it should be"
    for axis in range(yours.ndim):
        if yours.shape[axis] > 1 and _close(np.flip(yours, axis), expected, slack):
            return f"its entries stand in reverse order along axis {axis}"
    return ""


def _factor(finding: Finding, yours: np.ndarray, expected: np.ndarray, slack: float) -> str:
    """Recognise entries that are all off by one factor."""
    total = float(np.sum(expected * expected))
    ratio = float(np.sum(yours * expected)) / total if total else 0.0
    if not ratio or not _close(yours, ratio * expected, slack * max(1, abs(ratio))):
        return ""
    for value, words in _NAMED.items():
        if abs(ratio - value) < 1e-3 * abs(value):
            whose = next((whose for length, whose in _lengths(finding) if length == value), "")
            return words + (f"; or the 1/{value:g} of a mean forgotten ({whose})" if whose else "")
    for length, whose in _lengths(finding):
        if abs(ratio - length) < 1e-3 * length:
            return (
                f"it is {length} times what it should be, and {length} is {whose}: "
                f"the 1/{length} of a mean forgotten?"
            )
        if abs(ratio * length - 1) < 1e-3:
            return (
                f"it is 1/{length} of what it should be, and {length} is {whose}: "
                f"divided by {length} once too often?"
            )
    # Of one number, any factor is as good as another.
    return f"every entry is {ratio:.6g} times what it should be" if yours.size > 1 else ""


def _lengths(finding: Finding) -> Iterable[tuple[int, str]]:
    """Return the numbers that a mean may divide by: lengths of axes, numbers of entries."""
    shapes = dict(finding.subject.shapes)
    name = finding.subject.names[finding.input]
    own = {name: shapes.pop(name)} if name in shapes else {}
    for name, shape in [*own.items(), *shapes.items()]:
        for axis, length in enumerate(shape):
            yield length, f"the length of axis {axis} of {name}"
        yield math.prod(shape), f"the number of entries of {name}"


def _offset(yours: np.ndarray, expected: np.ndarray, slack: float) -> str:
    """Recognise entries that are all off by one amount."""
    off = yours - expected
    if yours.size > 1 and np.ptp(off) <= slack:
        return f"every entry is off by the same amount, {float(off.flat[0]):.6g}"
    return ""


def _close(a: np.ndarray, b: np.ndarray, slack: float) -> bool:
    return a.shape == b.shape and bool((np.abs(a - b) <= slack).all())
