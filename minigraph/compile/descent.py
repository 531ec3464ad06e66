"""Gradient descent by a compiled function: many steps, θ ← θ − η ∂L/∂θ, without a way out between.

By loops compiled by numba all steps are one call; else Python goes from step to step.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.compile.loops.native import Native, NativePlan
from minigraph.errors import DTypeError, GraphError, InputError, OptionError

if TYPE_CHECKING:
    from minigraph.compile.compiled import CompiledFunction


def descent(f: CompiledFunction, eta: float, steps: int, copy: bool) -> Callable[..., Any]:
    """Return a function of arrays that takes steps of gradient descent.

    Parameters
    ----------
    f : CompiledFunction
    eta : float
        The learning rate η.
    steps : int
        How many steps a call takes.
    copy : bool
        False changes the arrays of the parameters themselves.
    """
    graph = f.function
    if not graph.wrt:
        raise GraphError(
            "there is nothing to train: the function was compiled without wrt",
            nodes=[graph.output],
            fix="name the parameters: mg.compile(loss, inputs=[θ, x], wrt=[θ])",
        )
    position = {node: i for i, node in enumerate(graph.inputs)}
    strangers = [node for node in graph.wrt if node not in position]
    if strangers:
        raise GraphError(
            "what is trained has to be given, so that a call has where to start from",
            nodes=strangers,
            fix="name it among the inputs, too: mg.compile(loss, inputs=[θ, x], wrt=[θ])",
        )
    if isinstance(eta, bool) or not isinstance(eta, int | float) or not math.isfinite(eta):
        raise OptionError(f"eta={eta!r} is no learning rate", fix="it is a number, such as 0.1")
    if type(steps) is not int or steps < 1:
        raise OptionError(f"steps={steps!r} is not known", fix="it is a whole number from 1 on")
    return _Descent(f, float(eta), steps, copy, [position[node] for node in graph.wrt]).entrance()


class _Descent:
    def __init__(
        self, f: CompiledFunction, eta: float, steps: int, copy: bool, places: Sequence[int]
    ) -> None:
        self.f, self.eta, self.steps, self.copy, self.places = f, eta, steps, copy, places

    def entrance(self) -> Callable[..., Any]:
        """Return the function, written out for the number of arrays.

        What fits is held in one tuple, so that threads see all of it or nothing.
        """
        n = len(self.f.function.inputs)
        space: dict[str, Any] = {"look": self.look, "ndarray": np.ndarray, "empty": np.empty}
        space["now"] = None
        self._space = space
        names = [f"a{i}" for i in range(n)]
        listed = ", ".join(names)
        held = [f"{kind}{i}" for i in range(n) for kind in ("shape", "dtype")]
        tests = []
        for i in range(n):
            tests += [f"type(a{i}) is ndarray", f"a{i}.dtype is dtype{i}"]
            tests += [f"a{i}.shape == shape{i}"]
        new = [f"    a{i} = a{i}.copy()" for i in sorted(set(self.places))] if self.copy else []
        trained = "".join(f"a{i}, " for i in self.places)
        losses = "losses = empty(steps, kind)" if self.copy else "losses = kept"
        lines = [
            f"def train({listed}):",
            "    if now is not None:",
            f"        {', '.join(held)}, descend, given, eta, steps, kind, kept = now",
            f"        if {' and '.join(tests)}:",
            *(f"        {line}" for line in new),
            f"            {losses}",
            "            try:",
            # What is written out is quicker than what is put together.
            "                if given:",
            f"                    fine = descend({listed}, *given, eta, losses)",
            "                else:",
            f"                    fine = descend({listed}, eta, losses)",
            "                if fine:",
            f"                    return losses, ({trained})",
            "            except TypeError:",
            "                pass",  # of another layout, or read-only
            f"    return look({listed})",
        ]
        exec(builtins.compile("\n".join(lines), "<minigraph.compile>", "exec"), space)
        train = space["train"]
        train.__doc__ = "Return the losses before each step, and the parameters after the last."
        return train

    def look(self, *arrays: Any) -> Any:
        """Take the steps for arrays of any kind that the function takes."""
        given = self._given(arrays)
        plan = self.f.plan_for(given)
        kind = self.f.function.output.dtype if plan is None else plan.value_dtype
        losses = np.empty(self.steps, kind)
        lying = all(a.flags.c_contiguous for a in given)
        if not isinstance(plan, NativePlan) or plan.guarded or not lying:
            return self._step_by_step(given, losses)
        native = plan.native
        if native.shares_out(given):
            move, more = self._in_threads(native), ()
        elif native.program.work:
            move, more = self._with_work(native), ()
        else:
            move, more = native.descend, native.given
            native.admit(move, [*given, *more, self.eta, losses])
        if not move(*given, *more, self.eta, losses):
            return self._step_by_step(given, losses)
        held = [x for a in given for x in (a.shape, a.dtype)]
        kept = np.empty(self.steps, kind)
        self._space["now"] = (*held, move, more, self.eta, self.steps, kind, kept)
        return losses, tuple(given[i] for i in self.places)

    def _given(self, arrays: Sequence[Any]) -> list[np.ndarray]:
        """Return the arguments as arrays, those to be changed as ones that may be."""
        f = self.f.function
        value, _ = self.f(*arrays)  # what is wrong with the arguments, it says
        if not isinstance(value, np.ndarray):
            raise DTypeError(
                f"a descent is of NumPy arrays, not of {type(value).__name__}",
                fix="call mg.function in a loop of your own for arrays of other libraries",
            )
        given = []
        for i, (node, array) in enumerate(zip(f.inputs, arrays, strict=True)):
            if self.copy or i not in self.places:
                made = np.asarray(
                    array, dtype=None if isinstance(array, np.ndarray) else node.dtype
                )
                given.append(np.array(made, order="C") if i in self.places else made)
                continue
            if not isinstance(array, np.ndarray) or not array.flags.writeable:
                why = "it is read-only" if isinstance(array, np.ndarray) else "it is no array"
                raise InputError(
                    f"with copy=False the array given for {node.label} is changed itself, which "
                    f"this one cannot be: {why}",
                    nodes=[node],
                    fix="give an array of NumPy's that may be written to, or leave copy=False out",
                )
            given.append(array)
        return given

    def _step_by_step(self, arrays: list[np.ndarray], losses: np.ndarray) -> Any:
        """Take the steps one call at a time."""
        for step in range(self.steps):
            losses[step], gradients = self.f(*arrays)
            self._update(arrays, gradients)
        return losses, tuple(arrays[i] for i in self.places)

    def _with_work(self, native: Native) -> Callable[..., bool]:
        """Return what takes the steps with large memory of its own."""

        def move(*arguments: Any) -> bool:
            *arrays, eta, losses = arguments
            work = native.more_work.take()
            whole = [*arrays, *native.given, *work, eta, losses]
            native.admit(native.descend, whole)
            fine = native.descend(*whole)
            native.more_work.give(work)
            return fine

        return move

    def _in_threads(self, native: Native) -> Callable[..., bool]:
        """Return what takes the steps, the examples of each of them shared out among threads."""

        def move(*arguments: Any) -> bool:
            *arrays, _, losses = arguments
            made = [x and np.empty(x[0], x[1]) for x in native.program.results[1:]]
            results = [x for x in made if x is not None]
            for step in range(self.steps):
                if not native.add_up(arrays, [losses[step : step + 1], *results]):
                    return False
                self._update(arrays, made)
            return True

        return move

    def _update(self, arrays: list[np.ndarray], gradients: Sequence[np.ndarray | None]) -> None:
        for i, gradient in zip(self.places, gradients, strict=True):
            if gradient is not None:
                arrays[i] -= arrays[i].dtype.type(self.eta) * gradient
