"""The zooms."""

import pytest

import minigraph as mg


@pytest.mark.parametrize(
    ("zoom", "nodes"), [("composite", 7), ("primitive", 23), ("component", 13)]
)
def test_a_zoom_shows_more_or_less_of_the_same_graph(worked, zoom, nodes):
    picture = mg.draw(worked("A"), zoom=zoom)
    assert len(picture.description.nodes) == nodes
    assert picture.svg().count('class="node data') == nodes
    assert set(picture._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_another_zoom_is_refused(worked):
    with pytest.raises(mg.OptionError, match="'composite', 'primitive' or 'component'"):
        mg.draw(worked("A"), zoom="atom")


def test_names_of_entries_can_be_given(worked):
    theta = mg.parameter([[0.1], [0.2]], name="θ")
    picture = mg.draw(mg.exp(theta), zoom="component", components={theta: [["b"], ["w"]]})
    assert [node.name for node in picture.description.nodes][:2] == ["b", "w"]


@pytest.mark.parametrize("gradients", [True, "W", [1.0]])
def test_gradients_are_by_nodes(gradients):
    with pytest.raises(mg.GraphError, match="names no node"):
        mg.draw(mg.exp(mg.parameter(1.0, name="x")), gradients=gradients)
