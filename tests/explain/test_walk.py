"""Walks of the lecture's examples: every number is the lecture's, and the engine's."""

import math

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain import Walk
from minigraph.explain.lecture import lecture_walk
from minigraph.explain.walk import PHASES
from minigraph.lecture import EXAMPLES, graph

KEYS = sorted(EXAMPLES)


@pytest.fixture(scope="module", params=KEYS)
def worked(request):
    """Return an example and its walk."""
    return EXAMPLES[request.param], lecture_walk(request.param)


def shown(walk, name, role):
    """Return the last quantity of this name and role."""
    found = [q.value for s in walk.steps for q in s.quantities if (q.name, q.role) == (name, role)]
    return found[-1]


def test_the_numbers_are_the_lectures(worked):
    example, walk = worked
    gradient = shown(walk, "∂L/∂θ", "sum")
    y_hat = shown(walk, "ŷ", "output")
    rows = [example.classes.index(label) for label in example.labels]
    quantities = {
        "z": shown(walk, "z", "output"),
        "ŷ": y_hat,
        "log ŷ_y": np.log(y_hat[rows, np.arange(example.m)]),
        "L": shown(walk, "L", "output"),
        "∂L⁽ᵘ⁾/∂z": example.m * shown(walk, "∂L/∂z", "sum"),
        "∂L/∂b": gradient[0],
        "∂L/∂w": gradient[1:],
        "∂L/∂θ": gradient,
        "θ − ηL'_θ": shown(walk, "θ", "after"),
    }
    figures = list(example.figures())
    assert figures
    for figure in figures:
        ours = quantities[figure.quantity][figure.index]
        assert math.isclose(ours, figure.exact, rel_tol=1e-12, abs_tol=1e-15), figure
        assert figure.printed is None or figure.matches(ours), figure


def test_the_numbers_are_the_engines(worked):
    example, walk = worked
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    nodes.loss.backward()
    for node in (nodes.theta, nodes.z, nodes.y_hat, nodes.loss):
        np.testing.assert_array_equal(shown(walk, f"∂L/∂{node.name}", "sum"), node.grad)
    for node in (nodes.theta, nodes.x, nodes.y, nodes.z, nodes.y_hat, nodes.loss):
        np.testing.assert_array_equal(shown(walk, node.name, "output"), node.value)
    new = nodes.theta.value - example.eta * nodes.theta.grad
    after = graph(new, example.x, example.labels, example.classes)
    np.testing.assert_array_equal(shown(walk, "L", "after"), after.loss.value)


def test_the_five_steps_in_their_order(worked):
    _, walk = worked
    phases = [step.phase for step in walk.steps]
    assert tuple(dict.fromkeys(phases)) == PHASES
    assert phases == sorted(phases, key=PHASES.index)
    by_phase = {phase: [s for s in walk.steps if s.phase == phase] for phase in PHASES}
    names = {
        phase: [walk.description[s.node].name for s in steps] for phase, steps in by_phase.items()
    }
    assert names == {
        "sample": ["θ", "x", "y"],
        "output": ["θᵀ", "z", "ŷ"],
        "loss": ["L"],
        "derivative": ["L", "ŷ", "z", "θᵀ", "θ"],
        "update": ["θ", "L"],
    }
    kinds = [step.kind for step in walk.steps]
    assert kinds == ["leaf"] * 3 + ["forward"] * 4 + ["seed"] + ["backward"] * 4 + [
        "update",
        "after",
    ]


def test_softmax_shows_its_jacobian_and_ends_at_y_hat_minus_y(worked):
    example, walk = worked
    (step,) = [s for s in walk.steps if any(q.role == "jacobian" for q in s.quantities)]
    assert walk.description[step.node].name == "z"
    jacobians = [q for q in step.quantities if q.role == "jacobian"]
    y_hat = shown(walk, "ŷ", "output")
    cotangent = step.quantities[0].value
    assert len(jacobians) == example.m
    for u, jacobian in enumerate(jacobians):
        p = y_hat[:, u]
        np.testing.assert_allclose(jacobian.value, np.diag(p) - np.outer(p, p), atol=1e-15)
        product = jacobian.value.T @ cotangent[:, u]
        np.testing.assert_allclose(product, step.quantities[-1].value[:, u], atol=1e-15)
    # An entry is made of a column of its example's Jacobian, and of the example's cotangents.
    (origin,) = step.origins
    part = step.quantities[origin.target]
    assert part.role == "contribution"
    for e, sources in enumerate(origin.entries):
        of_cotangent, _, *of_jacobians = sources
        assert sum(map(bool, of_jacobians)) == 1
        u = next(u for u, entries in enumerate(of_jacobians) if entries)
        column = jacobians[u].value.ravel()[list(of_jacobians[u])]
        product = column @ cotangent.ravel()[list(of_cotangent)]
        np.testing.assert_allclose(product, part.value.ravel()[e], atol=1e-15)
    assert [f.text for f in step.formulas[1:]] == [
        "∂ŷ/∂z = diag(ŷ) − ŷŷᵀ",
        "∂L/∂z = (∂ŷ/∂z)ᵀ ∂L/∂ŷ",
    ]
    ((text, value),) = step.equals
    assert text == ("ŷ − y" if example.m == 1 else f"(ŷ − y) / {example.m}")
    targets = np.eye(example.k)[:, [example.classes.index(label) for label in example.labels]]
    np.testing.assert_allclose(value, (y_hat - targets) / example.m, rtol=1e-15)


def test_every_gradient_stands_beside_finite_differences(worked):
    _, walk = worked
    backward = [step for step in walk.steps if step.kind == "backward"]
    for step in backward:
        assert step.check is not None
        np.testing.assert_allclose(step.check, step.quantities[-1].value, atol=1e-9)


def test_each_step_lights_and_knows_what_is_there(worked):
    _, walk = worked
    graph = walk.description
    ids = {node.id for node in graph.nodes} | {op.id for op in graph.ops}
    ids |= {edge.id for edge in graph.edges}
    known = set()
    for step in walk.steps:
        assert ids >= set(step.lit)
        assert step.node in step.lit
        assert known <= set(step.known)
        if step.kind == "forward":  # nothing is computed from what is not known yet
            assert set(graph[step.node].inputs) <= known
        if step.kind == "backward":
            assert f"{graph[step.op.removesuffix('_op')].id}:grad" in known
        known = set(step.known)
    assert known == {node.id for node in graph.nodes} | {
        f"{node.id}:grad" for node in graph.nodes if node.gradient is not None
    }


def test_quiz_asks_for_what_the_step_computes(worked):
    _, walk = worked
    roles = {"forward": "output", "seed": "sum", "backward": "contribution", "update": "after"}
    for step in walk.steps:
        if step.kind in roles:
            assert step.quantities[step.asked].role == roles[step.kind]
            assert set(step.rules) == {"en", "vi"}
        else:
            assert step.asked is None
        assert set(step.sentences) == {"en", "vi"}


def test_it_is_saved_as_text_and_refuses_what_it_cannot_be(tmp_path):
    walk = lecture_walk("A")
    path = walk.save(tmp_path / "below" / "walk.TXT")
    assert path.read_text(encoding="utf-8") == f"{walk}\n"
    for name in ("walk.pdf", "walk"):
        with pytest.raises(mg.OptionError, match=r"saved as \.html or \.txt") as caught:
            walk.save(tmp_path / name)
        assert 'walk.save("walk.html")' in str(caught.value)


def test_it_is_saved_as_a_page_and_shown_in_notebooks(tmp_path, monkeypatch):
    walk = lecture_walk("A")
    monkeypatch.setattr("minigraph.explain.page.page", lambda given: f"<p>{given.title}</p>")
    path = walk.save(tmp_path / "walk.html")
    assert path.read_text(encoding="utf-8") == f"<p>{walk.title}</p>"
    monkeypatch.setattr("minigraph.explain.notebook.frame", lambda given: f"<i>{given.title}</i>")
    assert walk._repr_html_() == f"<i>{walk.title}</i>"


def test_what_it_is_as_an_object():
    walk = lecture_walk("A")
    assert isinstance(walk, Walk)
    assert repr(walk) == "<Walk: Example A: One example, two classes, one feature, 14 steps>"
    texts = []

    class Printer:
        text = texts.append

    walk._repr_pretty_(Printer, False)
    assert texts == [str(walk)]
