"""Softmax regression trained on iris in the lecture's three ways: stochastic, mini-batch, batch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minigraph.lecture import graph, load_iris, step, with_ones

__all__ = ["EPOCHS", "ETA", "WAYS", "Score", "Split", "Training", "Way", "score", "split", "train"]

ETA = 0.1
"""The learning rate η of the lecture's examples, for all three ways."""

EPOCHS = 100
"""How often each way goes through the training data."""


@dataclass(frozen=True)
class Way:
    """One of the lecture's ways of training: how many examples a step looks at.

    Parameters
    ----------
    name : str
        As in the lecture.
    size : int or None
        The examples of a step, s; None for all that there are.
    """

    name: str
    size: int | None

    def batches(self, order: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Cut an order of the examples into the samples of an epoch.

        Examples
        --------
        >>> [batch.tolist() for batch in Way("mini-batch", 2).batches(np.arange(5))]
        [[0, 1], [2, 3], [4]]
        """
        size = self.size or len(order)
        for start in range(0, len(order), size):
            yield order[start : start + size]


WAYS = (Way("stochastic", 1), Way("mini-batch", 10), Way("batch", None))
"""Stochastic, mini-batch and batch: m = 1, m = s and all."""


@dataclass(frozen=True, eq=False)
class Split:
    """Iris, part of it to train on and part held out, as the lecture's x and labels.

    Parameters
    ----------
    x : numpy.ndarray, shape (5, 120)
        What is trained on: a flower a column, under the row of ones; features standardised.
    labels : numpy.ndarray, shape (120,)
        Their species, 0 to 2.
    held_out_x, held_out_labels : numpy.ndarray
        The same of the flowers held out, (5, 30) and (30,), in the same units.
    mean, deviation : numpy.ndarray, shape (4,)
        What was subtracted and divided by: of the trained flowers alone, so that nothing of the
        others leaks into the training.
    class_names : tuple of str
        The species.
    """

    x: NDArray[np.float64]
    labels: NDArray[np.int64]
    held_out_x: NDArray[np.float64]
    held_out_labels: NDArray[np.int64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """How well parameters do on some data.

    Parameters
    ----------
    loss : float
        The mean cross-entropy L.
    accuracy : float
        The part of the examples whose most probable class is theirs.
    """

    loss: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Training:
    """A training, and how it went.

    Parameters
    ----------
    way : Way
        How it was done.
    eta : float
        The learning rate η.
    epochs, updates : int
        How often it went through the data, and how many steps that took.
    theta : numpy.ndarray, shape (5, 3)
        The parameters in the end.
    trained, held_out : tuple of Score
        Before the first epoch, and after each.
    seconds : float
        How long it took.
    """

    way: Way
    eta: float
    epochs: int
    updates: int
    theta: NDArray[np.float64]
    trained: tuple[Score, ...]
    held_out: tuple[Score, ...]
    seconds: float = field(repr=False)


def split(seed: int = 0, held_out: int = 10) -> Split:
    """Split iris, and standardise its features.

    Parameters
    ----------
    seed : int
        Decides which flowers are held out.
    held_out : int
        How many of each species.

    Examples
    --------
    >>> data = split()
    >>> data.x.shape, data.held_out_x.shape, np.bincount(data.held_out_labels)
    ((5, 120), (5, 30), array([10, 10, 10]))
    """
    iris = load_iris()
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(iris.labels), dtype=bool)
    for label in range(len(iris.class_names)):
        chosen[rng.permutation(np.flatnonzero(iris.labels == label))[:held_out]] = True
    mean, deviation = iris.x[~chosen].mean(axis=0), iris.x[~chosen].std(axis=0)
    x = with_ones((iris.x - mean) / deviation)
    return Split(
        x=x[:, ~chosen],
        labels=iris.labels[~chosen],
        held_out_x=x[:, chosen],
        held_out_labels=iris.labels[chosen],
        mean=mean,
        deviation=deviation,
        class_names=iris.class_names,
    )


def score(theta: ArrayLike, x: NDArray[np.float64], labels: NDArray[np.int64]) -> Score:
    """Compute loss and accuracy of parameters, by the same graph that trains them.

    Examples
    --------
    >>> data = split()
    >>> score(np.zeros((5, 3)), data.x, data.labels)
    Score(loss=1.0986122886681098, accuracy=0.3333333333333333)
    """
    nodes = graph(theta, x, labels)
    predicted = nodes.y_hat.value.argmax(axis=0)
    return Score(float(nodes.loss), float((predicted == labels).mean()))


def train(
    way: Way,
    data: Split,
    *,
    eta: float = ETA,
    epochs: int = EPOCHS,
    seed: int = 0,
    advance: Callable[[], object] = lambda: None,
) -> Training:
    """Train softmax regression: pick a sample, compute L'_θ, take θ ← θ − ηL'_θ, and so on.

    Parameters
    ----------
    way : Way
        How many examples a step looks at.
    data : Split
        What to train and to test on.
    eta : float
        The learning rate η.
    epochs : int
        How often to go through the data, each time in a new order.
    seed : int
        Decides the orders.
    advance : callable, optional
        Called after each epoch, to show progress.

    Notes
    -----
    Slides "Generalization - Stochastic" and "Generalization - Batch". θ starts from zeros: L is
    convex in θ, so it needs no luck.

    Examples
    --------
    >>> training = train(WAYS[1], split(), epochs=5)
    >>> training.updates, training.trained[-1].accuracy > 0.8
    (60, True)
    """
    rng = np.random.default_rng(seed)
    began = perf_counter()
    count = len(data.labels)
    theta: NDArray[np.float64] = np.zeros((len(data.x), len(data.class_names)))
    trained = [score(theta, data.x, data.labels)]
    held_out = [score(theta, data.held_out_x, data.held_out_labels)]
    updates = 0
    for _ in range(epochs):
        for batch in way.batches(rng.permutation(count)):
            theta = step(graph(theta, data.x[:, batch], data.labels[batch]), eta)
            updates += 1
        trained.append(score(theta, data.x, data.labels))
        held_out.append(score(theta, data.held_out_x, data.held_out_labels))
        advance()
    return Training(
        way=way,
        eta=eta,
        epochs=epochs,
        updates=updates,
        theta=theta,
        trained=tuple(trained),
        held_out=tuple(held_out),
        seconds=perf_counter() - began,
    )
