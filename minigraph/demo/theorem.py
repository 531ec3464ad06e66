"""∂L/∂z = ŷ − y confirmed: by the graph, by the closed form and by finite differences.

For the mean over m examples it reads ∂L/∂z = (ŷ − y)/m. The closed form and the finite
differences are plain NumPy and know nothing of the engine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import minigraph as mg
from minigraph.lecture import EXAMPLES, SoftmaxRegressionGraph, graph

__all__ = [
    "EXACT",
    "FINITE",
    "Confirmation",
    "Differences",
    "closed_form",
    "compare",
    "confirm",
    "finite_differences",
    "random_graph",
]

EXACT = 1e-12
"""How far the graph's derivative may lie from the closed form: rounding alone."""

FINITE = 1e-8
"""How far finite differences may lie from it: rounding and the cut-off Taylor series."""

# Near the cube root of the machine's epsilon a central difference errs least.
_STEP = 6e-6


@dataclass(frozen=True)
class Differences:
    """The largest differences from the closed form (ŷ − y)/m, over the entries of z.

    Parameters
    ----------
    backward : float
        Of ``z.grad`` after ``L.backward()``.
    grad : float
        Of ``mg.grad(L, z)``, the gradient as a graph.
    finite : float
        Of central finite differences of L.
    """

    backward: float
    grad: float
    finite: float

    @property
    def passes(self) -> bool:
        """Whether all three lie within `EXACT` and `FINITE`; a NaN does not."""
        return self.backward <= EXACT and self.grad <= EXACT and self.finite <= FINITE


@dataclass(frozen=True)
class Confirmation:
    """What a group of graphs gave.

    Parameters
    ----------
    group : str
        Which graphs: "worked" (the lecture's), or "random".
    fused : bool
        Whether L was one op from z, instead of softmax and cross-entropy.
    targets : str
        ``"one-hot"`` or ``"soft"``.
    graphs, entries : int
        How many graphs, and how many entries of z in all.
    differences : Differences
        The largest over the group.
    """

    group: str
    fused: bool
    targets: str
    graphs: int
    entries: int
    differences: Differences


def closed_form(z: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (ŷ − y)/m with ŷ = e^z / Σⱼ e^{zⱼ} over axis 0, in plain NumPy.

    Parameters
    ----------
    z, y : numpy.ndarray, shape (k, m)
        Logits, and targets that sum to 1 over axis 0.

    Notes
    -----
    Slides "Another Approach" (∂L/∂zᵢ = ŷᵢ − yᵢ) and "Generalization - Batch" (the mean).

    Examples
    --------
    >>> closed_form(np.array([[0.38], [-0.09]]), np.array([[1.0], [0.0]])).round(6)
    array([[-0.384616],
           [ 0.384616]])
    """
    exponentials = np.exp(z - z.max(axis=0))
    return (exponentials / exponentials.sum(axis=0) - y) / z.shape[1]


def finite_differences(z: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ∂L/∂z by central differences, (L(z + h) − L(z − h)) / 2h, in plain NumPy.

    Parameters
    ----------
    z, y : numpy.ndarray, shape (k, m)
        Logits, and targets that sum to 1 over axis 0.

    Examples
    --------
    >>> finite_differences(np.array([[0.38], [-0.09]]), np.array([[1.0], [0.0]])).round(6)
    array([[-0.384616],
           [ 0.384616]])
    """
    # One copy of z for each entry that is moved: (k·m, k, m).
    moves = _STEP * np.eye(z.size).reshape(z.size, *z.shape)
    slopes = (_loss(z + moves, y) - _loss(z - moves, y)) / (2 * _STEP)
    return slopes.reshape(z.shape)


def _loss(z: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return L of each of many z, (…, k, m) → (…): the mean of log Σⱼ e^{zⱼ} − Σᵢ yᵢ zᵢ."""
    top = z.max(axis=-2, keepdims=True)
    log_total = np.log(np.exp(z - top).sum(axis=-2)) + top[..., 0, :]
    return (log_total - (y * z).sum(axis=-2)).mean(axis=-1)


def compare(nodes: SoftmaxRegressionGraph) -> Differences:
    """Compare the graph's ∂L/∂z, had in two ways, and finite differences with the closed form.

    Examples
    --------
    >>> c = EXAMPLES["C"]
    >>> compare(graph(c.theta, c.x, c.labels, c.classes)).passes
    True
    """
    z, y = nodes.z.value, nodes.y.value
    nodes.loss.backward()
    by_backward = nodes.z.grad
    assert by_backward is not None  # L depends on z
    ways = (by_backward, mg.grad(nodes.loss, nodes.z).value, finite_differences(z, y))
    truth = closed_form(z, y)
    return Differences(*(float(np.abs(way - truth).max()) for way in ways))


def random_graph(rng: np.random.Generator, *, fused: bool, soft: bool) -> SoftmaxRegressionGraph:
    """Build the lecture's graph of random size, with random parameters and data.

    Parameters
    ----------
    rng : numpy.random.Generator
        n is drawn from 1..6, k from 1..8 and m from 1..12.
    fused : bool
        As in `minigraph.lecture.graph`.
    soft : bool
        Whether the targets spread over the classes, instead of being one-hot.
    """
    n, k, m = (int(rng.integers(1, most + 1)) for most in (6, 8, 12))
    theta, x = rng.normal(size=(n + 1, k)), rng.normal(scale=2, size=(n + 1, m))
    x[0] = 1
    targets = rng.dirichlet(np.ones(k), size=m).T if soft else rng.integers(k, size=m)
    return graph(theta, x, targets, fused=fused)


def confirm(seed: int = 0, graphs: int = 200) -> tuple[Confirmation, ...]:
    """Confirm ∂L/∂z = (ŷ − y)/m on the worked examples and on random graphs.

    Parameters
    ----------
    seed : int
        The same seed makes the same graphs.
    graphs : int
        How many random graphs, in all; a quarter for each loss and kind of targets.

    Examples
    --------
    >>> all(confirmation.differences.passes for confirmation in confirm(graphs=20))
    True
    """
    return tuple(_groups(np.random.default_rng(seed), graphs))


def _groups(rng: np.random.Generator, graphs: int) -> Iterator[Confirmation]:
    for fused in (False, True):
        examples = [
            graph(e.theta, e.x, e.labels, e.classes, fused=fused) for e in EXAMPLES.values()
        ]
        yield _confirmation("worked", fused, "one-hot", examples)
    for fused in (False, True):
        for soft in (False, True):
            some = [random_graph(rng, fused=fused, soft=soft) for _ in range(graphs // 4)]
            yield _confirmation("random", fused, "soft" if soft else "one-hot", some)


def _confirmation(
    group: str, fused: bool, targets: str, graphs: Sequence[SoftmaxRegressionGraph]
) -> Confirmation:
    found = [compare(nodes) for nodes in graphs]
    # NumPy's max lets a NaN through; Python's may lose it.
    largest = Differences(
        *(float(np.max([getattr(d, way) for d in found])) for way in ("backward", "grad", "finite"))
    )
    entries = sum(nodes.z.size for nodes in graphs)
    return Confirmation(group, fused, targets, len(graphs), entries, largest)
