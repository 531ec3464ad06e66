"""Losses that many tests derive."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import minigraph as mg
from minigraph import Node
from minigraph.derive import SumsToOne


@dataclass
class Model:
    theta: Node
    x: Node
    y: Node
    z: Node
    y_hat: Node | None
    loss: Node


def softmax_regression(m=1, k=3, axis=0, targets="one-hot", fused=False, seed=0, reduction="mean"):
    """z = θᵀx with examples as columns (axis 0), or z = xθ with examples as rows (axis 1)."""
    rng = np.random.default_rng(seed)
    theta = mg.parameter(rng.uniform(-1, 1, (2, k)), name="θ")
    data, labels = rng.uniform(-2, 2, (2, m)), rng.integers(0, k, m)
    x = mg.constant(data if axis == 0 else data.T, name="x")
    soft = rng.uniform(0.1, 1, (k, m))
    soft = soft / soft.sum(axis=0) if targets == "shares" else soft
    soft = soft if axis == 0 else soft.T
    y = {
        "one-hot": lambda: mg.one_hot(labels, k, axis=axis, name="y"),
        "labels": lambda: mg.constant(labels, name="y"),
        "shares": lambda: mg.constant(soft, name="y", facts=SumsToOne(axis=axis)),
        "soft": lambda: mg.constant(soft, name="y"),
    }[targets]()
    z = (theta.T @ x if axis == 0 else x @ theta).named("z")
    if fused:
        loss = mg.softmax_cross_entropy(z, y, axis=axis, reduction=reduction).named("L")
        return Model(theta, x, y, z, None, loss)
    y_hat = mg.softmax(z, axis=axis).named("ŷ")
    loss = mg.cross_entropy(y_hat, y, axis=axis, reduction=reduction).named("L")
    return Model(theta, x, y, z, y_hat, loss)


models = st.builds(
    softmax_regression,
    m=st.integers(1, 4),
    k=st.integers(2, 4),
    axis=st.sampled_from([0, 1]),
    targets=st.sampled_from(["one-hot", "labels", "shares", "soft"]),
    fused=st.booleans(),
    seed=st.integers(0, 1000),
    reduction=st.sampled_from(["mean", "sum"]),
)
