"""The entries of a graph as plain text: the derivatives, and the gradients as sums over paths."""

from __future__ import annotations

from itertools import islice

from minigraph.draw.component import Components
from minigraph.draw.component_dot import derivative_text
from minigraph.draw.derivatives import Derivative
from minigraph.draw.description import TAGS, DataNode
from minigraph.draw.matrices import DASH, MINUS, NO_GRADIENT, entries
from minigraph.formula.names import shorten, visible

_LONGEST_NAME = 40
# A sum of more products than this is said in words.
MOST_PATHS = 4


def component_text(graph: Components, *, precision: int = 4, most: int = 200) -> str:
    """Write each entry with the local derivatives that lead to it, and each gradient as its sum.

    Parameters
    ----------
    graph : Components
    precision : int
        The most decimals.
    most : int
        The most lines.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.draw.component import describe_components
    >>> w = mg.parameter(2.0, name="w")
    >>> h = mg.exp(w * 0.5).named("h")
    >>> y = (h * w).named("y")
    >>> y.backward()
    >>> print(component_text(describe_components(y)))
    y: 5.4366; ∂y/∂y 1
      ∂y/∂h = w = 2
      ∂y/∂w = h = 2.7183
    h: 2.7183; ∂y/∂h 2
      ∂h/∂(w × 0.5) = h = 2.7183
    (w × 0.5): 1; ∂y/∂(w × 0.5) 5.4366
      ∂(w × 0.5)/∂w = 0.5
    w (parameter): 2; ∂y/∂w 5.4366
      = ∂(w × 0.5)/∂w · ∂h/∂(w × 0.5) · ∂y/∂h + ∂y/∂w
      = 0.5 · 2.7183 · 2 + 2.7183
    """
    ends = [node for node in graph.nodes if node.output]
    top = next((n for n in ends if n.gradient is not None and n.gradient.item() == 1), None)
    counts = graph.count_paths(top.id) if top else {}
    lines = []
    for node in reversed(graph.nodes):
        if node.kind == "scalar":
            continue
        lines.append(_line(node, precision))
        for edge in graph.derivatives:
            if edge.head == node.id and edge.carries:
                lines.append(f"  {_name(edge.label)} {derivative_text(edge, precision)}")
        if top and node.kind == "parameter" and counts[node.id]:
            paths = list(islice(graph.paths(node.id, top.id), MOST_PATHS))
            lines += ["  " + line for line in _sum(paths, counts[node.id], precision)]
    if len(lines) > most:
        lines[most:] = [f"… and {len(lines) - most} more lines"]
    return "\n".join(lines)


def _name(text: str) -> str:
    return visible(shorten(text, 2 * _LONGEST_NAME))


def _line(node: DataNode, precision: int) -> str:
    mark = f"[{node.mark}] " if node.mark else ""
    kind = f" ({TAGS[node.kind]})" if node.kind in TAGS else ""
    (value,) = entries(node.value.reshape(1), precision)
    if node.gradient is None:
        gradient = f"gradient {DASH}" if node.active else NO_GRADIENT
    else:
        gradient = _name(node.cotangent) + " " + entries(node.gradient.reshape(1), precision)[0]
    return f"{mark}{visible(shorten(node.name, _LONGEST_NAME))}{kind}: {value}; {gradient}"


def _sum(paths: list[tuple[Derivative, ...]], count: int, precision: int) -> list[str]:
    """Write a gradient as a sum of products, with symbols and with numbers."""
    more = f" + … ({count} paths)" if count > len(paths) else ""
    symbols = " + ".join(" · ".join(_name(edge.label) for edge in path) for path in paths)
    products = []
    for path in paths:
        numbers = [derivative_text(edge, precision).split("= ")[-1] for edge in path]
        products.append(" · ".join(f"({n})" if n.startswith(MINUS) else n for n in numbers))
    return [f"= {symbols}{more}", f"= {' + '.join(products)}{more}"]
