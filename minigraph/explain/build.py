"""explain: from a loss to its walk."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from minigraph.draw.names import caller_variables
from minigraph.errors import GradientError, GraphError, OptionError
from minigraph.explain.backward import backward_steps, seed_step
from minigraph.explain.forward import forward_steps, leaf_steps
from minigraph.explain.scene import Scene
from minigraph.explain.update import update_steps
from minigraph.explain.walk import Walk
from minigraph.explain.wording import check_language, say
from minigraph.graph import topological_order
from minigraph.node import Node

LIMIT = 200
"""The most ops that a walk goes through; beyond it nobody would follow."""


def explain(loss: Node, update: float | None = None, *, language: str = "en") -> Walk:
    """Walk through a graph step by step, in the lecture's five steps.

    1. The sample: each parameter, input and target. 2. The output: every op up to the prediction.
    3. The loss: the ops from there on. 4. The derivative: ∂L/∂L = 1, then every op backward, one
    step for each input that it passes its cotangent on to. 5. The update θ ← θ − ηL'_θ, and the
    loss after it.

    The loss begins where a target meets what depends on a parameter: targets are the leaves of
    `one_hot`, and what a cross-entropy is given as targets or labels. In a graph without any, the
    input that comes in last is taken for one; if there is none either, the loss is the last op.

    Nothing of the user's changes: the gradients of the walk are its own, and nodes keep the
    ``grad`` that they have.

    Parameters
    ----------
    loss : Node
        A scalar that depends on a parameter.
    update : float, optional
        The learning rate η. Default: the walk ends with the derivative.
    language : {"en", "vi"}
        English or Vietnamese; a page has both.

    Returns
    -------
    Walk
        It prints as text, shows itself in a notebook, and saves itself (``save("walk.html")``,
        .txt).

    Raises
    ------
    GraphError
        If the loss is no Node, or its graph has more than 200 ops.
    GradientError
        If the loss is no scalar, or depends on no parameter.
    OptionError
        If η is no positive number, or the language is not known.

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> walk = mg.explain((x * x).named("L"), update=0.1)
    >>> for step in walk.steps:
    ...     print(step.sentences["en"])
    x is a parameter (scalar): what training changes.
    Multiply gives L = x · x.
    The derivative starts at the loss: ∂L/∂L = 1.
    Multiply passes ∂L/∂L on to x, the first of 2 contributions to ∂L/∂x: x.
    Multiply passes ∂L/∂L on to x, contribution 2 of 2 to ∂L/∂x, which is added to what is there: x.
    x moves against its gradient: x ← x − η · ∂L/∂x, with η = 0.1.
    With the new parameters L falls from 9 to 5.76.
    """
    variables = caller_variables(sys._getframe())
    return walk_of(loss, update, language, variables)


def walk_of(
    loss: Node,
    update: float | None,
    language: str,
    variables: Sequence[Mapping[str, Any]] = (),
    title: str | None = None,
) -> Walk:
    """Return the walk of a loss: the body of `explain`.

    Parameters
    ----------
    loss, update, language
        As `explain` takes them.
    variables : sequence of mapping
        Where unnamed nodes find names: scopes, the nearest first.
    title : str, optional
        Default: that of the loss.
    """
    check_language(language)
    _check(loss, update)
    scene = Scene(loss, variables)
    steps = list(leaf_steps(scene))
    steps += forward_steps(scene, steps[-1].known)
    steps.append(seed_step(scene, steps[-1].known))
    steps += backward_steps(scene, steps[-1].known)
    if update is not None:
        steps += update_steps(scene, float(update), steps[-1].known)
    if title is None:
        title = say("sentences", "title", name=scene.names[scene.loss])[language]
    nodes = {id: node for node, id in scene.ids.items()}
    return Walk(title, scene.description, scene.picture, tuple(steps), language, nodes)


def _check(loss: Any, update: Any) -> None:
    """Refuse what there is no walk of."""
    if not isinstance(loss, Node):
        raise GraphError(
            f"explain: a {type(loss).__name__} was given where a Node is needed",
            fix="explain what an op returned, the loss: mg.explain(loss)",
        )
    if loss.size != 1:
        raise GradientError(
            f"a walk ends at a scalar loss, but this node has shape {loss.shape}",
            nodes=[loss],
            fix="reduce it first: mg.sum(node) or mg.mean(node)",
        )
    if not loss._active:
        raise GradientError(
            "a walk needs something to differentiate by, but the loss depends on no parameter",
            nodes=[loss],
            fix="make a leaf with mg.parameter",
        )
    if update is not None and (
        isinstance(update, bool)
        or not isinstance(update, int | float | np.integer | np.floating)
        or not (math.isfinite(update) and update > 0)
    ):
        raise OptionError(
            f"update={update!r} is no learning rate η", fix="it is a positive number, such as 0.1"
        )
    order = topological_order(loss)
    ops = sum(node._op is not None for node in order)
    if ops > LIMIT:
        raise GraphError(
            f"a walk through {ops} ops is too long to follow; the limit is {LIMIT}",
            nodes=[loss],
            fix="explain a smaller graph: fewer layers, or an inner node reduced to a scalar",
        )
    inputs = sum(x._kind != "scalar" for node in order for x in node._inputs)
    if inputs > 2 * LIMIT:
        raise GraphError(
            f"a walk through {inputs} inputs of ops is too long to follow; the limit is "
            f"{2 * LIMIT}",
            nodes=[loss],
            fix="put what belongs together into one array, rather than stack scalars",
        )
