"""A claimed gradient against slopes along coordinates or random directions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minigraph.testing.differences import (
    Kink,
    agrees_nearby,
    central,
    complex_step,
    extrapolate,
    find_kink,
    finite_step,
    noise_of,
    step_size,
)
from minigraph.testing.result import InputCheck
from minigraph.testing.subject import Subject

# Relative tolerances, by the bytes of the dtype that the gradient is in.
_RTOL = {2: 3e-2, 4: 1e-3}

# So many entries that look wrong are looked at closely, to find one that is not just at a kink.
_CLOSE_LOOKS = 64


@dataclass(frozen=True)
class Settings:
    """How to compare: the options of `check_gradient`."""

    step: float | None
    rtol: float | None
    atol: float | None
    coordinates: int
    directions: int


@dataclass(frozen=True)
class Finding:
    """A derivative that is wrong: where, by how much, and what all of them are."""

    subject: Subject
    input: int
    index: tuple[int, ...] | None
    yours: float
    expected: float
    tolerance: float
    step: float
    method: str
    kink: Kink | None
    # Of all coordinates: what is claimed, what was found, and which of them are wrong.
    claimed: np.ndarray | None = None
    found: np.ndarray | None = None
    wrong: np.ndarray | None = None


def compare(
    subject: Subject, settings: Settings, rng: np.random.Generator
) -> tuple[list[InputCheck], Finding | None]:
    """Compare the gradient by each input in turn, up to the first that is wrong."""
    step = settings.step or step_size(subject.eps)
    everywhere = [_random_signs(rng, x, settings) for x in subject.point]
    with np.errstate(all="ignore"):
        noise = noise_of(subject.line(None, everywhere), step, subject.eps)
        checks = []
        for i, signs in enumerate(everywhere):
            check, finding = _Comparison(subject, i, settings, step, noise, signs).run(rng)
            if finding is not None:
                return checks, finding
            checks.append(check)
    return checks, None


def _random_signs(rng: np.random.Generator, x: np.ndarray, settings: Settings) -> np.ndarray:
    """Draw ±1 for each entry, times what the step is relative to; 0 where x is not finite."""
    signs = np.where(rng.random(x.shape) < 0.5, -1.0, 1.0) * _unit(x, settings)
    return np.where(np.isfinite(x), signs, 0.0)


def _unit(x: np.ndarray, settings: Settings) -> np.ndarray:
    """Return what the step of each entry is relative to: max(1, |x|), as a power of two."""
    if settings.step:
        return np.ones_like(x)
    size = np.maximum(1, np.abs(x))
    return np.exp2(np.floor(np.log2(np.where(np.isfinite(size), size, 1))))


class _Comparison:
    """The comparison for one input."""

    def __init__(
        self,
        subject: Subject,
        i: int,
        settings: Settings,
        step: float,
        noise: float,
        signs: np.ndarray,
    ) -> None:
        self.subject, self.i, self.settings = subject, i, settings
        self.step, self.noise, self.signs = step, noise, signs
        self.x = subject.point[i]
        dtype = subject.values[i].dtype
        claimed = subject.claimed[i]
        self.claimed = np.zeros_like(self.x) if claimed is None else claimed.astype(self.x.dtype)
        self.eps = max(float(np.finfo(dtype).eps), subject.eps)
        low = _RTOL.get(min(dtype.itemsize, 4 if subject.eps > 1e-10 else 8), 1e-6)
        self.rtol = low if settings.rtol is None else settings.rtol
        self.analytic = False

    def run(self, rng: np.random.Generator) -> tuple[InputCheck, Finding | None]:
        """Compare along all coordinates, or along some directions."""
        x, subject = self.x, self.subject
        if subject.analytic:
            with _complex_numbers_stay_complex():
                self.analytic = self._is_analytic()
        places, directions, steps = self._ways(rng)
        yours = np.array([np.sum(self.claimed * d) for d in directions])
        found, gaps = self._slopes(directions, steps)
        # Along a direction the entries cancel; what they have in common is their length.
        lengths = np.array([np.linalg.norm(self.claimed * d) for d in directions])
        scale = max(_largest(found), _largest(yours), _largest(lengths))
        tolerances = self._tolerances(np.fmax(np.abs(found), lengths), scale, steps)
        off = np.abs(yours - found)
        wrong = ~(off <= tolerances)
        excess = np.nan_to_num(np.where(wrong, off / np.maximum(tolerances, 1e-300), 0), nan=np.inf)
        finding = None
        for n in np.argsort(-excess, kind="stable")[: min(_CLOSE_LOOKS, int(wrong.sum()))]:
            seen = self._look_closely(
                directions[n], float(steps[n]), float(yours[n]), float(tolerances[n]), scale
            )
            if seen is None:
                wrong[n] = False
            elif finding is None or (finding.kink and not seen.kink):
                finding = seen if places is None else replace(seen, index=self._index(places[n]))
                if places is None:
                    finding = self._one_entry(directions[n], scale) or finding
            if finding is not None and not finding.kink:
                break
        kinks: tuple[tuple[int, ...], ...] = ()
        if places is not None:
            if finding is not None:
                finding = self._with_all(finding, places, found, wrong)
            bent = np.flatnonzero(gaps > 1e-3 * scale + 16 * self.noise / steps)
            kinks = tuple(
                self._index(places[n])
                for n in bent
                if find_kink(self._line(directions[n]), float(steps[n]), self.noise, scale)
            )
        check = InputCheck(
            order=subject.order,
            name=subject.names[self.i],
            shape=x.shape,
            dtype=str(subject.values[self.i].dtype),
            comparisons=len(directions),
            directions=places is None,
            method=self.method,
            step=self.step,
            largest=_largest(found),
            error=_largest(off),
            kinks=kinks,
        )
        return check, finding

    def _ways(self, rng: np.random.Generator) -> tuple[Any, list[np.ndarray], np.ndarray]:
        """Return the entries to move (None: all at once), in which directions, and how far."""
        x, settings = self.x, self.settings
        if x.size > settings.coordinates:
            more = [_random_signs(rng, x, settings) for _ in range(settings.directions - 1)]
            return None, [self.signs, *more], np.full(settings.directions, self.step)
        places = np.flatnonzero(np.isfinite(x))
        steps = (self.step * _unit(x, settings)).ravel()[places]
        return places, [self._unit_vector(int(j)) for j in places], steps

    def _index(self, place: Any) -> tuple[int, ...]:
        return tuple(map(int, np.unravel_index(place, self.x.shape)))

    @property
    def method(self) -> str:
        return "complex step" if self.analytic else "central differences"

    def _line(self, direction: np.ndarray) -> Any:
        return self.subject.line(self.i, direction)

    def _unit_vector(self, j: int) -> np.ndarray:
        vector = np.zeros(self.x.size)
        vector[j] = 1
        return vector.reshape(self.x.shape)

    def _slope(self, direction: np.ndarray, step: float) -> float:
        return float(self._slopes([direction], np.array([step]))[0][0])

    def _slopes(self, directions: Any, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the slope along each direction, and how far it differs from side to side."""
        lines = [self._line(direction) for direction in directions]
        if self.analytic:
            with _complex_numbers_stay_complex():
                return np.array([complex_step(line) for line in lines]), np.zeros(len(lines))
        here = self.subject.project(self.subject.point)
        ends = np.array([(line(h), line(-h)) for line, h in zip(lines, steps, strict=True)])
        ends = ends.reshape(-1, 2)
        slopes = (ends[:, 0] - ends[:, 1]) / (2 * steps)
        return slopes, np.abs(ends[:, 0] + ends[:, 1] - 2 * here) / steps

    def _is_analytic(self) -> bool:
        """Return whether the complex step says what differences say, along one direction."""
        line = self._line(self.signs)
        try:
            slope = complex_step(line)
        except Exception:  # whatever the function does when it is not made for complex numbers
            return False
        value, error = extrapolate(line, self.step, self.noise)
        length = float(np.linalg.norm(self.claimed * self.signs))
        # Of 0 it would be no evidence: an imaginary part that is lost gives 0 as well.
        return slope != 0 and abs(slope - value) <= 1e-6 * max(abs(value), length) + 2 * error

    def _tolerances(self, sizes: Any, scale: float, steps: Any) -> Any:
        if self.settings.atol is not None:
            return self.settings.atol + self.rtol * sizes
        # Rounding of the differences, and of the claimed gradient itself where terms cancel in it.
        rounding = 0 if self.analytic else 16 * self.noise / steps
        own = 64 * self.eps * (scale + max(self.subject.size, self.noise / self.subject.eps))
        return self.rtol * sizes + rounding + own

    def _look_closely(
        self, direction: np.ndarray, step: float, yours: float, tolerance: float, scale: float
    ) -> Finding | None:
        """Return what is wrong along a direction, if it still is when the step shrinks."""
        line = self._line(direction)
        kink = None
        if self.analytic:
            value = self._slope(direction, step)
        else:
            step = finite_step(line, step)
            value, error = extrapolate(line, step, self.noise)
            kink = find_kink(line, step, self.noise, scale)
            if abs(yours - value) <= tolerance + 2 * min(error, 1e-4 * scale):
                return None
            if agrees_nearby(line, step, self.subject.eps, yours, value):
                return None
            if not math.isfinite(value):
                value = central(line, step)
        return Finding(
            subject=self.subject,
            input=self.i,
            index=None,
            yours=yours,
            expected=value,
            tolerance=tolerance,
            step=0.0 if self.analytic else step,
            method=self.method,
            kink=kink,
        )

    def _with_all(self, finding: Finding, places: Any, found: Any, wrong: Any) -> Finding:
        """Add the derivatives of all coordinates to a finding."""
        everywhere, mask = self.claimed.copy(), np.zeros(self.x.shape, dtype=bool)
        everywhere.flat[places] = found
        mask.flat[places] = wrong
        return replace(finding, claimed=self.claimed, found=everywhere, wrong=mask)

    def _one_entry(self, direction: np.ndarray, scale: float) -> Finding | None:
        """Halve a direction along which the slope is wrong, down to one entry."""
        places = np.flatnonzero(direction)

        def off(places: np.ndarray) -> float:
            part = np.zeros(direction.size)
            part[places] = direction.ravel()[places]
            part = part.reshape(direction.shape)
            return abs(float(np.sum(self.claimed * part)) - self._slope(part, self.step))

        while len(places) > 1:
            half = len(places) // 2
            places = max(places[:half], places[half:], key=off)
        j = int(places[0])
        yours, vector = float(self.claimed.flat[j]), self._unit_vector(j)
        step = self.step * float(_unit(self.x, self.settings).flat[j])
        found = self._slope(vector, step)
        tolerance = float(self._tolerances(max(abs(yours), abs(found)), abs(yours), step))
        if abs(yours - found) <= tolerance:
            return None
        finding = self._look_closely(vector, step, yours, tolerance, scale)
        return finding and replace(finding, index=self._index(j))


def _largest(numbers: np.ndarray) -> float:
    return float(np.max(np.abs(numbers), initial=0, where=np.isfinite(numbers)))


@contextmanager
def _complex_numbers_stay_complex() -> Iterator[None]:
    """Make it an error where NumPy would drop an imaginary part, and hide other warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        yield
