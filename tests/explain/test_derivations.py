"""Derivations on the page: of which gradients, what they say, and where there is none."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import minigraph as mg
from minigraph.derive import Positive, SumsToOne
from minigraph.explain.derivations import LIMIT
from minigraph.explain.page import page
from minigraph.formula.names import visible
from minigraph.lecture import EXAMPLES, graph


def formulas(walk):
    return [str(derivation.formula) for derivation in walk.derivations.values()]


@pytest.mark.parametrize("key", list("ABCDE"))
def test_the_lectures_gradients_are_derived(walk_of, key):
    walk = walk_of(key)
    m = EXAMPLES[key].x.shape[1] if EXAMPLES[key].x.ndim > 1 else 1
    over = "" if m == 1 else f" / {m}"
    z, theta = formulas(walk)
    assert z == (f"∂L/∂z = (ŷ − y){over}" if over else "∂L/∂z = ŷ − y")
    assert theta == (f"∂L/∂θ = (x (ŷ − y)ᵀ){over}" if over else "∂L/∂θ = x (ŷ − y)ᵀ")
    for place, derivation in walk.derivations.items():
        step = walk.steps[place]
        assert (step.kind, step.place) == ("backward", (1, 1))
        gradient = walk.description[step.node].gradient
        np.testing.assert_allclose(derivation.result.value, gradient, rtol=1e-12, atol=1e-15)
        assert str(derivation.formula).startswith(walk.description[step.node].cotangent + " = ")


def test_one_derivation_rests_on_another(walk_of):
    of_z, of_theta = walk_of("C").derivations.values()
    assert all(step.lemma is None for step in of_z.steps)
    (step,) = (step for step in of_theta.steps if step.lemma is not None)
    assert step.lemma is of_z
    assert (step.rule, str(step.after)) == ("put in ∂L/∂z", "∂L/∂θ = x (⟦(ŷ − y) / 3⟧)ᵀ")
    html = walk_of("C").html()
    assert html.count('<details class="derivation secret">') == 2
    assert 'id="derivation=10"' in html
    assert html.count('href="#derivation=10"') == html.count('href="#derivation=12"') == 1


def test_the_page_has_every_step_of_a_derivation(walk_of):
    walk = walk_of("A")
    html = walk.html()
    parts = html.split("<details")[1:]
    for part, derivation in zip(parts, walk.derivations.values(), strict=True):
        inside = part.split("</details>")[0]
        assert inside.count('<li class="move">') == len(derivation.steps)
        assert visible(str(derivation.formula)) in inside.split("</summary>")[0]
        for step in derivation.steps:
            assert f'<h3 class="rule">{step.rule}</h3>' in inside
            assert step.reason.replace("'", "&#39;") in inside
        # The rules are in English, whatever the page's language.
        assert inside.count('<div lang="en">') == len(derivation.steps)


def test_a_loss_that_is_rewritten_first_has_headings():
    z = mg.parameter([[0.5, -0.5]], name="z")
    e = mg.exp(z)
    y_hat = (e / mg.sum(e, axis=1, keepdims=True)).named("ŷ")
    y = mg.one_hot([0], 2, name="y")
    walk = mg.explain((-mg.sum(y * mg.log(y_hat))).named("L"))
    assert "∂L/∂z = ŷ − y" in formulas(walk)
    html = walk.html()
    for heading in ("First, the loss in simpler words", "Trước hết, viết lại loss cho gọn"):
        assert heading in html
    assert '<h4 class="rule">softmax</h4>' in html


def test_names_are_those_of_the_page():
    weights, x = mg.parameter([[0.1, 0.2]]), mg.constant([[1.0], [2.0]], name="x")
    y = mg.one_hot([0, 1], 2, name="y")
    loss = mg.softmax_cross_entropy(x @ weights, y)
    # Variables of the caller are names, and what has none is written as on the page.
    assert formulas(mg.explain(loss)) == [
        "∂loss/∂(x weights) = (ŷ − y) / 2",
        "∂loss/∂weights = (xᵀ (ŷ − y)) / 2",
    ]
    assert loss.grad is None
    assert weights.name is None


@pytest.mark.parametrize(
    "name", ["</script><img src=x>", "{{ 7 }}${y}", "∂L/∂z", "\u202ea\nb", "…"]
)
def test_names_are_text(name):
    theta, x = mg.parameter([[0.1, 0.2]], name=name), mg.constant([[1.0]], name=name + "'")
    y = mg.one_hot([0], 2, name=name + "y")
    z = (x @ theta).named(name + "z")
    walk = mg.explain(mg.cross_entropy(mg.softmax(z).named(name + "p"), y).named(name))
    html = walk.html()
    assert len(walk.derivations) == 2
    assert "<img" not in html
    assert "\u202e" not in html


def test_what_is_missing_is_said_on_the_page():
    z, y = mg.parameter([0.5, -0.5], name="z"), mg.constant([0.6, 0.6], name="y")
    walk = mg.explain(mg.cross_entropy(mg.softmax(z).named("ŷ"), y).named("L"))
    assert formulas(walk) == ["∂L/∂z = ŷ · Σ y − y"]
    assert "It stops here, since it is not so that y sums to 1 along axis 0." in walk.html()


@dataclass(frozen=True)
class Liar(mg.Op):
    """An op that declares what is not so: its derivation does not end at the gradient."""

    facts = (Positive(), SumsToOne(-1))

    def forward(self, xp, x):
        return x * x

    def backward(self, xp, cotangent, output, x):
        return (2 * cotangent * x * xp.sum(output, axis=-1, keepdims=True),)


def no_rule():
    x = mg.parameter([1.0, 2.0], name="x")
    return mg.sum(mg.sin(mg.exp(x)).named("h"))


def chain(ops):
    h = mg.parameter([0.1], name="x")
    for _ in range(ops):
        h = mg.tanh(h)
    return mg.sum(h)


@pytest.mark.parametrize(
    "loss",
    [no_rule(), chain(LIMIT), chain(8), mg.sum(mg.parameter([1.0, 2.0], name="x"))],
    ids=["no rule", "too many ops", "too long to be read", "nothing on the way"],
)
def test_where_there_is_nothing_to_read_there_is_no_link(loss):
    walk = mg.explain(loss)
    assert walk.derivations == {}
    html = page(walk)
    assert "<details" not in html
    assert ".move{" not in html


def test_a_fact_that_is_not_so_makes_no_derivation():
    x = mg.parameter([1.0, 2.0], name="x")
    h = Liar()(mg.exp(x)).named("h")
    walk = mg.explain(mg.sum(mg.log(h) * h).named("L"))
    assert "∂L/∂x" not in "".join(formulas(walk))
    assert page(walk).startswith("<!DOCTYPE html>")


def test_an_op_that_cannot_be_derived_does_not_break_the_page(walk_of, monkeypatch):
    from dataclasses import replace

    def broken(*given):
        raise ZeroDivisionError

    monkeypatch.setattr("minigraph.derive.build.written", broken)
    walk = replace(walk_of("A"))
    assert walk.derivations == {}
    assert "<details" not in page(walk)


def test_where_one_is_too_long_those_behind_it_are_not_tried(monkeypatch):
    from minigraph.derive import build

    tried = []
    written = build.written
    monkeypatch.setattr(
        build, "written", lambda *given: tried.append(given[1].name) or written(*given)
    )
    h = mg.parameter([0.1], name="x")
    for i in range(20):
        h = mg.tanh(h).named(f"h{i}")
    assert "∂L/∂h17 = " in "".join(formulas(mg.explain(mg.sum(h).named("L"))))
    assert "h17" in tried
    assert "x" not in tried


def test_numbers_that_are_not_finite_are_no_trouble():
    z = mg.parameter([0.0, -800.0], name="z")
    y = mg.one_hot(1, 2, name="y")
    loss = mg.cross_entropy(mg.softmax(z).named("ŷ"), y).named("L")
    with pytest.warns(mg.NonFiniteWarning):
        walk = mg.explain(loss)
    assert formulas(walk) == ["∂L/∂z = ŷ − y"]


def test_text_and_import_take_no_rules():
    code = (
        "import sys, minigraph as mg; x = mg.parameter(3.0, name='x'); "
        "str(mg.explain(mg.exp(x * x).named('L'))); "
        "print([m for m in sys.modules if 'minigraph.derive' in m or m == 'jinja2'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_graph_of_the_lecture_stays_as_it_is():
    example = EXAMPLES["C"]
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    before = (nodes.z.inputs, nodes.z.name, nodes.theta.grad)
    assert len(mg.explain(nodes.loss).derivations) == 2
    assert (nodes.z.inputs, nodes.z.name, nodes.theta.grad) == before
