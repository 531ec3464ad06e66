"""Errors: each message whole, naming op, nodes with shapes, the user's own line, and the remedy."""

import linecache
import os
import re
from dataclasses import dataclass

import numpy as np
import pytest

import minigraph as mg
from minigraph import errors

x = mg.parameter([1.0, 2.0], name="x")
w = mg.parameter([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="w")
z = mg.parameter([[1.0, 2.0], [3.0, 4.0]], name="z")
c = mg.constant([1, 2], name="c")
loss = mg.sum(x * x).named("L")

HERE = __name__.partition(".")[0]
X = "  x  shape (2,), float64"
W = "  w  shape (2, 3), float64"
Z = "  z  shape (2, 2), float64"
C = "  c  shape (2,), int64"
L = "  L  shape (), float64"
INDEX = "indices count from 0, or from -1 backwards; a mask has its array's shape"


class Foreign:
    """An array of another library."""

    def __array_namespace__(self, api_version=None):
        raise AssertionError("not asked for")


def returning(parts):
    """Return an op of a user whose backward returns this."""

    @dataclass(frozen=True)
    class Mine(mg.Op):
        def forward(self, xp, x):
            return x * 2

        def backward(self, xp, cotangent, output, x):
            return parts

    return Mine()


@dataclass(frozen=True)
class Forgetful(mg.Op):
    def forward(self, xp, x):
        return None


@dataclass(frozen=True)
class Choosy(mg.Op):
    def forward(self, xp, x):
        raise ValueError("x is not to my liking")


@dataclass(frozen=True)
class Nothing(mg.Op):
    pass


@dataclass(frozen=True)
class OneWay(mg.Op):
    def forward(self, xp, x):
        return x + 1


@dataclass(frozen=True)
class Huge(mg.Op):
    def forward(self, xp, x):
        return x * 10**400


BACKWARD = (
    "return a tuple with one cotangent per input, each of its input's shape, "
    "or None where no gradient flows"
)
BROADCAST = (
    "give that axis the same length in both, or length 1 in one of them "
    "(see mg.reshape, mg.broadcast_to and .T)"
)
CASES = {
    # Shapes that do not fit
    "broadcast": (
        mg.ShapeError,
        lambda: x + w,
        "Add: the shapes (2,) and (2, 3) do not broadcast: axis -1 has length 2 in one and 3 in "
        "the other",
        [X, W],
        BROADCAST,
    ),
    "broadcast in where": (
        mg.ShapeError,
        lambda: mg.where([True, False], w, 0),
        "Where: the shapes (2,) and (2, 3) and () do not broadcast: axis -1 has length 2 in one "
        "and 3 in the other",
        ["  constant  shape (2,), bool", W, "  0.0  shape (), float64"],
        BROADCAST,
    ),
    "matmul": (
        mg.ShapeError,
        lambda: w @ [1.0, 2.0, 3.0, 4.0],
        "MatMul: (2, 3) @ (4,): the inner lengths 3 and 4 differ",
        [W, "  constant  shape (4,), float64"],
        "the last axis of the first input and the last but one of the second must match",
    ),
    "matmul that wants its first input transposed": (
        mg.ShapeError,
        lambda: w @ z,
        "MatMul: (2, 3) @ (2, 2): the inner lengths 3 and 2 differ",
        [W, Z],
        "with the first input transposed they would fit: a.mT @ b",
    ),
    "matmul that wants its second input transposed": (
        mg.ShapeError,
        lambda: mg.constant(np.ones((4, 3))) @ w,
        "MatMul: (4, 3) @ (2, 3): the inner lengths 3 and 2 differ",
        ["  constant  shape (4, 3), float64", W],
        "with the second input transposed they would fit: a @ b.mT",
    ),
    "matmul of a scalar": (
        mg.ShapeError,
        lambda: z @ 2.0,
        "MatMul: (2, 2) @ () has a scalar in it",
        [Z, "  2.0  shape (), float64"],
        "multiply by a scalar with *",
    ),
    "matmul of batches": (
        mg.ShapeError,
        lambda: mg.matmul(np.ones((2, 1, 3)), np.ones((4, 3, 1))),
        "MatMul: the shapes (2,) and (4,) do not broadcast: axis -1 has length 2 in one and 4 in "
        "the other",
        ["  constant  shape (2, 1, 3), float64", "  constant  shape (4, 3, 1), float64"],
        BROADCAST,
    ),
    "targets that would merely broadcast": (
        mg.ShapeError,
        lambda: mg.softmax_cross_entropy(z, [[0.0, 1.0]]),
        "SoftmaxCrossEntropy: targets of shape (1, 2) do not match predictions of shape (2, 2) "
        "with their classes along axis 1",
        [Z, "  constant  shape (1, 2), float64"],
        "give targets of shape (2, 2), or labels of shape (2,)",
    ),
    "labels that would merely broadcast": (
        mg.ShapeError,
        lambda: mg.cross_entropy(w, [0], axis=0),
        "CrossEntropy: targets of shape (1,) do not match predictions of shape (2, 3) with their "
        "classes along axis 0",
        [W, "  constant  shape (1,), int64"],
        "give targets of shape (2, 3), or labels of shape (3,)",
    ),
    "no classes": (
        mg.ShapeError,
        lambda: mg.cross_entropy(np.ones((2, 0)), [0, 0]),
        "CrossEntropy: there are no classes in shape (2, 0) along axis 1",
        ["  constant  shape (2, 0), float64", "  constant  shape (2,), int64"],
        "give at least one class",
    ),
    "a maximum of nothing": (
        mg.ShapeError,
        lambda: mg.max(np.ones((2, 0)), axis=1),
        "Max: shape (2, 0) has no entries",
        ["  constant  shape (2, 0), float64"],
        "give at least one entry along each axis",
    ),
    "reshape": (
        mg.ShapeError,
        lambda: mg.reshape(w, (4, -1)),
        "Reshape: the 6 entries of shape (2, 3) do not fill shape (4, -1)",
        [W],
        "the new lengths multiply to the number of entries; one of them may be -1",
    ),
    "broadcast_to": (
        mg.ShapeError,
        lambda: mg.broadcast_to(x, (2, 3)),
        "BroadcastTo: shape (2,) does not broadcast to (2, 3)",
        [X],
        "only axes of length 1 repeat, and new axes come in front; see mg.expand_dims",
    ),
    "permute_dims": (
        mg.ShapeError,
        lambda: mg.permute_dims(w, (0, 0)),
        "PermuteDims: axes (0, 0) are no permutation of the axes of shape (2, 3)",
        [W],
        "name each of 0 to 1 once",
    ),
    "squeeze": (
        mg.ShapeError,
        lambda: mg.squeeze(w, axis=0),
        "Squeeze: axis 0 of shape (2, 3) is not of length 1",
        [W],
        "squeeze takes away axes of length 1 only; see mg.sum, mg.reshape",
    ),
    "a vector's transpose": (
        mg.ShapeError,
        lambda: x.mT,
        "MatrixTranspose: a matrix has two axes, shape (2,) has 1",
        [X],
        "make a column of a vector first: mg.expand_dims(x, axis=1)",
    ),
    "no shape": (
        mg.ShapeError,
        lambda: mg.reshape(x, "ab"),
        "'ab' is no shape",
        [],
        "a shape is a tuple of ints",
    ),
    "ragged": (
        mg.ShapeError,
        lambda: mg.constant([[1.0, 2.0], [3.0]], name="x"),
        "a constant 'x' was given rows of different lengths",
        [],
        "make all rows equally long",
    ),
    "ragged in an op": (
        mg.ShapeError,
        lambda: mg.add(x, [[1.0, 2.0], [3.0]]),
        "a constant was given rows of different lengths",
        [],
        "make all rows equally long",
    ),
    # Axes
    "an axis out of range": (
        mg.AxisError,
        lambda: mg.sum(x, axis=1),
        "Sum: axis 1 is out of bounds for array of dimension 1",
        [X],
        "axes count from 0, or from -1 backwards",
    ),
    "an axis of softmax out of range": (
        mg.AxisError,
        lambda: mg.softmax(x, axis=-2),
        "Softmax: axis -2 is out of bounds for array of dimension 1",
        [X],
        "axes count from 0, or from -1 backwards",
    ),
    "an axis of classes out of range": (
        mg.AxisError,
        lambda: mg.cross_entropy(x, x, axis=1),
        "CrossEntropy: there is no axis 1 of classes in shape (2,)",
        [X, X],
        "it is one int: -1 for rows of classes, 0 for columns",
    ),
    "two axes of classes": (
        mg.AxisError,
        lambda: mg.softmax_cross_entropy(z, z, axis=(0, 1)),
        "SoftmaxCrossEntropy: there is no axis (0, 1) of classes in shape (2, 2)",
        [Z, Z],
        "it is one int: -1 for rows of classes, 0 for columns",
    ),
    "no axis": (
        mg.AxisError,
        lambda: mg.mean(x, axis="rows"),
        "axis 'rows' is no axis",
        [],
        "an axis is an int, a tuple of ints, or None",
    ),
    "a flag for an axis": (
        mg.AxisError,
        lambda: mg.sum(x, True),
        "axis True is no axis",
        [],
        "an axis is an int, a tuple of ints, or None",
    ),
    "an array for a flag": (
        mg.OptionError,
        lambda: mg.sum(x, keepdims=[1, 0]),
        "keepdims=[1, 0] is not known",
        [],
        "it is True or False",
    ),
    "a correction that is no number": (
        mg.OptionError,
        lambda: mg.var(x, correction=[1]),
        "correction=[1] is no number",
        [],
        "it is 0 for a population, 1 for a sample",
    ),
    "a list for the reduction": (
        mg.OptionError,
        lambda: mg.cross_entropy(x, 0, reduction=["mean"]),
        "reduction=['mean'] is not known",
        [],
        "it is 'mean', 'sum' or 'none'",
    ),
    "a dtype of objects": (
        mg.DTypeError,
        lambda: mg.sum(x, dtype=str),
        "dtype=<class 'str'> is no dtype of real numbers",
        [],
        "it is np.float32, for example",
    ),
    "no dtype": (
        mg.DTypeError,
        lambda: mg.prod(x, dtype="quark"),
        "dtype='quark' is no dtype of real numbers",
        [],
        "it is np.float32, for example",
    ),
    "expanding a number": (
        mg.GraphError,
        lambda: mg.expand(3.0),
        "expand: a float was given where a Node is needed",
        [],
        "expand what an op returned, such as the loss",
    ),
    "joining scalars": (
        mg.ShapeError,
        lambda: mg.concat([1.0, 2.0]),
        "Concat: a scalar has no axis to join along",
        ["  constant  shape (), float64"] * 2,
        "mg.stack makes a new axis",
    ),
    "an op for its output": (
        mg.GraphError,
        lambda: mg.sum(Huge()),
        "a constant was given the op Huge",
        [],
        "apply it to nodes: Huge(...)(x)",
    ),
    "an op's class for its output": (
        mg.GraphError,
        lambda: mg.sum(Huge),
        "a constant was given the op Huge",
        [],
        "apply it to nodes: Huge(...)(x)",
    ),
    "a user's op without a forward": (
        mg.GradientError,
        lambda: Nothing()(x),
        "Nothing: the op has no forward",
        [X],
        "write its method forward: see the example of mg.Op",
    ),
    "a user's op without a backward": (
        mg.GradientError,
        lambda: OneWay()(mg.parameter(0.0)).backward(),
        "the op has no backward",
        [],
        "write its method backward: see the example of mg.Op",
    ),
    "a Jacobian of a number": (
        mg.GraphError,
        lambda: mg.jacobian(3.0, x),
        "output is no Node but a float",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "a product by a name": (
        mg.GraphError,
        lambda: mg.hvp(mg.sum(x), ["x"], [[1.0, 1.0]]),
        "wrt is no Node but a str",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "a running sum": (
        mg.GraphError,
        lambda: np.add.accumulate(x),
        "np.add in this form has no counterpart in minigraph",
        [X],
        "use a function of minigraph, or node.value for the array",
    ),
    "a rule for numbers only": (
        mg.GradientError,
        lambda: Nothing().backward(np, 1.0, 1.0, 1.0),
        "the op has no backward",
        [],
        "write its method backward: see the example of mg.Op",
    ),
    "an axis twice": (
        mg.AxisError,
        lambda: mg.max(z, axis=(1, 1)),
        "axis (1, 1) names an axis twice",
        [],
        "an axis is an int, a tuple of ints, or None",
    ),
    # Labels
    "a label out of range": (
        mg.LabelError,
        lambda: mg.softmax_cross_entropy(z, [0, 2]),
        "SoftmaxCrossEntropy: label 2 is out of range for 2 classes, 0 to 1",
        [Z, "  constant  shape (2,), int64"],
        "count classes from 0, or name them: mg.one_hot(labels, classes=[1, 2, 3])",
    ),
    "a negative label": (
        mg.LabelError,
        lambda: mg.cross_entropy(z, [0, -1]),
        "CrossEntropy: label -1 is out of range for 2 classes, 0 to 1",
        [Z, "  constant  shape (2,), int64"],
        "count classes from 0, or name them: mg.one_hot(labels, classes=[1, 2, 3])",
    ),
    "labels that are no integers": (
        mg.LabelError,
        lambda: mg.cross_entropy(z, [0.0, 1.0]),
        "CrossEntropy: labels are integers, not float64",
        [Z, "  constant  shape (2,), float64"],
        "labels.astype(int), if they are whole numbers",
    ),
    "one_hot of a stranger": (
        mg.LabelError,
        lambda: mg.one_hot([1, 2, 4], classes=[1, 2, 3]),
        "one_hot: label 4 is none of the classes [1, 2, 3]",
        [],
        "labels count from 0 for classes=k; pass the list of labels otherwise, as [1, 2, 3]",
    ),
    "one_hot of a negative label": (
        mg.LabelError,
        lambda: mg.one_hot([0, -1], classes=2),
        "one_hot: label -1 is none of the classes [0, 1]",
        [],
        "labels count from 0 for classes=k; pass the list of labels otherwise, as [1, 2, 3]",
    ),
    "one_hot of floats": (
        mg.LabelError,
        lambda: mg.one_hot([0.0, 1.0]),
        "one_hot: labels are integers or strings, not float64",
        [],
        "labels.astype(int), if they are whole numbers",
    ),
    "one_hot of ragged labels": (
        mg.LabelError,
        lambda: mg.one_hot([[0, 1], [0]]),
        "one_hot: labels are in rows of different lengths",
        [],
        "make the rows equal",
    ),
    "one_hot of a class twice": (
        mg.LabelError,
        lambda: mg.one_hot([1, 2], classes=[1, 2, 2]),
        "one_hot: classes [1, 2, 2] are not distinct labels",
        [],
        "list each label once",
    ),
    "one_hot along no axis": (
        mg.LabelError,
        lambda: mg.one_hot([0, 1], axis=2),
        "one_hot: axis 2 is out of range for labels of shape (2,)",
        [],
        "use 0 or -1",
    ),
    # What a leaf cannot hold
    "an integer parameter": (
        mg.DTypeError,
        lambda: mg.parameter([1, 2], name="θ"),
        "a parameter 'θ' has dtype int64, but gradients need floating-point numbers",
        [],
        "write 1.0 instead of 1, or pass value.astype(float)",
    ),
    "strings": (
        mg.DTypeError,
        lambda: mg.constant(["a"]),
        "a constant was given values of dtype <U1",
        [],
        "values are real numbers or booleans",
    ),
    "complex numbers": (
        mg.DTypeError,
        lambda: x * 1j,
        "a constant was given values of dtype complex128",
        [],
        "values are real numbers or booleans",
    ),
    "nothing": (
        mg.DTypeError,
        lambda: x == None,  # noqa: E711
        "a constant was given values of dtype object",
        [],
        "values are real numbers or booleans",
    ),
    "a masked array": (
        mg.GraphError,
        lambda: mg.parameter(np.ma.array([1.0], mask=[True])),
        "a parameter was given a masked array",
        [],
        "fill it: value.filled(...)",
    ),
    "an array of another library": (
        mg.GraphError,
        lambda: x + Foreign(),
        f"a constant was given an array of {__name__.partition('.')[0]}, "
        "but Nodes hold NumPy arrays",
        [],
        "pass np.asarray(value), or run the graph on it with mg.function",
    ),
    "a node in a leaf": (
        mg.GraphError,
        lambda: mg.constant(x),
        "a constant was given a Node",
        [],
        "pass node.value to start a new graph with it",
    ),
    "nodes in a leaf": (
        mg.GraphError,
        lambda: mg.constant([loss, loss]),
        "a Node was given where a NumPy array is needed",
        ["  L  shape (), float64"],
        "use node.value for the array, or minigraph's function of the same name to stay in the "
        "graph",
    ),
    "a name that is no text": (
        mg.GraphError,
        lambda: mg.constant(1.0, name=1),
        "a name is text, not int",
        [],
        "",
    ),
    "a number too large": (
        mg.DTypeError,
        lambda: mg.constant(np.uint8([1])) + 300,
        "Add: 300 does not fit into uint8",
        [],
        "make the leaf of floats: value.astype(float)",
    ),
    "a number far too large": (
        mg.DTypeError,
        lambda: x * 10**400,
        "Multiply: a huge integer does not fit into float64",
        [],
        "make the leaf of floats: value.astype(float)",
    ),
    # What an op cannot take
    "too few inputs": (
        mg.GraphError,
        lambda: mg.add(x),
        "Add: takes 2 input(s), got 1",
        [X],
        "",
    ),
    "too many inputs": (
        mg.GraphError,
        lambda: mg.exp(x, z),
        "Exp: takes 1 input(s), got 2",
        [X, Z],
        "",
    ),
    "a dtype": (
        mg.DTypeError,
        lambda: -(x > 1.0),
        "Negative: The numpy boolean negative, the `-` operator, is not supported, use the `~` "
        "operator or the logical_not function instead.",
        ["  greater  shape (2,), bool"],
        "use inputs of a dtype that the op takes: value.astype(float)",
    ),
    "a value": (
        mg.InputError,
        lambda: c**-1,
        "Pow: Integers to negative integer powers are not allowed.",
        [C, "  -1  shape (), int64"],
        "look at the op's parameters and at the values of its inputs",
    ),
    "a value that a user's op refuses": (
        mg.InputError,
        lambda: Choosy()(x),
        "Choosy: x is not to my liking",
        [X],
        "look at the op's parameters and at the values of its inputs",
    ),
    "a reduction": (
        mg.OptionError,
        lambda: mg.cross_entropy(z, z, reduction="average"),
        "reduction='average' is not known",
        [],
        "it is 'mean', 'sum' or 'none'",
    ),
    # Where a node does not do as an array
    "truth": (
        mg.GraphError,
        lambda: bool(x > 1.0),
        "the truth of a node of shape (2,) is ambiguous",
        ["  greater  shape (2,), bool"],
        "compare one entry, or reduce .value with .all() or .any()",
    ),
    "a number": (
        mg.GraphError,
        lambda: float(x),
        "only a node of one entry is a float; this one has shape (2,)",
        [X],
        "",
    ),
    "an array": (
        mg.GraphError,
        lambda: np.asarray(x),
        "a Node was given where a NumPy array is needed",
        [X],
        "use node.value for the array, or minigraph's function of the same name to stay in the "
        "graph",
    ),
    "a method of NumPy's arrays": (
        mg.MissingError,
        lambda: x.sum(),
        "a Node has no method sum",
        [X],
        "write it mg.sum(node, ...)",
    ),
    "a mean of NumPy": (
        mg.GraphError,
        lambda: np.mean(x),
        "a Node was given where a NumPy array is needed",
        [X],
        "use node.value for the array, or minigraph's function of the same name to stay in the "
        "graph",
    ),
    "a sum of NumPy": (
        mg.GraphError,
        lambda: np.sum(x),
        "np.sum in this form has no counterpart in minigraph",
        [X],
        "use mg.sum, or node.value for the array",
    ),
    "a function that minigraph lacks": (
        mg.GraphError,
        lambda: np.arctan2(x, z),
        "np.arctan2 in this form has no counterpart in minigraph",
        [X, Z],
        "use a function of minigraph, or node.value for the array",
    ),
    # Gradients
    "backward from many entries": (
        mg.GradientError,
        lambda: (x * x).backward(),
        "backward() starts from a scalar loss, but this node has shape (2,)",
        ["  Multiply  shape (2,), float64"],
        "reduce it first (mg.sum, mg.mean), or give ∂L/∂(it): mg.grad(node, wrt, cotangent)",
    ),
    "backward without a parameter": (
        mg.GradientError,
        lambda: mg.sum(c).backward(),
        "backward() found nothing to differentiate: the node depends on no parameter",
        ["  Sum  shape (), int64"],
        "make a leaf with mg.parameter, or ask for a node: mg.grad(loss, wrt=x)",
    ),
    "grad of many entries": (
        mg.GradientError,
        lambda: mg.grad(x, x),
        "the output has shape (2,); a gradient starts from a scalar",
        [X],
        "reduce it (mg.sum, mg.mean), or pass the cotangent ∂L/∂output",
    ),
    "a cotangent of another shape": (
        mg.ShapeError,
        lambda: mg.grad(x, x, cotangent=[[1.0, 2.0]]),
        "a cotangent of shape (1, 2) was given for an output of shape (2,)",
        [X],
        "it has one entry per entry of the output",
    ),
    "grad of no node": (
        mg.GraphError,
        lambda: mg.grad(3.0, x),
        "output is no Node but a float",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "grad by no node": (
        mg.GraphError,
        lambda: mg.grad(loss, [x, x.value]),
        "wrt is no Node but a ndarray",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "grad by a set": (
        mg.GraphError,
        lambda: mg.grad(loss, {x}),
        "wrt is no Node but a set",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "grad by nothing": (
        mg.GraphError,
        lambda: mg.grad(loss, None),
        "wrt is no Node but a NoneType",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "grad by integers": (
        mg.DTypeError,
        lambda: mg.grad(loss, c),
        "wrt holds int64: integers and booleans have no gradient",
        [C],
        "make the leaf of floats: value.astype(float)",
    ),
    "grad of booleans": (
        mg.DTypeError,
        lambda: mg.grad(x > 1.0, x),
        "output holds bool: integers and booleans have no gradient",
        ["  greater  shape (2,), bool"],
        "make the leaf of floats: value.astype(float)",
    ),
    # Indexing and joining
    "an index out of range": (
        mg.AxisError,
        lambda: x[2],
        "Index: index 2 is out of bounds for axis 0 with size 2",
        [X],
        INDEX,
    ),
    "too many indices": (
        mg.AxisError,
        lambda: x[0, 0],
        "Index: too many indices for array: array is 1-dimensional, but 2 were indexed",
        [X],
        INDEX,
    ),
    "an index that is none": (
        mg.AxisError,
        lambda: x["a"],
        "'a' is no index",
        [],
        "an index is an int, a slice of ints, ..., None, or a list or an array of ints or booleans",
    ),
    "a slice of no ints": (
        mg.AxisError,
        lambda: x[0.5:],
        "slice(0.5, None, None) is no index",
        [],
        "an index is an int, a slice of ints, ..., None, or a list or an array of ints or booleans",
    ),
    "an index of floats": (
        mg.AxisError,
        lambda: x[[0.0]],
        "Index: arrays used as indices must be of integer (or boolean) type",
        [X, "  constant  shape (1,), float64"],
        INDEX,
    ),
    "a mask of another shape": (
        mg.AxisError,
        lambda: x[[True, False, True]],
        "Index: boolean index did not match indexed array along axis 0; size of axis is 2 but "
        "size of corresponding boolean axis is 3",
        [X, "  constant  shape (3,), bool"],
        INDEX,
    ),
    "take out of range": (
        mg.AxisError,
        lambda: mg.take(x, [0, 2]),
        "Take: index 2 is out of bounds for axis 0 with size 2",
        [X, "  constant  shape (2,), int64"],
        INDEX,
    ),
    "take by a mask": (
        mg.DTypeError,
        lambda: mg.take(x, [True, True]),
        "Take: indices are integers, not bool",
        [X, "  constant  shape (2,), bool"],
        "indices.astype(int), if they are whole numbers; by a mask it is x[mask]",
    ),
    "take_along_axis by floats": (
        mg.DTypeError,
        lambda: mg.take_along_axis(x, [0.0], axis=0),
        "TakeAlongAxis: indices are integers, not float64",
        [X, "  constant  shape (1,), float64"],
        "indices.astype(int), if they are whole numbers; by a mask it is x[mask]",
    ),
    "take of a scalar": (
        mg.AxisError,
        lambda: mg.take(loss, [0], axis=0),
        "Take: a scalar has no axis to take entries from",
        [L, "  constant  shape (1,), int64"],
        "take from an array",
    ),
    "take of no named axis": (
        mg.AxisError,
        lambda: mg.take(w, [0]),
        "take: x has 2 axes",
        [W],
        "say along which one: axis=0, for example",
    ),
    "take along two axes": (
        mg.AxisError,
        lambda: mg.take(w, [0], axis=(0, 1)),
        "axis (0, 1) is no axis",
        [],
        "an axis is an int",
    ),
    "take along no axis": (
        mg.AxisError,
        lambda: mg.take(w, [0], axis=2),
        "Take: axis 2 is out of bounds for array of dimension 2",
        [W, "  constant  shape (1,), int64"],
        "axes count from 0, or from -1 backwards",
    ),
    "take_along_axis of fewer axes": (
        mg.ShapeError,
        lambda: mg.take_along_axis(w, [0, 1]),
        "TakeAlongAxis: x has 2 axes, the indices have 1",
        [W, "  constant  shape (2,), int64"],
        "give the indices an axis for each of x's: mg.expand_dims(indices, axis)",
    ),
    "take_along_axis of shapes that do not fit": (
        mg.ShapeError,
        lambda: mg.take_along_axis(w, np.zeros((3, 1), int)),
        "TakeAlongAxis: the shapes (2, 1) and (3, 1) do not broadcast: axis -2 has length 2 in "
        "one and 3 in the other",
        [W, "  constant  shape (3, 1), int64"],
        BROADCAST,
    ),
    "concat of nothing": (
        mg.ShapeError,
        lambda: mg.concat([]),
        "concat: there is nothing to join",
        [],
        "give a list of arrays",
    ),
    "concat of a number": (
        mg.ShapeError,
        lambda: mg.concat(3.0),
        "concat: there is nothing to join",
        [],
        "give a list of arrays",
    ),
    "concat of other lengths": (
        mg.ShapeError,
        lambda: mg.concat([w, z], axis=0),
        "Concat: the shapes (2, 3) and (2, 2) differ in more than axis 0",
        [W, Z],
        "give the arrays equal lengths along the other axes (mg.stack makes a new axis)",
    ),
    "concat along no axis": (
        mg.AxisError,
        lambda: mg.concat([x, x], axis=1),
        "Concat: axis 1 is out of bounds for array of dimension 1",
        [X, X],
        "axes count from 0, or from -1 backwards",
    ),
    "stack of other shapes": (
        mg.ShapeError,
        lambda: mg.stack([x, w]),
        "Stack: the shapes (2,) and (2, 3) differ",
        [X, W],
        "give all arrays one shape (mg.concat joins along an axis that is there)",
    ),
    "stack along no axis": (
        mg.AxisError,
        lambda: mg.stack([x, x], axis="rows"),
        "axis 'rows' is no axis",
        [],
        "an axis is an int",
    ),
    "the length of a scalar": (
        mg.GraphError,
        lambda: len(loss),
        "a scalar node has no length",
        [L],
        "",
    ),
    "the entries of a scalar": (
        mg.GraphError,
        lambda: list(loss),
        "a scalar node has no entries to iterate over",
        [L],
        "",
    ),
    # Bounds and other options
    "bounds the wrong way round": (
        mg.OptionError,
        lambda: mg.clip(x, 2, 1),
        "clip: min=2 is above max=1",
        [],
        "give the smaller bound first",
    ),
    "a bound of nan": (
        mg.OptionError,
        lambda: mg.clip(x, np.nan, 1),
        "clip: a bound is nan",
        [],
        "bounds are numbers, or None",
    ),
    "a number that does not fit in an op of a user's": (
        mg.DTypeError,
        lambda: Huge()(x),
        "Huge: int too large to convert to float",
        [X],
        "use inputs of a dtype that the op takes: value.astype(float)",
    ),
    "indices that do not broadcast": (
        mg.ShapeError,
        lambda: w[[0, 1], [0, 1, 2]],
        "Index: the shapes (2,) and (3,) do not broadcast: axis -1 has length 2 in one and 3 in "
        "the other",
        [W, "  constant  shape (2,), int64", "  constant  shape (3,), int64"],
        BROADCAST,
    ),
    "a minimum of nothing": (
        mg.ShapeError,
        lambda: mg.min(np.ones((2, 0)), axis=1),
        "Min: shape (2, 0) has no entries",
        ["  constant  shape (2, 0), float64"],
        "give at least one entry along each axis",
    ),
    "permute_dims out of range": (
        mg.AxisError,
        lambda: mg.permute_dims(w, (0, 2)),
        "PermuteDims: axis 2 is out of bounds for array of dimension 2",
        [W],
        "axes count from 0, or from -1 backwards",
    ),
    # Higher derivatives
    "a Jacobian of no node": (
        mg.GraphError,
        lambda: mg.jacobian(x.value, x),
        "output is no Node but a ndarray",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "a Jacobian by integers": (
        mg.DTypeError,
        lambda: mg.jacobian(x, [c]),
        "wrt holds int64: integers and booleans have no gradient",
        [C],
        "make the leaf of floats: value.astype(float)",
    ),
    "a Hessian of many entries": (
        mg.GradientError,
        lambda: mg.hessian(x * x, x),
        "the output has shape (2,); a gradient starts from a scalar",
        ["  Multiply  shape (2,), float64"],
        "reduce it (mg.sum, mg.mean), or pass the cotangent ∂L/∂output",
    ),
    "a vector of another shape": (
        mg.ShapeError,
        lambda: mg.hvp(loss, x, [1.0, 2.0, 3.0]),
        "hvp: a vector of shape (3,) for a node of shape (2,)",
        [X],
        "it has one entry per entry of the node",
    ),
    "too few vectors": (
        mg.GraphError,
        lambda: mg.hvp(loss, [x, z], [[1.0, 2.0]]),
        "hvp: 1 vector(s) for 2 node(s)",
        [X, Z],
        "give one vector per node, of its shape",
    ),
    "no vector": (
        mg.GraphError,
        lambda: mg.hvp(loss, [x, z], 1.0),
        "hvp: 1 vector(s) for 2 node(s)",
        [X, Z],
        "give one vector per node, of its shape",
    ),
    "grad by a name": (
        mg.GraphError,
        lambda: mg.grad(loss, "x"),
        "wrt is no Node but a str",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "grad by an array": (
        mg.GraphError,
        lambda: mg.grad(loss, x.value),
        "wrt is no Node but a ndarray",
        [],
        "pass the Node itself, or a list of Nodes for wrt",
    ),
    "a gradient's graph at another shape": (
        mg.ShapeError,
        lambda: mg.function(mg.grad(loss, x), [x])([1.0, 2.0, 3.0]),
        "an array of shape (3,) was given for x, but ∂L/∂x is a gradient or was expanded, which "
        "ties it to shape (2,)",
        [X, "  ∂L/∂x  shape (2,), float64"],
        "make the function of the loss itself, with wrt=[...] for its gradients, or build the "
        "gradient anew for the shape",
    ),
    "an expanded graph at another shape": (
        mg.ShapeError,
        lambda: mg.function(mg.expand(mg.logsumexp(x).named("l")), [x])([1.0, 2.0, 3.0]),
        "an array of shape (3,) was given for x, but l is a gradient or was expanded, which ties "
        "it to shape (2,)",
        [X, "  l  shape (), float64"],
        "make the function of the loss itself, with wrt=[...] for its gradients, or build the "
        "gradient anew for the shape",
    ),
    # NumPy's functions of nodes
    "a function of NumPy's with an output": (
        mg.GraphError,
        lambda: np.exp(x, out=np.ones(2)),
        "np.exp in this form has no counterpart in minigraph",
        [X],
        "use a function of minigraph, or node.value for the array",
    ),
    "nodes joined by NumPy": (
        mg.GraphError,
        lambda: np.concatenate([x, x]),
        "a Node was given where a NumPy array is needed",
        [X],
        "use node.value for the array, or minigraph's function of the same name to stay in the "
        "graph",
    ),
    # A user's own op
    "a backward that returns no tuple": (
        mg.GradientError,
        lambda: mg.sum(returning(np.ones(2))(x)).backward(),
        "the backward of returning.<locals>.Mine() returned a ndarray, not a tuple of "
        "cotangents, for 1 input(s)",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a backward that returns too many": (
        mg.GradientError,
        lambda: mg.sum(returning((None, None))(x)).backward(),
        "the backward of returning.<locals>.Mine() returned 2 cotangent(s) for 1 input(s)",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a backward of another shape": (
        mg.GradientError,
        lambda: mg.sum(returning((np.ones(3),))(x)).backward(),
        "the backward of returning.<locals>.Mine() returned a cotangent of shape (3,) for "
        "x  shape (2,), float64",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a backward of fewer axes": (
        mg.GradientError,
        lambda: mg.sum(returning((np.ones(()),))(x)).backward(),
        "the backward of returning.<locals>.Mine() returned a cotangent of shape () for "
        "x  shape (2,), float64",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a backward of a number": (
        mg.GradientError,
        lambda: mg.sum(returning((1.0,))(x)).backward(),
        "the backward of returning.<locals>.Mine() returned a float, not an array, for "
        "x  shape (2,), float64",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a forward that returns nothing": (
        mg.DTypeError,
        lambda: Forgetful()(x),
        "the forward of Forgetful() returned a NoneType, not an array of numbers",
        [X],
        "return the output: an array, or for an op that saves a tuple of them",
    ),
    # Functions
    "a function by one node": (
        mg.GraphError,
        lambda: mg.function(loss, [x], wrt=x),
        "inputs and wrt are lists of the graph's Nodes",
        ["  given: <Node 'x': parameter → [1., 2.]>"],
        "call it as function(output, inputs=[θ, x, y], wrt=[θ])",
    ),
    "a function of no node": (
        mg.GraphError,
        lambda: mg.function(3.0, [x]),
        "output is no Node but a float",
        [],
        "pass what an op returned, such as the loss",
    ),
    "a function of a node twice": (
        mg.GraphError,
        lambda: mg.function(loss, [x, x]),
        "a node is among the inputs twice",
        [X, X],
        "name each once",
    ),
    "a function of a number": (
        mg.GraphError,
        lambda: mg.function(loss, [(x * 2.0).inputs[1]]),
        "a number of an expression, or of a rule, is no input",
        ["  2.0  shape (), float64"],
        "make a leaf for what is to change: mg.constant(...)",
    ),
    "a backward that forgets its namespace": (
        mg.GradientError,
        lambda: mg.grad(mg.sum(returning((np.ones(2),))(x)), x),
        "the backward of returning.<locals>.Mine() returned a ndarray on Nodes, not a Node, for "
        "x  shape (2,), float64",
        [X, "  Mine  shape (2,), float64"],
        BACKWARD,
    ),
    "a function of arrays": (
        mg.GraphError,
        lambda: mg.function(loss, [1.0]),
        "inputs and wrt are lists of the graph's Nodes",
        ["  given: [1.0]"],
        "call it as function(output, inputs=[θ, x, y], wrt=[θ])",
    ),
    "a function by integers": (
        mg.DTypeError,
        lambda: mg.function(loss, [x], wrt=[c]),
        "wrt holds int64: integers and booleans have no gradient",
        [C],
        "make the leaf of floats: value.astype(float)",
    ),
    "too few arrays": (
        mg.GraphError,
        lambda: mg.function(loss, [x, z])([1.0]),
        "<function (x, z) → L> takes 2 arrays, got 1",
        [],
        "give one array for each of its inputs, in their order",
    ),
    "arrays of two libraries": (
        mg.GraphError,
        lambda: mg.function(loss, [x, z])(x, np.ones(2)),
        "arrays of different libraries in one call: minigraph.namespace, numpy",
        [],
        "bring all to one library, as with numpy.asarray(array) or node.value",
    ),
    "gradients from many entries": (
        mg.GradientError,
        lambda: mg.function(x * 2, [x], wrt=[x])([1.0, 2.0]),
        "the output has shape (2,); a gradient starts from a scalar",
        [],
        "build the graph up to a scalar loss",
    ),
    "arrays that do not fit": (
        mg.ShapeError,
        lambda: mg.function(x + z, [x])([1.0, 2.0, 3.0]),
        "Add: the shapes (3,) and (2, 2) do not broadcast: axis -1 has length 2 in one and 3 in "
        "the other",
        ["  x  shape (3,), float64", Z],
        BROADCAST,
    ),
    "labels that do not fit": (
        mg.LabelError,
        lambda: mg.function(mg.cross_entropy(z, c - 1), [z, c])(np.ones((2, 2)), [1, 3]),
        "CrossEntropy: label 2 is out of range for 2 classes, 0 to 1",
        [Z, "  Subtract  shape (2,), int64"],
        "count classes from 0, or name them: mg.one_hot(labels, classes=[1, 2, 3])",
    ),
    "a row where a matrix is": (
        mg.AxisError,
        lambda: mg.function(mg.sum(z * 2, axis=1), [z])([1.0, 2.0]),
        "Sum: axis 1 is out of bounds for array of dimension 1",
        ["  Multiply  shape (2,), float64"],
        "axes count from 0, or from -1 backwards",
    ),
    "integers where a gradient is": (
        mg.DTypeError,
        lambda: mg.function(loss, [x], wrt=[x])(np.array([1, 2])),
        "int64 was given for x, but gradients need floating-point numbers",
        [],
        "pass value.astype(float)",
    ),
    "ragged rows": (
        mg.ShapeError,
        lambda: mg.function(loss, [x])([[1.0], [1.0, 2.0]]),
        "rows of different lengths were given for x",
        [],
        "make all rows equally long",
    ),
    "a masked array for a function": (
        mg.GraphError,
        lambda: mg.function(loss, [x])(np.ma.array([1.0], mask=[True])),
        "a masked array was given for x",
        [],
        "fill it: value.filled(...)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_whole_message(case):
    kind, action, what, nodes, remedy = CASES[case]
    with pytest.raises(kind) as caught:
        action()
    line = action.__code__.co_firstlineno
    text = linecache.getline(__file__, line).strip()
    where = [f"  at {os.path.relpath(__file__)}:{line}: {text}"]
    mended = [f"  To mend it: {remedy}"] if remedy else []
    assert str(caught.value).split("\n") == [what, *nodes, *where, *mended]
    assert type(caught.value) is kind


@pytest.mark.parametrize("case", CASES)
def test_a_minigraph_error_shows_no_numpy_error_behind_it(case):
    _, action, *_ = CASES[case]
    with pytest.raises(mg.MinigraphError) as caught:
        action()
    shown = caught.value.__cause__ or (
        None if caught.value.__suppress_context__ else caught.value.__context__
    )
    # But for an op of the user's own, whose author wants to see where it failed.
    assert shown is None or "user's" in case


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (mg.ShapeError, ValueError),
        (mg.AxisError, ValueError),
        (mg.AxisError, IndexError),
        (mg.DTypeError, TypeError),
        (mg.LabelError, ValueError),
        (mg.InputError, ValueError),
        (mg.GraphError, TypeError),
        (mg.GradientError, ValueError),
        (mg.MissingError, AttributeError),
        (mg.OptionError, ValueError),
        (mg.DrawingError, RuntimeError),
    ],
)
def test_each_kind_is_a_builtin_error_too(kind, builtin):
    assert issubclass(kind, mg.MinigraphError)
    assert issubclass(kind, builtin)


def test_the_line_is_that_of_the_function_that_the_user_wrote():
    def layer(x):
        return w @ x  # in here

    with pytest.raises(mg.ShapeError, match=r"return w @ x  # in here"):
        layer(x)


def test_code_without_a_file_is_named_all_the_same():
    with pytest.raises(mg.ShapeError) as caught:
        exec(compile("\n\nx + w", "<cell>", "exec"), {"x": x, "w": w})
    assert "\n  at <cell>:3\n" in str(caught.value)


def test_a_file_elsewhere_is_named_in_full(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text("x + w\n")
    code = compile(script.read_text(), str(script), "exec")
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    with pytest.raises(mg.ShapeError, match=re.escape(f"at {script}:1: x + w")):
        exec(code, {"x": x, "w": w})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(mg.ShapeError, match=r"  at script\.py:1: x \+ w"):
        exec(code, {"x": x, "w": w})


def test_a_path_that_has_no_relative_form_is_named_in_full(monkeypatch):
    def fail(path):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", fail)
    with pytest.raises(mg.ShapeError, match=re.escape(f"at {__file__}:")):
        _ = x + w


def test_with_no_frame_outside_the_outermost_one_is_named(monkeypatch):
    # As for the command line, whose every frame is minigraph's.
    monkeypatch.setattr(errors, "_PACKAGE", "")
    file, line = errors.locate(errors.user_site())
    assert file
    assert line >= 1


def test_an_unnamed_node_goes_by_the_name_of_the_variable_that_holds_it():
    inner = mg.constant([1.0, 2.0, 3.0])
    with pytest.raises(mg.ShapeError) as caught:
        _ = x + inner
    assert str(caught.value).split("\n")[1:3] == [X, "  inner = constant  shape (3,), float64"]


def test_a_broken_backward_is_told_at_the_line_that_applied_the_op():
    y = returning((None, None))(x)  # applied here
    total = mg.sum(y)
    with pytest.raises(mg.GradientError, match=r": y = returning.*# applied here\n"):
        total.backward()
