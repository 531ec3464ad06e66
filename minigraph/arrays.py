"""The arrays that ops run on: NumPy's namespace made quick, and anybody else's found."""

from __future__ import annotations

import contextvars
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from minigraph.errors import GraphError


class _NumPyNamespace(SimpleNamespace):
    """NumPy, with reductions that go straight to their ufuncs (half the time on small arrays)."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def _mean(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    if x.dtype.itemsize < 4:  # NumPy sums small numbers in larger ones
        return np.mean(x, axis=axis, keepdims=keepdims)
    total = np.add.reduce(x, axis=axis, keepdims=keepdims)
    return total / (x.size // total.size if total.size else 1)


NUMPY = _NumPyNamespace(
    **{name: value for name, value in vars(np).items() if not name.startswith("_")}
)
NUMPY.sum = partial(np.add.reduce, axis=None)
NUMPY.prod = partial(np.multiply.reduce, axis=None)
NUMPY.max = partial(np.maximum.reduce, axis=None)
NUMPY.min = partial(np.minimum.reduce, axis=None)
NUMPY.mean = _mean
NUMPY.matrix_transpose = lambda x, /: x.mT

# Floating-point flags are no news while an op runs: exp underflows, masks multiply 0 by -inf.
# What is not well defined is looked for once, at the loss (see autodiff). Entering a copy of a
# prepared context costs a fortieth of `np.errstate`, and is safe in threads.
QUIET = contextvars.Context()
QUIET.run(np.seterr, all="ignore")


def quietly(function: Any, *arguments: Any) -> Any:
    """Call `function` with NumPy's floating-point warnings off."""
    return QUIET.copy().run(function, *arguments)


# The same, but keeping note of overflow, division by zero and invalid operations.
_raised: contextvars.ContextVar[bool] = contextvars.ContextVar("raised")
_WATCHED = contextvars.Context()
_WATCHED.run(np.seterr, divide="call", over="call", invalid="call")
_WATCHED.run(np.seterrcall, lambda kind, flag: _raised.set(True))


def watched(function: Any, *arguments: Any) -> bool:
    """Call `function` quietly; return whether a non-finite number may have arisen."""
    context = _WATCHED.copy()
    context.run(function, *arguments)
    return context.get(_raised, False)


def array_namespace(*arrays: Any) -> Any:
    """Return the array API namespace that the arrays share.

    Python scalars and lists count as NumPy's. A library without ``__array_namespace__`` (PyTorch,
    Dask) is looked up in the package array-api-compat.

    Raises
    ------
    GraphError
        If the arrays come from different libraries, or from none that is known.
    """
    found = {}
    for array in arrays:
        if isinstance(array, np.ndarray | np.generic):
            found.setdefault("numpy", NUMPY)
        elif hasattr(array, "__array_namespace__"):
            xp = array.__array_namespace__()
            found.setdefault(xp.__name__, xp)
        elif not isinstance(array, bool | int | float | list | tuple):
            try:
                import array_api_compat as compat  # pyright: ignore[reportMissingImports]

                xp = compat.array_namespace(array)
            except (ImportError, TypeError):
                raise _refusal(
                    f"{type(array).__module__}.{type(array).__name__} has no array API namespace",
                    "for arrays of PyTorch, Dask and others: pip install array-api-compat",
                ) from None
            found.setdefault(xp.__name__, xp)
    if len(found) > 1:
        raise _refusal(
            f"arrays of different libraries in one call: {', '.join(sorted(found))}",
            "bring all to one library, as with numpy.asarray(array) or node.value",
        )
    return next(iter(found.values()), NUMPY)


def _refusal(problem: str, fix: str) -> GraphError:
    return GraphError(problem, fix=fix)
