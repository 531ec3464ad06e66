"""A plain function of arrays with its hand-written gradient: a student's exercise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minigraph.errors import InputError
from minigraph.node import Node
from minigraph.testing.arguments import listed, shapes_of, title_of
from minigraph.testing.conduct import check_gradient_array, check_unwritten, check_value
from minigraph.testing.mismatch import GradientMismatch
from minigraph.testing.subject import Subject, random_cotangent, same_bits, widened


def plain_subject(
    f: Callable[..., Any],
    inputs: Sequence[Any],
    names: list[str],
    chosen: list[int],
    gradient: Callable[..., Any] | None,
    vjp: Callable[..., Any] | None,
    rng: np.random.Generator,
) -> Subject:
    """Call f and its gradient at the point, see how they behave, and return what to compare."""
    __tracebackhide__ = True
    title = title_of(f)
    value = _value(f, title, inputs, names)
    if gradient is not None:
        if value.size != 1:
            raise InputError(
                f"{title} returned shape {value.shape}; a gradient is one of a scalar",
                "reduce it in f (np.sum, np.mean), or give vjp=, which is called as "
                f"vjp(cotangent, {', '.join(names)}) and returns the cotangents of the inputs",
            )
        cotangent, what, pull = np.ones(value.shape), title_of(gradient), gradient
        what = "gradient" if what == "f" else what
        claimed = _claimed(what, pull, (), inputs, names, chosen)
    else:
        assert vjp is not None
        cotangent = random_cotangent(rng, value.shape, value.dtype)
        what, pull = ("vjp" if title_of(vjp) == "f" else title_of(vjp)), vjp
        claimed = _claimed(what, pull, (cotangent,), inputs, names, chosen)
    kept = [i for i, part in zip(chosen, claimed, strict=True) if part is not None]
    if not kept:
        raise InputError(
            f"{what} returned None for {' and '.join(names[i] for i in chosen)}: there is nothing "
            "to compare",
            "return the derivative by at least one input",
        )

    def project(moved: list[np.ndarray]) -> Any:
        __tracebackhide__ = True
        arguments = _copies(inputs)
        for i, x in zip(kept, moved, strict=True):
            arguments[i] = np.array(x)
        return np.sum(cotangent * f(*arguments)).item()

    def scaled(factor: float) -> list[np.ndarray | None]:
        if gradient is not None:  # it has no cotangent
            return [factor * x for x in claimed if x is not None]
        parts = _parts(what, pull(factor * cotangent, *_copies(inputs)), inputs, names, chosen)
        return [x for x in parts if x is not None]

    values = [inputs[i] for i in kept]
    wide = _copies(inputs)
    for i in kept:
        wide[i] = widened(inputs[i])
    precise = np.asarray(f(*wide))
    eps = np.finfo(precise.dtype).eps if precise.dtype.kind == "f" else np.finfo(float).eps
    return Subject(
        title=title,
        order=1,
        names=[names[i] for i in kept],
        values=values,
        claimed=[part for part in claimed if part is not None],
        cotangent=cotangent,
        project=project,
        size=float(np.abs(cotangent * value).sum()),
        eps=max(float(eps), float(np.finfo(float).eps)),
        scaled=scaled,
        shapes=shapes_of(inputs, names),
        analytic=True,
    )


def _copies(inputs: Sequence[Any]) -> list[Any]:
    return [x.copy() if isinstance(x, np.ndarray) else x for x in inputs]


def _value(f: Any, title: str, inputs: Sequence[Any], names: list[str]) -> np.ndarray:
    """Call f twice: it writes to no input, and returns the same finite numbers."""
    __tracebackhide__ = True
    values = []
    for _ in range(2):
        arguments = _copies(inputs)
        value = f(*arguments)
        if isinstance(value, Node):
            raise InputError(
                f"{title} returned a Node, not numbers",
                "for a function of Nodes leave out gradient= and vjp=: then minigraph's own "
                "gradient is checked",
            )
        check_unwritten(title, arguments, inputs, names)
        array = np.array(value)
        if array.dtype.kind not in "biuf":
            raise InputError(
                f"{title} returned a {type(value).__name__}, not numbers",
                "return a number or an array",
            )
        values.append(array)
    lines = [listed(name, x) for name, x in zip(names, inputs, strict=True)]
    check_value(title, values[0], values[1], lines)
    return values[0]


def _claimed(
    what: str, pull: Any, seed: tuple[Any, ...], inputs: Any, names: Any, chosen: list[int]
) -> list[np.ndarray | None]:
    """Call the gradient twice, and see how it behaves."""
    __tracebackhide__ = True
    calls = []
    for _ in range(2):
        given, arguments = [np.array(x) for x in seed], _copies(inputs)
        returned = pull(*given, *arguments)
        check_unwritten(what, arguments, inputs, names)
        check_unwritten(what, given, seed, ["cotangent"] * len(seed))
        parts = _parts(what, returned, inputs, names, chosen)
        for i, part in zip(chosen, parts, strict=True):
            for name, x in zip(names, arguments, strict=True):
                if part is not None and isinstance(x, np.ndarray) and np.shares_memory(part, x):
                    raise GradientMismatch(
                        f"the gradient by {names[i]} that {what} returned shares its memory with "
                        f"the input {name}: who changes one changes the other",
                        "return a copy: .copy()",
                        input=names[i],
                    )
        calls.append(parts)
    for i, part, again in zip(chosen, *calls, strict=True):
        if part is not None and not same_bits(part, again):
            raise GradientMismatch(
                f"{what} is not deterministic: two calls at the same point give different "
                f"gradients by {names[i]}",
                "it is to depend on its arguments alone, and to keep nothing from call to call",
                input=names[i],
            )
    return calls[0]


def _parts(
    what: str, returned: Any, inputs: Any, names: list[str], chosen: list[int]
) -> list[np.ndarray | None]:
    """Return what was returned as one gradient for each chosen input."""
    if not isinstance(returned, tuple):
        if len(chosen) > 1:
            raise GradientMismatch(
                f"{what} returned one gradient, but there are {len(chosen)} inputs of floats: "
                + ", ".join(names[i] for i in chosen),
                f"return a tuple with one for each of the {len(inputs)} inputs (None for one that "
                f"is not to be compared), or name what to compare: wrt={names[chosen[0]]!r}",
            )
        parts: dict[int, Any] = {chosen[0]: returned}
    elif len(returned) == len(inputs):
        parts = dict(enumerate(returned))
    elif len(returned) == len(chosen):
        parts = dict(zip(chosen, returned, strict=True))
    else:
        raise GradientMismatch(
            f"{what} returned {len(returned)} gradients for {len(inputs)} inputs: "
            + ", ".join(names),
            "return a tuple with one for each input, in their order; None for data",
        )
    return [_checked(what, parts[i], names[i], inputs[i]) for i in chosen]


def _checked(what: str, part: Any, name: str, x: np.ndarray) -> np.ndarray | None:
    """Return a gradient, if it has its input's shape and dtype and is finite."""
    if part is None:
        return None
    array = np.asarray(part)
    if array.dtype.kind not in "biuf":
        raise GradientMismatch(
            f"{what} returned a {type(part).__name__} for {name}, not an array of numbers",
            f"return an array of shape {x.shape}",
            input=name,
        )
    check_gradient_array(f"the gradient by {name} that {what} returned", array, name, x)
    return array
