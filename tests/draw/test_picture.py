"""Pictures: what they are, how they show and save themselves."""

import re
import sys
from xml.etree import ElementTree

import graphviz
import pytest

import minigraph as mg
from minigraph.draw import Picture, notebook_bundle


def test_the_room_is_a_function(worked):
    picture = mg.draw(worked("A"))
    assert type(picture) is Picture
    assert isinstance(picture, graphviz.Digraph)
    assert repr(picture) == "<Picture: Computational graph of L, 7 data nodes, 4 ops>"
    assert "theme" in mg.draw.__call__.__doc__


@pytest.mark.parametrize(
    ("suffix", "magic"),
    [
        (".svg", b"<svg"),
        (".SVG", b"<svg"),
        (".png", b"\x89PNG"),
        (".dot", b"digraph"),
        (".gv", b"d"),
    ],
)
def test_it_saves_itself_by_suffix(worked, tmp_path, suffix, magic):
    path = mg.draw(worked("A")).save(tmp_path / "new" / f"loss{suffix}")
    assert path == tmp_path / "new" / f"loss{suffix}"
    assert path.read_bytes().startswith(magic)


def test_a_folder_and_leaving_files_alone(worked, tmp_path):
    (tmp_path / "a.svg").write_text("mine")
    picture = mg.draw(worked("A"))
    assert picture.save("a.svg", tmp_path, skip_existing=True).read_text() == "mine"
    assert picture.save(directory=tmp_path).name == "minigraph.gv"


@pytest.mark.parametrize("name", ["loss.bmp", "loss", ".svg"])
def test_another_suffix_is_an_error(worked, tmp_path, name):
    with pytest.raises(mg.OptionError, match=r"^a picture is saved as \.svg, .*, not as '.*'"):
        mg.draw(worked("A")).save(tmp_path / name)


def test_it_draws_without_a_system_graphviz(worked, monkeypatch, tmp_path):
    monkeypatch.setattr(graphviz.backend, "execute", None)
    picture = mg.draw(worked("A"))
    assert picture.pipe(encoding="utf-8") == picture.svg()
    assert picture.pipe("json").startswith(b"{")
    assert ElementTree.fromstring(picture.svg()) is not None


def test_render_writes_the_dot_and_the_picture(worked, monkeypatch, tmp_path):
    viewed = []
    monkeypatch.setattr(graphviz, "view", viewed.append)
    picture = mg.draw(worked("A"))
    path = picture.render("a.gv", tmp_path, view=True)
    assert viewed == [path] == [str(tmp_path / "a.gv.svg")]
    assert (tmp_path / "a.gv").read_text(encoding="utf-8") == picture.source
    picture.render(tmp_path / "b.gv", format="png", cleanup=True)
    assert (tmp_path / "b.gv.png").exists()
    assert not (tmp_path / "b.gv").exists()


def test_a_digraph_can_be_added_to_and_copied(worked):
    picture = mg.draw(worked("A"))
    twin = picture.copy()
    assert twin.svg() == picture.svg()
    twin.node("note", "mine")
    with twin.subgraph(name="cluster_mine") as part:
        part.node("other")
    assert twin.svg().count('class="node') == picture.svg().count('class="node') + 2


def test_a_notebook_gets_the_picture_and_the_text(worked):
    picture = mg.draw(worked("A"))
    assert picture._repr_mimebundle_() == {
        "image/svg+xml": picture.svg(),
        "text/plain": str(picture),
    }
    assert picture._repr_svg_() == picture.svg()
    assert set(picture._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert set(picture._repr_mimebundle_(exclude={"text/plain"})) == {"image/svg+xml"}


def test_a_notebook_without_an_engine_gets_the_text_and_the_remedies(worked, no_engine):
    picture = mg.draw(worked("A"))
    (text,) = picture._repr_mimebundle_().values()
    assert text.startswith(str(picture))
    assert "pip install graphviz-pure" in text
    assert picture._repr_svg_() is None
    with pytest.raises(mg.DrawingError, match="no drawing engine"):
        picture.svg()


def test_a_node_shows_its_picture_named_by_the_notebook_s_variables(monkeypatch):
    weight = mg.parameter(1.0)
    monkeypatch.setattr(sys.modules["__main__"], "w", weight, raising=False)
    obj = weight * 2.0  # what the displaying code happens to call it
    bundle = notebook_bundle(obj)
    assert bundle["text/plain"].startswith("w × 2 = Multiply")
    assert obj._repr_mimebundle_() == bundle


def test_a_node_of_too_large_a_graph_shows_its_text(monkeypatch):
    monkeypatch.setattr("minigraph.draw.describing._MOST_UNASKED", 1000)
    x = mg.parameter(1.0, name="x")
    for _ in range(400):
        x = mg.exp(x * 0.1)
    assert notebook_bundle(x) == {"text/plain": repr(x)}


@pytest.mark.parametrize("wrong", [3, "loss", object()])
def test_what_is_no_node_is_refused_with_the_user_s_line(wrong):
    with pytest.raises(
        mg.GraphError, match=r"was given where a Node is needed(.|\n)*mg.draw\(wrong"
    ):
        mg.draw(wrong)


def test_nothing_is_refused():
    with pytest.raises(mg.GraphError, match="nothing to draw"):
        mg.draw()


def test_an_unknown_theme_is_refused(worked):
    with pytest.raises(mg.OptionError, match="'auto', 'light' or 'dark'"):
        mg.draw(worked("A"), theme="blue")


def test_the_gradient_is_a_graph_to_draw(worked):
    theta = mg.parameter([1.0, 2.0], name="θ")
    loss = mg.softmax_cross_entropy(theta, 0).named("L")
    gradient = mg.grad(loss, theta)
    picture = mg.draw(gradient)
    names = [node.name for node in picture.description.nodes]
    assert "∂L/∂θ" in names
    assert mg.draw(mg.grad(loss, [theta, theta])).svg()
    assert picture.svg()


def test_large_graphs_are_refused_if_they_may_not_be_folded():
    x = mg.parameter(1.0, name="x")
    for _ in range(400):
        x = mg.exp(x * 0.1)
    with pytest.raises(mg.GraphError, match=r"1201 nodes(.|\n)*limit=1201"):
        mg.draw(x, fold=False)
    assert len(mg.draw(x).description.nodes) < 60


def test_two_pictures_on_a_page_have_ids_of_their_own(worked):
    loss = worked("A")
    others = [mg.draw(loss, theme=theme) for theme in ("light", "dark")]
    others += [mg.draw(loss, precision=2), mg.draw(worked("B")), mg.draw(loss.inputs[0])]
    ids = [set(re.findall(r' id="([^"]+)"', picture.svg())) for picture in (mg.draw(loss), *others)]
    for i, one in enumerate(ids):
        assert one
        assert all(one.isdisjoint(other) for other in ids[:i])


def test_the_same_picture_twice_refers_to_no_id_so_that_both_are_right(worked):
    svg = mg.draw(worked("A")).svg()
    assert svg == mg.draw(worked("A")).svg()
    assert not re.search(r"aria-(labelledby|describedby)|url\(#|href", svg)


def test_a_picture_is_saved_as_text_too(tmp_path):
    picture = mg.draw(mg.exp(mg.parameter(0.0, name="x")).named("y"))
    path = picture.save(tmp_path / "graph.txt")
    assert path.read_text(encoding="utf-8") == f"{picture}\n"
