"""The page of a derivation: whole, safe, and readable in light, in dark and on a phone."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from derive.losses_ import softmax_regression

import minigraph as mg
from minigraph.derive import by_components
from minigraph.derive.page import _compact, _indexed, _lines
from minigraph.formula import PackageError


def model():
    return softmax_regression(m=3)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("derivations")
    given, soft = model(), softmax_regression(targets="soft")
    hostile = mg.parameter([0.1, 0.2], name="<b>&'\"</b>")
    derivations = {
        "z": mg.derive(given.loss, given.z),
        "theta": mg.derive(mg.expand(given.loss), given.theta),
        "hostile": mg.derive(mg.sum(hostile * hostile).named("</title><i>"), hostile),
        "soft": mg.derive(soft.loss, soft.z),
        "components": by_components(given.loss, given.z),
    }
    return {name: d.save(folder / f"{name}.html") for name, d in derivations.items()}


def test_a_page_needs_nothing_else(pages):
    for path in pages.values():
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=|<script|@import|url\(", html)
        assert "default-src 'none'" in html


def test_formulas_are_well_formed(pages):
    for path in pages.values():
        for formula in re.findall(r"<math.*?</math>", path.read_text(encoding="utf-8"), re.S):
            ET.fromstring(formula)


def test_a_page_has_every_step_and_marks_what_changed(pages):
    given = model()
    derivation = mg.derive(given.loss, given.z)
    html = pages["z"].read_text(encoding="utf-8")
    assert html.count('<li class="move">') == len(derivation.steps)
    for step in derivation.steps:
        assert all(_compact(line.mathml) in html for line in _lines(step.after))
        assert f'class="rule">{step.rule}<' in html
    assert 'class="marked"' in html
    assert "that is</span>" in html
    # What a name means that was made up stands on a line of its own.
    assert "where</span>" in html
    assert "<mtext>where</mtext>" not in html


def test_mathml_is_written_in_few_letters():
    given = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" displaystyle="true">'
    assert _compact(
        f"{given}&#x02202;<mo>&#x0003C;</mo><mtext>&lt;&#x26;&#x022;</mtext></math>"
    ) == ('<math displaystyle="true">∂<mo>&#x0003C;</mo><mtext>&lt;&#x26;&#x022;</mtext></math>')


def test_the_loss_comes_first_where_it_is_simplified(pages):
    html = pages["theta"].read_text(encoding="utf-8")
    assert html.index("First, the loss in simpler words") < html.index("Then its gradient")
    assert "First, the loss" not in pages["z"].read_text(encoding="utf-8")


def test_names_are_escaped(pages):
    html = pages["hostile"].read_text(encoding="utf-8")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;" in html


def test_what_is_missing_is_said(pages):
    html = pages["soft"].read_text(encoding="utf-8")
    assert '<p class="note" lang="en">It stops here' in html


def test_the_component_page_points_out_the_slip(pages):
    html = pages["components"].read_text(encoding="utf-8")
    assert html.count('class="slip"') == 1
    assert "Σ<sub>" in html
    assert html.count('<li class="move">') == 8


def test_only_the_sum_becomes_markup():
    assert str(_indexed("<b> Σ_{k≠i} x")) == "&lt;b&gt; Σ<sub>k\u202f≠\u202fi</sub> x"


@pytest.mark.parametrize(("package", "blocked"), [("Jinja2", "jinja2"), ("latex2mathml", "")])
def test_a_package_that_is_missing_is_a_lesson(monkeypatch, package, blocked):
    given = model()
    derivation = by_components(given.loss, given.z)
    name = blocked or "latex2mathml.converter"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PackageError, match=package):
        (mg.derive(given.loss, given.z) if blocked else derivation).html()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100])
def test_a_page_fits_the_window(pages, browser, width, scheme):
    for path in pages.values():
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message, log=problems: log.append(message.text))
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ink, paper = page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body)"
            ".backgroundColor].map(c => c.match(/\\d+/g).reduce((a, b) => +a + +b))"
        )
        assert (ink < 150 and paper > 600) or (ink > 600 and paper < 150)
        assert (paper > 600) == (scheme == "light")
        assert problems == []
        context.close()
