"""Drawing graphs of 10 to 5,000 nodes: minigraph's own share, and that of the engine (`dot`).

Run by `make bench`. What a graph of a size is like decides what there is to draw, so there are
two: layers, which fold to a few cards, and a random graph, of which as much is shown as may be. Up
to the limit of 300 nodes both are drawn whole; the 10- and 100-node graphs are therefore the ones
that give `dot` the most to do for their size.
"""

import statistics
import time

import pytest
from folding_ import layers, random

import minigraph as mg
from minigraph.draw.engine import find_engine, run
from minigraph.graph import topological_order

SIZES = [10, 100, 1000, 5000]
ROUNDS = 5


def a_network(size):
    return layers(max(1, (size - 2) // 5))


def a_random_graph(size):
    # Each op of it is two nodes.
    return random(4 + (size - 6) // 2)


def shares(y):
    """Return the seconds of describing and writing DOT, of `dot`, and of the whole SVG."""
    start = time.perf_counter()
    picture = mg.draw(y)
    described = time.perf_counter()
    run(find_engine(), picture.source, "svg")
    laid_out = time.perf_counter()
    picture.svg()
    done = time.perf_counter()
    return described - start, laid_out - described, done - laid_out


@pytest.mark.parametrize("make", [a_network, a_random_graph])
def test_the_shares(make, capsys):
    rows = []
    for size in SIZES:
        y = make(size)
        y.backward()
        nodes = len(topological_order(y))
        times = [shares(y) for _ in range(ROUNDS)]
        draw, dot, svg = (statistics.median(part) for part in zip(*times, strict=True))
        graph = mg.draw(y).description
        shown = len(graph.nodes) + len(graph.folded)
        rows.append((nodes, shown, draw, dot, svg - dot, draw + svg))
    with capsys.disabled():
        print(f"\n\ndrawing {make.__name__.replace('_', ' ')}, median of {ROUNDS} rounds, ms")
        print(f"{'nodes':>8}{'shown':>8}{'draw':>9}{'dot':>9}{'svg':>9}{'in all':>9}{'dot %':>8}")
        for nodes, shown, draw, dot, svg, total in rows:
            times = "".join(f"{1000 * part:9.1f}" for part in (draw, dot, max(svg, 0.0), total))
            print(f"{nodes:8}{shown:8}{times}{100 * dot / total:8.0f}")


@pytest.mark.benchmark(group="drawing, from a graph to its SVG")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [a_network, a_random_graph])
def test_draw(benchmark, make, size):
    y = make(size)
    y.backward()
    svg = benchmark.pedantic(lambda: mg.draw(y).svg(), rounds=3)
    assert svg.startswith("<svg")
