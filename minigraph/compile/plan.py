"""Plan: the compiled source for arrays of certain shapes and dtypes, with its memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.arrays import QUIET
from minigraph.compile.entrance import entrance
from minigraph.compile.source import Source
from minigraph.compile.trace import Trace

if TYPE_CHECKING:
    from minigraph.compile.compiled import CompiledFunction


class Plan:
    """A plan, with a pool of copies of it: each thread that calls it takes one for that time.

    Parameters
    ----------
    whole : CompiledFunction
        Whose plan it is.
    source : Source
    arrays : sequence of numpy.ndarray
        Arrays of the shapes and dtypes that it is for.
    trace : Trace
        The graph that it was written of: whether a gradient of nan has to be computed anew with
        guards, and whether it has forms that give up, so that a careful plan takes over.
    """

    def __init__(
        self,
        whole: CompiledFunction,
        source: Source,
        arrays: Sequence[np.ndarray],
        trace: Trace,
    ) -> None:
        self.source = source
        self._make = source.plan()
        # A list's own pop and append are safe in threads, and cost less than anything else.
        self._pool: list[Any] = []
        self.whole = whole
        self.guarded = trace.guarded
        value = trace.outputs[0]
        self.value_dtype = whole.function.output.dtype if value is None else value.dtype
        self._quick = trace.quick
        self._has_careful = trace.quick or trace.trusting
        self._careful: Plan | None = None
        self.enter = entrance(
            arrays,
            [
                "entry = pool.pop()",
                "result = entry[0](entry[1], *arrays)",
                "pool.append(entry)",
                "return result",
            ],
            not self.guarded,
            {"pool": self._pool},
            whole.dispatch,
            self.run,
        )

    def run(self, given: Sequence[np.ndarray], arrays: Sequence[Any]) -> Any:
        """Call the plan; where it fails, the function says why, or computes the result.

        Parameters
        ----------
        given : sequence of numpy.ndarray
            Arrays that fit the plan.
        arrays : sequence
            The arguments that they were made of.
        """
        try:
            entry = self._pool.pop()
        except IndexError:
            entry = self._context().run, self._make()
        run, step = entry
        try:
            result = run(step, *given)
        except Exception:
            if self._has_careful:
                self._careful = self._careful or self.whole.planned(given, careful=True)
                if self._careful is not None:
                    return self._careful.run(given, arrays)
            return self.whole.function(*arrays)
        if self.is_doubtful(result):
            result = self.whole.function(*arrays)
        self._pool.append(entry)
        return result

    def is_doubtful(self, result: Any) -> bool:
        """Return whether a gradient is nan that a guard might make 0."""
        return self.guarded and any(g is not None and np.isnan(g).any() for g in result[1])

    def _context(self) -> Any:
        """Return a context of a copy's own, in which NumPy does not warn."""
        context = QUIET.copy()
        if self._quick:
            context.run(np.seterr, over="raise", invalid="raise")
        return context
