"""Softmax, cross-entropy and gradient as students write them: right, and with each mistake."""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def cross_entropy(y_hat, y):
    return -np.sum(y * np.log(np.where(y > 0, y_hat, 1))) / len(y)


def log_softmax(z, axis=-1):
    d = z - z.max(axis=axis, keepdims=True)
    return d - np.log(np.exp(d).sum(axis=axis, keepdims=True))


def loss(z, y):
    return -np.sum(np.where(y > 0, y * log_softmax(z), 0)) / len(y)


def gradient(z, y):
    return (softmax(z) - y) / len(y)


SOFTMAXES = {
    "no max-shift": [
        lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
        lambda z: np.exp(z) / np.sum(np.exp(z), -1)[:, None],
    ],
    "the wrong axis": [lambda z: softmax(z, axis=0)],
    "one sum over the whole array": [
        lambda z: np.exp(z) / np.exp(z).sum(),
        lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
    ],
    "the maximum of the whole array": [
        lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True)
    ],
    "not normalised": [np.exp, lambda z: np.exp(z - z.max(axis=-1, keepdims=True))],
    "keepdims forgotten": [
        lambda z: np.exp(z) / np.exp(z).sum(axis=-1),
        lambda z: np.exp(z - z.max(axis=-1)) / np.exp(z - z.max(axis=-1)).sum(axis=-1),
    ],
    "transposed": [lambda z: softmax(z).T],
    "its logarithm": [log_softmax],
    "a sigmoid": [lambda z: 1 / (1 + np.exp(-z))],
    "wrong sign": [lambda z: softmax(-z)],
    "no exponential": [lambda z: z / z.sum(axis=-1, keepdims=True)],
}

CROSS_ENTROPIES = {
    "wrong sign": [lambda p, y: -cross_entropy(p, y)],
    "mean forgotten": [lambda p, y: -np.sum(y * np.log(np.where(y > 0, p, 1)))],
    "mean over all entries": [lambda p, y: -np.mean(y * np.log(p))],
    "mean over the classes": [lambda p, y: -np.sum(y * np.log(p)) / y.shape[1]],
    "mean taken twice": [lambda p, y: cross_entropy(p, y) / len(y)],
    "not reduced": [lambda p, y: -np.sum(y * np.log(p), axis=-1)],
    "log2 instead of log": [lambda p, y: -np.sum(y * np.log2(p)) / len(y)],
    "log10 instead of log": [lambda p, y: -np.sum(y * np.log10(p)) / len(y)],
    "no logarithm": [lambda p, y: -np.sum(y * p) / len(y), lambda p, y: np.sum(y * p) / len(y)],
    "y and ŷ swapped": [lambda p, y: -np.sum(p * np.log(y)) / len(y)],
    "the binary cross-entropy": [
        lambda p, y: -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)
    ],
    "the squared error": [
        lambda p, y: np.sum((p - y) ** 2) / len(y),
        lambda p, y: np.sum((p - y) ** 2) / len(y) / 2,
    ],
    "softmax taken twice": [lambda p, y: loss(p, y)],
    "a matrix product": [
        lambda p, y: -y @ np.log(p).T,
        lambda p, y: np.sum(-y @ np.log(p).T) / len(y),
        lambda p, y: np.mean(-y @ np.log(p).T),
    ],
    "clipped probabilities": [
        lambda p, y: cross_entropy(np.clip(p, 1e-15, 1 - 1e-15), y),
        lambda p, y: cross_entropy(np.maximum(p, 1e-7), y),
        lambda p, y: -np.sum(y * np.log(np.clip(p, 1e-12, 1.0))) / len(y),
        lambda p, y: -np.sum(y * np.log(p + 1e-9)) / len(y),
        lambda p, y: -np.sum(y * np.log(p + 1e-2)) / len(y),
        lambda p, y: -np.sum(y * np.log(p + np.finfo(float).eps)) / len(y),
    ],
    "0 · log 0": [lambda p, y: -np.sum(y * np.log(p)) / len(y)],
}


def lost(z, y):
    top = z.max(axis=-1, keepdims=True)
    logs = z - (top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True)))
    return -np.sum(np.where(y > 0, logs, 0)) / len(y)


LOSSES = {
    "no max-shift": [
        lambda z, y: -np.sum(y * (z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))) / len(y),
        lambda z, y: cross_entropy(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True), y),
    ],
    "digits lost beside a huge maximum": [lost],
    "the logarithm of an underflowed ŷ": [lambda z, y: cross_entropy(softmax(z), y)],
    "clipped probabilities": [lambda z, y: cross_entropy(np.clip(softmax(z), 1e-15, 1 - 1e-15), y)],
    "the wrong axis": [lambda z, y: cross_entropy(softmax(z, axis=0), y)],
    "0 · log 0": [lambda z, y: -np.sum(y * log_softmax(z)) / len(y)],
    "the maximum of the whole array": [
        lambda z, y: cross_entropy(
            np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True), y
        )
    ],
    "one sum over the whole array": [
        lambda z, y: cross_entropy(np.exp(z - z.max()) / np.exp(z - z.max()).sum(), y)
    ],
    "mean forgotten": [lambda z, y: loss(z, y) * len(y)],
}


def diagonal(z, y):
    p = softmax(z)
    return -y / p * p * (1 - p) / len(y)


def through_y_hat(z, y, by=lambda p, y: -y / p):
    p = softmax(z)
    g = by(p, y)
    return p * (g - np.sum(g * p, axis=-1, keepdims=True)) / len(y)


GRADIENTS = {
    "all zeros": [lambda z, y: np.zeros_like(z)],
    "wrong sign": [lambda z, y: (y - softmax(z)) / len(y)],
    "− y is missing": [lambda z, y: softmax(z) / len(y), lambda z, y: softmax(z)],
    "ŷ is missing": [lambda z, y: -y / len(y)],
    "mean forgotten": [lambda z, y: softmax(z) - y],
    "mean over all entries": [lambda z, y: (softmax(z) - y) / z.size],
    "mean over the classes": [lambda z, y: (softmax(z) - y) / z.shape[-1]],
    "mean taken twice": [lambda z, y: (softmax(z) - y) / len(y) ** 2],
    "transposed": [lambda z, y: gradient(z, y).T],
    "only the diagonal of softmax's Jacobian": [diagonal],
    "the gradient by ŷ": [lambda z, y: -y / softmax(z) / len(y)],
    "the wrong axis": [lambda z, y: (softmax(z, axis=0) - y) / len(y)],
    "no max-shift": [lambda z, y: (np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True) - y) / len(y)],
    "one sum over the whole array": [
        lambda z, y: (np.exp(z - z.max()) / np.exp(z - z.max()).sum() - y) / len(y)
    ],
    "the maximum of the whole array": [
        lambda z, y: (
            (np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True) - y) / len(y)
        )
    ],
    "the way through −y/ŷ": [through_y_hat],
    "clipped probabilities": [
        lambda z, y: through_y_hat(z, y, by=lambda p, y: -y / (p + 1e-10)),
        lambda z, y: through_y_hat(
            z, y, by=lambda p, y: np.where(p < 1e-12, 0, -y / np.maximum(p, 1e-12))
        ),
    ],
}


def from_labels(p, y):
    return -np.mean(np.log(p[np.arange(len(y)), y]))


LABELS = {
    "the labels take whole columns": [
        lambda p, y: -np.mean(np.log(p[:, y])),
        lambda p, y: -np.log(p[:, y]),
    ],
    "labels counted from 1": [lambda p, y: from_labels(p, y - 1)],
    "mean forgotten": [lambda p, y: from_labels(p, y) * len(y)],
    "clipped probabilities": [lambda p, y: from_labels(np.maximum(p, 1e-10), y)],
}
