"""Slopes of a function of one number, from its values alone: with what step, and how sure.

Everything here sees a function φ(t), the checked function along a line through the point t = 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Line = Callable[[Any], Any]

# So small that its square is lost beside 1; a power of two, so that dividing by it is exact.
IMAGINARY_STEP = 2.0**-70


def step_size(eps: float) -> float:
    """Return the step of central differences for numbers of order 1: ∛eps, as a power of two.

    A larger step truncates more (h² φ‴/6), a smaller one rounds more (eps φ/h); ∛eps balances
    them. Adding a power of two to a number rounds nothing off.
    """
    return 2.0 ** round(math.log2(eps) / 3)


def central(line: Line, step: float) -> float:
    """Return (φ(h) − φ(−h)) / 2h."""
    return (line(step) - line(-step)) / (2 * step)


def complex_step(line: Line) -> float:
    """Return Im φ(ih) / h: without cancellation, so right to the last digits if φ is analytic."""
    return line(1j * IMAGINARY_STEP).imag / IMAGINARY_STEP


def noise_places(step: float) -> np.ndarray:
    """Return the nine places, close together, where values show how much rounding moves them."""
    # No power of two, lest what is rounded be whole multiples of what it is rounded to.
    return step / 1618 * np.arange(-4, 5)


def noise_of(line: Line, step: float, eps: float) -> float:
    """Return how far rounding moves φ's values, measured."""
    return noise_in(np.array([line(t) for t in noise_places(step)]), eps)


def noise_in(values: np.ndarray, eps: float) -> float:
    """Return how far rounding moves values of φ at `noise_places`.

    Of nine values close together, the fourth differences of what is smooth vanish; what they
    leave is the rounding: σ² = mean(Δ⁴²) (4!)²/8! (Moré and Wild, Estimating computational noise,
    SIAM J. Sci. Comput. 33, 2011).
    """
    size = float(np.abs(values).max())
    if not np.isfinite(size) or not np.ptp(values):  # it did not move: nothing can be seen of it
        return eps * max(1.0, size if math.isfinite(size) else 1.0)
    measured = math.sqrt(np.mean(np.diff(values, n=4) ** 2) / 70)
    # A kink is no noise, although it looks like a lot of it.
    return max(eps * size, min(measured, 1e4 * eps * (1 + size)))


def finite_step(line: Line, step: float) -> float:
    """Return a step with which φ is finite on both sides: this one, or a smaller one."""
    for k in range(50):
        smaller = step * 4.0**-k
        if math.isfinite(central(line, smaller)):
            return smaller
    return step


def extrapolate(line: Line, step: float, noise: float) -> tuple[float, float]:
    """Return the slope at 0 and how far it may be off (Ridders' method).

    Central differences with ever smaller steps, extrapolated to the step 0 in powers of h².
    """
    best, error = math.nan, math.inf
    above: list[float] = []
    for k in range(10):
        h = 16 * step * 4.0**-k
        row = [central(line, h)]
        for j, previous in enumerate(above[:4]):
            row.append(row[j] + (row[j] - previous) / (16 ** (j + 1) - 1))
            apart = max(abs(row[-1] - row[-2]), abs(row[-1] - previous)) + 2 * noise / h
            if apart < error:  # false for nan, where φ is not finite
                best, error = row[-1], apart
        above = row
    return best, error


def agrees_nearby(line: Line, step: float, eps: float, slope: float, other: float) -> bool:
    """Return whether φ has this slope and not the other, right beside 0 and on both sides.

    So it is where a kink is close to the point, but not at it, and larger steps go beyond it.
    """
    here = line(0.0)
    for k in range(1, 6):
        h = step / 64**k
        sides = [(here - line(-h)) / h, (line(h) - here) / h]
        # Rounding is measured anew, since a kink within the step looked like it.
        allowed = 1e-4 * max(abs(slope), abs(other)) + 8 * noise_of(line, h, eps) / h
        if allowed > abs(slope - other) / 4:  # they cannot be told apart so close by
            return False
        if all(abs(side - slope) <= allowed for side in sides):
            return True
    return False


@dataclass(frozen=True)
class Kink:
    """Why φ has no derivative at 0, and its slopes to the left and to the right, if it has any."""

    reason: str
    left: float
    right: float
    slopes: bool = False


def find_kink(line: Line, step: float, noise: float, scale: float) -> Kink | None:
    """Look for a kink, a jump or an edge at 0: one-sided slopes that stay apart as h shrinks."""
    here = line(0.0)

    def sides(h: float) -> tuple[float, float]:
        return (here - line(-h)) / h, (line(h) - here) / h

    wide, middle, near = sides(16 * step), sides(step), sides(step / 64)
    if not np.isfinite(near).all():
        return Kink("f is not finite right beside the point: it is the edge of its domain", *near)
    gap, before = abs(near[1] - near[0]), abs(middle[1] - middle[0])
    if gap > max(1e-4 * scale, 1024 * noise / step):
        if gap > 4 * before:
            return Kink(
                "the difference quotient grows as the step shrinks: a jump, or an infinite slope",
                *near,
            )
        if gap > before / 2:
            return Kink("the point looks like a kink", *near, slopes=True)
    # Of something smooth, sixteen times less would be left.
    elif before > max(1e-4 * scale, 16 * noise / step, abs(wide[1] - wide[0]) / 4):
        return Kink(f"there is a kink within {step:.1e} of the point", *middle, slopes=True)
    return None
