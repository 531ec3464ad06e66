"""Strategies for hypothesis: logits, targets, and classifications of both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigraph.errors import OptionError
from minigraph.testing.array_strategies import Shape, ShapeLike, drawn_shape, shapes
from minigraph.testing.classification import Classification

# Far apart, then huge, then subnormal: an example shrinks to the first of these that fails.
_FAR = (20.0, 40.0, 100.0, 300.0, 700.0, 1000.0, 1e16, 1e100, 1e308)
_TINY = (1e-8, 1e-308, 5e-324)
_SHIFTS = (1000.0, 1e4, 1e16, 1e307)
TARGETS = ("one_hot", "labels", "soft")


def _each(shape: Shape, elements: st.SearchStrategy, dtype: Any = np.float64) -> st.SearchStrategy:
    """Draw an array entry by entry: a common fill would shrink to an array of equal entries."""
    return hnp.arrays(dtype, shape, elements=elements, fill=st.nothing())


@st.composite
def logits(
    draw: st.DrawFn,
    shape: ShapeLike | None = None,
    *,
    axis: int = -1,
    largest: float = 1e308,
    spread: float = math.inf,
    masked: bool = True,
    all_masked: bool = False,
) -> np.ndarray:
    """Draw logits: ordinary, tied, far apart, huge, subnormal, and masked (−inf).

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        Default: one or two axes.
    axis : int
        The axis of the classes.
    largest : float
        The largest size of a finite logit.
    spread : float
        How far apart the finite logits of one example may be.
    masked : bool
        Also −inf, but not for all classes of an example.
    all_masked : bool
        Also examples whose classes are all −inf.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.logits((3,)), lambda z: np.isneginf(z).any())
    array([  0.,   0., -inf])
    """
    drawn = drawn_shape(draw, shapes(min_dims=1, max_dims=2) if shape is None else shape)
    near = min(largest, spread / 2)
    if spread < math.inf:
        near = min(near, largest / 2)  # room for the shift
    z = draw(_each(drawn, _numbers(near, masked or all_masked)))
    if not all_masked:
        first = np.moveaxis(z, axis, -1)[..., 0]
        first[(z == -math.inf).all(axis=axis)] = 0.0
    if spread < math.inf and draw(st.booleans()):
        shifts = [0.0, *(s for x in _SHIFTS if x + near <= largest for s in (x, -x))]
        each = tuple(1 if i == axis % len(drawn) else side for i, side in enumerate(drawn))
        z = z + draw(_each(each, st.sampled_from(shifts)))
    return z


def _numbers(largest: float, masked: bool) -> st.SearchStrategy[float]:
    """Draw logits up to this size, the simplest first."""
    ordinary = min(8, math.floor(largest))
    telling = [sign * x for x in range(ordinary + 1) for sign in (1.0, -1.0)]
    telling += [sign * x for x in _FAR if 8 < x <= largest for sign in (1, -1)]
    if largest > 8:
        telling += _TINY
    if masked:
        telling += [-math.inf] * (len(telling) // 6)  # one in seven
    return st.sampled_from(telling) | st.floats(-ordinary, ordinary)


@st.composite
def labels(draw: st.DrawFn, shape: ShapeLike = (), *, classes: int = 3) -> np.ndarray:
    """Draw integer labels 0..k−1.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        The shape of the labels; ``m`` for a batch.
    classes : int
        k.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.labels(3, classes=2), lambda y: y.any()).tolist()
    [0, 0, 1]
    """
    shape = drawn_shape(draw, shape)
    return draw(_each(shape, st.integers(0, classes - 1), np.int64))


@st.composite
def one_hot_targets(draw: st.DrawFn, shape: ShapeLike = (2, 3), *, axis: int = -1) -> np.ndarray:
    """Draw one-hot targets: 1 for the label, 0 for the other classes.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        The shape of the logits.
    axis : int
        The axis of the classes.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.one_hot_targets((2, 3)), lambda y: True).tolist()
    [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    drawn = drawn_shape(draw, shape)
    axis %= len(drawn)
    k = drawn[axis]
    label = draw(labels(drawn[:axis] + drawn[axis + 1 :], classes=k))
    return np.moveaxis(np.eye(k)[label], -1, axis)


@st.composite
def soft_targets(
    draw: st.DrawFn, shape: ShapeLike = (2, 3), *, axis: int = -1, normalized: bool = True
) -> np.ndarray:
    """Draw soft targets: weights of the classes, zeros among them.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        The shape of the logits.
    axis : int
        The axis of the classes.
    normalized : bool
        Sum to 1; otherwise they sum to anything, 0 among it.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.soft_targets((1, 2)), lambda y: y.max() < 1).tolist()
    [[0.5, 0.5]]
    """
    drawn = drawn_shape(draw, shape)
    counts = draw(_each(drawn, st.integers(0, 4).map(float)))
    if not normalized:
        return counts / 2
    return _normalized(counts, axis)


def _normalized(counts: np.ndarray, axis: int) -> np.ndarray:
    """Return weights that sum to 1 along the axis; all on the first class where all are 0."""
    total = counts.sum(axis=axis, keepdims=True)
    first = np.zeros(counts.shape)
    np.moveaxis(first, axis, -1)[..., 0] = 1.0
    return np.where(total == 0, first, counts / np.where(total == 0, 1.0, total))


@st.composite
def classifications(
    draw: st.DrawFn,
    *,
    axes: Sequence[int] = (-1, 0),
    targets: Sequence[str] = TARGETS,
    max_examples: int = 3,
    max_classes: int = 4,
    batch: bool = True,
    largest: float = 1e308,
    spread: float = math.inf,
    masked: bool = True,
) -> Classification:
    """Draw logits and targets that fit together; only wrong classes are masked.

    Parameters
    ----------
    axes : sequence of int
        The axes of the classes to choose from: −1 for rows (m, k), 0 for columns (k, m).
    targets : sequence of {"one_hot", "labels", "soft"}
        The sorts of targets to choose from; the soft ones sum to 1.
    max_examples, max_classes : int
        The largest m and k; the least are 1 and 2.
    batch : bool
        If False, one example: logits of shape (k,).
    largest, spread, masked
        As in `logits`.

    Returns
    -------
    strategy for Classification
        With ``z``, ``y``, ``axis``, and the right answers: ``y_hat``, ``loss(reduction)``,
        ``gradient(reduction)``.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.classifications(), lambda case: case.m == 2)
    Classification(z=[[0.0, 0.0], [0.0, 0.0]], y=[[1.0, 0.0], [1.0, 0.0]], axis=-1)
    """
    if unknown := [sort for sort in targets if sort not in TARGETS]:
        raise OptionError(f"no such targets: {unknown[0]!r}", f"choose from {TARGETS}")
    axis = draw(st.sampled_from(axes))
    k = draw(st.integers(2, max_classes))
    m = draw(st.integers(1, max_examples)) if batch else 1
    sort = draw(st.sampled_from(targets))
    # Drawn whole and then cut: so fewer examples or classes leave the other numbers as they are;
    # and cut in front, since hypothesis sorts what is simple to the front.
    most = (max_examples if batch else 1, max_classes)
    z = draw(logits(most, largest=largest, spread=spread, masked=masked))[-m:, -k:]
    if sort == "soft":
        y = _normalized(draw(_each(most, st.integers(0, 4).map(float)))[-m:, -k:], -1)
    else:
        y = draw(labels(most[0], classes=k))[-m:]
        y = y if sort == "labels" else np.eye(k)[y]
    if not batch:
        z, y = z[0], y[0]
    elif axis % 2 == 0:
        z, y = z.T, y.T
    case = Classification(z.copy(), np.array(y), axis)
    case.z[(case.weights != 0) & (case.z == -math.inf)] = 0.0
    return case
