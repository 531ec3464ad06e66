"""A graph as a function of arrays, of any array API library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from minigraph import namespace
from minigraph.arrays import NUMPY, array_namespace
from minigraph.autodiff import apart, check_differentiable
from minigraph.errors import DTypeError, GradientError, GraphError, ShapeError, user_site
from minigraph.graph import dependents, output_of, replay, topological_order
from minigraph.node import FLOATING, Node
from minigraph.sweep import guarded, guarded_node, sweep, sweep_arrays


class GraphFunction:
    """A graph as a function of arrays: what `function` returns."""

    def __init__(
        self, output: Node, inputs: tuple[Node, ...], wrt: tuple[Node, ...] | None
    ) -> None:
        self.output = output
        self.inputs = inputs
        self.wrt = wrt
        # What a given node was made of does not matter, unless something else is made of it too.
        given, needed = set(inputs), {output}
        order = topological_order(output)
        for node in reversed(order):
            if node in needed and node not in given:
                needed.update(node._inputs)
        self._order = [node for node in order if node in needed]
        made = [node for node in self._order if node not in given]
        flows = dependents(made, wrt or ())
        self._made = next((n for n in self._order if n._source is not None), None)
        self._path = [node for node in made if node in flows and node.dtype.kind == FLOATING]
        self._flows = {*self._path, *(wrt or ())}

    def __repr__(self) -> str:
        names = ", ".join(node.label for node in self.inputs)
        return f"<function ({names}) → {self.output.label}>"

    def __call__(self, *arrays: Any) -> Any:
        """Return the output's value and, with ``wrt``, a tuple of gradients."""
        if len(arrays) != len(self.inputs):
            raise GraphError(
                f"{self!r} takes {len(self.inputs)} arrays, got {len(arrays)}",
                fix="give one array for each of its inputs, in their order",
            )
        xp = array_namespace(*arrays)
        given = {
            node: self._given(xp, node, array)
            for node, array in zip(self.inputs, arrays, strict=True)
        }
        self._check_shapes(given)
        if xp is NUMPY:
            value, gradients = self._run(xp, given)
            value, *gradients = apart([value, *gradients], given.values())
        else:
            with np.errstate(all="ignore"):  # of libraries that are NumPy underneath
                value, gradients = self._run(xp, given)
        return value if self.wrt is None else (value, tuple(gradients))

    def _run(self, xp: Any, given: dict[Node, Any]) -> tuple[Any, list[Any]]:
        """Return the output's value, and the gradients that were asked for."""
        values = replay(self._order, given, xp, self._made is not None)
        value = output_of(self.output, values)
        if not self.wrt:
            return value, []
        if math.prod(value.shape) != 1:
            raise GradientError(
                f"the output has shape {tuple(value.shape)}; a gradient starts from a scalar",
                fix="build the graph up to a scalar loss",
            )
        cotangents = {self.output: xp.ones_like(value)}
        wanted = set(self.wrt).__contains__
        rest = (
            self._flows.__contains__,
            wanted,
            lambda node: output_of(node, values),
            values.__getitem__,
        )
        if xp is NUMPY:
            cotangents, _ = sweep_arrays(self._path, cotangents, wanted, *rest)
        else:
            guard = guarded_node if xp is namespace else guarded
            sweep(xp, self._path, cotangents, *rest, None, guard)
        return value, [cotangents.get(node) for node in self.wrt]

    def _check_shapes(self, given: dict[Node, Any]) -> None:
        """Refuse other shapes than the graph's own where a rule has built them in."""
        if self._made is None:
            return
        for node, array in given.items():
            if tuple(array.shape) != node.shape:
                raise ShapeError(
                    f"an array of shape {tuple(array.shape)} was given for {node.label}, but "
                    f"{self.output.label} is a gradient or was expanded, which ties it to "
                    f"shape {node.shape}",
                    nodes=[node, self.output],
                    fix="make the function of the loss itself, with wrt=[...] for its gradients, "
                    "or build the gradient anew for the shape",
                )

    def _given(self, xp: Any, node: Node, array: Any) -> Any:
        """Return what was given for a node as an array of the library."""
        site = user_site()
        try:
            # Python numbers are weak: they take the dtype that the node has in the graph.
            weak = xp is NUMPY and isinstance(array, bool | int | float | list | tuple)
            dtype = node.dtype if weak and node.dtype.kind == FLOATING else None
            there = xp is not NUMPY and hasattr(array, "dtype")
            values: Any = array if there else xp.asarray(array, dtype=dtype)
        except ValueError:
            raise ShapeError(
                f"rows of different lengths were given for {node.label}",
                site=site,
                fix="make all rows equally long",
            ) from None
        if isinstance(array, np.ma.MaskedArray):
            raise GraphError(
                f"a masked array was given for {node.label}",
                site=site,
                fix="fill it: value.filled(...)",
            )
        if node in self._flows and not xp.isdtype(values.dtype, "real floating"):
            raise DTypeError(
                f"{values.dtype} was given for {node.label}, but gradients need "
                "floating-point numbers",
                site=site,
                fix="pass value.astype(float)",
            )
        return values


def function(
    output: Node, inputs: Sequence[Node], wrt: Sequence[Node] | None = None
) -> GraphFunction:
    """Return the graph as a function of arrays, of any array API library.

    It never warns: what is not finite is the caller's to look at.

    The ops run on the arrays as they come: NumPy's, JAX's (so that ``jax.jit`` and ``jax.grad``
    work), PyTorch's, ...; of any batch size, if the graph's own ops do not fix one.

    Parameters
    ----------
    output : Node
        What to compute; a scalar, if gradients are asked for.
    inputs : sequence of Node
        The nodes that the arrays stand for, in the order of the arguments. What is not among
        them keeps the value that it has in the graph.
    wrt : sequence of Node, optional
        The nodes to differentiate by.

    Returns
    -------
    callable
        ``f(*arrays) → value``, or with ``wrt`` ``f(*arrays) → (value, gradients)``.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> f = mg.function(mg.sum(x * x), [x], wrt=[x])
    >>> value, (dx,) = f([3.0, 4.0, 5.0])
    >>> print(value, dx)
    50.0 [ 6.  8. 10.]
    """
    targets = () if wrt is None else wrt
    for argument in (inputs, targets):
        if not isinstance(argument, Sequence) or not all(isinstance(x, Node) for x in argument):
            raise GraphError(
                "inputs and wrt are lists of the graph's Nodes",
                nodes=[f"given: {argument!r}"],
                fix="call it as function(output, inputs=[θ, x, y], wrt=[θ])",
            )
    if not isinstance(output, Node):
        raise GraphError(
            f"output is no Node but a {type(output).__name__}",
            fix="pass what an op returned, such as the loss",
        )
    if len(set(inputs)) < len(inputs):
        raise GraphError("a node is among the inputs twice", nodes=inputs, fix="name each once")
    for node in inputs:
        if node._op is None and (node._kind == "scalar" or node._source is not None):
            raise GraphError(
                "a number of an expression, or of a rule, is no input",
                nodes=[node],
                fix="make a leaf for what is to change: mg.constant(...)",
            )
    for node in targets:
        check_differentiable(node, "wrt")
    return GraphFunction(output, tuple(inputs), None if wrt is None else tuple(wrt))
