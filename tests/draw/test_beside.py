"""A graph, and below it the graph of its gradients."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.beside import describe_beside


@pytest.fixture
def network():
    x = mg.constant([[1.0, 2.0]], name="x")
    w = mg.parameter([[0.1, 0.2], [0.3, 0.4]], name="W")
    v = mg.parameter([[0.1, 0.2], [0.3, 0.4]], name="V")
    h = mg.relu((x @ w).named("a")).named("h")
    loss = mg.softmax_cross_entropy((h @ v).named("z"), [0]).named("L")
    return loss, w, v


def test_each_gradient_is_linked_with_its_node(network):
    loss, w, v = network
    graph = describe_beside([loss], [w, v])
    links = {graph.called(forward): graph.called(gradient) for gradient, forward in graph.links}
    assert links == {name: f"∂L/∂{name}" for name in ("W", "V", "z", "h", "a")}
    (cluster,) = graph.clusters
    assert cluster.backward
    names = {graph[id].name for id in cluster.members}
    assert {"∂L/∂W", "∂L/∂V"} <= names
    assert names.isdisjoint({"W", "V", "x", "L"})
    by_name = {node.name: node for node in graph.nodes}
    loss.backward()
    assert by_name["∂L/∂W"].value == pytest.approx(w.grad)


def positions(svg: str) -> dict[str, tuple[float, float]]:
    found = re.findall(
        r'<g id="mg_\w+_(n\d+)" class="node data[^"]*">.*?<path[^>]*d="M([-\d.]+),([-\d.]+)',
        svg,
        re.DOTALL,
    )
    return {id: (float(x), float(y)) for id, x, y in found}


def test_gradients_stand_below_their_nodes(network):
    loss, w, v = network
    picture = mg.draw(loss, gradients=[w, v])
    where = positions(picture.svg())
    for gradient, forward in picture.description.links:
        assert where[gradient][1] > where[forward][1]  # in SVG down is more
        assert where[gradient][0] == pytest.approx(where[forward][0], abs=40)


@pytest.mark.parametrize("key", list("ABCDE"))
@pytest.mark.parametrize("fused", [False, True])
def test_the_lecture_s_examples_lie_the_same_way(worked, key, fused):
    loss = worked(key, fused)
    (theta,) = [n for n in mg.graph.topological_order(loss) if n.name == "θ"]
    picture = mg.draw(loss, gradients=theta)
    where = positions(picture.svg())
    assert len(picture.description.links) >= 2
    for gradient, forward in picture.description.links:
        assert where[gradient][1] > where[forward][1]


def test_values_from_above_are_names_and_cards_have_no_empty_halves(network):
    loss, w, v = network
    picture = mg.draw(loss, gradients=[w, v])
    svg = picture.svg()
    assert svg.count('class="node value"') >= 4
    assert "<title>z, from above</title>" in svg
    assert "<title>∂L/∂W is the gradient of W</title>" in svg
    assert 'PORT="gradient"' not in picture.source
    assert "not computed" not in picture.source
    assert "value from above" in picture.source.replace("&#160;", " ")
    assert "gradient –" not in str(picture)
    assert "hᵀ = MatrixTranspose, for z: 2×1" in str(picture)
    assert "The gradient of L, from right to left: " in picture.description.summary


def test_the_user_s_gradients_stay_as_they_are(network):
    loss, w, v = network
    mg.draw(loss, gradients=[w, v])
    assert w.grad is None
    loss.backward()
    before = w.grad.copy()
    mg.draw(loss, gradients=[w, v])
    assert np.array_equal(w.grad, before)


def test_lessons(network):
    loss, w, _ = network
    other = mg.parameter(1.0, name="other")
    with pytest.raises(mg.GraphError, match="of one output, and there are 2"):
        mg.draw(loss, w, gradients=w)
    with pytest.raises(mg.GraphError, match="no path leads"):
        mg.draw(loss, gradients=other)
    with pytest.raises(mg.OptionError, match="do not go together"):
        mg.draw(loss, gradients=w, zoom="component")
    with pytest.raises(mg.GraphError, match="limit is 5"):
        mg.draw(loss, gradients=w, limit=5)


def test_one_of_several_may_have_no_path(network):
    loss, w, _ = network
    graph = describe_beside([loss], [w, mg.parameter(1.0)])
    assert [node.name for node in graph.nodes if node.output] == ["L", "∂L/∂W"]


def test_a_gradient_s_own_picture_has_the_links(worked):
    loss = worked("A")
    (theta,) = [n for n in mg.graph.topological_order(loss) if n.name == "θ"]
    picture = mg.draw(mg.grad(loss, theta))
    svg = picture.svg()
    assert svg.count('class="edge link"') == 3  # of θ, z and ŷ
    assert "<title>∂L/∂z is the gradient of z</title>" in svg
    assert "a gradient and its node" in picture.source.replace("&#160;", " ")


@pytest.mark.parametrize("name", ['"', "<b>&amp;</b>", "\\N \\", "a\nb", "\u202eevil", "]]>", ""])
def test_hostile_names_are_text_in_frames_links_and_rules(name):
    w = mg.parameter([1.0, 2.0], name=name)
    p = mg.softmax(w * w).named(name)
    loss = mg.sum(p * p).named(name)
    loss.backward()
    for picture in (
        mg.draw(loss, gradients=w),
        mg.draw(loss, zoom="primitive", rules=True),
        mg.draw(mg.grad(loss, w)),
    ):
        root = ElementTree.fromstring(picture.svg())
        assert not list(root.iter("{http://www.w3.org/2000/svg}b"))
        assert str(picture)
