"""The steps backward: the seed, then every op, one step for each input that it passes on to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from minigraph.explain.checks import disagree, finite_differences
from minigraph.explain.closed_forms import closed_forms
from minigraph.explain.jacobians import block_name, jacobian_blocks, one_part
from minigraph.explain.origins import Entries, backward_origins, merged, origin
from minigraph.explain.rule import apart, contributions
from minigraph.explain.scene import Scene, quantity
from minigraph.explain.symbols import chain
from minigraph.explain.walk import Quantity, Step
from minigraph.explain.wording import joined, say
from minigraph.formula import Formula
from minigraph.formula.forms import is_transpose
from minigraph.formula.names import visible
from minigraph.node import Node


def seed_step(scene: Scene, known: tuple[str, ...]) -> Step:
    """Return the step that the derivative starts with: ∂L/∂L = 1."""
    loss = scene.loss
    id = scene.ids[loss]
    words = {"cotangent": scene.cotangent(loss), "name": scene.names[loss]}
    return Step(
        phase="derivative",
        kind="seed",
        node=id,
        op=None,
        lit=(id,),
        known=(*known, f"{id}:grad"),
        formulas=(),
        quantities=(scene.gradient(loss, "sum", np.ones_like(loss._value)),),
        equals=(),
        origins=(),
        asked=0,
        check=None,
        sentences=say("sentences", "seed", **words),
        rules=say("rules", "seed", **words),
    )


@dataclass(frozen=True, eq=False)
class _Contribution:
    """What one op passes on to one of its inputs.

    Attributes
    ----------
    node : Node
        The op's output.
    i : int
        Which input.
    outgoing, part, total : numpy.ndarray
        The output's cotangent, what the op makes of it, and the sum of what has arrived.
    number, count : int
        Which contribution to the input's gradient it is, of how many.
    """

    node: Node
    i: int
    outgoing: np.ndarray
    part: np.ndarray
    total: np.ndarray
    number: int
    count: int

    @property
    def x(self) -> Node:
        """The input."""
        return self.node._inputs[self.i]


# Of an op of more inputs than this, and arrays too large to say what made what, a step backward
# shows the one input that it is about.
_MANY = 6


def backward_steps(scene: Scene, known: tuple[str, ...]) -> Iterator[Step]:
    """Go through the ops in reverse topological order."""
    for each in _contributions(scene):
        if each.number == each.count:
            known += (f"{scene.ids[each.x]}:grad",)
        yield _step(scene, each, known)


def _contributions(scene: Scene) -> list[_Contribution]:
    """Run every op's rule on what came back to its output, in the order of the engine's sweep."""
    sums = {scene.loss: np.ones_like(scene.loss._value)}
    found = []
    for node in reversed(scene.order):
        if node._op is None or node not in sums:
            continue
        flows = [i for i, x in enumerate(node._inputs) if x._active]
        for i, part in enumerate(contributions(apart(node), sums[node], flows)):
            if part is not None:
                x = node._inputs[i]
                sums[x] = sums[x] + part if x in sums else part
                found.append((node, i, sums[node], part, sums[x]))
    count = Counter(node._inputs[i] for node, i, *_ in found)
    seen: Counter[Node] = Counter()
    result = []
    for node, i, outgoing, part, total in found:
        x = node._inputs[i]
        seen[x] += 1
        result.append(_Contribution(node, i, outgoing, part, total, seen[x], count[x]))
    return result


def _step(scene: Scene, each: _Contribution, known: tuple[str, ...]) -> Step:
    node, i, x = each.node, each.i, each.x
    id, output, op = scene.ids[x], scene.ids[node], scene.op_id(node)
    rule = scene.symbols.rule(node, i)
    jacobian, matrices, columns = _jacobian(scene, node, i)
    sources = (None, node, *node._inputs)
    entries = backward_origins(node, i)
    used = _used((None, node, x) if entries is None and len(sources) > _MANY else sources, entries)

    shown = [scene.gradient(node, "cotangent", each.outgoing)]
    shown += [scene.quantity(y, "output" if y is node else "input") for y in used]
    shown += matrices
    entries = merged(entries, sources, [None, *used])
    if entries is not None:
        entries = tuple((*a, *b) for a, b in zip(entries, columns, strict=True))
    contribution = Quantity(rule.right.text, "contribution", each.part, rule.right, id)
    total = scene.gradient(x, "sum", each.total)

    complete = each.number == each.count
    equals = closed_forms(scene.loss, x, scene.order, scene.names) if complete else ()
    words = {
        "op": visible(node.op.label),
        "outgoing": scene.cotangent(node),
        "output": scene.names[node],
        "name": scene.names[x],
        "cotangent": scene.cotangent(x),
        "rule": rule.text if each.count == 1 else rule.right.text,
        "number": str(each.number),
        "count": str(each.count),
    }
    key = "backward" if each.count == 1 else "first" if each.number == 1 else "next"
    sentences = [say("sentences", key, **words)]
    if matrices:
        key = "jacobian" if len(matrices) == 1 else "jacobians"
        texts = {"jacobian": jacobian[0].text, "product": jacobian[1].text}
        sentences.append(say("sentences", key, **texts))
    sentences += [say("sentences", "equals", closed=closed) for closed, _ in equals]
    through = _through(scene, node, x)
    sentences += [say("sentences", "through", rule=formula.text) for formula in through]
    check = finite_differences(scene.loss, x, scene.order) if complete else None
    if disagree(check, each.total):
        sentences.append(say("sentences", "kink"))
    edges = scene.edges("backward", op, id) + scene.edges("backward", op, output)
    return Step(
        phase="derivative",
        kind="backward",
        node=id,
        op=op,
        lit=(output, op, id, *edges),
        known=known,
        # One contribution of several is not the gradient.
        formulas=(rule if each.count == 1 else rule.right, *jacobian, *through),
        quantities=(*shown, contribution, total),
        equals=equals,
        origins=origin(len(shown), entries),
        asked=len(shown),
        check=check,
        sentences=joined(*sentences),
        rules=say("rules", "backward", **words),
        place=(each.number, each.count),
    )


def _used(sources: Sequence[Node | None], entries: Entries | None) -> list[Node]:
    """Return which nodes a rule looks at, each once: all that it may, if nothing is known."""
    return [
        source
        for source in dict.fromkeys(sources)
        if source is not None
        and source._kind != "scalar"
        and (
            entries is None
            or any(entry[k] for k, x in enumerate(sources) if x is source for entry in entries)
        )
    ]


def _jacobian(
    scene: Scene, node: Node, i: int
) -> tuple[tuple[Formula, ...], list[Quantity], list[tuple[tuple[int, ...], ...]]]:
    """Return an op's Jacobian, where it is worth showing: its formulas, and its matrices.

    That is where an op mixes the entries of its only input with one another and keeps the shape, as
    softmax does.

    Returns
    -------
    formulas : tuple of Formula
        The Jacobian, and its product with the cotangent.
    matrices : list of Quantity
    columns : list
        By entry of the input, and by matrix, the entries of the matrix that its gradient takes.
    """
    x = node._inputs[i]
    nothing = [()] * x.size
    if node.op.elementwise or len(node._inputs) > 1 or node.shape != x.shape:
        return (), [], nothing
    blocks = jacobian_blocks(node, i)
    part = one_part(node, blocks[0][0]) if blocks else None
    formula = scene.symbols.jacobian(node, i, part)
    if formula is None or blocks is None:
        return (), [], nothing
    matrices, columns = [], [[()] * len(blocks) for _ in range(x.size)]
    for b, (_, entries, matrix) in enumerate(blocks):
        name = block_name(scene.names[node], scene.names[x], b, len(blocks))
        matrices.append(quantity(name, "jacobian", matrix, None))
        for c, entry in enumerate(entries):
            columns[entry][b] = tuple(range(c, matrix.size, len(entries)))
    whole = block_name(scene.names[node], scene.names[x], 0, 1)
    product = chain(whole, scene.cotangent(node), scene.cotangent(x))
    return (formula, product), matrices, [tuple(each) for each in columns]


def _through(scene: Scene, node: Node, x: Node) -> tuple[Formula, ...]:
    """Return the rule as the lecture writes it, where the op only turns what another passed on."""
    users = [(y, i) for y in scene.order for i, z in enumerate(y._inputs) if z is node]
    if node in scene.named or not is_transpose(node) or len(users) != 1:
        return ()
    rule = scene.symbols.through(*users[0], node)
    return () if rule is None else (rule,)
