"""Activations: the smooth steps and hinges between the layers of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.facts import BelowOne, NonNegative, Positive
from minigraph.op import Op


@dataclass(frozen=True)
class ReLU(Op):
    """The rectified linear unit, entry by entry: max(x, 0). ∂L/∂x = g where x > 0, else 0.

    Parameters
    ----------
    x : array_like of int or float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.relu([-1.0, 2.0]).value
    array([0., 2.])
    """

    elementwise = True
    facts = (NonNegative(),)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(x < 0, 0, x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (xp.where(x > 0, cotangent, 0),)


@dataclass(frozen=True)
class Sigmoid(Op):
    """The logistic function, entry by entry: σ(x) = 1 / (1 + exp(−x)).

    ∂L/∂x = g · σ(x) σ(−x), which keeps its digits in both tails (σ(1 − σ) does not).

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.sigmoid([-40.0, 0.0]).value
    array([4.24835426e-18, 5.00000000e-01])
    """

    elementwise = True
    facts = (Positive(), BelowOne())

    def forward(self, xp: Any, x: Any) -> Any:
        small = xp.exp(-xp.abs(x))
        return xp.where(x < 0, small, 1) / (1 + small)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * output * self.on(xp, -x),)


@dataclass(frozen=True)
class Softplus(Op):
    """The smooth hinge, entry by entry: log(1 + exp(x)). ∂L/∂x = g · σ(x).

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.softplus([-40.0, 1000.0]).value
    array([4.24835426e-18, 1.00000000e+03])
    """

    elementwise = True
    facts = (Positive(),)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(x < 0, 0, x) + xp.log1p(xp.exp(-xp.abs(x)))

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (cotangent * _sigmoid.on(xp, x),)


@dataclass(frozen=True)
class Tanh(Op):
    """The hyperbolic tangent, entry by entry.

    ∂L/∂x = g · 4 σ(2x) σ(−2x), which keeps its digits in both tails (1 − tanh² does not).

    Parameters
    ----------
    x : array_like of float, any shape

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.tanh([0.0, 1.0]).value
    array([0.        , 0.76159416])
    """

    elementwise = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.tanh(x)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        if xp is NUMPY:  # the same number in three calls for twenty; graphs have no cosh
            cosh = np.cosh(x)
            return (cotangent / cosh / cosh,)
        return (cotangent * (4 * _sigmoid.on(xp, 2 * x) * _sigmoid.on(xp, -2 * x)),)


_sigmoid = Sigmoid()
