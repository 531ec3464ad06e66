"""The loss of yes-or-no predictions from logits, in the form that keeps digits.

For a logit z and a target y from 0 to 1, with e = exp(−|z|), which cannot overflow:

    L = y · softplus(−z) + (1 − y) · softplus(z)
      = log1p(e) − y z       where z < 0,    log1p(e) + (1 − y) z    elsewhere
    ∂L/∂z = σ(z) − y
      = e / (1 + e) − y      where z < 0,    (1 − y) − e / (1 + e)   elsewhere

Nothing is added to 1 and taken away again: where a prediction is confident and right, the gradient
is ±e, and not 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.compile.naming import called
from minigraph.op import Composite


@dataclass(frozen=True)
class LogisticLoss(Composite):
    """The cross-entropy of a yes-or-no prediction, entry by entry.

    Parameters
    ----------
    z : array_like of float
        The logits.
    y : array_like of float
        The targets.
    """

    elementwise = True
    notation = "loss({}, {})"

    def forward(self, xp: Any, z: Any, y: Any) -> Any:
        """Return the loss."""
        return xp.log1p(_small(xp, z)) + _side(xp, z, y) * z

    def backward(self, xp: Any, cotangent: Any, output: Any, z: Any, y: Any) -> tuple[Any, ...]:
        """Return the cotangents."""
        return lambda: cotangent * sigmoid_minus.on(xp, z, y), lambda: -(cotangent * z)


@dataclass(frozen=True)
class SigmoidMinus(Composite):
    """σ(z) − y, entry by entry, with all its digits where σ(z) is close to y = 1."""

    elementwise = True
    notation = "σ({}) − {}"

    def forward(self, xp: Any, z: Any, y: Any) -> Any:
        """Return the difference."""
        small = _small(xp, z)
        tail = called(small / (1 + small), "tail")
        return xp.where(z < 0, tail, -tail) + _side(xp, z, y)


@dataclass(frozen=True)
class SigmoidSlope(Composite):
    """σ(z) · σ(−z), the slope of the logistic function, entry by entry: e / (1 + e)²."""

    elementwise = True
    notation = "σ'({})"

    def forward(self, xp: Any, z: Any) -> Any:
        """Return the slope."""
        small = _small(xp, z)
        return small / (1 + small) / (1 + small)


def _small(xp: Any, z: Any) -> Any:
    return called(xp.exp(-xp.abs(z)), "e")


def _side(xp: Any, z: Any, y: Any) -> Any:
    """Return how far the target is from the side that the logit is on: −y below 0, 1 − y above."""
    return called(xp.where(z < 0, -y, 1 - y), "side")


logistic_loss = LogisticLoss()
sigmoid_minus = SigmoidMinus()
sigmoid_slope = SigmoidSlope()
