"""How tangled a graph is: how much its edges go over other nodes, which is what layout takes."""

from __future__ import annotations

from minigraph.draw.description import Description

# Beyond this the engine may take minutes to lay curves and to try orders, and the picture is no
# better for it.
TANGLED = 800


def tangle(graph: Description) -> int:
    """Return how many ranks the edges of a graph go over, in all.

    Each node stands as late as what it is used in allows, so an edge between neighbours goes over
    none.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.description import describe
    >>> x = mg.parameter(3.0, name="x")
    >>> tangle(describe(mg.exp(mg.tanh(x)))), tangle(describe(mg.exp(mg.tanh(x)) + x))
    (0, 4)
    """
    heads: dict[str, list[str]] = {}
    tails: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.direction == "forward":
            heads.setdefault(edge.tail, []).append(edge.head)
            tails.setdefault(edge.head, []).append(edge.tail)
    left = {id: len(found) for id, found in heads.items()}
    from_end = {id: 0 for found in heads.values() for id in found if id not in heads}
    ready = list(from_end)
    over = 0
    while ready:
        head = ready.pop()
        for tail in tails.get(head, ()):
            from_end[tail] = max(from_end.get(tail, 0), from_end[head] + 1)
            left[tail] -= 1
            if not left[tail]:
                over += sum(from_end[tail] - from_end[end] - 1 for end in heads[tail])
                ready.append(tail)
    return over
