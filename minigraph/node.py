"""Node: one value in the computational graph."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.errors import (
    DTypeError,
    GraphError,
    LabelError,
    ShapeError,
    Site,
    lesson,
    numpy_user_site,
    user_site,
)

if TYPE_CHECKING:
    from minigraph.op import Op

FLOATING = "f"


class Node:
    """One value in the graph, and how it came about.

    Nodes are made by `parameter`, `constant` and `one_hot` (the leaves) and by applying ops to
    them. A Node is immutable, but for its ``name`` and its ``grad``.

    Attributes
    ----------
    value : numpy.ndarray
        The value, read-only.
    op : Op or None
        The op that made it; None for a leaf.
    inputs : tuple of Node
        What the op was applied to; empty for a leaf.
    kind : {"parameter", "constant", "target", "scalar", None}
        What sort of leaf it is ("scalar": a Python number in an expression); None if not a leaf.
    name : str or None
        Its symbol in pictures, formulas and messages.
    grad : numpy.ndarray or None
        The gradient that the last ``backward()`` computed; None where none was computed.
    source : Node or None
        For a node of a gradient graph: the forward node that it belongs to.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> y = mg.sum(x * x).named("y")
    >>> y
    <Node 'y': Sum(axis=None, keepdims=False) of Multiply → 5.>
    >>> y.backward()
    >>> x.grad
    array([2., 4.])
    """

    __slots__ = (
        "__weakref__",
        "_active",
        "_inputs",
        "_kind",
        "_op",
        "_saved",
        "_site",
        "_source",
        "_value",
        "grad",
        "name",
    )

    def __init__(
        self,
        value: np.ndarray,
        op: Op | None,
        inputs: tuple[Node, ...],
        saved: Sequence[Any],
        site: Site,
    ) -> None:
        self._value = value
        self._op = op
        self._inputs = inputs
        self._saved = saved
        self._site = site
        self._kind: str | None = None
        self._source: Node | None = None
        self.name: str | None = None
        self.grad: np.ndarray | None = None
        # Active: a gradient flows here, since it depends on a parameter and is a float.
        for node in inputs:
            if node._active:
                self._active = value.dtype.kind == FLOATING
                return
        self._active = False

    value = property(operator.attrgetter("_value"), doc="The value: a read-only array.")
    op = property(operator.attrgetter("_op"), doc="The op that made the node, or None.")
    inputs = property(operator.attrgetter("_inputs"), doc="The nodes that the op was applied to.")
    kind = property(operator.attrgetter("_kind"), doc="What sort of leaf the node is, or None.")
    source = property(operator.attrgetter("_source"), doc="The forward node of a gradient's node.")

    shape = property(operator.attrgetter("_value.shape"), doc="The lengths of the value's axes.")
    dtype = property(operator.attrgetter("_value.dtype"), doc="The value's dtype.")
    ndim = property(operator.attrgetter("_value.ndim"), doc="How many axes the value has.")
    size = property(operator.attrgetter("_value.size"), doc="How many entries the value has.")

    def named(self, name: str | None) -> Node:
        """Set the node's name, and return the node.

        Parameters
        ----------
        name : str or None
            Any text; it is never interpreted.
        """
        if name is not None and not isinstance(name, str):
            raise GraphError(lesson(f"a name is text, not {type(name).__name__}", site=user_site()))
        self.name = name
        return self

    def backward(self) -> None:
        """Compute ∂self/∂node for every node that self depends on, into their ``grad``.

        Nothing accumulates across calls: each sets the gradients anew.

        Raises
        ------
        GradientError
            If self is no scalar, or depends on no parameter.

        See Also
        --------
        minigraph.grad : gradients as a graph, of any output, for chosen nodes.
        """
        autodiff.backward(self)

    # What a Node is as a Python object

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        value = self._value
        if value.size > 12:
            shown = f"shape {value.shape}, {value.dtype}"
        else:
            shown = np.array2string(value, precision=6, separator=", ")
            shown = " ".join(shown.split())
        made = f"{self._op!r} of " if self._op else f"{self._kind} "
        made += ", ".join(node.name or node.label for node in self._inputs)
        return f"<Node{name}: {made.strip()} → {shown}>"

    @property
    def label(self) -> str:
        """What to call the node: its name, else its op's, else what sort of leaf it is."""
        if self.name is not None:
            return self.name
        if self._op is not None:
            return self._op.label
        return str(self._value[()]) if self._kind == "scalar" else str(self._kind)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise GraphError(
                lesson(
                    f"the truth of a node of shape {self.shape} is ambiguous",
                    nodes="  " + describe(self),
                    site=user_site(),
                    fix="compare one entry, or reduce .value with .all() or .any()",
                )
            )
        return bool(self._value.item())

    def __float__(self) -> float:
        if self.size != 1:
            raise GraphError(
                lesson(
                    f"only a node of one entry is a float; this one has shape {self.shape}",
                    nodes="  " + describe(self),
                    site=user_site(),
                )
            )
        return float(self._value.item())

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise GraphError(
            lesson(
                "a Node was given where a NumPy array is needed",
                nodes="  " + describe(self),
                site=numpy_user_site(),
                fix="use node.value for the array, or minigraph's function of the same name "
                "to stay in the graph",
            )
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Node:
        """Make ``np.exp(node)`` and ``array * node`` a node, by minigraph's op of that name."""
        function = getattr(namespace, _UFUNCS.get(ufunc.__name__, ufunc.__name__), None)
        if function is None or method != "__call__" or options:
            raise GraphError(
                lesson(
                    f"np.{ufunc.__name__} in this form has no counterpart in minigraph",
                    nodes="\n".join("  " + describe(x) for x in inputs if isinstance(x, Node)),
                    site=numpy_user_site(),
                    fix="use a function of minigraph, or node.value for the array",
                )
            )
        return function(*inputs)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Return minigraph's namespace, through which an op's rule reads as a graph."""
        return namespace

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        from minigraph.draw import notebook_bundle

        return notebook_bundle(self, include, exclude)

    # The operators, each an op

    def __add__(self, other: Any) -> Node:
        return namespace.add(self, other)

    def __radd__(self, other: Any) -> Node:
        return namespace.add(other, self)

    def __sub__(self, other: Any) -> Node:
        return namespace.subtract(self, other)

    def __rsub__(self, other: Any) -> Node:
        return namespace.subtract(other, self)

    def __mul__(self, other: Any) -> Node:
        return namespace.multiply(self, other)

    def __rmul__(self, other: Any) -> Node:
        return namespace.multiply(other, self)

    def __truediv__(self, other: Any) -> Node:
        return namespace.divide(self, other)

    def __rtruediv__(self, other: Any) -> Node:
        return namespace.divide(other, self)

    def __pow__(self, other: Any) -> Node:
        return namespace.pow(self, other)

    def __rpow__(self, other: Any) -> Node:
        return namespace.pow(other, self)

    def __matmul__(self, other: Any) -> Node:
        return namespace.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Node:
        return namespace.matmul(other, self)

    def __neg__(self) -> Node:
        return namespace.negative(self)

    def __pos__(self) -> Node:
        return self

    # As in NumPy, comparisons go entry by entry; nodes are still told apart, and hashed, by what
    # they are, so sets and dicts of nodes work.
    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> Node:  # pyright: ignore[reportIncompatibleMethodOverride]
        return namespace.equal(self, other)

    def __ne__(self, other: Any) -> Node:  # pyright: ignore[reportIncompatibleMethodOverride]
        return namespace.not_equal(self, other)

    def __lt__(self, other: Any) -> Node:
        return namespace.less(self, other)

    def __le__(self, other: Any) -> Node:
        return namespace.less_equal(self, other)

    def __gt__(self, other: Any) -> Node:
        return namespace.greater(self, other)

    def __ge__(self, other: Any) -> Node:
        return namespace.greater_equal(self, other)

    @property
    def mT(self) -> Node:  # noqa: N802 (the array API's name)
        """The matrix transpose: the last two axes swapped."""
        return namespace.matrix_transpose(self)

    @property
    def T(self) -> Node:  # noqa: N802 (the array API's name)
        """The transpose: all axes reversed."""
        if self.ndim == 2:
            return namespace.matrix_transpose(self)
        return namespace.permute_dims(self, tuple(reversed(range(self.ndim))))


_UFUNCS = {"true_divide": "divide", "power": "pow"}


def describe(node: Node, value: Any = None) -> str:
    """Return the line of an error message that names a node, its shape and its dtype."""
    value = node._value if value is None else value
    shape, dtype = getattr(value, "shape", ()), getattr(value, "dtype", type(value).__name__)
    return f"{node.label}  shape {tuple(shape)}, {dtype}"


# Leaves


def _leaf(value: Any, kind: str, name: str | None, copy: bool) -> Node:
    if type(value) is not np.ndarray or value.dtype.char not in "fd" or not value.dtype.isnative:
        value, copy = _as_array(value, kind, name, copy), False
    array = value.copy() if copy else value.view()
    array.setflags(write=False)
    node = Node(array, None, (), (), user_site())
    node._kind = kind
    node._active = kind == "parameter"
    return node if name is None else node.named(name)


def _as_array(value: Any, kind: str, name: str | None, copy: bool) -> np.ndarray:
    """Return what was given for a leaf as an array of real numbers, or say what is wrong."""
    site = user_site()
    what = f"a {kind}" + (f" {name!r}" if name else "")

    def refuse(error: type[Exception], problem: str, fix: str) -> Exception:
        return error(lesson(f"{what} {problem}", site=site, fix=fix))

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


def constant(value: Any, name: str | None = None, *, copy: bool = True) -> Node:
    """Make a leaf that holds data: no gradient flows to it, unless `grad` is asked for it.

    Parameters
    ----------
    value : array_like of float, int or bool
        Copied, unless ``copy`` is False.
    name : str, optional
        Its symbol, such as "x".
    copy : bool
        False keeps a read-only view of ``value`` instead: then nobody may write to it.

    Examples
    --------
    >>> import minigraph as mg
    >>> mg.constant([[1.0], [1.4]], name="x").shape
    (2, 1)
    """
    return _leaf(value, "constant", name, copy)


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
        return LabelError(lesson(f"one_hot: {problem}", site=user_site(), fix=fix))

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
    return _leaf(hits.astype(np.float64), "target", name, copy=False)


def lift(op: Op, inputs: tuple[Any, ...]) -> tuple[Node, ...]:
    """Make Nodes of an op's inputs; Python numbers take the dtype of the others, as in NumPy."""
    dtypes = [x.dtype for x in inputs if isinstance(x, Node | np.ndarray | np.generic)]
    nodes = []
    for x in inputs:
        if type(x) is int or type(x) is float:
            try:
                array = np.asarray(x, dtype=np.result_type(x, *dtypes))
            except OverflowError:
                raise DTypeError(
                    lesson(
                        f"{op.label}: {x if abs(x) < 1e20 else 'a huge integer'} does not fit "
                        f"into {np.result_type(*dtypes) if dtypes else 'any dtype'}",
                        site=user_site(),
                        fix="make the leaf of floats: value.astype(float)",
                    )
                ) from None
            array.setflags(write=False)
            node = Node(array, None, (), (), user_site())
            # Beside numbers alone there is nothing to be weak against.
            node._kind = "scalar" if dtypes else "constant"
        else:
            node = x if type(x) is Node else _leaf(x, "constant", None, copy=True)
        nodes.append(node)
    return tuple(nodes)


# The operators are ops, and ops make Nodes: here the circle closes.
from minigraph import autodiff, namespace  # noqa: E402
