"""check_softmax_cross_entropy: ∂L/∂z = ŷ − y, of anybody's softmax and cross-entropy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from minigraph.errors import OptionError
from minigraph.testing.claims import Claim, claims
from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.probes import LEVELS, probes
from minigraph.testing.student import Misbehaviour
from minigraph.testing.verdict import SoftmaxMistake, verdict

__all__ = ["SoftmaxCheck", "SoftmaxMistake", "check_softmax_cross_entropy"]

_REDUCTIONS = ("mean", "sum", "none")
_TARGETS = ("one_hot", "labels", "soft")
# Up to here exp(z) does not overflow.
_MODEST = 700.0
# Logits this far apart have probabilities whose logarithm and reciprocal are floats.
_SPREAD = 600.0


@dataclass(frozen=True)
class SoftmaxCheck:
    """What a check looked at, all of it right.

    Attributes
    ----------
    cases : mapping of str to int
        How many cases each function was right at.
    mistakes : int
        How many well-known mistakes would have been recognized by name.
    """

    cases: Mapping[str, int]
    mistakes: int

    def __repr__(self) -> str:
        parts = [f"{name} at {count} cases" for name, count in self.cases.items()]
        return f"<right: {', '.join(parts)}; none of {self.mistakes} well-known mistakes>"


def check_softmax_cross_entropy(
    softmax: Callable[..., Any] | None = None,
    cross_entropy: Callable[..., Any] | None = None,
    *,
    loss: Callable[..., Any] | None = None,
    gradient: Callable[..., Any] | None = None,
    axis: int = -1,
    targets: str = "one_hot",
    reduction: str = "mean",
    batch: bool = True,
    largest: float = 1e308,
    masked: bool | None = None,
    examples: int = 50,
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> SoftmaxCheck:
    """Check your own softmax and cross-entropy, and that ∂L/∂z = ŷ − y (over m for a mean).

    Give any of the functions, of NumPy arrays or of minigraph's Nodes. Their values are compared
    with closed forms; so is ∂L/∂z, which is your ``gradient``, and the derivative of your loss: by
    `minigraph.grad` if it is made of Nodes, else by central differences.

    Parameters
    ----------
    softmax : callable, optional
        ``softmax(z) → ŷ``.
    cross_entropy : callable, optional
        ``cross_entropy(ŷ, y) → L``. With ``softmax`` also the two in a chain are checked.
    loss : callable, optional
        ``loss(z, y) → L``, from the logits.
    gradient : callable, optional
        ``gradient(z, y) → ∂L/∂z``, written by hand. One that takes ŷ:
        ``lambda z, y: yours(softmax(z), y)``.
    axis : {-1, 0}
        The axis of the classes: −1 for rows (m, k), 0 for the lecture's columns (k, m).
    targets : {"one_hot", "labels", "soft"}
        What y is: an array of ŷ's shape, of 0 and 1 or of weights that sum to 1; or the integer
        labels 0..k−1, shape (m,).
    reduction : {"mean", "sum", "none"}
        What L is: the mean over the m examples, their sum, or one loss an example, shape (m,).
    batch : bool
        If False, z is one example of shape (k,), and a label is an int.
    largest : float
        The largest size of a logit. The default demands max-shifts; ``largest=300`` demands
        nothing beyond the definitions.
    masked : bool, optional
        Whether logits of wrong classes may be −inf. Default: if ``largest`` is over 700.
    examples : int
        How many cases hypothesis searches, at each of three levels: ordinary, large and extreme.
    rtol, atol : float
        Numbers count as equal within ``atol + rtol · |right|``; those of central differences
        within a hundred times as much, 1e-6 at least.

    Returns
    -------
    SoftmaxCheck
        What was checked.

    Raises
    ------
    SoftmaxMistake
        An AssertionError: it says which well-known mistake it looks like, and shows the smallest
        case found.
    OptionError
        If an option has no such value, or there is no function to check.

    Notes
    -----
    The search always goes the same way, and leaves no files. A mistake is recognized by its
    numbers, not from the source. The first one found is reported: mend it and run the check again.
    Where ŷ of a right class underflows, ``cross_entropy`` cannot know the loss, and nothing is
    demanded of the chain; of ``loss`` it is.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.testing import check_softmax_cross_entropy
    >>> check_softmax_cross_entropy(mg.softmax, mg.cross_entropy).cases.keys()
    dict_keys(['softmax', 'cross_entropy', 'cross_entropy(softmax(z), y)',
    '∂L/∂z of cross_entropy(softmax(z), y)'])

    A student's:

    >>> import numpy as np
    >>> def softmax(z):
    ...     return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    >>> from minigraph.testing.softmax import SoftmaxMistake
    >>> try:
    ...     check_softmax_cross_entropy(softmax)
    ... except SoftmaxMistake as error:
    ...     print(error.mistake, error.z.tolist())
    no max-shift [[1000.0, 1000.0]]
    """
    given = {
        "softmax": softmax,
        "cross_entropy": cross_entropy,
        "loss": loss,
        "gradient": gradient,
    }
    _check_options(given, axis, targets, reduction, batch, largest, examples)
    masked = largest > _MODEST if masked is None else masked
    layout: dict[str, Any] = {"axis": axis, "targets": targets, "batch": batch}
    first = probes("ordinary", **layout, largest=math.inf, masked=False)[0]
    claimed = claims(**given, first=first, reduction=reduction, rtol=rtol, atol=atol)
    counts = dict.fromkeys([claim.name for claim in claimed], 0)

    def failing(case: Classification) -> Claim | None:
        for claim in claimed:
            if claim.fails(case):
                return claim
            counts[claim.name] += claim.binds(case)
        return None

    seen: list[Classification] = []
    for level in LEVELS:
        shown = probes(level, **layout, largest=largest, masked=masked)
        seen += shown
        drawn = _drawn(level, **layout, largest=largest, masked=masked)
        if found := _counterexample(shown, drawn, failing, examples):
            claim, case = found
            got = claim.got(case)
            raised = isinstance(got, Exception) and not isinstance(got, Misbehaviour)
            error = verdict(claim, case, got, seen, reduction)
            raise error from (got if raised else None)
    names = {mistake.name for claim in claimed for mistake in claim.mistakes}
    return SoftmaxCheck(counts, len(names))


def _drawn(
    level: str, *, axis: int, targets: str, batch: bool, largest: float, masked: bool
) -> Any:
    """Return the strategy for the cases of a level; hypothesis is imported here."""
    from minigraph.testing.strategies import classifications

    if level == "ordinary":
        limits: dict[str, Any] = {"largest": min(8.0, largest), "masked": False}
    elif level == "large" or largest <= _MODEST:
        limits = {"largest": largest, "spread": _SPREAD, "masked": masked and level != "large"}
    else:
        limits = {"largest": largest, "masked": masked}
    return classifications(axes=[axis], targets=[targets], batch=batch, **limits)


def _counterexample(
    shown: list[Classification],
    drawn: Any,
    failing: Callable[[Classification], Claim | None],
    examples: int,
) -> tuple[Claim, Classification] | None:
    """Return a claim that fails and the smallest case found that shows it, or None."""
    from minigraph.testing.search import smallest

    claim, case = None, None
    for case in shown:
        claim = failing(case)
        if claim is not None:
            break

    def wanted(case: Classification) -> bool:
        # What is known to fail, not whatever else may fail at a smaller case.
        return failing(case) is not None if claim is None else claim.fails(case)

    found = smallest(drawn, wanted, examples=examples)
    if found is not None:
        case, claim = found, claim or failing(found)
    return None if claim is None or case is None else (claim, case)


def _check_options(
    given: Mapping[str, Any],
    axis: int,
    targets: str,
    reduction: str,
    batch: bool,
    largest: float,
    examples: int,
) -> None:
    if all(function is None for function in given.values()):
        raise OptionError("there is no function to check", f"give one of {', '.join(given)}")
    for name, function in given.items():
        if function is not None and not callable(function):
            raise OptionError(
                f"{name} is a {type(function).__name__}, not a function", f"pass {name} itself"
            )
    options = (
        ("axis", axis, (-1, 0, 1, -2) if batch else (-1, 0)),
        ("targets", targets, _TARGETS),
        ("reduction", reduction, _REDUCTIONS),
    )
    for name, value, known in options:
        if value not in known:
            raise OptionError(f"there is no {name}={value!r}", f"choose from {known}")
    if not largest >= 8:
        raise OptionError(f"largest={largest} leaves no logits to check", "let it be 8 or more")
    if not examples >= 1:
        raise OptionError(f"examples={examples} checks nothing", "let it be 1 or more")
