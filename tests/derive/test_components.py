"""The lecture's long derivation, with right signs."""

import numpy as np
import pytest
from derive.losses_ import softmax_regression
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive import SumsToOne, by_components
from minigraph.derive import index_proof as proof
from minigraph.derive.index_notation import LINES, letters
from minigraph.derive.index_proof import line_node, line_values, proved
from minigraph.leaves import parameter
from minigraph.lecture import EXAMPLES, graph

LAST = "ŷᵢ − yᵢ"


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("key", sorted(EXAMPLES))
def test_each_line_is_the_gradient_of_the_lectures_examples(key, fused):
    example = EXAMPLES[key]
    nodes = graph(example.theta, example.x, example.labels, example.classes, fused=fused)
    m = nodes.z.shape[1]
    gradient = mg.grad(nodes.loss, nodes.z).value * m
    for u in range(m):
        derivation = by_components(nodes.loss, nodes.z, example=u)
        assert [line.text for line in derivation.lines][-1] == LAST
        for line in derivation.lines:
            assert np.allclose(line.value, gradient[:, u])
        assert (derivation.notes == ()) == (m == 1)


@settings(max_examples=50)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 6))
def test_all_lines_agree_for_targets_that_sum_to_one(seed, k):
    rng = np.random.default_rng(seed)
    y = rng.uniform(0, 1, k)
    lines = line_values(rng.uniform(-3, 3, k), y / y.sum())
    assert all(np.allclose(line, lines[0], atol=1e-12) for line in lines)


def test_without_that_all_but_the_last_agree():
    lines = line_values(np.array([0.3, -0.2, 1.0]), np.array([0.5, 0.2, 0.9]))
    assert all(np.allclose(line, lines[0]) for line in lines[:-1])
    assert not np.allclose(lines[-1], lines[0])


def test_the_first_lines_are_checked_by_values_and_the_others_proved():
    given = softmax_regression()
    lines = by_components(given.loss, given.z).lines
    assert [line.proof for line in lines] == ["values"] * 4 + ["algebra"] * 4


@pytest.mark.parametrize("number", range(4, 8))
def test_a_wrong_sign_is_not_proved(monkeypatch, number):
    assert proved(number)
    right = line_node

    def wrong(n, p, y, i):
        return right(n, p, y, i) + (y[i] * p[i] if n == number else 0)

    monkeypatch.setattr(proof, "line_node", wrong)
    proved.cache_clear()
    assert not proved(number)
    proved.cache_clear()


def test_the_lines_of_the_proof_have_the_values_of_the_lines():
    z, targets = np.array([0.3, -0.2, 1.0]), np.array([0.5, 0.2, 0.3])
    values = line_values(z, targets)
    p = np.exp(z) / np.exp(z).sum()
    for number in range(3, 8):
        for i in range(3):
            nodes = [[parameter(float(v)) for v in array] for array in (p, targets)]
            assert np.isclose(float(line_node(number, *nodes, i)), values[number][i])


def test_the_lectures_slip_stands_beside_its_line():
    given = softmax_regression()
    slips = [line.slip for line in by_components(given.loss, given.z).lines]
    assert [bool(slip) for slip in slips] == [i == 4 for i in range(8)]
    assert "The lecture prints −ŷᵢ(1 − ŷᵢ)" in slips[4]
    # What is printed is not the gradient.
    p, y = np.array([0.2, 0.5, 0.3]), np.array([0.0, 1.0, 0.0])
    printed = p * (y - (y.sum() - y)) - y
    assert not np.allclose(printed, p - y)


def test_targets_that_are_not_known_to_sum_to_one_have_no_last_line():
    given = softmax_regression(targets="soft")
    derivation = by_components(given.loss, given.z)
    assert len(derivation.lines) == len(LINES) - 1
    assert [m.fact for m in derivation.missing] == [SumsToOne((0,))]
    assert "declare SumsToOne(axis=0) of it" in derivation.text


@pytest.mark.parametrize("targets", ["labels", "shares"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_targets_and_reductions(targets, reduction):
    given = softmax_regression(m=2, axis=1, targets=targets, reduction=reduction)
    derivation = by_components(given.loss, given.z, example=1)
    assert derivation.lines[-1].text == LAST


def test_own_letters_are_kept():
    z = mg.parameter([0.1, 0.2], name="a")
    p = mg.softmax(z).named("p")
    t = mg.one_hot(0, 2, name="t")
    derivation = by_components(mg.cross_entropy(p, t).named("J"), z)
    assert derivation.title == "∂J/∂aᵢ"
    assert derivation.lines[-1].text == "pᵢ − tᵢ"
    assert derivation.lines[-1].latex == "p_i - t_i"
    assert r"\frac{\partial J}{\partial a}_i" not in derivation.latex


def test_names_that_are_more_than_a_letter_give_way_to_the_lectures():
    for name in ("logits", "z₁", "<script>", "y'", "", "ŷ"):
        z = mg.parameter([0.1, 0.2], name=name)
        loss = mg.softmax_cross_entropy(z, mg.one_hot(0, 2, name=name)).named(name)
        derivation = by_components(loss, z)
        assert "script" not in derivation.html()
        assert derivation.title == "∂L/∂zᵢ"
    a, z = mg.parameter([0.1], name="z"), mg.parameter([0.1], name="ŷ")
    assert letters(z, None, a, a) == letters(a, None, z, a) == letters(a, a, a, a)


def test_text_latex_and_repr(tmp_path):
    given = softmax_regression(m=2)
    derivation = by_components(given.loss, given.z)
    assert str(derivation) == derivation.text
    assert "\n       = ŷᵢ − yᵢ\n" in derivation.text
    assert "Of the mean of their losses, each gradient is 1/2 of it." in derivation.text
    assert r"\frac{\partial L}{\partial z_i} &= -\sum_k y_k" in derivation.latex
    assert derivation.latex.count(r"\\") == 7
    assert repr(derivation) == "<Derivation of ∂L/∂zᵢ in index notation, 8 lines>"
    assert derivation._repr_html_().startswith("<iframe")
    assert derivation.save(tmp_path / "c.tex").read_text().count("&=") == 8


def test_what_is_no_such_loss_is_a_lesson():
    given = softmax_regression()
    for loss, z in (
        (given.loss, given.theta),
        (mg.sum(given.z), given.z),
        ("L", given.z),
        (mg.cross_entropy(mg.softmax(given.z, axis=1), given.y, axis=0), given.z),
    ):
        with pytest.raises(mg.GraphError, match="the cross-entropy of the softmax"):
            by_components(loss, z)
    with pytest.raises(mg.GraphError, match="is not the mean or the sum"):
        by_components(5 * given.loss, given.z)
    with pytest.raises(mg.MissingError, match="no example 1"):
        by_components(given.loss, given.z, example=1)
