"""The steps of the update: θ ← θ − ηL'_θ for each parameter, and the loss after it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minigraph.draw.matrices import line
from minigraph.explain.scene import Scene, quantity
from minigraph.explain.walk import Origin, Step
from minigraph.explain.wording import say
from minigraph.formula import equation
from minigraph.functions import function
from minigraph.leaves import constant
from minigraph.node import Node


def update_steps(scene: Scene, eta: float, known: tuple[str, ...]) -> Iterator[Step]:
    """Go through the parameters that have a gradient, then run the graph on their new values."""
    moved = [node for node in scene.parameters if node.grad is not None]
    after = []
    for node in moved:
        step, new = _update(scene, node, eta, known)
        after.append(new)
        yield step
    loss = scene.loss
    value = np.asarray(function(loss, moved)(*after))
    id, name = scene.ids[loss], scene.names[loss]
    before, now = loss._value.item(), value.item()
    key = "fell" if now < before else "rose" if now > before else "stayed"
    words = {"name": name, "before": line(loss._value), "after": line(value)}
    yield Step(
        phase="update",
        kind="after",
        node=id,
        op=None,
        lit=(id, *(scene.ids[node] for node in moved)),
        known=known,
        formulas=(),
        quantities=(
            quantity(name, "before", loss._value, id),
            quantity(name, "after", value, id),
        ),
        equals=(),
        origins=(),
        asked=None,
        check=None,
        sentences=say("sentences", key, **words),
        rules={},
    )


def _update(
    scene: Scene, node: Node, eta: float, known: tuple[str, ...]
) -> tuple[Step, np.ndarray]:
    """Return the step of a parameter, and its new value."""
    gradient = node.grad
    assert gradient is not None
    id, name, cotangent = scene.ids[node], scene.names[node], scene.cotangent(node)
    rate = constant(np.asarray(eta, node.dtype))
    slope = constant(gradient)
    new = node - rate * slope
    formula = equation(new, {node: name, rate: "η", slope: cotangent, new: name}).assigned
    words = {"name": name, "equation": formula.text, "eta": f"{eta:g}"}
    same = tuple(((e,), (e,)) for e in range(node.size))
    step = Step(
        phase="update",
        kind="update",
        node=id,
        op=None,
        lit=(id,),
        known=known,
        formulas=(formula,),
        quantities=(
            quantity(name, "before", node._value, id),
            quantity(cotangent, "cotangent", gradient, id),
            quantity(name, "after", new._value, id),
        ),
        equals=(),
        origins=(Origin(2, (0, 1), same),),
        asked=2,
        check=None,
        sentences=say("sentences", "update", **words),
        rules=say("rules", "update", **words),
    )
    return step, new._value
