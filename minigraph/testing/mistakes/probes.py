"""Probes: the logits and labels at which the well-known mistakes are told from each other.

They come in three levels. What is wrong already at ordinary logits is recognized by those alone,
so that a second mistake, at the extremes, does not hide the first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minigraph.testing.classification import Classification

LEVELS = ("ordinary", "large", "extreme")

_WIDE = np.array([[0.5, -1.0, 2.0, 0.0], [1.0, 1.0, -2.0, 0.25], [-0.5, 3.0, 0.0, 1.0]])
_SQUARE = np.array([[0.5, -1.0, 2.0], [1.0, -3.0, 0.25], [0.0, 3.0, 1.0]])
_INF = np.inf

_ROWS: dict[str, tuple[tuple[Any, list[int]], ...]] = {
    # As many classes as examples, and not.
    "ordinary": ((_WIDE, [1, 0, 3]), (_SQUARE, [2, 0, 1])),
    "large": (
        (_WIDE + 1000, [1, 0, 3]),
        (_WIDE - 1000, [1, 0, 3]),
        (_WIDE + np.array([[0], [1000], [-1000]]), [1, 0, 3]),
        # Labels with small probabilities, which a clip would raise.
        ([[0, -15, 1, 2], [0, -30, -30, 3], [1, 0, 4, -70]], [1, 2, 3]),
        ([[0, -100, 1, 2], [0, -110, -110, 3], [1, 0, 4, -290]], [1, 2, 3]),
        ([[1e16, 1e16, 1e16, 1e16], [0, 1, 0, 0], [-1e16, -1e16, -1e16, -1e16]], [1, 0, 3]),
    ),
    "extreme": (
        # ŷ that underflow, of wrong classes and of right ones.
        ([[0, -1000, 1, 2], [0, 1, -800, 2], [3, 0, 1, -2000]], [0, 0, 1]),
        ([[0, -1000, 1, 2], [0, 1, -800, 2], [3, 0, 1, -2000]], [1, 2, 3]),
        ([[1e308, -1e308, 0, 1e308], [0, 1, 2, 3], [-1e308, 0, 5e-324, -1e300]], [0, 0, 1]),
        ([[0, -_INF, 1, -_INF], [-_INF, 1, 0, 2], [-_INF, -_INF, -_INF, 1]], [0, 1, 3]),
    ),
}


def probes(
    level: str, *, axis: int, targets: str, batch: bool, largest: float, masked: bool
) -> list[Classification]:
    """Return the probes of a level in this layout; without a batch, one for each row.

    Soft targets put half of the weight on the label and half on the likeliest class.
    """
    cases = []
    for rows, labels in _ROWS[level]:
        z, y = np.array(rows, dtype=float), np.array(labels)
        if np.abs(z[np.isfinite(z)]).max() > largest or (np.isinf(z).any() and not masked):
            continue
        if targets != "labels":
            y = np.eye(z.shape[1])[y]
        if targets == "soft":
            y = (y + np.eye(z.shape[1])[z.argmax(axis=1)]) / 2
        if not batch:
            cases += [Classification(*row, axis) for row in zip(z, map(np.asarray, y), strict=True)]
        elif axis % 2:
            cases.append(Classification(z, y, axis))
        else:
            cases.append(Classification(z.T.copy(), y.T.copy(), axis))
    return cases
