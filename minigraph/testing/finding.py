"""What a comparison goes by, and what it finds: the settings, and a derivative that is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minigraph.testing.differences import Kink
from minigraph.testing.subject import Subject


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
