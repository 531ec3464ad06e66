"""The pictures that the demo writes."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from minigraph.demo.figures import work_all
from minigraph.demo.pictures import draw_pictures, iris_minibatch, loss_curves
from minigraph.demo.training import WAYS, split, train
from minigraph.explain.lecture import lecture_walk

SVG = "{http://www.w3.org/2000/svg}"
DATA = split()
TRAININGS = [train(way, DATA, epochs=3) for way in WAYS]


def test_the_loss_has_a_curve_a_way():
    svg = ET.fromstring(loss_curves(TRAININGS))
    curves = [p for p in svg.iter(f"{SVG}polyline") if p.get("class").startswith("line ")]
    assert [len(curve.get("points").split()) for curve in curves] == [4, 4, 4]
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    for training in TRAININGS:
        assert training.way.name in texts
        assert f"{training.updates:,} updates, L = {training.trained[-1].loss:.3f}" in texts


@pytest.mark.parametrize("training", TRAININGS, ids=lambda training: training.way.name)
def test_a_mini_batch_of_iris_is_as_large_as_a_step(training):
    nodes = iris_minibatch(DATA, training)
    m = training.way.size or 120
    assert nodes.x.shape == (5, m)
    np.testing.assert_array_equal(nodes.theta.value, training.theta)
    assert nodes.theta.grad is not None
    assert len(np.unique(nodes.x.value, axis=1).T) >= min(m, 110)  # iris has a few twins
    if m > 1:
        assert nodes.y.value[:, :3].any(axis=1).all()  # every species is seen first


def test_all_are_drawn(tmp_path):
    drawn = list(draw_pictures(tmp_path, work_all(), DATA, TRAININGS))
    written = sorted(path.name for path in tmp_path.iterdir())
    graphs = [*(f"example-{key}" for key in "abcde"), "iris-minibatch"]
    pages = [f"walk-{key}.html" for key in "abcde"]
    pictures = [f"{stem}{suffix}" for stem in graphs for suffix in (".svg", ".png")]
    assert written == sorted(["loss-curves.svg", *pages, *pictures])
    assert sorted(path.name for picture in drawn for path in picture.paths) == written
    assert all(picture.shows for picture in drawn)
    for path in tmp_path.glob("*.svg"):
        assert ET.parse(path).getroot().tag == f"{SVG}svg"
    for path in tmp_path.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")
    for key, page in zip("ABCDE", pages, strict=True):
        assert lecture_walk(key).title in (tmp_path / page).read_text(encoding="utf-8")
    assert "∂L/∂z" in (tmp_path / "example-c.svg").read_text(encoding="utf-8")
