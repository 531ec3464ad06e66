"""The functions that somebody wrote, as what can be checked: NumPy's or of Nodes, alone or chained.

Whatever a function does, be it raising, returning text or writing to its input, becomes an outcome
to compare and to speak of.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from minigraph.autodiff import grad
from minigraph.errors import at
from minigraph.leaves import constant, parameter
from minigraph.namespace import sum as sum_nodes
from minigraph.node import Node

# Of central differences: their error is then some 1e-9 for losses of size 1.
STEP = 1e-5


class Misbehaviour(Exception):  # noqa: N818 (an outcome, never raised to the user)
    """What a function did instead of returning numbers."""


class Function:
    """A function that somebody wrote: arrays in, an outcome out.

    Parameters
    ----------
    function : callable
    name : str
        How messages call it.
    *inputs : str
        What its inputs are: "z", "ŷ", "y".
    """

    def __init__(self, function: Callable[..., Any], name: str, *inputs: str) -> None:
        self.function = function
        self.name = name
        self.inputs = inputs
        self.of_nodes = False

    @property
    def parts(self) -> tuple[Function, ...]:
        """The functions that somebody wrote: this one."""
        return (self,)

    def where(self) -> str:
        """Return where the function is written, if it is written in Python."""
        code = getattr(self.function, "__code__", None)
        return "" if code is None else at((code, 0))

    def ask(self, *arrays: Any) -> None:
        """Find out whether the function is one of Nodes: whether it makes a Node of Nodes."""
        self.of_nodes = isinstance(self.call(*self._as_nodes(arrays)), Node)

    def __call__(self, *arrays: Any) -> Any:
        """Return the numbers that the function returns, or what it did instead."""
        if self.of_nodes:
            return numbers(self.name, self.call(*self._as_nodes(arrays)))
        given = [x.copy() if isinstance(x, np.ndarray) else x for x in arrays]
        result = self.call(*given)
        for x, before, name in zip(given, arrays, self.inputs, strict=True):
            if not np.array_equal(x, before, equal_nan=np.asarray(x).dtype.kind == "f"):
                return Misbehaviour(
                    f"{self.name} writes to its input {name}, so its caller's numbers change"
                )
        return numbers(self.name, result)

    def _as_nodes(self, arrays: tuple[Any, ...]) -> list[Any]:
        return [_as_node(x, name) for x, name in zip(arrays, self.inputs, strict=True)]

    def call(self, *inputs: Any) -> Any:
        """Return what the function returns or, if it raises, the exception."""
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                # Whether infinities are right is asked of the numbers.
                warnings.simplefilter("ignore")
                return self.function(*inputs)
        except Exception as error:
            return error


class Chain(Function):
    """cross_entropy(softmax(z), y), of two functions that somebody wrote."""

    def __init__(self, softmax: Function, cross_entropy: Function) -> None:
        self.softmax, self.cross_entropy = softmax, cross_entropy
        super().__init__(self._chained, "cross_entropy(softmax(z), y)", "z", "y")

    def _chained(self, z: Any, y: Any) -> Any:
        y_hat = self.softmax.function(z)
        if isinstance(y_hat, Node) and not self.cross_entropy.of_nodes:
            y_hat = y_hat.value
        elif self.cross_entropy.of_nodes and not isinstance(y_hat, Node):
            y_hat = _as_node(y_hat, "ŷ")
        return self.cross_entropy.function(y_hat, y)

    @property
    def parts(self) -> tuple[Function, ...]:
        """The functions that somebody wrote: both."""
        return self.softmax, self.cross_entropy

    def ask(self, *arrays: Any) -> None:
        """Find out whether the chain is of Nodes: if both functions are."""
        self.of_nodes = self.softmax.of_nodes and self.cross_entropy.of_nodes


def numbers(name: str, result: Any) -> Any:
    """Return a result as an array of numbers, or say what it is instead."""
    if isinstance(result, Exception):
        return result
    try:
        array = np.asarray(result.value if isinstance(result, Node) else result)
    except ValueError:
        return Misbehaviour(f"{name} returns rows of different lengths")
    if array.dtype.kind not in "biuf":
        return Misbehaviour(f"{name} returns {_what(result)}, not numbers")
    return array


def gradient_by_graph(loss: Function, z: np.ndarray, y: Any) -> Any:
    """Return ∂L/∂z of a function of Nodes, from its graph."""
    leaf = parameter(z, name="z")
    output = loss.call(leaf, _as_node(y, "y"))
    if isinstance(output, Exception):
        return output
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = grad(sum_nodes(output), leaf)
        except Exception as error:
            return error
    return np.zeros(z.shape) if found is None else found.value


def gradient_by_differences(loss: Function, z: np.ndarray, y: Any) -> Any:
    """Return ∂L/∂z of a function of arrays, by central differences."""
    gradient = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = z.copy()
            moved[index] += step
            end = loss(moved, y)
            if isinstance(end, Exception):
                return end
            ends.append(end.sum())
        gradient[index] = (ends[0] - ends[1]) / (2 * STEP)
    return gradient


def _as_node(x: Any, name: str) -> Any:
    """Return floats as a leaf; labels stay integers."""
    if np.asarray(x).dtype.kind != "f":
        return x
    return parameter(x, name=name) if name == "z" else constant(x, name=name)


def _what(result: Any) -> str:
    return "None" if result is None else f"a {type(result).__name__}"
