"""Graphs that several tests compile."""

import numpy as np

import minigraph as mg


def rows(m=4, n=3, k=3, dtype=np.float64):
    rng = np.random.default_rng(m)
    x = rng.normal(size=(m, n)).astype(dtype)
    theta = rng.normal(size=(n, k)).astype(dtype)
    return theta, x, rng.integers(0, k, m)


def regression(n=3, k=4, m=70, dtype=np.float64, *, labels_given=False, form="fused"):
    rng = np.random.default_rng(n)
    theta, x = rng.normal(size=(n, k)).astype(dtype), rng.normal(size=(n, m)).astype(dtype)
    labels = rng.integers(0, k, m)
    t, a = mg.parameter(theta, name="θ"), mg.constant(x, name="x")
    y = mg.constant(labels, name="y") if labels_given else mg.one_hot(labels, k, axis=0, name="y")
    z = (t.T @ a).named("z")
    if form == "fused":
        loss = mg.softmax_cross_entropy(z, y, axis=0)
    else:
        loss = mg.cross_entropy(mg.softmax(z, axis=0).named("ŷ"), y, axis=0)
    inputs, arrays = [t, a], [theta, x]
    if labels_given:
        inputs, arrays = [*inputs, y], [*arrays, labels]
    return loss.named("L"), inputs, arrays


def two_layers(activation):
    _, (_, x), (_, values) = regression(4, 4, 9)
    rng = np.random.default_rng(0)
    w = mg.parameter(rng.normal(size=(4, 5)), name="W")
    b = mg.parameter(rng.normal(size=(5, 1)), name="b")
    v = mg.parameter(rng.normal(size=(5, 3)), name="V")
    labels = mg.constant(rng.integers(0, 3, 9), name="y")
    h = activation(w.T @ x + b).named("h")
    loss = mg.cross_entropy(mg.softmax(v.T @ h, axis=0), labels, axis=0).named("L")
    return loss, [w, b, v, x, labels], [w.value, b.value, v.value, values, labels.value]
