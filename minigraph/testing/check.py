"""check_gradient: whether a gradient is what the function's values say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from minigraph.errors import GraphError, OptionError
from minigraph.node import Node
from minigraph.op import Op
from minigraph.testing.arguments import as_data, compared, is_moved, names_of, title_of
from minigraph.testing.blame import find_guilty
from minigraph.testing.compare import compare
from minigraph.testing.finding import Finding, Settings
from minigraph.testing.graphs import NodeFunction
from minigraph.testing.mismatch import GradientMismatch
from minigraph.testing.plain import plain_subject
from minigraph.testing.report import mismatch, readings_differ
from minigraph.testing.result import GradientCheck, InputCheck
from minigraph.testing.subject import Subject


def check_gradient(
    f: Callable[..., Any],
    *inputs: Any,
    gradient: Callable[..., Any] | None = None,
    vjp: Callable[..., Any] | None = None,
    order: int = 1,
    wrt: int | str | Sequence[int | str] | None = None,
    step: float | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    coordinates: int = 256,
    directions: int = 16,
    seed: int = 0,
) -> GradientCheck:
    """Check a gradient against the function's own values.

    For a random cotangent v, the derivatives of Σ v · f(x) by every entry of every input of floats
    are compared with central differences (φ(x + h) − φ(x − h)) / 2h, or, where a plain function
    takes complex numbers, with the complex step Im φ(x + ih) / h. An input of more than
    ``coordinates`` entries is moved along random directions instead. What looks wrong is looked at
    again with ever smaller steps before it is called wrong.

    Also checked: that a gradient has its input's shape and dtype and shares no memory with an
    input; that nobody writes to inputs or cotangents; that a second call gives the same bits; and
    for Nodes, that ``backward()`` on arrays and `minigraph.grad` as a graph agree.

    Parameters
    ----------
    f : Op or callable
        An Op, or a function that takes Nodes and returns one: minigraph's gradient of it is
        checked. With ``gradient`` or ``vjp``, a plain function of NumPy arrays: that one is.
    *inputs : array_like or Node
        The point. Arrays of floats are moved; everything else is data, passed as it is.
    gradient : callable, optional
        ``gradient(*inputs)`` of a scalar f: one array, or a tuple with one for each input (None
        for one that is not to be compared).
    vjp : callable, optional
        ``vjp(cotangent, *inputs)`` of an f of any shape: the same.
    order : int
        Check the derivatives of order 1, 2, ..., ``order``: the gradient's gradient too, by the
        cotangent as well. For Nodes only.
    wrt : int, str, or sequence of them, optional
        The inputs to compare, by position or name. Default: all of floats.
    step : float, optional
        Default: ∛eps as a power of two (7.6e-06), times max(1, abs(x)) rounded down to one.
        float32 inputs are moved in float64, where the function does not go back to float32.
    rtol, atol : float, optional
        Allowed are ``atol + rtol·|derivative|``, beside what the differences themselves may be off.
        Default: rtol 1e-6 (float32: 1e-3); atol from the
        rounding noise of f, which is measured.
    coordinates : int
        The most entries of an input that are moved one by one.
    directions : int
        How many directions a larger input is moved along.
    seed : int
        Of the cotangents and directions.

    Returns
    -------
    GradientCheck
        What was compared, and how close it was; print it.

    Raises
    ------
    GradientMismatch
        If a gradient is wrong, or does not behave; an AssertionError that says what it looks like,
        and has the graph as a ``picture()`` with the guilty node marked.
    InputError
        If no input holds floats; if f is not finite at the point, or not deterministic.
    GraphError
        If f returns no Node, although neither ``gradient`` nor ``vjp`` is given.
    OptionError
        If options contradict each other.

    Examples
    --------
    >>> import numpy as np
    >>> import minigraph as mg
    >>> from minigraph.testing import check_gradient
    >>> print(check_gradient(mg.tanh, [0.0, 0.5], order=2))  # doctest: +ELLIPSIS
    Tanh: the gradient is right
      x  shape (2,), float64: 2 coordinates, central differences of step 7.6e-06; derivatives ...
    Tanh: the derivative of order 2 (the gradient's gradient) is right
      x  shape (2,), float64: 2 coordinates, ...
      cotangent  shape (2,), float64: 2 coordinates, ...

    A function of arrays with a gradient written by hand:

    >>> def loss(w, x):
    ...     return np.sum((x @ w) ** 2)
    >>> def loss_gradient(w, x):
    ...     return 2 * x.T @ (x @ w)
    >>> check = check_gradient(loss, [1.0, 2.0], np.eye(2), gradient=loss_gradient, wrt="w")
    >>> check.inputs[0].method
    'complex step'
    """
    __tracebackhide__ = True
    settings = _settings(step, rtol, atol, coordinates, directions)
    plain = gradient is not None or vjp is not None
    _check_call(f, gradient, vjp, order)
    data = [as_data(x) for x in inputs]
    names = names_of(f, inputs)
    chosen = compared(data, names, wrt, title_of(f))
    skipped = tuple(name for i, name in enumerate(names) if i not in chosen)
    rng = np.random.default_rng(seed)
    try:
        if plain:
            subject = plain_subject(f, data, names, chosen, gradient, vjp, rng)
            checks, finding = compare(subject, settings, rng)
            if finding is not None:
                raise mismatch(finding, kind="plain")
            skipped = tuple(name for name in names if name not in subject.names)
        else:
            function = NodeFunction(f, inputs, data, names, chosen, rng)
            checks = _check_orders(function, order, settings, rng)
    except GradientMismatch as error:
        # Without the frames in between, which are no news to who reads the lesson.
        raise error.with_traceback(None) from None
    return GradientCheck(title_of(f), order, tuple(checks), skipped)


def _settings(
    step: float | None, rtol: float | None, atol: float | None, coordinates: int, directions: int
) -> Settings:
    for name, number in {"step": step, "rtol": rtol, "atol": atol}.items():
        if number is not None and not (0 <= number < np.inf and (number or name != "step")):
            raise OptionError(f"{name}={number!r} is not a positive number")
    if coordinates < 0 or directions < 1:
        raise OptionError(
            f"coordinates={coordinates} and directions={directions} leave nothing to compare",
            fix="coordinates is at least 0, directions at least 1",
        )
    return Settings(step, rtol, atol, coordinates, directions)


def _check_call(f: Any, gradient: Any, vjp: Any, order: int) -> None:
    """Refuse what contradicts itself."""
    if isinstance(f, type) and issubclass(f, Op):
        raise GraphError(f"{f.__name__} is a class of ops", fix=f"give an op: {f.__name__}()")
    for role, function in {"f": f, "gradient": gradient, "vjp": vjp}.items():
        if not callable(function) and (function is not None or role == "f"):
            raise GraphError(
                f"{role} is no function but a {type(function).__name__}",
                fix=f"pass the function itself, without calling it: {role}, not {role}(...)",
            )
    if gradient is not None and vjp is not None:
        raise OptionError(
            "both gradient and vjp are given",
            fix="give gradient= for a function that returns a number, vjp= for any other",
        )
    if not isinstance(order, int) or order < 1:
        raise OptionError(f"order={order!r} is not known", fix="it is 1, 2, ...")
    if order > 1 and (gradient is not None or vjp is not None):
        raise OptionError(
            f"order={order} cannot be checked for a plain function",
            fix="check its gradient as a function of its own, with vjp= for its derivative",
        )


def _check_orders(
    function: NodeFunction, order: int, settings: Settings, rng: np.random.Generator
) -> list[InputCheck]:
    """Check the derivatives of each order up to this one."""
    __tracebackhide__ = True
    checks = []
    for k in range(1, order + 1):
        subject = function.subject(k)
        if subject is None:  # 0 by construction, as order 1 has shown
            break
        found, finding = compare(subject, settings, rng)
        if finding is not None:
            raise _failure(function, finding, settings, k)
        differing = _readings(subject, settings)
        if differing is not None:
            raise readings_differ(differing, function.output)
        checks += found
    return checks


def _failure(
    function: NodeFunction, finding: Finding, settings: Settings, order: int
) -> GradientMismatch:
    """Look for the guilty node, and put the failure together."""
    if isinstance(function.f, Op):
        return mismatch(finding, kind="op", output=function.output)

    def check(node: Node) -> None:
        values = [x.value for x in node.inputs]
        chosen = [i for i, x in enumerate(node.inputs) if is_moved(x.value) and x._active]
        names = [x.label for x in node.inputs]
        rng = np.random.default_rng(0)
        local = NodeFunction(node.op, values, values, names, chosen, rng)  # pyright: ignore
        _check_orders(local, order, replace(settings, step=None), rng)

    guilty = find_guilty(function.output, check)
    return mismatch(finding, kind="graph", output=function.output, guilty=guilty)


def _readings(subject: Subject, settings: Settings) -> Finding | None:
    """Compare the gradients on arrays with those as a graph."""
    for i, (array, graph) in enumerate(zip(subject.claimed, subject.scaled(1.0), strict=True)):
        zeros = np.zeros_like(subject.values[i])
        a, b = (zeros if x is None else x for x in (array, graph))
        allowed = 1e3 * np.finfo(a.dtype).eps * (np.abs(a) + np.abs(a).max(initial=0))
        off = np.abs(a - b)
        if not (off <= allowed).all():
            n = int(np.argmax(np.nan_to_num(off - allowed, nan=np.inf)))
            index = tuple(map(int, np.unravel_index(n, a.shape)))
            yours, expected = float(b[index]), float(a[index])
            return Finding(
                subject, i, index, yours, expected, float(allowed[index]), 0.0, "backward", None
            )
    return None
