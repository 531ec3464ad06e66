"""minigraph: a computational graph that computes, differentiates, draws and explains itself.

>>> import minigraph as mg
>>> theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
>>> x = mg.constant([[1.0], [1.4]], name="x")
>>> y = mg.one_hot([1], classes=[1, 2], axis=0, name="y")
>>> z = (theta.T @ x).named("z")
>>> y_hat = mg.softmax(z, axis=0).named("ŷ")
>>> loss = mg.cross_entropy(y_hat, y, axis=0).named("L")
>>> loss.backward()
>>> (z.grad - (y_hat.value - y.value)).round(12).tolist()
[[0.0], [0.0]]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# isort: split  (the others close the circle of the node's imports)
from minigraph.autodiff import grad
from minigraph.errors import (
    AxisError,
    DrawingError,
    DTypeError,
    GradientError,
    GraphError,
    InputError,
    LabelError,
    MinigraphError,
    MissingError,
    NonFiniteWarning,
    OptionError,
    ShapeError,
)
from minigraph.functions import function
from minigraph.graph import expand
from minigraph.jacobian import hessian, hvp, jacobian
from minigraph.leaves import constant, one_hot, parameter
from minigraph.namespace import (
    abs,
    add,
    broadcast_to,
    clip,
    concat,
    cos,
    cross_entropy,
    divide,
    exp,
    expand_dims,
    expm1,
    log,
    log1p,
    log_softmax,
    logsumexp,
    matmul,
    matrix_transpose,
    max,
    maximum,
    mean,
    min,
    minimum,
    multiply,
    negative,
    permute_dims,
    pow,
    prod,
    relu,
    reshape,
    sigmoid,
    sign,
    sin,
    softmax,
    softmax_cross_entropy,
    softplus,
    sqrt,
    square,
    squeeze,
    stack,
    subtract,
    sum,
    take,
    take_along_axis,
    tanh,
    var,
    where,
    xlogy,
)
from minigraph.node import Node
from minigraph.op import Composite, Op

if TYPE_CHECKING:
    from minigraph.compile.compiled import compile as compile
    from minigraph.derive.build import derive
    from minigraph.draw.picture import draw
    from minigraph.explain.build import explain

__all__ = [
    "AxisError",
    "Composite",
    "DTypeError",
    "DrawingError",
    "GradientError",
    "GraphError",
    "InputError",
    "LabelError",
    "MinigraphError",
    "MissingError",
    "Node",
    "NonFiniteWarning",
    "Op",
    "OptionError",
    "ShapeError",
    "abs",
    "add",
    "broadcast_to",
    "clip",
    "concat",
    "constant",
    "cos",
    "cross_entropy",
    "derive",
    "divide",
    "draw",
    "exp",
    "expand",
    "expand_dims",
    "explain",
    "expm1",
    "function",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "log",
    "log1p",
    "log_softmax",
    "logsumexp",
    "matmul",
    "matrix_transpose",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "multiply",
    "negative",
    "one_hot",
    "parameter",
    "permute_dims",
    "pow",
    "prod",
    "relu",
    "reshape",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "subtract",
    "sum",
    "take",
    "take_along_axis",
    "tanh",
    "var",
    "where",
    "xlogy",
]

_ROOMS = {"compile", "derive", "draw", "explain", "lecture", "testing"}


def __getattr__(name: str) -> Any:
    """Import a room when it is first used: `import minigraph` costs the engine alone."""
    if name in _ROOMS:
        return importlib.import_module(f"minigraph.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("minigraph")
    raise AttributeError(f"module 'minigraph' has no attribute {name!r}")
