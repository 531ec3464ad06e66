"""Testing gradients: an op of your own, and an exercise in plain NumPy."""

from dataclasses import dataclass

import numpy as np

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient


@dataclass(frozen=True)
class Swish(mg.Op):
    """x · σ(x)."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x))

    def backward(self, xp, cotangent, output, x):
        gate = 1 / (1 + xp.exp(-x))
        return (cotangent * (gate + output * (1 - gate)),)


@dataclass(frozen=True)
class HalfSwish(Swish):
    """The same, but for a term that its gradient forgets."""

    def backward(self, xp, cotangent, output, x):
        return (cotangent / (1 + xp.exp(-x)),)


print(check_gradient(Swish(), [-1.0, 0.0, 2.0], order=2), "\n")


def network(x, w):
    h = HalfSwish()(x @ w).named("h")
    return mg.mean(h * h).named("L")


rng = np.random.default_rng(0)
x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
try:
    check_gradient(network, x, w)
except GradientMismatch as error:
    print(error, "\n")
    error.picture().save("guilty.svg")


# The exercise: the loss of softmax regression, and its gradient.


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(theta, x, labels):
    return -np.mean(np.log(softmax(x @ theta)[np.arange(len(labels)), labels]))


def loss_gradient(theta, x, labels):
    dz = softmax(x @ theta)
    dz[np.arange(len(labels)), labels] -= 1
    return x.T @ dz  # the mean's 1/m is forgotten


x, labels = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
theta = rng.normal(size=(4, 3))
try:
    check_gradient(loss, theta, x, labels, gradient=loss_gradient, wrt="theta")
except GradientMismatch as error:
    print(error, "\n")


def right_gradient(theta, x, labels):
    return loss_gradient(theta, x, labels) / len(labels)


print(check_gradient(loss, theta, x, labels, gradient=right_gradient, wrt="theta"))
