"""Gradient descent by a compiled function: many steps, θ ← θ − η ∂L/∂θ, without a way out between.

By loops compiled by numba all steps are one call; else Python goes from step to step.
"""

from __future__ import annotations

import builtins
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.arrays import NUMPY, quietly
from minigraph.compile.entrance import fitting, listed
from minigraph.compile.loops.native import Native, NativePlan, in_order
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
    rate = _rate(eta)
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 1:
        raise OptionError(f"steps={steps!r} is not allowed", fix="it is a whole number from 1 on")
    if not isinstance(copy, bool):
        raise OptionError(f"copy={copy!r} is not known", fix="it is True or False")
    places = list(dict.fromkeys(position[node] for node in graph.wrt))
    return _Descent(f, rate, int(steps), copy, places).entrance()


def _rate(eta: Any) -> float:
    """Return a learning rate as Python's number."""
    try:
        rate = float(eta) if isinstance(eta, numbers.Real) else math.nan
    except OverflowError:  # of an int
        rate = math.inf
    if isinstance(eta, bool) or not math.isfinite(rate):
        raise OptionError(f"eta={eta!r} is no learning rate", fix="it is a number, such as 0.1")
    return rate


class _Descent:
    """A function that takes steps.

    Parameters
    ----------
    f : CompiledFunction
    eta : float
    steps : int
    copy : bool
    places : sequence of int
        Which arguments are trained.
    """

    def __init__(
        self, f: CompiledFunction, eta: float, steps: int, copy: bool, places: Sequence[int]
    ) -> None:
        self.f, self.eta, self.steps, self.copy, self.places = f, eta, steps, copy, places
        # The shapes and dtypes that were looked at last, and the dtype of the loss.
        self._seen: tuple[Any, Any] = None, None

    def entrance(self) -> Callable[..., Any]:
        """Return the function, written out for the number of arrays.

        What fits is held in one tuple, so that threads see all of it or nothing.
        """
        n = len(self.f.function.inputs)
        space: dict[str, Any] = {"look": self.look, "ndarray": np.ndarray, "empty": np.empty}
        space["now"] = None
        self._space = space
        held = "".join(f"shape{i}, dtype{i}, " for i in range(n))
        new = [f"b{i} = a{i}.copy()" for i in self.places] if self.copy else []
        moved = {i: f"b{i}" if self.copy and i in self.places else f"a{i}" for i in range(n)}
        inside = "".join(f"{name}, " for name in moved.values())
        trained = "".join(f"{moved[place]}, " for place in self.wanted)
        losses = "losses = empty(steps, kind)" if self.copy else "losses = kept"
        lines = [
            "def train(*arrays):",
            f"    if now is not None and len(arrays) == {n}:",
            f"        [{listed(n)}] = arrays",
            f"        {held} move, more, eta, steps, kind, kept = now",
            f"        if {fitting(n)}:",
            *(f"            {line}" for line in new),
            f"            {losses}",
            "            try:",
            # What is written out is quicker than what is put together.
            "                if more:",
            f"                    fine = move({inside}*more, eta, losses)",
            "                else:",
            f"                    fine = move({inside}eta, losses)",
            "                if fine:",
            f"                    return losses, ({trained})",
            "            except TypeError:",
            "                pass",  # of another layout, or read-only
            "    return look(*arrays)",
        ]
        exec(builtins.compile("\n".join(lines), "<minigraph.compile>", "exec"), space)
        train = space["train"]
        train.__doc__ = "Return the losses before each step, and the parameters after the last."
        return train

    @property
    def wanted(self) -> list[int]:
        """For each node of wrt, which argument it is."""
        position = {node: i for i, node in enumerate(self.f.function.inputs)}
        return [position[node] for node in self.f.function.wrt or ()]

    def look(self, *arrays: Any) -> Any:
        """Take the steps for arrays of any kind that the function takes."""
        kind = self._checked(arrays)
        given = [self._given(i, array) for i, array in enumerate(arrays)]
        losses = np.empty(self.steps, kind)
        straight = all(in_order(a) is a and type(a) is np.ndarray for a in given)
        plan = self.f.plan_for(given) if straight else None
        if not isinstance(plan, NativePlan):
            return self._step_by_step(given, losses)
        native = plan.native
        if native.shares_out(given):
            move, more = self._in_threads(native), ()
        elif native.program.work:
            move, more = self._with_work(native), ()
        else:
            move, more = native.descend, native.given
            self._admit(native, [*given, *more, self.eta, losses])
        if plan.guarded:
            move = self._guarded(move)
        if not move(*given, *more, self.eta, losses):
            return self._step_by_step(given, losses)
        held = [x for a in given for x in (a.shape, a.dtype)]
        kept = np.empty(self.steps, kind)
        self._space["now"] = (*held, move, more, self.eta, self.steps, kind, kept)
        return losses, tuple(given[i] for i in self.wanted)

    def _checked(self, arrays: Sequence[Any]) -> Any:
        """Return the dtype of the loss, if the arguments are what the function takes."""
        plain = all(type(a) is np.ndarray for a in arrays)
        key = [(a.shape, a.dtype) for a in arrays] if plain else None
        seen, kind = self._seen
        if key is None or key != seen:
            value, _ = self.f.function(*arrays)  # what is wrong with them, it says
            if not isinstance(value, np.ndarray):
                raise DTypeError(
                    f"a descent is of NumPy arrays, not of {type(value).__name__}",
                    fix="call mg.function in a loop of your own for arrays of other libraries",
                )
            kind = value.dtype
            self._seen = key, kind
        return kind

    def _given(self, i: int, array: Any) -> np.ndarray:
        """Return an argument as an array, one to be changed as one that may be."""
        f = self.f.function
        node = f.inputs[i]
        if i in self.places and not self.copy:
            if isinstance(array, np.ndarray) and array.flags.writeable:
                return array
            why = "it is read-only" if isinstance(array, np.ndarray) else "it is no array"
            raise InputError(
                f"with copy=False the array given for {node.label} is changed itself, which "
                f"this one cannot be: {why}",
                nodes=[node],
                fix="give an array of NumPy's that may be written to, or leave copy=False out",
            )
        made = in_order(f._given(NUMPY, node, array))
        return made.copy() if i in self.places else made

    def _admit(self, native: Native, arguments: Sequence[Any]) -> None:
        """Compile the steps, if that is not done."""
        n = len(self.f.function.inputs)
        others = [i for i in range(n + len(native.given)) if i not in self.places]
        native.admit(native.descend, arguments, others)

    def _step_by_step(self, arrays: list[np.ndarray], losses: np.ndarray) -> Any:
        """Take the steps one call at a time."""
        for step in range(self.steps):
            value, gradients = self.f(*arrays)
            losses[step] = value.reshape(())
            quietly(self._update, arrays, dict(zip(self.wanted, gradients, strict=True)))
        return losses, tuple(arrays[i] for i in self.wanted)

    def _with_work(self, native: Native) -> Callable[..., bool]:
        """Return what takes the steps with large memory of its own."""

        def move(*arguments: Any) -> bool:
            *arrays, eta, losses = arguments
            work = native.more_work.take()
            whole = [*arrays, *native.given, *work, eta, losses]
            self._admit(native, whole)
            fine = native.descend(*whole)
            native.more_work.give(work)
            return fine

        return move

    def _guarded(self, move: Callable[..., bool]) -> Callable[..., bool]:
        """Return what takes the steps back where a gradient came out as nan.

        It may be a nan that a guard would make 0; what was trained by it is nan, too.
        """

        def guarded(*arguments: Any) -> bool:
            before = [arguments[i].copy() for i in self.places]
            fine = move(*arguments)
            fine = fine and not any(np.isnan(arguments[i]).any() for i in self.places)
            if not fine:
                for i, start in zip(self.places, before, strict=True):
                    arguments[i][...] = start
            return fine

        return guarded

    def _in_threads(self, native: Native) -> Callable[..., bool]:
        """Return what takes the steps, the examples of each of them shared out among threads."""

        def move(*arguments: Any) -> bool:
            *arrays, _, losses = arguments
            if not all(arrays[i].flags.writeable for i in self.places):
                raise TypeError  # as machine code would
            made = [x and np.empty(x[0], x[1]) for x in native.program.results[1:]]
            results = [x for x in made if x is not None]
            gradients = dict(zip(self.wanted, made, strict=True))
            for step in range(self.steps):
                if not native.add_up(arrays, [losses[step : step + 1], *results]):
                    return False
                quietly(self._update, arrays, gradients)
            return True

        return move

    def _update(self, arrays: list[np.ndarray], gradients: Mapping[int, np.ndarray | None]) -> None:
        for i, gradient in gradients.items():
            if gradient is not None:
                arrays[i] -= arrays[i].dtype.type(self.eta) * gradient
