"""Derivations as text, as LaTeX and as files."""

import re

import pytest
from derive.losses_ import softmax_regression

import minigraph as mg
from minigraph.derive.saving import save


@pytest.fixture(scope="module")
def derivation():
    model = softmax_regression(m=3)
    return mg.derive(model.loss, model.z)


def test_text_has_every_step_and_the_end(derivation):
    text = str(derivation)
    assert text == derivation.text
    for number, step in enumerate(derivation.steps, 1):
        assert f"\n{number}. {step.rule}: {step.reason}\n" in text
        assert str(step.after) in text
        assert all(fact in text for fact in step.facts)
    assert text.startswith("∂L/∂z\n=====\n")
    assert text.splitlines()[-1] == "So ∂L/∂z = (ŷ − y) / 3"


def test_text_of_what_is_missing_and_of_symbols():
    model = softmax_regression(targets="soft", fused=True)
    lines = mg.derive(model.loss, model.z).text.splitlines()
    assert lines[-2:] == [
        "where ŷ = softmax(z)",
        "It stops here, since it is not so that y sums to 1 along axis 0.",
    ]
    assert any(line.startswith("     written out: ") for line in lines)


def test_latex_is_balanced_and_has_every_step(derivation):
    latex = derivation.latex
    assert latex.startswith(r"\begin{align*}")
    assert latex.endswith("\\end{align*}")
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    for step in derivation.steps:
        assert step.after.latex in latex
    assert r"\boxed{\frac{\partial L}{\partial z} = \frac{\hat{y} - y}{3}}" in latex


def test_repr(derivation):
    assert repr(derivation) == "<Derivation of ∂L/∂z in 10 steps: ∂L/∂z = (ŷ − y) / 3>"


@pytest.mark.parametrize("suffix", [".html", ".txt", ".tex", ".HTML"])
def test_save(derivation, tmp_path, suffix):
    path = derivation.save(str(tmp_path / f"d{suffix}"))
    content = path.read_text(encoding="utf-8")
    assert {
        ".html": content.startswith("<!DOCTYPE html>"),
        ".txt": content == derivation.text + "\n",
        ".tex": derivation.latex in content and content.startswith("% For xelatex"),
    }[suffix.lower()]


@pytest.mark.parametrize("name", ["d.pdf", "d"])
def test_another_suffix_is_a_lesson(derivation, tmp_path, name):
    with pytest.raises(mg.OptionError, match="is not saved as"):
        save(derivation, tmp_path / name)


def test_a_notebook_shows_the_page_in_a_frame(derivation):
    shown = derivation._repr_html_()
    assert shown.startswith('<iframe title="∂L/∂z, derived" sandbox loading="lazy"')
    assert re.search(r'srcdoc="&lt;!DOCTYPE html&gt;', shown)
