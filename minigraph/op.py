"""Op: what turns values into a value, with one rule forward and one backward."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

import numpy as np

from minigraph import errors, leaves
from minigraph.arrays import NUMPY, QUIET
from minigraph.errors import MinigraphError, describe, user_site
from minigraph.facts import Fact
from minigraph.node import Node


def _no_forward(self: Op, *_: Any) -> NoReturn:
    raise _unwritten("forward")


def _no_backward(self: Op, *_: Any) -> NoReturn:
    raise _unwritten("backward")


def _unwritten(rule: str) -> Exception:
    """Return what is raised for a rule that an op does not write."""
    return errors.GradientError(
        f"the op has no {rule}", fix=f"write its method {rule}: see the example of mg.Op"
    )


@dataclass(frozen=True)
class Op:
    """A function of arrays, and its vector-Jacobian product.

    Subclass it as a frozen dataclass whose fields are the op's parameters (``axis``, ...), and
    write two rules against the array API standard: they get the namespace ``xp`` of whatever
    they run on, be it NumPy arrays, Nodes, or the arrays of another library.

    * ``forward(xp, *inputs)`` returns the output.
    * ``backward(xp, cotangent, output, *inputs)`` returns a tuple with one cotangent per input:
      ∂L/∂input = ∂L/∂output · ∂output/∂input. An entry may be None (no gradient flows there), or
      a function without arguments that computes it, called only if somebody needs it.

    Both are pure: they write to none of their arguments. Broadcasting is undone, and dtypes are
    matched, by the engine.

    Attributes
    ----------
    saves : bool
        If True, ``forward`` returns a tuple: the output, then what ``backward`` would otherwise
        compute again. ``backward`` gets the same tuple as its ``output``.
    elementwise : bool
        Whether an entry of the output depends on the entries in its place alone. Where such an op
        gets a cotangent of 0, its input gets 0, even if its slope there is infinite or nan: so
        nothing leaks from the branch that ``where`` did not take.
    promotes : slice
        Which inputs' dtypes a Python number among them takes: all of them, if the op says nothing.
    check : callable or None
        If a method, it is called with the inputs' NumPy values before ``forward``, and raises
        a `minigraph.errors.MinigraphError` for values that the op cannot take.
    remedy : str
        What to do when the op gives inf or nan: the advice of `NonFiniteWarning`.
    notation : str
        How the op is written, a "{}" for each input: "{} + {}". Default: its name. A field that is
        a part of it says so in its metadata: ``field(metadata={"in notation": True})``.
    facts : tuple of Fact
        What is true of the output for any real inputs, such as ``Positive()``: for `derive`.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import minigraph as mg
    >>> @dataclass(frozen=True)
    ... class Cube(mg.Op):
    ...     def forward(self, xp, x):
    ...         return x * x * x
    ...
    ...     def backward(self, xp, cotangent, output, x):
    ...         return (3 * x * x * cotangent,)
    >>> x = mg.parameter(2.0, name="x")
    >>> y = Cube()(x)
    >>> y.backward()
    >>> float(y), float(x.grad)
    (8.0, 12.0)
    >>> float(mg.grad(mg.grad(y, x), x))
    12.0
    """

    __slots__ = ()

    saves: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False
    promotes: ClassVar[slice] = slice(None)
    remedy: ClassVar[str] = "look at the values of its inputs"
    notation: ClassVar[str] = ""
    facts: ClassVar[tuple[Fact, ...]] = ()
    check = None

    forward: ClassVar[Callable[..., Any]] = _no_forward
    backward: ClassVar[Callable[..., tuple[Any, ...]]] = _no_backward

    @property
    def label(self) -> str:
        """The op's name in pictures and messages."""
        return type(self).__name__

    def __call__(self, *inputs: Any) -> Node:
        """Apply the op: compute the value now, and return it as a Node of the graph."""
        return apply(self, inputs)

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        """Say why these shapes do not fit, and what would help; None if it is not the shapes.

        Asked only after ``forward`` failed. The default speaks of broadcasting.
        """
        for back in range(1, max((len(s) for s in shapes), default=0) + 1):
            sizes = sorted({s[-back] for s in shapes if len(s) >= back} - {1})
            if len(sizes) > 1:
                return (
                    f"the shapes {' and '.join(map(str, shapes))} do not broadcast: "
                    f"axis {-back} has length {sizes[0]} in one and {sizes[1]} in the other",
                    "give that axis the same length in both, or length 1 in one of them "
                    "(see mg.reshape, mg.broadcast_to and .T)",
                )
        for shape in shapes:
            if 0 in shape:
                return f"shape {shape} has no entries", "give at least one entry along each axis"
        return None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # IPython and hypothesis would list the class's attributes

    def on(self, xp: Any, *inputs: Any) -> Any:
        """Apply the op inside another op's rule: a node among Nodes, plain values elsewhere."""
        if type(inputs[0]) is Node:
            return self(*inputs)
        output = self.forward(xp, *inputs)
        return output[0] if self.saves else output


def apply(op: Op, inputs: tuple[Any, ...]) -> Node:
    """Apply an op: the body of its call, and of a Node's operators.

    It runs for every node, so each line is the quickest way to say it.
    """
    for x in inputs:
        if type(x) is not Node:
            inputs = leaves.lift(op, inputs)
            break
    try:
        if op.check is not None:
            op.check(*[x._value for x in inputs])
        # Most ops take one input or two: unpacking them by name spares a quarter of the time.
        if len(inputs) == 2:
            a, b = inputs
            value = _quiet().run(op.forward, NUMPY, a._value, b._value)
        elif len(inputs) == 1:
            value = _quiet().run(op.forward, NUMPY, inputs[0]._value)
        else:
            value = _quiet().run(op.forward, NUMPY, *[x._value for x in inputs])
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise explain(op, inputs, [x._value for x in inputs], error) from (
            None if type(op).__module__.startswith("minigraph.") else error
        )
    saved = ()
    if op.saves:
        value, *saved = value
    if type(value) is not _ndarray or value.dtype.kind not in "biuf":
        value = _as_array(op, inputs, value)
    # write=False, which by its name takes twice the time.
    value.setflags(False)  # pyright: ignore[reportCallIssue]
    return Node(value, op, inputs, saved, user_site(3))


_quiet, _ndarray = QUIET.copy, np.ndarray


@dataclass(frozen=True)
class Composite(Op):
    """An op whose ``forward`` is written in other ops: one node, which `expand` opens."""


def _as_array(op: Op, inputs: tuple[Node, ...], value: Any) -> np.ndarray:
    """Return a forward's value as an array: a NumPy scalar, or a mistake in a user's op."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise errors.DTypeError(
            f"the forward of {op!r} returned a {type(value).__name__}, not an array of numbers",
            nodes=inputs,
            fix="return the output: an array, or for an op that saves a tuple of them",
        )
    return array


def raise_lacking(node: Node, xp: Any, error: AttributeError) -> NoReturn:
    """Raise a lesson on the function that an array library lacks, and the op that wants it."""
    found = re.match(r"module '.*' has no attribute '(\w+)'", str(error))
    if found is None or hasattr(xp, found[1]):
        raise error  # of something else
    raise errors.GraphError(
        f"{node.label}: {xp.__name__} has no function {found[1]}, which {node.op!r} uses",
        nodes=(*node.inputs, node),
        site=node._site,
        fix="write the op's rules with functions that the library has, or run the graph on "
        "NumPy arrays",
    ) from error


def explain(op: Op, inputs: Sequence[Node], values: Sequence[Any], error: Exception) -> Exception:
    """Turn what an op's forward raised into a lesson about the op, its nodes and their shapes."""
    nodes = [
        node if value is node._value else describe(node, value)
        for node, value in zip(inputs, values, strict=True)
    ]
    fix = ""
    try:
        inspect.signature(op.forward).bind(NUMPY, *values)
    except TypeError:
        takes = len(inspect.signature(op.forward).parameters) - 1
        kind, what = errors.GraphError, f"takes {takes} input(s), got {len(inputs)}"
    else:
        if isinstance(error, MinigraphError):
            kind, (what, fix) = type(error), error.args
        elif isinstance(error, np.exceptions.AxisError):
            kind, what = errors.AxisError, str(error)
            fix = "axes count from 0, or from -1 backwards"
        elif isinstance(error, IndexError) and "broadcast" not in str(error):
            kind, what = errors.AxisError, str(error)
            fix = "indices count from 0, or from -1 backwards; a mask has its array's shape"
        elif isinstance(error, TypeError | OverflowError) and "shape" not in str(error):
            kind, what = errors.DTypeError, str(error)
            fix = "use inputs of a dtype that the op takes: value.astype(float)"
        elif found := op.mismatch(*(np.shape(value) for value in values)):
            kind, (what, fix) = errors.ShapeError, found
        else:
            kind, what = errors.InputError, str(error)
            fix = "look at the op's parameters and at the values of its inputs"
    return kind(f"{op.label}: {what}", nodes=nodes, fix=fix)
