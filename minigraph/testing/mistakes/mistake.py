"""Mistake: what it is called, what comes of it, what it would return; and how it is recognized."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.testing.classification import Classification

Prediction = Callable[[Classification, str], Any]


@dataclass(frozen=True)
class Mistake:
    """A well-known mistake.

    Parameters
    ----------
    name : str
        A few words: "no max-shift".
    words : str
        What comes of it.
    fix : str
        What to do about it.
    predictions : tuple of callable
        ``(case, reduction) → array``, one for each way of making the mistake; NotImplemented where
        there is no such mistake to make.
    """

    name: str
    words: str
    fix: str
    predictions: tuple[Prediction, ...]

    def outcome(self, prediction: Prediction, case: Classification, reduction: str) -> Any:
        """Return what the mistake gives at a case: an array, an exception, or NotImplemented."""
        with np.errstate(all="ignore"):
            try:
                return prediction(case, reduction)
            except ValueError as error:  # NumPy's, of shapes that do not fit
                return error


def same(one: Any, other: Any, *, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Say whether two outcomes are the same: equal numbers, all that is not finite being alike."""
    if isinstance(one, Exception) or isinstance(other, Exception):
        return type(one) is type(other)
    if np.shape(one) != np.shape(other):
        return False
    finite, others = (np.where(np.isfinite(x), x, np.nan) for x in (one, other))
    with np.errstate(all="ignore"):
        return np.allclose(finite, others, rtol=rtol, atol=atol, equal_nan=True)


def recognize(
    mistakes: Iterable[Mistake],
    outcomes: Iterable[tuple[Classification, Any, Any]],
    reduction: str,
) -> Mistake | None:
    """Return the first mistake that gives these outcomes.

    Parameters
    ----------
    mistakes : iterable of Mistake
    outcomes : iterable of (Classification, right, got)
        At each probe, the right answer and what a function returned.
    reduction : {"mean", "sum", "none"}
    """
    outcomes = list(outcomes)
    for mistake in mistakes:
        for prediction in mistake.predictions:
            predicted = [mistake.outcome(prediction, case, reduction) for case, _, _ in outcomes]
            if any(p is NotImplemented for p in predicted):
                continue
            pairs = list(zip(predicted, outcomes, strict=True))
            tells = any(not same(p, right) for p, (_, right, _) in pairs)
            if tells and all(same(p, got) for p, (_, _, got) in pairs):
                return mistake
    return None
