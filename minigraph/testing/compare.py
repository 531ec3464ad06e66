"""A claimed gradient against slopes along coordinates or random directions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from minigraph.testing.differences import (
    agrees_nearby,
    central,
    complex_step,
    extrapolate,
    find_kink,
    finite_step,
    noise_in,
    noise_places,
    step_size,
)
from minigraph.testing.finding import Finding, Settings
from minigraph.testing.result import InputCheck
from minigraph.testing.subject import Subject
from minigraph.testing.ways import Coordinates, Directions, random_signs, unit_of, unit_vector

# Relative tolerances, by the bytes of the dtype that the gradient is in.
_RTOL = {2: 3e-2, 4: 1e-3}

# So many entries that look wrong are looked at closely, to find one that is not just at a kink.
_CLOSE_LOOKS = 64


def compare(
    subject: Subject, settings: Settings, rng: np.random.Generator
) -> tuple[list[InputCheck], Finding | None]:
    """Compare the gradient by each input in turn, up to the first that is wrong."""
    step = settings.step or step_size(subject.eps)
    everywhere = [random_signs(rng, x, settings.step) for x in subject.point]
    checks = []
    with np.errstate(all="ignore"):
        subject.prepare([step * signs for signs in everywhere])
        for i, signs in enumerate(everywhere):
            check, finding = _Comparison(subject, i, settings, step, signs).run(rng)
            if finding is not None:
                return checks, finding
            checks.append(check)
    return checks, None


class _Comparison:
    """The comparison for one input."""

    def __init__(
        self,
        subject: Subject,
        i: int,
        settings: Settings,
        step: float,
        signs: np.ndarray,
    ) -> None:
        self.subject, self.i, self.settings = subject, i, settings
        self.step, self.signs = step, signs
        self.x = subject.point[i]
        dtype = subject.values[i].dtype
        claimed = subject.claimed[i]
        self.claimed = np.zeros_like(self.x) if claimed is None else claimed.astype(self.x.dtype)
        self.eps = max(float(np.finfo(dtype).eps), subject.eps)
        low = _RTOL.get(min(dtype.itemsize, 4 if subject.eps > 1e-10 else 8), 1e-6)
        self.rtol = low if settings.rtol is None else settings.rtol
        self.noise, self.analytic = math.nan, False

    def run(self, rng: np.random.Generator) -> tuple[InputCheck, Finding | None]:
        """Compare along all coordinates, or along some directions."""
        x, subject = self.x, self.subject
        ways = self._ways(rng)
        steps = ways.steps
        found, gaps = self._slopes(ways)
        yours, lengths = ways.derivatives(self.claimed), ways.lengths(self.claimed)
        # Along a direction the entries cancel; what they have in common is their length.
        scale = max(_largest(found), _largest(yours), _largest(lengths))
        tolerances = self._tolerances(np.fmax(np.abs(found), lengths), scale, steps)
        off = np.abs(yours - found)
        wrong, finding = ~(off <= tolerances), None
        if wrong.any():
            finding = self._worst(ways, yours, tolerances, off, wrong, scale)
        kinks: tuple[tuple[int, ...], ...] = ()
        if isinstance(ways, Coordinates):
            if finding is not None:
                finding = self._with_all(finding, ways.places, found, wrong)
            bent = np.flatnonzero(gaps > 1e-3 * scale + 16 * self.noise / steps)
            kinks = tuple(
                self._index(ways.places[n])
                for n in bent.tolist()
                if find_kink(self._line(ways.direction(n)), float(steps[n]), self.noise, scale)
            )
        check = InputCheck(
            order=subject.order,
            name=subject.names[self.i],
            shape=x.shape,
            dtype=str(subject.values[self.i].dtype),
            comparisons=len(steps),
            directions=isinstance(ways, Directions),
            method=self.method,
            step=self.step,
            largest=_largest(found),
            error=_largest(off),
            kinks=kinks,
        )
        return check, finding

    def _worst(
        self,
        ways: Coordinates | Directions,
        yours: np.ndarray,
        tolerances: np.ndarray,
        off: np.ndarray,
        wrong: np.ndarray,
        scale: float,
    ) -> Finding | None:
        """Look closely at what looks wrong, the worst first; note what is right after all."""
        finding = None
        excess = np.nan_to_num(np.where(wrong, off / np.maximum(tolerances, 1e-300), 0), nan=np.inf)
        worst = np.argsort(-excess, kind="stable")[: min(_CLOSE_LOOKS, int(wrong.sum()))]
        for n in worst.tolist():
            direction, step = ways.direction(n), float(ways.steps[n])
            seen = self._look_closely(direction, step, float(yours[n]), float(tolerances[n]), scale)
            if seen is None:
                wrong[n] = False
            elif finding is None or (finding.kink and not seen.kink):
                if isinstance(ways, Coordinates):
                    finding = replace(seen, index=self._index(ways.places[n]))
                else:
                    finding = self._one_entry(direction, scale) or seen
            if finding is not None and not finding.kink:
                break
        return finding

    def _ways(self, rng: np.random.Generator) -> Coordinates | Directions:
        """Return the entries to move one by one or, of more, the directions to move them in."""
        x, settings = self.x, self.settings
        if x.size > settings.coordinates:
            more = [random_signs(rng, x, settings.step) for _ in range(settings.directions - 1)]
            return Directions([self.signs, *more], np.full(settings.directions, self.step))
        places = np.flatnonzero(np.isfinite(x))
        return Coordinates(x.shape, places, self.step * unit_of(x, settings.step).ravel()[places])

    def _index(self, place: Any) -> tuple[int, ...]:
        return tuple(map(int, np.unravel_index(place, self.x.shape)))

    @property
    def method(self) -> str:
        return "complex step" if self.analytic else "central differences"

    def _line(self, direction: np.ndarray) -> Any:
        return self.subject.line(self.i, direction)

    def _slope(self, direction: np.ndarray, step: float) -> float:
        if self.analytic:
            with _complex_numbers_stay_complex():
                return float(complex_step(self._line(direction)))
        return central(self._line(direction), step)

    def _slopes(self, ways: Coordinates | Directions) -> tuple[np.ndarray, np.ndarray]:
        """Return the slope along each way, and how far it differs from side to side."""
        around = self.x[..., None] + self.signs[..., None] * noise_places(self.step)
        if self.subject.analytic:
            self.noise = noise_in(self._sample(around), self.subject.eps)
            with _complex_numbers_stay_complex():
                self.analytic = self._is_analytic()
                if self.analytic:
                    lines = [self._line(ways.direction(n)) for n in range(len(ways.steps))]
                    return np.array(list(map(complex_step, lines))), np.zeros(len(lines))
        slopes, gaps = np.zeros((2, len(ways.steps)))
        for part in ways.parts(self.subject.width(self.i)):
            ends, steps = ways.ends(self.x, part), ways.steps[part]
            # The noise is asked for in the same breath, once.
            values = self._sample(ends if part.start else np.concatenate([around, ends], axis=-1))
            if not part.start:
                self.noise = noise_in(values[: around.shape[-1]], self.subject.eps)
                values = values[around.shape[-1] :]
            forth, back = values[:-1].reshape(2, -1)
            slopes[part] = (forth - back) / (2 * steps)
            gaps[part] = np.abs(forth + back - 2 * values[-1]) / steps
        return slopes, gaps

    def _sample(self, moved: np.ndarray) -> np.ndarray:
        """Return φ at places of this input."""
        return self.subject.sample(self.i, moved)

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
        yours, vector = float(self.claimed.flat[j]), unit_vector(self.x.shape, j)
        step = self.step * float(unit_of(self.x, self.settings.step).flat[j])
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
