"""Images: the graph of an output on other leaves, those of the arguments, in stable forms."""

from __future__ import annotations

from typing import Any

from minigraph.compile.fused import fused
from minigraph.compile.stable import FORWARD, stable
from minigraph.derive.cut import inputs_on
from minigraph.derive.knowledge import Knowledge
from minigraph.derive.rules.softmax import SHIFT
from minigraph.facts import OneHot
from minigraph.functions import GraphFunction
from minigraph.graph import rebuild, topological_order
from minigraph.leaves import constant
from minigraph.node import Node


def images_of(
    f: GraphFunction, given: dict[Node, Node], know: Knowledge, careful: bool, few: bool
) -> dict[Node, Any]:
    """Return what stands for each node of a function's graph, once its inputs are given.

    No rule looks through what one differentiates by, and nothing of that goes.

    Parameters
    ----------
    f : GraphFunction
    given : dict of Node to Node
        The leaves that stand for the inputs.
    know : Knowledge
        What is known of these.
    careful : bool
        Use no form that an overflow spoils.
    few : bool
        Allow the form for few logits.
    """
    wrt, needed = set(f.wrt or ()), set(f._order)
    # What one differentiates by, the labels would hide.
    declared = {
        given[node]
        for node in f.inputs
        if node not in wrt and any(isinstance(fact, OneHot) for fact in node._saved)
    }
    found = _images(f, given, know, FORWARD, () if careful else declared, few)
    there = set(topological_order(found[f.output]))
    if any(node in needed and found[node] not in there for node in wrt):
        # It depends on that by a shift alone, and the gradient is 0, which is to be computed.
        rules = tuple(rule for rule in FORWARD if rule is not SHIFT)
        found = _images(f, given, know, rules, () if careful else declared, few)
    return found


def _images(
    f: GraphFunction, given: dict[Node, Node], know: Knowledge, rules: Any, declared: Any, few: bool
) -> dict[Node, Any]:
    images: dict[Node, Any] = dict(given)
    arguments, wrt = set(given.values()), set(f.wrt or ())
    hidden: dict[Node, Node] = {}
    for node in f._order:
        if node in images:
            continue
        if node.op is None:
            # A number of an expression is weak: it takes the dtype of what is given now.
            images[node] = node.value.item() if node.kind == "scalar" else node
            continue
        inputs = [images[x] for x in node.inputs]
        if node.ndim and all(type(x) is float for x in inputs):
            # A number that is repeated has nothing beside it to take a dtype from.
            inputs = [constant(x.value) for x in node.inputs]
        image = node.op(*inputs)
        image = fused(stable(image, know, rules), know, arguments, declared, few)
        image._site = node._site
        images[node] = image.named(node.name)
        if node in wrt and node is not f.output:
            # To the rules it is a leaf.
            leaf = images[node] = constant(image.value, name=node.name, copy=False)
            know.assume(leaf, *know.of(image))
            hidden[leaf] = image
    return _shown(images, hidden, [f.output, *wrt]) if hidden else images


def _shown(
    images: dict[Node, Any], hidden: dict[Node, Node], wanted: list[Node]
) -> dict[Node, Any]:
    """Put back what was hidden, in the images that are wanted."""
    new: dict[Node, Node] = {}

    def on(image: Node) -> Node:
        for node in topological_order(image):
            inputs = inputs_on(node, new)
            if any(x is not y for x, y in zip(inputs, node.inputs, strict=True)):
                new[node] = rebuild(node, inputs)
        return new.get(image, image)

    for leaf, image in hidden.items():
        new[leaf] = on(image)
    return {node: on(images[node]) for node in wanted if node in images}
