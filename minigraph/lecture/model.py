"""The lecture's model, assembled from ops: z = θᵀx, ŷ = softmax(z), L = cross-entropy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import minigraph as mg
from minigraph.errors import ShapeError
from minigraph.node import Node

__all__ = ["SoftmaxRegressionGraph", "graph", "step", "with_ones"]


@dataclass(frozen=True, eq=False)
class SoftmaxRegressionGraph:
    """The computational graph of softmax regression on one sample, node by node.

    Each node is named with the lecture's symbol, so drawings and messages speak its language.

    Parameters
    ----------
    theta : Node
        θ, the parameters, (n+1, k): the biases in the first row, the weights below them.
    x : Node
        x, the sample, (n+1, m): an example a column, under a leading row of ones.
    y : Node
        y, the targets, (k, m): one-hot or soft, over axis 0.
    z : Node
        z = θᵀx, the logits, (k, m).
    y_hat : Node
        ŷ = softmax(z) over axis 0, (k, m).
    loss : Node
        L, the cross-entropy, a scalar: the mean over the m examples.
    """

    theta: Node
    x: Node
    y: Node
    z: Node
    y_hat: Node
    loss: Node


def with_ones(features: ArrayLike) -> NDArray[np.float64]:
    """Turn rows of features into the lecture's x: examples as columns, under a row of ones.

    Parameters
    ----------
    features : array_like, shape (m, n)
        An example a row.

    Returns
    -------
    numpy.ndarray, shape (n+1, m)
        x₀ = 1 in the first row, to meet the biases in the first row of θ.

    Raises
    ------
    minigraph.ShapeError
        If the features are no rows.

    Notes
    -----
    Slide "Generalization - Batch".

    Examples
    --------
    >>> with_ones([[1.5, 0.2], [4.7, 1.6], [5.6, 2.2]])
    array([[1. , 1. , 1. ],
           [1.5, 4.7, 5.6],
           [0.2, 1.6, 2.2]])
    """
    rows = np.asarray(features, dtype=np.float64)
    if rows.ndim != 2:
        raise ShapeError(
            f"features of shape {rows.shape} are no rows of features (m, n)",
            fix="features[:, None] for examples of one feature, features[None] for one example",
        )
    return np.vstack([np.ones(len(rows)), rows.T])


def graph(
    theta: ArrayLike,
    x: ArrayLike,
    labels: ArrayLike,
    classes: Sequence[int] | None = None,
    *,
    fused: bool = False,
) -> SoftmaxRegressionGraph:
    """Build the lecture's graph: z = θᵀx, ŷ = softmax(z), L = −(1/m) Σᵤ Σᵢ yᵢ⁽ᵘ⁾ log ŷᵢ⁽ᵘ⁾.

    One function for all three ways of training: m is 1 for the stochastic, s for the mini-batch
    and the whole of the data for the batch.

    Parameters
    ----------
    theta : array_like of float, shape (n+1, k)
        The biases in the first row, the weights below them.
    x : array_like of float, shape (n+1, m)
        The sample, as `with_ones` makes it.
    labels : array_like, shape (m,) or (k, m)
        The label of each example; or targets, that may be soft, a column an example.
    classes : sequence of int, optional
        The labels in the order of θ's columns: [1, 2, 3] for the lecture's δ(i, y). Default:
        0..k−1, as its one-hot vectors have it.
    fused : bool
        True computes L from z by one op, `minigraph.softmax_cross_entropy`, instead of from ŷ:
        the same loss, right for logits of any size. ŷ is then no part of L's graph.

    Returns
    -------
    SoftmaxRegressionGraph

    Raises
    ------
    minigraph.ShapeError
        If θ, x and the targets do not fit together.
    minigraph.LabelError
        If a label is none of the classes.

    Notes
    -----
    Slides "Generalization - Stochastic" and "Generalization - Batch", and their one-hot
    counterparts in "Another Approach".

    Examples
    --------
    >>> sample = graph([[0.1, 0.05], [0.2, -0.1]], [[1.0], [1.4]], [1], classes=[1, 2])
    >>> print(sample.y_hat.value.round(3))
    [[0.615]
     [0.385]]
    >>> sample.loss.backward()
    >>> print(sample.z.grad.round(3))
    [[-0.385]
     [ 0.385]]
    """
    parameters = mg.parameter(theta, name="θ")
    data = mg.constant(x, name="x")
    targets = np.asarray(labels)
    if targets.ndim == 2:
        y = mg.constant(targets, name="y")
    else:
        known = parameters.shape[-1] if classes is None else classes
        y = mg.one_hot(targets, known, axis=0, name="y")
    z = (parameters.T @ data).named("z")
    y_hat = mg.softmax(z, axis=0).named("ŷ")
    of_z, of_y_hat = mg.softmax_cross_entropy, mg.cross_entropy
    loss = of_z(z, y, axis=0) if fused else of_y_hat(y_hat, y, axis=0)
    return SoftmaxRegressionGraph(parameters, data, y, z, y_hat, loss.named("L"))


def step(graph: SoftmaxRegressionGraph, eta: float) -> NDArray[Any]:
    """Return the parameters after one update, θ − ηL'_θ.

    The graph keeps its own θ: the next step builds a graph from what is returned.

    Parameters
    ----------
    graph : SoftmaxRegressionGraph
        The graph of the sample that was picked; its gradients are computed.
    eta : float
        The learning rate η.

    Returns
    -------
    numpy.ndarray, shape (n+1, k)
        The new θ.

    Notes
    -----
    Slide "Update parameters".

    Examples
    --------
    >>> from minigraph.lecture import EXAMPLES, graph, step
    >>> a = EXAMPLES["A"]
    >>> step(graph(a.theta, a.x, a.labels, a.classes), eta=0.1).round(3)
    array([[ 0.138,  0.012],
           [ 0.254, -0.154]])
    """
    graph.loss.backward()
    gradient = graph.theta.grad
    assert gradient is not None  # L depends on θ
    return graph.theta.value - eta * gradient
