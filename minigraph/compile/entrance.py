"""The way into a plan: straight for arrays that fit, else to look for another plan."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np


def listed(n: int) -> str:
    """Write n arrays, with commas.

    Examples
    --------
    >>> listed(2)
    'a0, a1, '
    """
    return "".join(f"a{i}, " for i in range(n))


def fitting(n: int) -> str:
    """Write the test that n arrays are of the shapes and dtypes that are named beside them.

    Examples
    --------
    >>> fitting(1)
    'True and type(a0) is ndarray and a0.dtype is dtype0 and a0.shape == shape0'
    """
    tests = ["True"]
    for i in range(n):
        tests += [f"type(a{i}) is ndarray", f"a{i}.dtype is dtype{i}", f"a{i}.shape == shape{i}"]
    return " and ".join(tests)


def entrance(
    arrays: Sequence[np.ndarray],
    straight: Sequence[str],
    is_straight: bool,
    space: Mapping[str, Any],
    look: Callable[..., Any],
    run: Callable[..., Any],
) -> Callable[..., Any]:
    """Return a function of arrays, written out for their number: what it costs is paid each time.

    Parameters
    ----------
    arrays : sequence of numpy.ndarray
        Arrays of the shapes and dtypes that the plan is for.
    straight : sequence of str
        The lines that call the plan with ``arrays`` and return the result; where they fail, ``run``
        does.
    is_straight : bool
        Whether to take these lines at all.
    space : mapping of str to object
        What they name.
    look : callable
        ``look(*arrays)``, for arrays that do not fit.
    run : callable
        ``run(arrays, arrays)``, for those that do.
    """
    names: dict[str, Any] = {"ndarray": np.ndarray, "look": look, "run": run, **space}
    for i, array in enumerate(arrays):
        names[f"shape{i}"], names[f"dtype{i}"] = array.shape, array.dtype
    lines = [
        "def enter(*arrays):",
        f"    if len(arrays) == {len(arrays)}:",
        f"        [{listed(len(arrays))}] = arrays",
        f"        if {fitting(len(arrays))}:",
    ]
    if is_straight:
        lines += ["            try:"]
        lines += [f"                {line}" for line in straight]
        lines += ["            except Exception:", "                pass"]  # run sees to it
    lines += ["            return run(arrays, arrays)", "    return look(*arrays)"]
    exec(builtins.compile("\n".join(lines), "<minigraph.compile>", "exec"), names)
    return names["enter"]
