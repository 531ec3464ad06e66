"""Leaves: the nodes that a graph starts from, parameters, constants and targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.errors import (
    DTypeError,
    GraphError,
    LabelError,
    MinigraphError,
    ShapeError,
    user_site,
)
from minigraph.facts import OneHot, checked
from minigraph.node import FLOATING, Node

if TYPE_CHECKING:
    from minigraph.op import Op


def _leaf(value: Any, kind: str, name: str | None, copy: bool, facts: Any = ()) -> Node:
    if type(value) is not np.ndarray or value.dtype.char not in "fd" or not value.dtype.isnative:
        value, copy = _as_array(value, kind, name, copy), False
    array = value.copy() if copy else value.view()
    array.setflags(write=False)
    # An op saves for its backward; what a leaf keeps beside its value are the facts of it.
    known = checked(facts, array, _called(kind, name)) if facts else ()
    node = Node(array, None, (), known, user_site(3))
    node._kind = kind
    node._active = kind == "parameter"
    return node if name is None else node.named(name)


def _called(kind: str, name: str | None) -> str:
    return f"a {kind}" + (f" {name!r}" if name else "")


def _as_array(value: Any, kind: str, name: str | None, copy: bool) -> np.ndarray:
    """Return what was given for a leaf as an array of real numbers, or say what is wrong."""
    what = _called(kind, name)

    def refuse(error: type[MinigraphError], problem: str, fix: str) -> Exception:
        return error(f"{what} {problem}", fix=fix)

    if callable(getattr(value, "forward", None)):
        name = value.__name__ if isinstance(value, type) else type(value).__name__
        raise refuse(GraphError, f"was given the op {name}", f"apply it to nodes: {name}(...)(x)")
    if isinstance(value, Node):
        raise refuse(GraphError, "was given a Node", "pass node.value to start a new graph with it")
    library = type(value).__module__.partition(".")[0]
    if isinstance(value, np.ma.MaskedArray):
        raise refuse(GraphError, "was given a masked array", "fill it: value.filled(...)")
    if (hasattr(value, "__array_namespace__") and library != "numpy") or library in _FOREIGN:
        raise refuse(
            GraphError,
            f"was given an array of {library}, but Nodes hold NumPy arrays",
            "pass np.asarray(value), or run the graph on it with mg.function",
        )
    try:
        array = np.array(value, copy=True if copy else None)
    except ValueError:
        raise refuse(
            ShapeError, "was given rows of different lengths", "make all rows equally long"
        ) from None
    if array.dtype.kind not in "biuf":
        raise refuse(
            DTypeError,
            f"was given values of dtype {array.dtype}",
            "values are real numbers or booleans",
        )
    if kind == "parameter" and array.dtype.kind != FLOATING:
        raise refuse(
            DTypeError,
            f"has dtype {array.dtype}, but gradients need floating-point numbers",
            "write 1.0 instead of 1, or pass value.astype(float)",
        )
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


_FOREIGN = {"torch", "tensorflow", "dask"}


def parameter(value: Any, name: str | None = None, *, copy: bool = True) -> Node:
    """Make a leaf that training changes: gradients flow to it.

    Parameters
    ----------
    value : array_like of float
        Copied, unless ``copy`` is False.
    name : str, optional
        Its symbol, such as "θ".
    copy : bool
        False keeps a read-only view of ``value`` instead: then nobody may write to it.

    Raises
    ------
    DTypeError
        If the values are not floating-point numbers.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ").shape
    (2, 2)
    """
    return _leaf(value, "parameter", name, copy)


def constant(value: Any, name: str | None = None, *, copy: bool = True, facts: Any = ()) -> Node:
    """Make a leaf that holds data: no gradient flows to it, unless `grad` is asked for it.

    Parameters
    ----------
    value : array_like of float, int or bool
        Copied, unless ``copy`` is False.
    name : str, optional
        Its symbol, such as "x".
    copy : bool
        False keeps a read-only view of ``value`` instead: then nobody may write to it.
    facts : Fact or sequence of Fact
        What `minigraph.derive` may take for granted of it, such as ``SumsToOne(axis=0)``.

    Raises
    ------
    InputError
        If a fact is not so.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.constant([[1.0], [1.4]], name="x").shape
    (2, 1)
    """
    return _leaf(value, "constant", name, copy, facts)


def one_hot(
    labels: Any,
    classes: int | Sequence[Any] | None = None,
    axis: int = -1,
    name: str | None = None,
) -> Node:
    """Make the targets of a classification: a 1 at each label's class, 0 elsewhere.

    Parameters
    ----------
    labels : array_like of int or str, shape (...)
        The label of each example.
    classes : int or sequence, optional
        An int k stands for the labels 0..k−1; a sequence lists the labels in the order of the
        classes, as [1, 2, 3]. Default: the distinct labels, sorted.
    axis : int
        Where the axis of the classes goes: −1 gives rows (m, k), 0 the lecture's columns (k, m).
    name : str, optional
        Its symbol, such as "y".

    Raises
    ------
    LabelError
        If a label is none of the classes, or labels are not integers (or names of classes).

    Notes
    -----
    With the lecture's δ, y_i = δ(i, label) (slide "Loss function").

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.one_hot([1, 3], classes=[1, 2, 3], axis=0).value
    array([[1., 0.],
           [0., 0.],
           [0., 1.]])
    """

    def refuse(problem: str, fix: str) -> LabelError:
        return LabelError(f"one_hot: {problem}", fix=fix)

    try:
        given = np.asarray(labels.value if isinstance(labels, Node) else labels)
    except ValueError:
        raise refuse("labels are in rows of different lengths", "make the rows equal") from None
    if given.dtype.kind not in "iuUS":
        raise refuse(
            f"labels are integers or strings, not {given.dtype}",
            "labels.astype(int), if they are whole numbers",
        )
    if classes is None:
        known = np.unique(given)
    elif isinstance(classes, int | np.integer):
        known = np.arange(classes)
    else:
        known = np.asarray(classes)
    if known.ndim != 1 or len(np.unique(known)) != known.size:
        raise refuse(f"classes {classes!r} are not distinct labels", "list each label once")
    if not -given.ndim - 1 <= axis <= given.ndim:
        raise refuse(
            f"axis {axis} is out of range for labels of shape {given.shape}", "use 0 or -1"
        )
    hits = np.expand_dims(given, axis) == known.reshape(
        [-1 if i == axis % (given.ndim + 1) else 1 for i in range(given.ndim + 1)]
    )
    found = hits.any(axis=axis)
    if not found.all():
        stranger = given[~found].flat[0]
        raise refuse(
            f"label {stranger} is none of the classes {known.tolist()}",
            "labels count from 0 for classes=k; pass the list of labels otherwise, as [1, 2, 3]",
        )
    # Booleans would do, but a picture is to show numbers; the loss takes its predictions' dtype.
    known = OneHot(axis % hits.ndim)
    return _leaf(hits.astype(np.float64), "target", name, copy=False, facts=(known,))


def lift(op: Op, inputs: tuple[Any, ...]) -> tuple[Node, ...]:
    """Make Nodes of an op's inputs; Python numbers take the dtype of the others, as in NumPy."""
    nodes = []
    for x in inputs:
        if type(x) is float or type(x) is int:
            x = _number(op, x, inputs)
        elif type(x) is not Node:
            x = _leaf(x, "constant", None, copy=True)
        nodes.append(x)
    return tuple(nodes)


def _number(op: Op, x: float, inputs: tuple[Any, ...]) -> Node:
    """Make a leaf of a Python number, in the dtype of the inputs beside it."""
    typed = (Node, np.ndarray, np.generic)  # as a union of types they would be slow to look in
    beside = [other for other in inputs[op.promotes] if isinstance(other, typed)]
    if len(beside) == 1 and beside[0].dtype.kind == FLOATING:
        dtype = beside[0].dtype  # as nearly always; asking NumPy takes longer than the op
    else:
        dtype = np.result_type(x, *(other.dtype for other in beside))
    try:
        array = np.asarray(x, dtype)
    except OverflowError:
        raise DTypeError(
            f"{op.label}: {x if abs(x) < 1e20 else 'a huge integer'} does not fit into {dtype}",
            fix="make the leaf of floats: value.astype(float)",
        ) from None
    array.setflags(write=False)
    node = Node(array, None, (), (), user_site(5))
    # Beside numbers alone there is nothing to be weak against.
    weak = beside or any(isinstance(other, typed) for other in inputs)
    node._kind = "scalar" if weak else "constant"
    return node
