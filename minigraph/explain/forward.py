"""The steps forward: the leaves, then every op up to the loss."""

from __future__ import annotations

from collections.abc import Iterator

from minigraph.draw.matrices import shape_text
from minigraph.explain.origins import forward_origins, merged, origin
from minigraph.explain.phases import loss_ops
from minigraph.explain.scene import Scene
from minigraph.explain.walk import Step
from minigraph.explain.wording import say
from minigraph.formula.names import visible
from minigraph.node import Node

# In which order the leaves come, and what each is called in the words.
_KINDS = ("parameter", "constant", "target")


def leaf_steps(scene: Scene) -> Iterator[Step]:
    """Go through the leaves: parameters, inputs, targets; numbers in expressions are left out."""
    known = tuple(scene.ids[node] for node in scene.order if node._kind == "scalar")
    leaves = [node for kind in _KINDS for node in scene.order if node._kind == kind]
    for node in leaves:
        id = scene.ids[node]
        known += (id,)
        words = {"name": scene.names[node], "shape": shape_text(node.shape)}
        yield Step(
            phase="sample",
            kind="leaf",
            node=id,
            op=None,
            lit=(id,),
            known=known,
            formulas=(),
            quantities=(scene.quantity(node, "output"),),
            equals=(),
            origins=(),
            asked=None,
            check=None,
            sentences=say("sentences", str(node._kind), **words),
            rules={},
        )


def forward_steps(scene: Scene, known: tuple[str, ...]) -> Iterator[Step]:
    """Go through the ops, those of the output before those of the loss."""
    of_loss = loss_ops(scene.loss, scene.order)
    ops = [node for node in scene.order if node._op is not None]
    for node in sorted(ops, key=of_loss.__contains__):  # a stable sort
        id, op = scene.ids[node], scene.op_id(node)
        known += (id,)
        inputs = shown_inputs(node)
        quantities = [scene.quantity(x, "input") for x in inputs]
        quantities.append(scene.quantity(node, "output"))
        equations = scene.symbols.equations(node)
        words = {"op": visible(node.op.label), "equation": equations[0].text}
        words["expanded"] = equations[-1].right.text
        lit = [id, op, *(scene.ids[x] for x in inputs), *scene.edges("forward", op)]
        entries = merged(forward_origins(node), node._inputs, inputs)
        yield Step(
            phase="loss" if node in of_loss else "output",
            kind="forward",
            node=id,
            op=op,
            lit=tuple(lit),
            known=known,
            formulas=equations,
            quantities=tuple(quantities),
            equals=(),
            origins=origin(len(inputs), entries),
            asked=len(inputs),
            check=None,
            sentences=say("sentences", "forward" if len(equations) == 1 else "composite", **words),
            rules=say("rules", "forward" if len(equations) == 1 else "composite", **words),
        )


def shown_inputs(node: Node) -> list[Node]:
    """Return what an op is applied to, each once, without the numbers in expressions."""
    return [x for x in dict.fromkeys(node._inputs) if x._kind != "scalar"]
