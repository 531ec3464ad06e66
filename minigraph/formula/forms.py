"""How each op is written: symbols only, never what an op computes or how it is differentiated.

An op that is not in the table is written as its own ``notation`` has it, else as Name(a, b).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from minigraph.formula.tree import (
    ATOM,
    CHOICE,
    POSTFIX,
    TOTAL,
    Absolute,
    Call,
    Choice,
    Indicator,
    Literal,
    MatrixProduct,
    Negation,
    Number,
    Placed,
    Power,
    Product,
    Relation,
    Root,
    Symbol,
    Total,
    Transposed,
    Tree,
    Word,
    Written,
)
from minigraph.node import Node
from minigraph.op import Op
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    indexing,
    linear_algebra,
    probability,
    reduction,
    selection,
    shape,
)

Args = Sequence[Tree]

# More arguments than this are written with dots.
MOST_ARGUMENTS = 6

_E = Symbol("e")
_ONE = Number(1)


def written(node: Node, arguments: Args) -> Tree:
    """Return how a node is written, given how its inputs are."""
    form = _FORMS.get(type(node.op))
    if form is not None:
        return form(node, arguments)
    return _by_notation(node.op, arguments)


def takes_any_number(op: Op) -> bool:
    """Return whether an op is written as a list of its inputs, so that some may be left out."""
    listed = isinstance(op, shape.Concat | shape.Stack)
    return listed or (type(op) not in _FORMS and "{}" not in op.notation)


def _by_notation(op: Op, arguments: Args) -> Tree:
    pieces = op.notation.split("{}")
    if op.notation and len(pieces) == len(arguments) + 1:
        return Written(tuple(pieces), tuple(arguments), _level(pieces))
    return Call(op.label, tuple(arguments))


def _level(pieces: Sequence[str]) -> int:
    """Return how firmly a notation holds together, by what stands at its ends and between."""
    if pieces[0] and pieces[-1]:
        return ATOM
    if any(" " in piece for piece in pieces[1:-1]):
        return TOTAL  # a sign that is not known: brackets around it leave no doubt
    return CHOICE if pieces[0] else POSTFIX


def _call(name: str) -> Callable[[Node, Args], Tree]:
    return lambda node, arguments: Call(name, tuple(arguments), axes_to_say(node))


def _list(name: str) -> Callable[[Node, Args], Tree]:
    """Return how arrays in a row are written: along an axis that is not the first, it is said."""

    def form(node: Node, arguments: Args) -> Tree:
        axis = node.op.axis % node.ndim
        return Call(name, tuple(arguments), (axis,) if axis else ())

    return form


def _word(word: str) -> Callable[[Node, Args], Tree]:
    return lambda node, arguments: Word(word, arguments[0], axes_to_say(node))


def axes_to_say(node: Node) -> tuple[int, ...]:
    """Return the axes of an op, if it leaves out an axis of several entries: else they are clear.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> axes_to_say(mg.sum(x)), axes_to_say(mg.sum(x, axis=0)), axes_to_say(mg.sum(x[:1], axis=1))
    ((), (0,), ())
    """
    axis = getattr(node.op, "axis", None)
    if axis is None:
        return ()
    lengths = node.inputs[0].shape
    axes = {i % len(lengths) for i in ((axis,) if isinstance(axis, int) else axis) if lengths}
    if all(n == 1 or i in axes for i, n in enumerate(lengths)):
        return ()
    return tuple(sorted(axes))


def _where(node: Node, arguments: Args) -> Tree:
    condition, yes, no = arguments
    if (yes, no) == (Number(1), Number(0)):
        return Indicator(condition)
    return Choice(condition, yes, no)


def _total(minus: bool) -> Callable[[Node, Args], Tree]:
    return lambda node, arguments: Total(((False, arguments[0]), (minus, arguments[1])))


_SIGNS = {
    "equal": "=",
    "not_equal": "≠",
    "less": "<",
    "less_equal": "≤",
    "greater": ">",
    "greater_equal": "≥",
}


def _permuted(node: Node, arguments: Args) -> Tree:
    if is_transpose(node):
        return Transposed(arguments[0])
    return Call("permute_dims", (arguments[0], Literal(_numbers(node.op.axes))))


def is_transpose(node: Node) -> bool:
    """Return whether a node is the transpose of a matrix, or of each of a batch."""
    if isinstance(node.op, shape.PermuteDims):
        return tuple(i % node.ndim for i in node.op.axes) == (1, 0)
    return isinstance(node.op, shape.MatrixTranspose)


def _numbers(numbers: Sequence[int]) -> str:
    return "(" + ", ".join(str(n).replace("-", "−") for n in numbers) + ")"


def _indexed(node: Node, arguments: Args) -> Tree:
    x, *arrays = arguments
    return Written(("", *_key(node.op, x_ndim=node.inputs[0].ndim)), (x, *arrays), POSTFIX)


def _key(pick: Op, x_ndim: int) -> tuple[str, ...]:
    """Return how a picking op's key is written, in pieces between its arrays."""
    if isinstance(pick, indexing.Index):
        items = ["..." if item is Ellipsis else repr(item) for item in pick.items]
    else:
        assert isinstance(pick, indexing.Take)
        items = [":"] * x_ndim
        items[pick.axis] = repr(indexing.Given())
    key = "[" + ", ".join(items).replace("-", "−") + "]"
    return tuple(key.split(repr(indexing.Given())))


def _placed(node: Node, arguments: Args) -> Tree:
    entries, *arrays = arguments
    pick = node.op.pick
    if isinstance(pick, indexing.Index | indexing.Take):
        place = Written(_key(pick, node.ndim), tuple(arrays), POSTFIX)
    else:
        place = Written(("", f" along axis {pick.axis % node.ndim}"), tuple(arrays), POSTFIX)
    return Placed(entries, place)


_FORMS: dict[type, Callable[[Node, Args], Tree]] = {
    arithmetic.Add: _total(minus=False),
    arithmetic.Subtract: _total(minus=True),
    arithmetic.Multiply: lambda node, x: Product(tuple(x)),
    arithmetic.Divide: lambda node, x: Product((x[0],), (x[1],)),
    arithmetic.Negative: lambda node, x: Negation(x[0]),
    arithmetic.Pow: lambda node, x: Power(*x),
    arithmetic.Compare: lambda node, x: Relation(_SIGNS[node.op.function], *x),
    elementwise.Exp: lambda node, x: Power(_E, x[0]),
    elementwise.Expm1: lambda node, x: Total(((False, Power(_E, x[0])), (True, _ONE))),
    elementwise.Log: _word("log"),
    elementwise.Log1p: lambda node, x: Word("log", Total(((False, _ONE), (False, x[0])))),
    elementwise.Sign: _word("sign"),
    elementwise.Abs: lambda node, x: Absolute(x[0]),
    elementwise.Sqrt: lambda node, x: Root(x[0]),
    elementwise.Square: lambda node, x: Power(x[0], Number(2)),
    elementwise.Sin: _word("sin"),
    elementwise.Cos: _word("cos"),
    elementwise.Xlogy: lambda node, x: Product((x[0], Word("log", x[1]))),
    activation.Tanh: _word("tanh"),
    activation.ReLU: _call("ReLU"),
    activation.Sigmoid: _call("σ"),
    activation.Softplus: _call("softplus"),
    selection.Where: _where,
    selection.Maximum: _call("max"),
    selection.Minimum: _call("min"),
    selection.Clip: lambda node, x: Call(
        "clip",
        (x[0], *(Literal("–") if n is None else Number(n) for n in (node.op.min, node.op.max))),
    ),
    linear_algebra.MatMul: lambda node, x: MatrixProduct(*x),
    shape.MatrixTranspose: lambda node, x: Transposed(x[0]),
    shape.PermuteDims: _permuted,
    shape.Reshape: lambda node, x: Call("reshape", (x[0], Literal(_numbers(node.shape)))),
    shape.BroadcastTo: _call("broadcast"),
    shape.ExpandDims: lambda node, x: Call("expand_dims", tuple(x)),
    shape.Squeeze: lambda node, x: Call("squeeze", tuple(x)),
    shape.AsType: lambda node, x: Call("astype", (x[0], Symbol(node.op.dtype))),
    shape.Concat: _list("concat"),
    shape.Stack: _list("stack"),
    indexing.TakeAlongAxis: lambda node, x: Call("take_along_axis", tuple(x)),
    indexing.Index: _indexed,
    indexing.Take: _indexed,
    indexing.Scatter: _placed,
    reduction.Sum: _word("Σ"),
    reduction.Prod: _word("Π"),
    reduction.Mean: _word("mean"),
    reduction.Max: _word("max"),
    reduction.Min: _word("min"),
    reduction.Var: _word("var"),
    probability.Softmax: _call("softmax"),
    probability.LogSumExp: _call("logsumexp"),
    probability.LogSoftmax: lambda node, x: Word(
        "log", Call("softmax", tuple(x), axes_to_say(node))
    ),
}
