"""What makes a picture right in notebooks, pages, light, dark and print: properties of its SVG."""

import re
from typing import ClassVar
from xml.etree import ElementTree

import numpy as np
import pytest
from contrast_ import contrast
from folding_ import layers, recurrent

import minigraph as mg
from minigraph.draw.theme import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def used_twice(worked):
    w = mg.parameter([[1.0, -2.0], [0.5, 0.0]], name="W")
    y = mg.sum(w @ w + mg.tanh(w)).named("y")
    y.backward()
    return mg.draw, (y,), {}


def large(worked):
    x = mg.constant(np.linspace(-1.0, 2.0, 400).reshape(100, 4), name="X")
    loss = mg.mean(mg.square(x @ mg.parameter([[0.5], [-1.0], [0.25], [1.0]], name="v")))
    loss.backward()
    return mg.draw, (loss,), {}


def of(make, **options):
    def kind(worked):
        y = make(worked)
        return mg.draw, (y,), options

    return kind


KINDS = {
    "whole": of(lambda worked: worked("C")),
    "marked": lambda worked: (mg.draw, (y := worked("A"),), {"mark": {y.inputs[0]: "look"}}),
    "used twice": used_twice,
    "large": large,
    "folded": of(lambda worked: layers(20), fold=True),
    "tangled": of(lambda worked: recurrent(30)),
    "primitive": of(lambda worked: worked("A"), zoom="primitive"),
    "component": of(lambda worked: worked("A"), zoom="component"),
    "rules": of(lambda worked: worked("A"), rules=True),
}


class Drawn:
    """A picture of each kind in each theme, and its SVG: laid out once for all tests."""

    pictures: ClassVar[dict] = {}

    def __init__(self, kind, worked):
        self.kind, self.worked = kind, worked

    def anew(self, theme="auto"):
        draw, outputs, options = KINDS[self.kind](self.worked)
        picture = draw(*outputs, theme=theme, **options)
        return picture, picture.svg()

    def __call__(self, theme="auto"):
        if (self.kind, theme) not in self.pictures:
            self.pictures[self.kind, theme] = self.anew(theme)
        return self.pictures[self.kind, theme]

    def svg(self, theme="auto"):
        return self(theme)[1]


@pytest.fixture(params=KINDS)
def drawn(request, worked):
    return Drawn(request.param, worked)


def shapes(root):
    """Return what is painted, in order: the fill, and the box that it is in."""
    for element in root.iter():
        kind = element.tag.removeprefix(SVG)
        fill = element.get("fill", "none")
        if kind == "ellipse":
            cx, cy, rx, ry = (float(element.get(name)) for name in ("cx", "cy", "rx", "ry"))
            xs, ys = (cx - rx, cx + rx), (cy - ry, cy + ry)
        elif kind in ("polygon", "path"):
            numbers = re.findall(r"-?[\d.]+", element.get("points") or element.get("d"))
            xs, ys = map(float, numbers[::2]), map(float, numbers[1::2])
        else:
            yield element, None, None
            continue
        xs, ys = list(xs), list(ys)
        yield element, fill, (min(xs), min(ys), max(xs), max(ys))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read_on_what_is_painted_under_it(drawn, theme):
    root = ElementTree.fromstring(drawn.svg(theme))
    painted = []
    count = 0
    for element, fill, box in shapes(root):
        if box is not None and fill not in ("none", "transparent"):
            painted.append((fill, box))
        if element.tag != f"{SVG}text" or not (element.text or "").strip("\xa0 "):
            continue
        x, y = float(element.get("x")), float(element.get("y")) - 3
        x += {"start": 2, "middle": 0, "end": -2}[element.get("text-anchor", "start")]
        under = [f for f, (a, b, c, d) in painted if a <= x <= c and b <= y <= d]
        assert contrast(element.get("fill"), under[-1]) >= 4.5, element.text
        count += 1
    assert count > 20


def test_every_colour_has_a_dark_one(drawn):
    svg = drawn.svg()
    body = re.sub(r"(?s)<style>.*?</style>", "", svg)
    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', body))
    assert used <= set(re.findall(r'\[fill="(#\w+)"\]', svg))
    # Black, which a text has that is given no colour, is none of a palette's.
    assert all("fill=" in text for text in re.findall(r"<text[^>]*>", body))
    light = re.findall(r'\[fill="(#\w+)"\]\{fill:(#\w+)\}', svg)
    assert len(light) == len({*light}) == len(vars(LIGHT)) == len(vars(DARK))


def test_print_is_light(drawn):
    (style,) = re.findall(r"(?s)<style>(.*?)</style>", drawn.svg())
    assert style.strip().startswith("@media screen and (prefers-color-scheme:dark){")
    assert style.count("@media") == 1
    assert style.strip().endswith("}\n}")


def test_it_shrinks_to_its_page_and_is_not_clipped(drawn):
    root = ElementTree.fromstring(drawn.svg())
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (left, top) == (0, 0)
    # The size is that of the view box, as long as there is room; then its width alone shrinks,
    # to 60 %, and the height follows.
    assert root.get("width") == f"{width:.0f}pt"
    assert root.get("height") == f"{height:.0f}pt"
    style = dict(part.split(":") for part in root.get("style").split(";"))
    assert style == {"max-width": f"max(100%,{0.6 * width:.0f}pt)", "height": "auto"}
    assert "overflow" not in root.attrib
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in ("clipPath", "mask", "image", "foreignObject")


def test_it_needs_nothing_from_outside(drawn):
    svg = drawn.svg()
    assert svg.startswith("<svg ")  # with no prolog, so it can stand in a page
    assert not re.search(r"<script|<a[ >]|href|url\(|@import|<image|\son\w+=", svg)
    outside = set(re.findall(r'https?://[^"\s]+', svg))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_it_says_what_it_is_to_who_cannot_see_it(drawn):
    picture, svg = drawn()
    root = ElementTree.fromstring(svg)
    label = root.get("aria-label")
    assert root.get("role") == "img"
    assert label == f"{picture.description.title}. {picture.description.summary}"
    for group in root.iter(f"{SVG}g"):
        if {"node", "edge"} & set(group.get("class", "").split()):
            title = group.find(f"{SVG}title")
            assert title is not None
            # Neither the id nor the name that the engine gave it.
            assert not re.fullmatch(r"n\d+\w*|.*(->|--).*", title.text)


def test_ids_are_of_the_picture_and_each_is_there_once(drawn):
    picture, svg = drawn()
    ids = re.findall(r'\sid="([^"]*)"', svg)
    assert len(ids) == len(set(ids))
    assert all(id == picture.prefix or id.startswith(f"{picture.prefix}_") for id in ids)
    assert ids == re.findall(r'\sid="([^"]*)"', drawn.anew()[1])


def test_a_terminal_gets_the_tree_and_a_notebook_both(drawn):
    picture, svg = drawn()
    bundle = picture._repr_mimebundle_()
    assert bundle == {"image/svg+xml": svg, "text/plain": str(picture)}
    assert "<svg" not in str(picture)
    assert str(picture).isprintable() or set(
        filter(lambda c: not c.isprintable(), str(picture))
    ) == {"\n"}


def test_what_a_large_array_is_like_is_in_the_words(worked):
    draw, outputs, options = large(worked)
    label = ElementTree.fromstring(draw(*outputs, **options).svg()).get("aria-label")
    assert "Large: X 100×4, −1.0 to 2.0, mean 0.5" in label


def test_what_is_folded_is_in_the_words():
    svg = mg.draw(layers(20), fold=True).svg()
    label = ElementTree.fromstring(svg).get("aria-label")
    assert "Folded: 20 × (MatMul → Add → Tanh), 100 nodes." in label
    assert "v₁ = [20 × (MatMul → Add → Tanh), 100 nodes](x)" in label
