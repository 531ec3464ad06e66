"""compile: a graph as a function of NumPy arrays, planned for their shapes and dtypes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.compile.lower import is_known
from minigraph.compile.plan import Plan
from minigraph.compile.source import Source, source
from minigraph.compile.trace import UnplannedError, trace
from minigraph.errors import GraphError, OptionError
from minigraph.functions import GraphFunction, function
from minigraph.node import Node


class CompiledFunction:
    """A graph as a function of NumPy arrays: what `compile` returns.

    Attributes
    ----------
    function : GraphFunction
        The graph as a function of the arrays of any library, which stands in where there is no
        plan: for Nodes and other libraries' arrays, and for graphs with a mask among the inputs.
    source : str
        The NumPy source of the plan that was used last: a function ``plan`` that makes the memory
        and returns ``step``, the function of the arrays.
    constants : dict
        The arguments of ``plan``: constants too large to be written, and ops of one's own.
    """

    def __init__(self, f: GraphFunction, copy: bool, block: int | None = None) -> None:
        self.function = f
        self._copy = copy
        self._block = block
        self._plans: dict[Any, Plan | None] = {}
        self._enter: Callable[..., Any] = self.dispatch
        self._latest: Plan | None = None

    def __repr__(self) -> str:
        return repr(self.function).replace("<function", "<compiled", 1)

    def __call__(self, *arrays: Any) -> Any:
        """Return the output's value and, with ``wrt``, a tuple of gradients."""
        return self._enter(*arrays)

    @property
    def source(self) -> str:
        """The NumPy source of the plan that was used last."""
        return self._source().text

    @property
    def constants(self) -> dict[str, Any]:
        """What the source's function ``plan`` is given, by the names of its arguments."""
        return dict(self._source().given)

    def _source(self) -> Source:
        if self._latest is None:
            example = [node.value for node in self.function.inputs]
            self.dispatch(*example)
        if self._latest is None:
            raise GraphError(
                f"{self!r} has no plan: the shape of an array depends on values",
                fix="take what the mask leaves in another way, as with mg.where",
            )
        return self._latest.source

    def dispatch(self, *arrays: Any) -> Any:
        """Find the plan for the arrays, or make it, and call it."""
        f = self.function
        if len(arrays) != len(f.inputs) or not all(map(_is_plain, arrays)):
            return f(*arrays)
        given = tuple(
            a if type(a) is np.ndarray else f._given(NUMPY, node, a)
            for node, a in zip(f.inputs, arrays, strict=True)
        )
        key = tuple((a.shape, a.dtype) for a in given)
        if key not in self._plans:
            f(*arrays)  # what is wrong with the arguments, it says
            self._plans[key] = self.planned(given)
        plan = self._plans[key]
        if plan is None or not all(a.dtype.isnative for a in given):
            return f(*arrays)
        self._latest, self._enter = plan, plan.enter
        return plan.run(given, arrays)

    def planned(self, arrays: Sequence[np.ndarray], careful: bool = False) -> Plan | None:
        """Return a plan for arrays that the function has taken; None if there is none.

        Parameters
        ----------
        arrays : sequence of numpy.ndarray
        careful : bool
            Use no form that an overflow spoils.
        """
        try:
            traced = trace(self.function, arrays, careful, self._block)
            made = source(traced, self.function.wrt is None, self._copy)
        except UnplannedError:
            return None
        except Exception:
            # A rule of the user's own that runs on arrays need not run on Nodes.
            if all(map(is_known, self.function._order)):
                raise
            return None
        return Plan(self, made, arrays, traced)


def _is_plain(array: Any) -> bool:
    return isinstance(array, np.ndarray | np.generic | bool | int | float | list | tuple)


def compile(
    output: Node,
    inputs: Sequence[Node],
    wrt: Sequence[Node] | None = None,
    *,
    copy: bool = True,
    block: int | None = None,
) -> CompiledFunction:
    """Return the graph as a function of NumPy arrays, planned and written out as NumPy source.

    Parameters
    ----------
    output : Node
        What to compute; a scalar, if gradients are asked for.
    inputs : sequence of Node
        The nodes that the arrays stand for, in the order of the arguments. What is not among
        them keeps the value that it has in the graph.
    wrt : sequence of Node, optional
        The nodes to differentiate by.
    copy : bool
        False leaves the results in memory that the next call writes to: quicker for large
        results, and for one thread only.
    block : int, optional
        How many examples of a large batch are worked through at once; 0 for all of them. Default:
        by a rule, as many as stay in a core's cache.

    Returns
    -------
    CompiledFunction
        ``f(*arrays) → value``, or with ``wrt`` ``f(*arrays) → (value, gradients)``, as that of
        `minigraph.function`. The first call with new shapes or dtypes makes a plan for them.

    Raises
    ------
    GraphError
        If output is no Node, inputs and wrt are no lists of Nodes, or an input is named twice.
    OptionError
        If ``copy`` is no boolean, or ``block`` no whole number from 0 on.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> f = mg.compile(mg.sum(x * x).named("y"), [x], wrt=[x])
    >>> value, (dx,) = f([3.0, 4.0, 5.0])
    >>> print(value, dx)
    50.0 [ 6.  8. 10.]
    """
    if not isinstance(copy, bool):
        raise OptionError(f"copy={copy!r} is not known", fix="it is True or False")
    if block is not None and (type(block) is not int or block < 0):
        raise OptionError(
            f"block={block!r} is not known", fix="it is a number of examples, 0 for no blocks"
        )
    return CompiledFunction(function(output, inputs, wrt), copy, block)
