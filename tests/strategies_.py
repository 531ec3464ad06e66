"""What the property tests draw."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minigraph as mg

EXTREMES = [1e308, -1e308, 1.7e308, 1e-308, 5e-324, 0.0, -0.0, 40.0, -40.0, 710.0, -745.0]

# Any finite number, the far ends and the ties far more often than chance would have them.
finite = (
    st.sampled_from(EXTREMES)
    | st.floats(-50, 50)
    | st.floats(allow_nan=False, width=64).filter(np.isfinite)
)

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3)


@st.composite
def arrays(draw, shape: Any = shapes, low=-2.0, high=2.0):
    """Draw ordinary numbers: what matters is the shape, and that no two entries are close.

    Entries of one array, and of two arrays, differ by far more than a finite difference's step, so
    that it does not cross the kink of a maximum.
    """
    shape = draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return np.asarray(low + (high - low) * rng.random(shape))


def broadcastable(number):
    """Draw shapes that broadcast together, scalars among them."""
    return hnp.mutually_broadcastable_shapes(
        num_shapes=number, min_dims=0, max_dims=3, max_side=3
    ).map(lambda drawn: drawn.input_shapes)


@dataclass(frozen=True)
class Classification:
    """Logits and targets: k classes along the axis, m examples."""

    z: np.ndarray
    weights: np.ndarray
    target: object
    axis: int

    @property
    def m(self):
        return self.z.size // self.z.shape[self.axis]

    def rows(self, array):
        """Return the array as m rows of k classes."""
        return np.moveaxis(array, self.axis, -1).reshape(self.m, -1)


@st.composite
def classifications(draw, logits=finite, targets=("one_hot", "labels", "array", "soft")):
    """Draw logits and targets of every sort that the losses take."""
    m, k = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    axis = draw(st.sampled_from([0, 1, -1, -2]))
    columns = axis in (0, -2)
    z = draw(hnp.arrays(np.float64, (m, k), elements=logits))
    labels = draw(hnp.arrays(np.int64, m, elements=st.integers(0, k - 1)))
    weights = np.eye(k)[labels]
    kind = draw(st.sampled_from(targets))
    if kind == "soft":
        # Not necessarily normalised, and some of them 0.
        parts = st.sampled_from([0.0, 1.0, 0.25]) | st.floats(0, 4)
        weights = draw(hnp.arrays(np.float64, (m, k), elements=parts))
    if columns:
        z, weights = z.T, weights.T
    target = {
        "one_hot": lambda: mg.one_hot(labels, k, axis=0 if columns else -1),
        "labels": lambda: labels,
        "array": lambda: weights,
        "soft": lambda: weights,
    }[kind]()
    return Classification(z, weights, target, axis)
