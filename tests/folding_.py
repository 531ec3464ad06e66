"""Graphs to fold, and what has to hold for whatever is folded."""

import numpy as np

import minigraph as mg
from minigraph.draw.description import Description
from minigraph.graph import topological_order


def chain(count):
    x = mg.parameter(0.5, name="x")
    y = x
    for _ in range(count):
        y = mg.tanh(y)
    return y.named("y")


def ladder(count):
    y = mg.parameter(1.0, name="x")
    for _ in range(count):
        y = y * y / 2 + 0.5
    return y.named("y")


def wide(count):
    """A sum of many, one after the other."""
    total = mg.parameter(1.0, name="x0")
    for i in range(1, count):
        total = total + mg.parameter(1.0, name=f"x{i}")
    return total.named("y")


def stacked(count):
    parts = [mg.exp(mg.parameter(0.0, name=f"x{i}")) for i in range(count)]
    return mg.sum(mg.stack(parts)).named("y")


def halves(count):
    """A sum of many, by halves."""
    parts = [mg.parameter(1.0, name=f"x{i}") for i in range(count)]
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [a + b for a, b in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0].named("y")


def layers(count, width=3, weights_first=False):
    rng = np.random.default_rng(0)
    h = mg.constant(rng.normal(size=(width, width)), name="x")
    for i in range(count):
        w = mg.parameter(rng.normal(size=(width, width)), name=f"W{i + 1}")
        b = mg.parameter(rng.normal(size=(width, width)), name=f"b{i + 1}")
        h = mg.tanh((w @ h if weights_first else h @ w) + b)
    return mg.sum(h).named("L")


def recurrent(count):
    """The same weights at each step."""
    w, u = mg.parameter(np.eye(2) / 2, name="W"), mg.parameter(np.eye(2) / 3, name="U")
    h = mg.constant(np.ones((2, 2)), name="h0")
    for i in range(count):
        h = mg.tanh(h @ w + mg.constant(np.ones((2, 2)), name=f"x{i}") @ u)
    return mg.sum(h).named("L")


_OPS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: mg.tanh(a) - b,
    lambda a, b: mg.sin(a + b),
]


def random(count, seed=0, near=None):
    """Ops on nodes drawn from all that there are, or from the last ones."""
    rng = np.random.default_rng(seed)
    nodes = [mg.parameter(0.1 * i, name=f"x{i}") for i in range(4)]
    while len(nodes) < count:
        first = max(0, len(nodes) - near) if near else 0
        i, j = rng.integers(first, len(nodes), 2)
        nodes.append(mg.tanh(_OPS[rng.integers(len(_OPS))](nodes[i], nodes[j])))
    used = {x for node in nodes for x in node.inputs}
    return mg.sum(mg.stack([node for node in nodes if node not in used])).named("y")


def check(graph: Description, *outputs: mg.Node) -> None:
    """Check that a folded graph is the graph: nothing is lost, doubled or turned round."""
    order = topological_order(*outputs)
    assert len(graph.nodes) + sum(part.hidden for part in graph.folded) == len(order)
    uses = sum(len(node.inputs) for node in order)
    drawn = [e for e in graph.edges if e.direction == "forward"]
    shown = sum(edge.times for edge in drawn if edge.position is not None)
    assert shown + sum(part.uses for part in graph.folded) == uses
    # Each value that is shown is where the graph has it.
    position = {f"n{i}": node for i, node in enumerate(order)}
    for node in graph.nodes:
        assert np.array_equal(node.value, position[node.id].value, equal_nan=True)
    # Every edge goes from something to something, and no way leads back.
    ids = {thing.id for thing in (*graph.nodes, *graph.ops)}
    left = dict.fromkeys(ids, 0)
    after: dict[str, list[str]] = {id: [] for id in ids}
    for edge in drawn:
        left[edge.head] += 1
        after[edge.tail].append(edge.head)
    ready = [id for id, count in left.items() if count == 0]
    done = 0
    while ready:
        done += 1
        for head in after[ready.pop()]:
            left[head] -= 1
            if left[head] == 0:
                ready.append(head)
    assert done == len(ids)
    assert len({edge.id for edge in graph.edges}) == len(graph.edges)
    for part in graph.folded:
        into = [edge.tail for edge in drawn if edge.head == part.id]
        assert tuple(into) == part.inputs
        assert len(set(into)) == len(into)
