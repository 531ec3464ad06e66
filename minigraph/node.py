"""Node: one value in the computational graph."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from minigraph.errors import (
    GraphError,
    MissingError,
    Site,
    numpy_user_site,
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
        For a node that a rule made: the forward node that it belongs to in a gradient's graph,
        the composite in an expanded one.

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
        "_at",
        "_code",
        "_gradient",
        "_inputs",
        "_kind",
        "_op",
        "_saved",
        "_shared",
        "_source",
        "_value",
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
        self._code, self._at = site
        self._kind: str | None = None
        self._source: Node | None = None
        self.name: str | None = None
        self._gradient: Any = None
        self._shared = False
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
    source = property(operator.attrgetter("_source"), doc="The node whose rule made this one.")

    shape = property(operator.attrgetter("_value.shape"), doc="The lengths of the value's axes.")
    dtype = property(operator.attrgetter("_value.dtype"), doc="The value's dtype.")
    ndim = property(operator.attrgetter("_value.ndim"), doc="How many axes the value has.")
    size = property(operator.attrgetter("_value.size"), doc="How many entries the value has.")

    @property
    def _site(self) -> Site:
        """Where the user made the node."""
        # Kept as two attributes: a tuple would be one more object a node for Python's garbage
        # collection to visit, again and again as a graph grows.
        return self._code, self._at

    @_site.setter
    def _site(self, site: Site) -> None:
        self._code, self._at = site

    @property
    def grad(self) -> np.ndarray | None:
        """The gradient that the last ``backward()`` computed, or None."""
        if self._shared:
            # What flowed backward may be another node's too, or a view: who asks gets a copy,
            # and most nodes are never asked.
            self._gradient, self._shared = np.array(self._gradient), False
        return self._gradient

    @grad.setter
    def grad(self, gradient: np.ndarray | None) -> None:
        self._gradient, self._shared = gradient, False

    def named(self, name: str | None) -> Node:
        """Set the node's name, and return the node.

        Parameters
        ----------
        name : str or None
            Any text; it is never interpreted.
        """
        if name is not None and not isinstance(name, str):
            raise GraphError(f"a name is text, not {type(name).__name__}")
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
        if self.name is None and self._source is not None:
            made += f", for {self._source.label}"
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
                f"the truth of a node of shape {self.shape} is ambiguous",
                nodes=[self],
                fix="compare one entry, or reduce .value with .all() or .any()",
            )
        return bool(self._value.item())

    def __float__(self) -> float:
        if self.size != 1:
            raise GraphError(
                f"only a node of one entry is a float; this one has shape {self.shape}",
                nodes=[self],
            )
        return float(self._value.item())

    def __len__(self) -> int:
        if not self.ndim:
            raise GraphError("a scalar node has no length", nodes=[self])
        return self.shape[0]

    def __iter__(self) -> Iterator[Node]:
        if not self.ndim:
            raise GraphError("a scalar node has no entries to iterate over", nodes=[self])
        return (self[i] for i in range(self.shape[0]))

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise GraphError(
            "a Node was given where a NumPy array is needed",
            nodes=[self],
            site=numpy_user_site(),
            fix="use node.value for the array, or minigraph's function of the same name "
            "to stay in the graph",
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Node:
        """Make ``np.exp(node)`` and ``array * node`` a node, by minigraph's op of that name."""
        function = getattr(namespace, _UFUNCS.get(ufunc.__name__, ufunc.__name__), None)
        if function is None or method != "__call__" or options:
            reduction = _REDUCTIONS.get(ufunc.__name__) if method == "reduce" else None
            raise GraphError(
                f"np.{reduction or ufunc.__name__} in this form has no counterpart in minigraph",
                nodes=[x for x in inputs if isinstance(x, Node)],
                site=numpy_user_site(),
                fix=f"use {f'mg.{reduction}' if reduction else 'a function of minigraph'}, or "
                "node.value for the array",
            )
        return function(*inputs)

    def __getattr__(self, name: str) -> Any:
        """Say how to write what is a method of NumPy's arrays, and a function of minigraph."""
        if not name.startswith("_") and callable(getattr(namespace, name, None)):
            raise MissingError(
                f"a Node has no method {name}", nodes=[self], fix=f"write it mg.{name}(node, ...)"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Return minigraph's namespace, through which an op's rule reads as a graph."""
        return namespace

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        from minigraph.draw import notebook_bundle

        return notebook_bundle(self, include, exclude)

    # The operators, each an op

    def __add__(self, other: Any) -> Node:
        return apply(namespace.add, (self, other))

    def __radd__(self, other: Any) -> Node:
        return apply(namespace.add, (other, self))

    def __sub__(self, other: Any) -> Node:
        return apply(namespace.subtract, (self, other))

    def __rsub__(self, other: Any) -> Node:
        return apply(namespace.subtract, (other, self))

    def __mul__(self, other: Any) -> Node:
        return apply(namespace.multiply, (self, other))

    def __rmul__(self, other: Any) -> Node:
        return apply(namespace.multiply, (other, self))

    def __truediv__(self, other: Any) -> Node:
        return apply(namespace.divide, (self, other))

    def __rtruediv__(self, other: Any) -> Node:
        return apply(namespace.divide, (other, self))

    def __pow__(self, other: Any) -> Node:
        return apply(namespace.pow, (self, other))

    def __rpow__(self, other: Any) -> Node:
        return apply(namespace.pow, (other, self))

    def __matmul__(self, other: Any) -> Node:
        return apply(namespace.matmul, (self, other))

    def __rmatmul__(self, other: Any) -> Node:
        return apply(namespace.matmul, (other, self))

    def __neg__(self) -> Node:
        return apply(namespace.negative, (self,))

    def __abs__(self) -> Node:
        return apply(namespace.abs, (self,))

    def __pos__(self) -> Node:
        return self

    # As in NumPy, comparisons go entry by entry; nodes are still told apart, and hashed, by what
    # they are, so sets and dicts of nodes work.
    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> Node:  # pyright: ignore[reportIncompatibleMethodOverride]
        return apply(namespace.equal, (self, other))

    def __ne__(self, other: Any) -> Node:  # pyright: ignore[reportIncompatibleMethodOverride]
        return apply(namespace.not_equal, (self, other))

    def __lt__(self, other: Any) -> Node:
        return apply(namespace.less, (self, other))

    def __le__(self, other: Any) -> Node:
        return apply(namespace.less_equal, (self, other))

    def __gt__(self, other: Any) -> Node:
        return apply(namespace.greater, (self, other))

    def __ge__(self, other: Any) -> Node:
        return apply(namespace.greater_equal, (self, other))

    def __getitem__(self, key: Any) -> Node:
        return namespace.index(self, key)

    @property
    def mT(self) -> Node:  # noqa: N802 (the array API's name)
        """The matrix transpose: the last two axes swapped."""
        return apply(namespace.matrix_transpose, (self,))

    @property
    def T(self) -> Node:  # noqa: N802 (the array API's name)
        """The transpose: all axes reversed."""
        if self._value.ndim == 2:
            return apply(namespace.matrix_transpose, (self,))
        return namespace.permute_dims(self, tuple(reversed(range(self.ndim))))


_REDUCTIONS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
_UFUNCS = {"true_divide": "divide", "power": "pow", "absolute": "abs"}


# The operators are ops, and ops make Nodes: here the circle closes.
from minigraph import autodiff, namespace  # noqa: E402
from minigraph.op import apply  # noqa: E402
