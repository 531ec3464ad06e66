"""How each op is written in NumPy: one small table, read by `minigraph.compile.source`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from minigraph.compile.numbers import dtype_text, number_text
from minigraph.compile.pieces import LabelsOf, LogAddExp, PutAt, Together
from minigraph.node import Node
from minigraph.ops import (
    activation,
    arithmetic,
    elementwise,
    indexing,
    linear_algebra,
    reduction,
    selection,
    shape,
)

UFUNCS: dict[type, str] = {
    arithmetic.Add: "add",
    arithmetic.Subtract: "subtract",
    arithmetic.Multiply: "multiply",
    arithmetic.Divide: "divide",
    arithmetic.Negative: "negative",
    arithmetic.Pow: "power",
    elementwise.Exp: "exp",
    elementwise.Log: "log",
    elementwise.Expm1: "expm1",
    elementwise.Log1p: "log1p",
    elementwise.Sign: "sign",
    elementwise.Abs: "absolute",
    elementwise.Sqrt: "sqrt",
    elementwise.Sin: "sin",
    elementwise.Cos: "cos",
    activation.Tanh: "tanh",
    selection.Maximum: "maximum",
    selection.Minimum: "minimum",
    LogAddExp: "logaddexp",
}
"""The ops that are NumPy's ufuncs: np.name(*inputs, out=...)."""

REDUCTIONS: dict[type, str] = {
    reduction.Sum: "add",
    reduction.Prod: "multiply",
    reduction.Max: "maximum",
    reduction.Min: "minimum",
}
"""The ops that are reductions by ufuncs: np.name.reduce(x, axis=..., out=...)."""

_VIEWS = (
    shape.MatrixTranspose
    | shape.PermuteDims
    | shape.BroadcastTo
    | shape.ExpandDims
    | shape.Squeeze
    | shape.Reshape
)

_IN_BUFFERS = (*REDUCTIONS, linear_algebra.MatMul, PutAt, Together)

NAMES: dict[type, str] = {
    elementwise.Exp: "e",
    elementwise.Abs: "size",
    selection.Where: "chosen",
    reduction.Max: "top",
    reduction.Sum: "total",
    arithmetic.Subtract: "d",
    arithmetic.Multiply: "product",
    linear_algebra.MatMul: "product",
    arithmetic.Add: "total",
    arithmetic.Divide: "ratio",
    arithmetic.Negative: "minus",
    indexing.Take: "taken",
    PutAt: "rest",
    LabelsOf: "labels",
}
"""What the results of ops are called that have no name of their own; others go by the op's."""


def ufunc(node: Node) -> str | None:
    """Return the name of the ufunc that a node's op is; None if it is none.

    Examples
    --------
    >>> import minigraph as mg
    >>> ufunc(mg.exp([1.0])), ufunc(mg.sum([1.0]))
    ('exp', None)
    """
    if isinstance(node.op, arithmetic.Compare):
        return node.op.function
    return UFUNCS.get(type(node.op))


def is_view(node: Node) -> bool:
    """Return whether a node's value is in the memory of its first input."""
    op = node.op
    if isinstance(op, indexing.Index):
        return len(node.inputs) == 1
    if isinstance(op, shape.Reshape):
        return keeps_order(node.inputs[0])
    return isinstance(op, _VIEWS)


def keeps_order(node: Node) -> bool:
    """Return whether an array of this node's is in row-major order, so that it reshapes as it is.

    What comes from outside is not known to be.
    """
    while isinstance(node.op, shape.Reshape | shape.ExpandDims | shape.Squeeze):
        node = node.inputs[0]
    return ufunc(node) is not None or isinstance(
        node.op, (*REDUCTIONS, linear_algebra.MatMul, PutAt, Together)
    )


def may_be_view(node: Node) -> bool:
    """Return whether an op that makes an array may hand out the memory of an input all the same."""
    return isinstance(node.op, shape.Reshape) or (
        fresh(node) is None and ufunc(node) is None and not isinstance(node.op, _IN_BUFFERS)
    )


def view_text(node: Node, x: str) -> str:
    """Write a view of an array."""
    match node.op:
        case shape.MatrixTranspose():
            return f"{x}.T" if node.ndim == 2 else f"{x}.mT"
        case shape.PermuteDims(axes):
            return f"{x}.transpose({_tuple(axes)})"
        case shape.BroadcastTo():
            return f"np.broadcast_to({x}, {node.shape})"
        case indexing.Index() as op:
            # With ints alone NumPy takes a number out; with "..." it looks into the array.
            whole = node.ndim == 0 and Ellipsis not in op.items
            return f"{x}[{_key(op, (), '...' if whole else '')}]"
    return f"{x}.reshape({node.shape})"


def matmul_text(node: Node, a: str, b: str, out: str) -> str:
    """Write a product of matrices: np.dot, which is quicker, where the two are the same."""
    x, y = node.inputs
    same = x.dtype == y.dtype == node.dtype and node.dtype.char in "fd"
    name = "dot" if same and x.ndim <= 2 and y.ndim <= 2 else "matmul"
    return f"np.{name}({a}, {b}{out})"


def reduction_text(node: Node, x: str, out: str) -> str:
    """Write a reduction."""
    op = node.op
    assert isinstance(op, tuple(REDUCTIONS))
    axis, keepdims = op.axis, op.keepdims  # pyright: ignore[reportAttributeAccessIssue]
    # Axis 0 is what reduce takes by itself; of a vector that is all there is.
    n = node.inputs[0].ndim
    plain = axis == 0 or (n == 1 and axis in (None, -1))
    along = "" if plain and n else f", axis={_axis(axis)}"
    keep = ", keepdims=True" if keepdims else ""
    return f"np.{REDUCTIONS[type(op)]}.reduce({x}{along}{keep}{out})"


def fresh(node: Node) -> Callable[[str, Sequence[str]], list[str]] | None:
    """Return how an op is written that makes an array of its own: lines, given names.

    None where it is the user's own, or no line of NumPy.
    """
    return _FRESH.get(type(node.op), lambda node: None)(node)


def _axis(axis: object) -> str:
    return _tuple(axis) if isinstance(axis, tuple) else repr(axis)


def _tuple(numbers: Sequence[int]) -> str:
    return repr(tuple(int(i) for i in numbers))


def _key(op: indexing.Index, arrays: Sequence[str], last: str = "") -> str:
    """Write the key of an index: ints, slices, ..., None, and the names of arrays."""
    rest, items = iter(arrays), []
    for item in op.items:
        if isinstance(item, indexing.Slice):
            ends = [item.start, item.stop] + ([] if item.step is None else [item.step])
            items.append(":".join("" if i is None else repr(int(i)) for i in ends))
        elif isinstance(item, indexing.Given):
            items.append(next(rest))
        elif item is Ellipsis:
            items.append("...")
        else:
            items.append("None" if item is None else repr(int(item)))  # pyright: ignore[reportArgumentType]
    items += [last] if last else []
    return ", ".join(items) + ("," if len(items) == 1 else "") if items else "()"


def _scatter(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    op = node.op
    assert isinstance(op, indexing.Scatter)
    pick = op.pick

    def lines(name: str, given: Sequence[str]) -> list[str]:
        entries, *arrays = given
        made = [f"{name} = np.zeros({_tuple(op.shape)}, {dtype_text(node.dtype)})"]
        if isinstance(pick, indexing.TakeAlongAxis):
            axis = pick.axis % len(op.shape)
            made.append(f"{name}_key = list(np.indices({_tuple(op.shape)}, sparse=True))")
            made.append(f"{name}_key[{axis}] = {arrays[0]}")
            return [*made, f"np.add.at({name}, tuple({name}_key), {entries})"]
        if isinstance(pick, indexing.Take):
            key = ", ".join([*[":"] * (pick.axis % len(op.shape)), arrays[0]])
        else:
            assert isinstance(pick, indexing.Index)
            key = _key(pick, arrays)
        if not arrays:
            return [*made, f"{name}[{key}] = {entries}"]
        return [*made, f"np.add.at({name}, np.index_exp[{key}], {entries})"]

    return lines


def _simply(pattern: str) -> Callable[[Node], Callable[[str, Sequence[str]], list[str]]]:
    """Write one line: {0}, {1} are the inputs, {all} the list of them, {axis} the op's axis."""

    def of(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
        axis = getattr(node.op, "axis", None)
        return lambda name, given: [
            f"{name} = " + pattern.format(*given, all=", ".join(given) + ",", axis=axis)
        ]

    return of


def _clip(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    op = node.op
    assert isinstance(op, selection.Clip)
    low, high = ("None" if b is None else number_text(b) for b in (op.min, op.max))
    return lambda name, given: [f"{name} = np.clip({given[0]}, {low}, {high})"]


def _labels_of(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    op = node.op
    assert isinstance(op, LabelsOf)
    m = node.size

    def lines(name: str, given: Sequence[str]) -> list[str]:
        (y,) = given
        ones = f"np.count_nonzero(np.maximum.reduce({y}, axis={op.axis}) == 1)"
        return [
            f"if not np.count_nonzero({y}) == {ones} == {m}:",
            '    raise ValueError("targets are not one-hot")',
            f"{name} = {y}.argmax(axis={op.axis})",
        ]

    return lines


def _mean(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    op = node.op
    assert isinstance(op, reduction.Mean)
    how = f"axis={_axis(op.axis)}, keepdims={op.keepdims}"
    return lambda name, given: [f"{name} = np.asarray(np.mean({given[0]}, {how}))"]


def _index(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    op = node.op
    assert isinstance(op, indexing.Index)
    return lambda name, given: [f"{name} = {given[0]}[{_key(op, given[1:])}]"]


def _reshape(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    return lambda name, given: [f"{name} = {given[0]}.reshape({node.shape})"]


def _astype(node: Node) -> Callable[[str, Sequence[str]], list[str]]:
    return lambda name, given: [f"{name} = {given[0]}.astype({dtype_text(node.dtype)})"]


_FRESH: dict[type, Callable[[Node], Callable[[str, Sequence[str]], list[str]]]] = {
    selection.Where: _simply("np.where({0}, {1}, {2})"),
    selection.Clip: _clip,
    shape.Concat: _simply("np.concatenate(({all}), axis={axis})"),
    shape.Stack: _simply("np.stack(({all}), axis={axis})"),
    shape.Reshape: _reshape,
    shape.AsType: _astype,
    LabelsOf: _labels_of,
    reduction.Mean: _mean,  # of half precision only: NumPy sums it in single
    indexing.Index: _index,
    indexing.Take: _simply("np.take({0}, {1}, axis={axis})"),
    indexing.TakeAlongAxis: _simply("np.take_along_axis({0}, {1}, axis={axis})"),
    indexing.Scatter: _scatter,
}
