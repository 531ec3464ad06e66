"""A student's softmax and cross-entropy, checked: what is wrong is said in words."""

import numpy as np

from minigraph.testing import check_softmax_cross_entropy


def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def stable_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(y_hat, y):
    logs = np.log(np.where(y > 0, y_hat, 1))
    return -np.sum(y * logs) / len(y)


def gradient(z, y):
    return stable_softmax(z) - y


def right_gradient(z, y):
    return (stable_softmax(z) - y) / len(y)


for attempt in (
    {"softmax": softmax, "cross_entropy": cross_entropy},
    {"softmax": stable_softmax, "cross_entropy": cross_entropy, "gradient": gradient},
    {"softmax": stable_softmax, "cross_entropy": cross_entropy, "gradient": right_gradient},
):
    try:
        print(check_softmax_cross_entropy(**attempt))
    except AssertionError as mistake:
        print(mistake, end="\n\n")
