"""From Nodes to their description: the body of `minigraph.draw.description.describe`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from minigraph.draw.description import Cluster, DataNode, Description, Folded, OpNode, few
from minigraph.draw.edges import edges_of
from minigraph.draw.flows import Flows
from minigraph.draw.fold import Group, fold
from minigraph.draw.gradients import cotangent, shown_gradients
from minigraph.draw.large import words
from minigraph.draw.names import names_of
from minigraph.errors import GraphError, OptionError
from minigraph.formula.names import shorten
from minigraph.graph import topological_order
from minigraph.node import Node
from minigraph.op import Op

# To how many nodes a graph over the limit is folded.
SHOWN = 60
# Larger graphs are folded only if that is asked for.
_MOST_UNASKED = 200_000
# The longest name of an op in a folded part.
_LONGEST_STEP = 20
# Outputs beyond so many may be folded too.
_MOST_OUTPUTS = 20


def describe_nodes(
    outputs: Sequence[Node],
    variables: Sequence[Mapping[str, Any]],
    limit: int | None = None,
    mark: Mapping[Node, str] = MappingProxyType({}),
    folding: bool | int | None = False,
    gradients: tuple[Node | None, Mapping[Node, np.ndarray]] | None = None,
    clusters: Sequence[tuple[str, Set[Node]]] = (),
    rules: bool = False,
) -> Description:
    """Describe the graph of some outputs: see `minigraph.draw.description.describe`.

    Parameters
    ----------
    gradients : tuple of (Node or None, mapping of Node to numpy.ndarray), optional
        What the gradients are of, and they themselves; default: `shown_gradients`.
    clusters : sequence of (str, set of Node)
        What is drawn together, and what is written on it.
    rules : bool
        Whether the edges say the ops' local rules.
    """
    order = topological_order(*outputs)
    groups = _groups(order, outputs, limit, mark, folding)
    hidden = {n for group in groups for n in group.nodes if n is not group.output}
    ids = {node: f"n{i}" for i, node in enumerate(order)}
    numbers = {node: i for i, node in enumerate((n for n in order if n.op is not None), 1)}
    shown = [node for node in order if node not in hidden] if hidden else order
    names = names_of(shown, variables)
    top, arrays = shown_gradients(outputs, order) if gradients is None else gradients
    loss = names[top][0] if top is not None and top in names else "L"
    labels = {node: cotangent(loss, names[node][0]) for node in shown}

    # What an edge starts from or leads to: of a hidden node, the part that it is in.
    owners = {node: ids[node] for node in shown}
    inside: dict[Node, Group] = {}
    for group in groups:
        inside |= dict.fromkeys(group.nodes, group)
        if group.output is None:
            owners |= dict.fromkeys(group.nodes, _id(group, ids))
    flows = Flows(shown, groups, arrays)
    edges, entering = edges_of(shown, groups, ids, owners, labels, flows)
    if rules:
        from minigraph.draw.rules import with_rules

        # What has no name and is no "v₁" is written out, as a name made up of its op would be.
        called = {node: name for node, (name, named) in names.items() if named or _is_number(name)}
        edges = with_rules(edges, [n for n in shown if n not in inside], ids, called, loss)
    parts = {group: _folded(group, ids, entering, variables) for group in groups}

    def op(node: Node) -> OpNode | None:
        if node in inside:
            return parts[inside[node]]
        return None if node.op is None else op_node(node.op, ids[node] + "_op", numbers[node])

    nodes = tuple(
        DataNode(
            id=ids[node],
            name=names[node][0],
            named=names[node][1],
            kind=node.kind or "computed",
            output=any(node is output for output in outputs),
            op=op(node),
            inputs=parts[inside[node]].inputs if node in inside else _inputs(node, owners),
            value=node.value,
            gradient=arrays.get(node),
            cotangent=labels[node],
            source=ids[node.source] if node.source in owners else None,
            mark=mark.get(node, ""),
            active=node._active,
            uses=len(flows.uses(node)),
            contributions=flows.contributions(node),
        )
        for node in shown
    )
    together = tuple(
        Cluster(f"c{i}", label, tuple(ids[node] for node in shown if node in members))
        for i, (label, members) in enumerate(clusters)
        # What is folded is in a frame or out of it, and not between.
        if all(sum(n in members for n in g.nodes) in (0, len(g.nodes)) for g in groups)
        and not members <= hidden
    )
    return Description(nodes, tuple(edges), tuple(parts.values()), together)


def _groups(
    order: list[Node],
    outputs: Sequence[Node],
    limit: int | None,
    mark: Mapping[Node, str],
    folding: bool | int | None,
) -> list[Group]:
    """Choose what is folded, by the rules of `minigraph.draw`."""
    whole = limit is None or len(order) <= limit
    if folding is False and not whole:
        raise GraphError(
            f"a graph of {len(order)} nodes is too large to draw whole; the limit is {limit}",
            fix="draw an inner node instead of the last one; or let mg.draw(loss) fold what is "
            "repeated or deep, without fold=False and gradients=; or raise the limit "
            f"(mg.draw(..., limit={len(order)})) and be patient",
        )
    if folding is None and not whole and len(order) > _MOST_UNASKED:
        raise GraphError(
            f"a graph of {len(order)} nodes takes long even to fold; the limit is {_MOST_UNASKED}",
            fix="draw an inner node instead of the last one, or say that it is to be folded: "
            f"mg.draw(..., fold={SHOWN}) (a million nodes take some 20 s)",
        )
    if not isinstance(folding, bool | int | None):
        raise OptionError(
            f"fold={folding!r} is not known", fix="it is True, False, or how many nodes to show"
        )
    # A bool is an int, but True is no number of nodes.
    number = None if isinstance(folding, bool) else folding
    if number is not None and number < 1:
        raise OptionError(
            f"fold={number} is no number of nodes to show", fix="give at least 1, or True or False"
        )
    keep = {*dict.fromkeys(outputs[:_MOST_OUTPUTS]), *mark}
    if number is not None:
        return fold(order, keep, number) if len(order) > number else []
    if folding:
        groups = fold(order, keep, 0, parts=False)
        if limit is None or len(order) - sum(len(g.nodes) - 1 for g in groups) <= limit:
            return groups
    return [] if whole or folding is False else fold(order, keep, SHOWN)


def _inputs(node: Node, owners: Mapping[Node, str]) -> tuple[str, ...]:
    """Return the ids of a node's inputs: of each folded part once."""
    ids = [owners[x] for x in node.inputs]
    seen: set[str] = set()
    once = [not (id.endswith("_op") and (id in seen or seen.add(id))) for id in ids]
    return tuple(id for id, stays in zip(ids, once, strict=True) if stays)


def _id(group: Group, ids: Mapping[Node, str]) -> str:
    return ids[group.end] + "_op"


def _folded(
    group: Group,
    ids: Mapping[Node, str],
    entering: Mapping[Group, tuple[str, ...]],
    variables: Sequence[Mapping[str, Any]],
) -> Folded:
    """Describe a folded part."""
    nodes, times = group.nodes, group.times
    size = f"{len(nodes)} nodes"
    block = nodes[: len(nodes) // times]
    made = [shorten(node.op.label, _LONGEST_STEP) for node in block if node.op is not None]
    leaves = names_of((node for node in nodes if node.op is None), variables).values()
    if not made:
        kinds = Counter(str(node.kind) for node in nodes).most_common()
        steps = few([f"{count} {kind}" + "s" * (count > 1) for kind, count in kinds])
        label = f"{len(nodes)} leaves"
    elif times > 1:
        steps = " → ".join(made if len(made) <= 6 else [*made[:3], "…", made[-1]])
        label = f"{times} × ({steps}), {size}"
    else:
        common = [f"{count} {name}" for name, count in Counter(made).most_common()]
        steps = ", ".join(common[:3]) + ", …" * (len(common) > 3)
        label = f"{size} folded"
    mine = set(nodes)
    return Folded(
        id=_id(group, ids),
        text=f"×{times}" if times > 1 else f"… {size}",
        label=label,
        parameters="",
        times=times,
        size=len(nodes),
        hidden=len(nodes) - (group.output is not None),
        uses=sum(x in mine for node in nodes for x in node._inputs),
        steps=steps,
        leaves=tuple(name for name, named in leaves if named),
        inputs=entering[group],
    )


def _is_number(name: str) -> bool:
    """Return whether a made-up name is a number, as v₁ is, and not an op of its inputs."""
    return name[0] == "v" and name[1:].isdigit()


def op_node(op: Op, id: str, number: int | None) -> OpNode:
    """Describe an op.

    Examples
    --------
    >>> import minigraph as mg
    >>> op_node(mg.sum(mg.parameter([[1.0]]), axis=0).op, "n1_op", 1)
    OpNode(id='n1_op', text='Sum', label='Sum', parameters='axis=0', number=1)
    """
    parameters = ""
    if is_dataclass(op):
        changed = [
            f"{field.name}={words(value) if isinstance(value, np.ndarray) else value}"
            for field in fields(op)
            for value in [getattr(op, field.name)]
            # An array is no default, and == of it is not one truth.
            if isinstance(value, np.ndarray) or value not in (field.default, op.label)
            if "in notation" not in field.metadata
        ]
        parameters = ", ".join(changed)
    slots = op.notation.count("{}")
    text = op.notation.replace("{}", "(·)" if slots == 1 else "").strip()
    return OpNode(id, text or op.label, op.label, parameters, number)
