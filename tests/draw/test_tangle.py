"""How tangled a graph is, and that a tangle is drawn quickly."""

import numpy as np
import pytest
from folding_ import halves, layers, random, recurrent

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.draw.tangle import TANGLED, tangle


def test_edges_between_neighbours_go_over_nothing():
    for y in (layers(20), halves(64), mg.constant(1.0)):
        assert tangle(describe(y)) == 0


def test_edges_over_others_count_what_they_go_over():
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(3):
        y = mg.exp(y)
    # From x to the + that is four ops away: over three ops and three values.
    assert tangle(describe(y + x)) == 6


def test_it_is_of_what_is_drawn():
    assert tangle(describe(recurrent(100))) > TANGLED > tangle(describe(recurrent(100), fold=True))


@pytest.mark.untraced
@pytest.mark.parametrize("make", [lambda: random(110), lambda: recurrent(50)])
def test_a_tangle_of_some_hundred_nodes_is_drawn_whole(make):
    y = make()
    y.backward()
    picture = mg.draw(y)
    svg = picture.svg()
    assert picture.description.folded == ()
    assert "splines=line" in picture.source
    assert svg.count('class="edge') == len(picture.description.edges)


def test_what_is_no_tangle_has_curves(worked):
    assert "splines" not in mg.draw(worked("C")).source
    assert np.isfinite(tangle(describe(worked("C"))))
