"""Lemmas: what was derived before is put in, and the end is the same."""

import numpy as np
import pytest
from derive.losses_ import softmax_regression

import minigraph as mg
from minigraph.derive.build import written


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("fused", [False, True])
def test_a_derivation_that_rests_on_another_ends_alike(axis, fused):
    model = softmax_regression(m=3, axis=axis, fused=fused)
    of_z = written(model.loss, model.z)
    short = written(model.loss, model.theta, {model.z: of_z})
    whole = mg.derive(model.loss, model.theta)
    assert len(short.steps) < len(whole.steps)
    assert str(short.formula) == str(whole.formula)
    (step,) = (step for step in short.steps if step.lemma is not None)
    assert step.lemma is of_z
    assert step.reason == "what its own derivation ends with"
    np.testing.assert_allclose(short.result.value, whole.result.value, rtol=1e-12)
    assert all(step.lemma is None for step in whole.steps)
    # A symbol that it brings with it is explained.
    assert short.where == whole.where == ((f"ŷ = softmax(z, axis={axis})",) if fused else ())


def test_a_lemma_that_is_another_node_is_written_as_its_name():
    w, c = mg.parameter([1.0, 2.0], name="w"), mg.constant([3.0, 4.0], name="c")
    h, e = mg.exp(w).named("h"), mg.exp(c).named("e")
    loss = mg.sum(h * e * (c / e)).named("L")
    of_h = written(loss, h)
    derivation = written(loss, w, {h: of_h})
    assert str(of_h.formula) == "∂L/∂h = c"
    assert str(derivation.steps[-1].after) == "∂L/∂w = ⟦c⟧ · h"
    assert derivation.steps[-1].lemma is of_h


def test_of_nodes_with_the_same_name_the_right_one_is_meant():
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="c")
    first = mg.exp(x).named("h")
    second = mg.sin(first * c).named("h")
    loss = mg.sum(second**3 * c).named("L")
    derivation = written(loss, x, {second: written(loss, second)})
    np.testing.assert_allclose(derivation.result.value, mg.grad(loss, x).value)
    assert sum(step.lemma is not None for step in derivation.steps) == 1


def test_where_the_loss_is_rewritten_nothing_is_put_in():
    model = softmax_regression(m=2)
    loss = mg.expand(model.loss)
    of_z = written(loss, model.z)
    derivation = written(loss, model.theta, {model.z: of_z})
    assert derivation.steps[0].stage == "loss"
    assert all(step.lemma is None for step in derivation.steps)
    assert str(derivation.formula) == "∂L/∂θ = (x (ŷ − y)ᵀ) / 2"
