"""compile: a graph as a function of NumPy arrays, planned for their shapes and dtypes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigraph.arrays import NUMPY
from minigraph.compile.descent import descent
from minigraph.compile.loops.blocking import block_size
from minigraph.compile.loops.native import Native, NativePlan, functions, threads_there
from minigraph.compile.loops.program import program
from minigraph.compile.lower import is_known
from minigraph.compile.plan import Plan
from minigraph.compile.source import Source, source
from minigraph.compile.trace import UnplannedError, trace
from minigraph.errors import GraphError, OptionError
from minigraph.functions import GraphFunction, function
from minigraph.node import Node

MOST = 64
"""For how many shapes and dtypes plans are kept: of more, the oldest goes."""


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
    loops : str
        With ``jit=True``, the program that was used last: the same graph as loops.
    """

    def __init__(
        self,
        f: GraphFunction,
        copy: bool,
        block: int | None = None,
        jit: bool = False,
        threads: int | None = None,
    ) -> None:
        self.function = f
        self._copy = copy
        self._block = block
        self._jit = jit
        self._threads = threads
        self._plans: dict[Any, Plan | NativePlan | None] = {}
        self._enter: Callable[..., Any] = self.dispatch
        self._latest: Plan | NativePlan | None = None
        self._no_loops = "there is no plan"
        self._lock = threading.RLock()

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

    @property
    def loops(self) -> str:
        """The program that was used last, of which numba makes machine code."""
        self._source()
        if isinstance(self._latest, NativePlan):
            return self._latest.native.program.text
        why = self._no_loops if self._jit else "it was asked for without"
        raise GraphError(
            f"{self!r} has no loops: {why}",
            fix="the plan in NumPy is in .source" if self._jit else "mg.compile(..., jit=True)",
        )

    def descent(self, eta: float, steps: int = 1, *, copy: bool = True) -> Callable[..., Any]:
        """Return a function that takes steps of gradient descent, θ ← θ − η ∂L/∂θ.

        With ``jit=True`` all the steps are one call of machine code.

        Parameters
        ----------
        eta : float
            The learning rate η.
        steps : int
            How many steps a call takes.
        copy : bool
            False changes the arrays that are given for the parameters themselves, and returns the
            losses in an array that the next call writes to: for one thread only.

        Returns
        -------
        callable
            ``train(*arrays) → (losses, parameters)``: the loss before each step, and what the nodes
            of ``wrt`` have come to.

        Raises
        ------
        GraphError
            If the function was compiled without ``wrt``, or a node of it is no input.
        OptionError
            If ``eta`` is no finite number, or ``steps`` no whole number from 1 on.

        Examples
        --------
        >>> import minigraph as mg
        >>> x = mg.parameter([1.0, 2.0], name="x")
        >>> f = mg.compile(mg.sum(x * x).named("y"), [x], wrt=[x])
        >>> losses, (x,) = f.descent(eta=0.25, steps=3)([1.0, 2.0])
        >>> print(losses, x)
        [5.     1.25   0.3125] [0.125 0.25 ]
        """
        return descent(self, eta, steps, copy)

    def _source(self) -> Source:
        if self._latest is None:
            # Nothing need be run for it, nor compiled to machine code.
            self._latest = self.plan_for([node.value for node in self.function.inputs])
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
        plan = self.plan_for(given, arrays) if all(a.dtype.isnative for a in given) else None
        if plan is None:
            return f(*arrays)
        self._latest, self._enter = plan, plan.enter
        return plan.run(given, arrays)

    def plan_for(
        self, given: Sequence[np.ndarray], arrays: Sequence[Any] | None = None
    ) -> Plan | NativePlan | None:
        """Return the plan for arrays, made if need be; None if there is none.

        Parameters
        ----------
        given : sequence of numpy.ndarray
        arrays : sequence, optional
            The arguments that they were made of.
        """
        key = tuple((a.shape, a.dtype) for a in given)
        if key in self._plans:
            return self._plans.get(key)
        self.function(*(arrays or given))  # what is wrong with the arguments, it says
        with self._lock:
            if key not in self._plans:
                plan = self.planned(given)
                made = self._native(plan, given) if self._jit and plan is not None else None
                while len(self._plans) >= MOST:
                    del self._plans[next(iter(self._plans))]
                self._plans[key] = made or plan
            return self._plans[key]

    def _native(self, plan: Plan, given: Sequence[np.ndarray]) -> NativePlan | None:
        """Return a plan compiled to machine code; None where loops do not do something in it."""
        f = self.function
        size = self._block
        block = block_size if size is None else lambda *_: size or None
        place = {node: i for i, node in enumerate(f.inputs)}
        try:
            traced = trace(f, given, block=block)
            made = program(traced, [place.get(x) for x in f.wrt or ()], f.wrt is None)
        except UnplannedError as error:
            self._no_loops = str(error)
            return None
        return NativePlan(plan, Native(made, self._threads or threads_there()), given)

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
    jit: bool = False,
    threads: int | None = None,
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
    jit : bool
        Have the graph written as loops, too, and these compiled to machine code by numba (the extra
        ``minigraph[jit]``). The first call with new shapes or dtypes takes seconds.
    threads : int, optional
        With ``jit``, among how many threads the examples of a large batch are shared out. Default:
        ``OMP_NUM_THREADS``, or as many as there are cores.

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
        If ``copy`` or ``jit`` is no boolean, or ``block`` or ``threads`` no such number.
    PackageError
        If numba or SciPy is not installed, with ``jit``.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> f = mg.compile(mg.sum(x * x).named("y"), [x], wrt=[x])
    >>> value, (dx,) = f([3.0, 4.0, 5.0])
    >>> print(value, dx)
    50.0 [ 6.  8. 10.]
    """
    for name, value in (("copy", copy), ("jit", jit)):
        if not isinstance(value, bool):
            raise OptionError(f"{name}={value!r} is not known", fix="it is True or False")
    if threads is not None and (type(threads) is not int or threads < 1):
        raise OptionError(f"threads={threads!r} is not known", fix="it is a number of threads")
    if block is not None and (type(block) is not int or block < 0):
        raise OptionError(
            f"block={block!r} is not known", fix="it is a number of examples, 0 for no blocks"
        )
    f = function(output, inputs, wrt)
    if jit:
        functions()
    return CompiledFunction(f, copy, block, jit, threads)
