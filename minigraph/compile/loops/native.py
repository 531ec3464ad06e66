"""Programs of loops compiled by numba, and plans that call them."""

from __future__ import annotations

import builtins
import functools
import os
import threading
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from minigraph.compile.entrance import entrance
from minigraph.compile.loops import elementary
from minigraph.compile.loops.program import Program
from minigraph.compile.plan import Plan
from minigraph.errors import PackageError

LARGE = 16 * 2**20
"""From how many bytes of arguments on a batch is shared out among threads."""


@functools.cache
def functions() -> dict[str, Any]:
    """Return the functions that programs call, compiled.

    Raises
    ------
    PackageError
        If numba or SciPy is not installed.
    """
    try:
        import numba

        from minigraph.compile.loops import products
        from minigraph.compile.loops.fetching import fetch
    except ImportError as error:
        raise PackageError(
            f"jit=True needs the packages numba and scipy: {error}",
            fix="pip install 'minigraph[jit]'",
        ) from None
    # Products and sums may be contracted to one rounding; the order stays.
    careful = numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})
    # A long sum has no order of its own.
    loose = numba.njit(nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
    space: dict[str, Any] = dict(vars(elementary))
    for name, function in vars(elementary).items():
        if isinstance(function, types.FunctionType):
            # A copy whose names are looked up here, where they are compiled ones.
            twin = types.FunctionType(function.__code__, space, name)
            space[name] = (loose if name in ("inner", "total") else careful)(twin)
    space["fetch"], space["njit"] = fetch, careful
    space["product"], space["product_single"] = products.product, products.product_single
    return space


def threads_there() -> int:
    """Return how many threads may be at work: as many as BLAS is told, or as there are cores."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdigit() and int(told):
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(array: np.ndarray) -> np.ndarray:
    """Return an array as programs take it: its entries one after the other, in row-major order.

    One that is so already is returned itself.
    """
    flags, dtype = array.flags, array.dtype
    if flags.c_contiguous and flags.aligned and dtype.isnative:
        return array
    return np.require(array, dtype.newbyteorder("="), ["C", "A"])


class Spare:
    """Large memory that calls use one after the other: made once, since new pages take long.

    Parameters
    ----------
    sizes : mapping of str to (int, dtype)
        What a call needs.
    """

    def __init__(self, sizes: Mapping[str, tuple[int, np.dtype]]) -> None:
        self._sizes = list(sizes.values())
        # A list's own pop and append are safe in threads.
        self._there: list[list[np.ndarray]] = []

    def take(self) -> list[np.ndarray]:
        """Return what a call needs, which is then its own."""
        try:
            return self._there.pop()
        except IndexError:
            return [np.empty(size, dtype) for size, dtype in self._sizes]

    def give(self, arrays: list[np.ndarray]) -> None:
        """Take it back."""
        self._there.append(arrays)


class Native:
    """A program, compiled when it is first called.

    Parameters
    ----------
    program : Program
    threads : int
        Among how many threads the examples of a large batch are shared out.
    """

    def __init__(self, program: Program, threads: int) -> None:
        space = {**functions(), **program.constants}
        exec(builtins.compile(program.text, "<minigraph.compile.loops>", "exec"), space)
        njit = functions()["njit"]
        for name in ("compute", "call", "descend"):
            if name in space:
                space[name] = njit(space[name])
        self.program = program
        self.given = tuple(program.given.values())
        self.call = space["call"]
        self.descend: Any = space.get("descend")
        self.work = Spare(program.work)
        self.more_work = Spare({**program.work, **program.gradients})
        self._compute = space["compute"]
        self._ready: set[Any] = set()
        self._lock = threading.Lock()
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    def admit(self, function: Any, arguments: Sequence[Any], read: Collection[int]) -> None:
        """Compile a function of the program, if that is not done, for arguments of this kind.

        Parameters
        ----------
        function : callable
        arguments : sequence
            Numbers, and arrays in row-major order.
        read : collection of int
            Which of them are only read: these may be read-only arrays, later on, too.
        """
        from numba import typeof

        if function in self._ready:
            return
        with self._lock:
            if function not in self._ready:
                kinds: list[Any] = [typeof(a) for a in arguments]
                for i in read:
                    kinds[i] = kinds[i].copy(readonly=True)
                function.compile(tuple(kinds))
                function.disable_compile()  # what does not fit is a TypeError
                self._ready.add(function)

    def shares_out(self, arrays: Sequence[np.ndarray]) -> bool:
        """Return whether a batch is large enough for more than one thread."""
        large = sum(a.nbytes for a in (*arrays, *self.given)) >= LARGE
        return self._threads > 1 and large and self.program.examples is not None

    def add_up(self, arrays: Sequence[np.ndarray], results: Sequence[np.ndarray]) -> bool:
        """Compute the results in threads, each of which takes some of the blocks.

        Parameters
        ----------
        arrays : sequence of numpy.ndarray
            The arguments, in row-major order.
        results : sequence of numpy.ndarray
            What to write to, in row-major order.

        Returns
        -------
        bool
            Whether the arguments are what the program is for.
        """
        examples, size = self.program.examples, self.program.size
        assert examples is not None
        n = self._threads
        blocks = -(-examples // size)
        ends = [min(blocks * (i + 1) // n * size, examples) for i in range(n)]
        flat = [a.reshape(-1) for a in (*arrays, *self.given)]
        parts = [[r.reshape(-1) for r in results]]
        parts += [[np.empty(r.size, r.dtype) for r in results] for _ in range(n - 1)]
        lent = [self.work.take() for _ in range(n)]
        calls = [
            [*flat, *work, *part, start, stop]
            for work, part, start, stop in zip(lent, parts, [0, *ends[:-1]], ends, strict=True)
        ]
        self.admit(self._compute, calls[0], range(len(flat)))
        with self._lock:
            self._pool = self._pool or ThreadPoolExecutor(n)
        fine = list(self._pool.map(lambda arguments: self._compute(*arguments), calls))
        for work in lent:
            self.work.give(work)
        for part in parts[1:]:
            for total, more in zip(parts[0], part, strict=True):
                total += more
        return all(fine)


class NativePlan:
    """A plan that is compiled to machine code, with the plan in NumPy beside it.

    Parameters
    ----------
    plan : Plan
        It has the source, and takes over where the program does not fit.
    native : Native
    arrays : sequence of numpy.ndarray
        Arrays of the shapes and dtypes that it is for.
    """

    def __init__(self, plan: Plan, native: Native, arrays: Sequence[np.ndarray]) -> None:
        self.plan, self.native = plan, native
        self.source = plan.source
        self.guarded, self.value_dtype = plan.guarded, plan.value_dtype
        self._shared = native.shares_out(arrays)
        self._ways = {text: self._way(text, arrays) for text in ("arrays", "map(in_order, arrays)")}
        self.enter = self._ways["arrays"]

    def _way(self, text: str, arrays: Sequence[np.ndarray]) -> Callable[..., Any]:
        """Return a way into the program."""
        native = self.native
        return entrance(
            arrays,
            [f"result = call(*{text}, *given)", "return result"],
            not (self.guarded or self._shared or native.program.work),
            {"call": native.call, "given": native.given, "in_order": in_order},
            self.plan.whole.dispatch,
            self.run,
        )

    def run(self, given: Sequence[np.ndarray], arrays: Sequence[Any]) -> Any:
        """Call the program; where that fails, the plan in NumPy.

        Parameters
        ----------
        given : sequence of numpy.ndarray
            Arrays that fit the plan.
        arrays : sequence
            The arguments that they were made of.
        """
        lying = [in_order(a) for a in given]
        if any(a is not b for a, b in zip(lying, given, strict=True)):
            # From now on that is looked at first: to be refused takes longer.
            self.enter = self.plan.whole._enter = self._ways["map(in_order, arrays)"]
        try:
            if self._shared:
                result = self._in_threads(lying)
            else:
                work = self.native.work.take()
                arguments = [*lying, *self.native.given, *work]
                read = range(len(arguments) - len(work))
                self.native.admit(self.native.call, arguments, read)
                result = self.native.call(*arguments)
                self.native.work.give(work)
        except ValueError:
            return self.plan.run(given, arrays)
        if self.plan.is_doubtful(result):
            return self.plan.run(given, arrays)
        return result

    def _in_threads(self, arrays: Sequence[np.ndarray]) -> Any:
        results = [
            None if like is None else np.empty(like[0], like[1])
            for like in self.native.program.results
        ]
        if not self.native.add_up(arrays, [r for r in results if r is not None]):
            raise ValueError("not what the program is for")
        value, *gradients = results
        return value if self.plan.whole.function.wrt is None else (value, tuple(gradients))
