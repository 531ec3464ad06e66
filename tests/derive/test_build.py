"""Derivations end where mathematics says, and their results are the gradients."""

from itertools import pairwise

import hypothesis
import numpy as np
import pytest
from derive.losses_ import models, softmax_regression
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive import OneHot, Positive, SumsToOne
from minigraph.derive.build import LARGEST
from minigraph.graph import topological_order
from minigraph.testing import strategies


def formula(loss, wrt):
    derivation = mg.derive(loss, wrt)
    assert np.allclose(derivation.result.value, mg.grad(loss, wrt).value, atol=1e-12)
    return str(derivation.formula)


@pytest.mark.parametrize("expanded", [False, True])
@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_regression_ends_at_the_lectures_gradient(axis, fused, expanded):
    for m, over in ((1, ""), (3, " / 3")):
        model = softmax_regression(m=m, axis=axis, fused=fused)
        loss = mg.expand(model.loss) if expanded else model.loss
        of_z, of_theta = formula(loss, model.z), formula(loss, model.theta)
        assert of_z == (f"∂L/∂z = (ŷ − y){over}" if over else "∂L/∂z = ŷ − y")
        product = "x (ŷ − y)ᵀ" if axis == 0 else "xᵀ (ŷ − y)"
        assert of_theta == "∂L/∂θ = " + (f"({product}){over}" if over else product)


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("expanded", [False, True])
def test_integer_labels_are_their_one_hot(fused, expanded):
    model = softmax_regression(m=2, targets="labels", fused=fused)
    loss = mg.expand(model.loss) if expanded else model.loss
    assert formula(loss, model.z) == "∂L/∂z = (ŷ − δ(i,y)) / 2"
    assert "δ(i,y) is 1 for the class that the label y names" in mg.derive(loss, model.z).text


def test_soft_targets_stop_and_say_which_fact_is_missing():
    model = softmax_regression(m=1, targets="soft")
    derivation = mg.derive(model.loss, model.z)
    assert str(derivation.formula) == "∂L/∂z = ŷ · Σ y − y"
    (missing,) = derivation.missing
    assert (missing.fact, missing.node, missing.true) == (SumsToOne((0,)), model.y, False)
    assert derivation.notes == ("It stops here, since it is not so that y sums to 1 along axis 0.",)


def test_targets_that_sum_to_one_are_to_be_declared():
    y = np.array([[0.25], [0.75]])
    z = mg.parameter([[0.3], [0.1]], name="z")

    def derived(**options):
        target = mg.constant(y, name="y", **options)
        return mg.derive(mg.softmax_cross_entropy(z, target, axis=0).named("L"), z)

    assert "facts=[mg.derive.SumsToOne(axis=0)]" in derived().notes[0]
    for facts in (SumsToOne(0), [SumsToOne(axis=-2)]):
        assert str(derived(facts=facts).formula) == "∂L/∂z = ŷ − y"


def test_the_raw_form_is_the_chain_rule():
    model = softmax_regression()
    first, second, *_ = mg.derive(model.loss, model.z).steps
    assert first.before is None
    assert str(first.after) == "∂L/∂z = ŷ · (∂L/∂ŷ − Σ ∂L/∂ŷ · ŷ)"
    assert first.reason.startswith("∂L/∂z = (∂ŷ/∂z)ᵀ ∂L/∂ŷ")
    assert second.rule == "put in ∂L/∂ŷ"
    assert "CrossEntropy" in second.reason


def test_steps_follow_one_another():
    model = softmax_regression(m=3)
    steps = mg.derive(mg.expand(model.loss), model.theta).steps
    for one, other in pairwise(steps):
        if other.before is not None and one.stage == other.stage == "gradient":
            plain = [str(f).replace("⟦", "").replace("⟧", "") for f in (one.after, other.before)]
            assert plain[0] == plain[1]


def test_each_step_marks_what_changed():
    model = softmax_regression(m=3)
    for step in mg.derive(model.loss, model.theta).steps[1:]:
        assert "⟦" in str(step.before)
        assert "⟦⟦" not in str(step.before) + str(step.after)


def test_the_guard_goes_since_the_softmax_is_positive():
    model = softmax_regression()
    (step,) = (s for s in mg.derive(model.loss, model.z).steps if "guard" in s.rule)
    assert step.facts == ("ŷ is positive, as every softmax is",)


def test_a_masked_class_is_no_positive_probability():
    z = mg.parameter([0.3, 0.1, 0.2], name="z")
    y_hat = mg.softmax(z + mg.constant([0.0, 0.0, -np.inf])).named("ŷ")
    derivation = mg.derive(mg.cross_entropy(y_hat, mg.one_hot(0, 3, name="y")), z)
    assert all("guard" not in step.rule for step in derivation.steps)


def test_where_a_float_underflows_the_result_is_still_right():
    z = mg.parameter([0.0, -800.0], name="z")
    y_hat = mg.softmax(z).named("ŷ")
    loss = mg.cross_entropy(y_hat, mg.one_hot(1, 2, name="y")).named("L")
    with pytest.warns(mg.NonFiniteWarning):
        derivation = mg.derive(loss, z)
    assert derivation.result.value.tolist() == [1.0, -1.0]


def logistic(reduce, p_of):
    z = mg.parameter([0.3, -0.2], name="z")
    y = mg.constant([1.0, 0.0], name="y")
    p = p_of(z).named("p")
    return mg.negative(reduce(y * mg.log(p) + (1 - y) * mg.log(1 - p))).named("L"), z


@pytest.mark.parametrize("p_of", [mg.sigmoid, lambda z: 1 / (1 + mg.exp(-z))])
def test_logistic_regression(p_of):
    assert formula(*logistic(mg.sum, p_of)) == "∂L/∂z = p − y"
    assert formula(*logistic(mg.mean, p_of)) == "∂L/∂z = (p − y) / 2"


def test_what_is_multiplied_out_is_shown():
    steps = mg.derive(*logistic(mg.sum, mg.sigmoid)).steps
    between = [str(step.between) for step in steps if step.between is not None]
    assert between[-1] == "p − y · p − y + y · p" or "y · p" in between[-1]


SQUARES = {
    "pow": lambda e: e**2,
    "square": mg.square,
    "product": lambda e: e * e,
}


@pytest.mark.parametrize("square", SQUARES.values(), ids=SQUARES)
def test_linear_regression(square):
    x = mg.constant([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], name="x")
    y = mg.constant([[1.0], [2.0], [0.0]], name="y")
    w, b = mg.parameter([[0.1], [0.2]], name="w"), mg.parameter([0.1], name="b")
    y_hat = (x @ w + b).named("ŷ")
    loss = mg.mean(square(y_hat - y)).named("L")
    assert formula(loss, y_hat) == "∂L/∂ŷ = 2 (ŷ − y) / 3"
    assert formula(loss, w) == "∂L/∂w = 2 xᵀ (ŷ − y) / 3"
    assert formula(loss, b) == "∂L/∂b = (2 Σ (ŷ − y)) / 3"


def two_layers():
    rng = np.random.default_rng(0)
    x = mg.constant(rng.normal(size=(3, 2)), name="x")
    w1, w2 = (mg.parameter(rng.normal(size=s), name=n) for s, n in (((2, 4), "W₁"), ((4, 3), "W₂")))
    b1, b2 = mg.parameter(np.zeros(4), name="b₁"), mg.parameter(np.zeros(3), name="b₂")
    h = mg.relu((x @ w1 + b1).named("a")).named("h")
    y_hat = mg.softmax((h @ w2 + b2).named("z")).named("ŷ")
    loss = mg.cross_entropy(y_hat, mg.one_hot([0, 1, 2], 3, name="y")).named("L")
    return loss, [w1, b1, w2, b2]


def test_two_layers():
    loss, parameters = two_layers()
    inner = "(ŷ − y) W₂ᵀ if a > 0 else 0"
    assert [formula(loss, p) for p in parameters] == [
        f"∂L/∂W₁ = (xᵀ ({inner})) / 3",
        f"∂L/∂b₁ = (Σ[axis=0] ({inner})) / 3",
        "∂L/∂W₂ = (hᵀ (ŷ − y)) / 3",
        "∂L/∂b₂ = (Σ[axis=0] (ŷ − y)) / 3",
    ]


def test_several_at_once_and_none_where_no_path_leads():
    model = softmax_regression()
    other = mg.parameter(1.0, name="c")
    one, two, three = mg.derive(model.loss, [model.z, other, model.y_hat])
    assert str(one.formula) == "∂L/∂z = ŷ − y"
    assert two is None
    assert str(three.formula) == "∂L/∂ŷ = −y / ŷ"


def test_no_gradient_where_only_a_comparison_leads():
    x = mg.parameter([1.0, -1.0], name="x")
    assert mg.derive(mg.sum(mg.where(x > 0, 1.0, 2.0)), x) is None


def test_no_rule_applies():
    x = mg.parameter([1.0, 2.0], name="x")
    derivation = mg.derive(mg.sum(mg.sin(x)).named("L"), x)
    assert len(derivation.steps) == 1
    assert derivation.notes == ("No rule applies: the chain rule's form is as simple as it gets.",)


def test_of_itself_a_loss_has_the_gradient_one():
    x = mg.parameter(3.0, name="x")
    derivation = mg.derive(x, x)
    assert float(derivation.result) == 1.0
    assert derivation.result.op is not None


def test_an_unnamed_node_is_called_by_its_op():
    x = mg.parameter([1.0, 2.0], name="x")
    inner = x * x
    derivation = mg.derive(mg.sum(mg.exp(inner)), inner)
    assert derivation.title == "∂L/∂Multiply"
    assert str(derivation.formula) == "∂L/∂Multiply = e^Multiply"


def test_a_gradient_that_is_another_node_is_written_as_its_name():
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="c")
    assert formula(mg.sum(x * c).named("L"), x) == "∂L/∂x = c"


def test_nothing_needs_a_name():
    z = mg.parameter([[0.3], [0.1]])
    y = mg.one_hot([0], 2, axis=0)
    loss = mg.expand(mg.cross_entropy(mg.softmax(z, axis=0), y, axis=0))
    derivation = mg.derive(loss, z)
    assert str(derivation.formula) == "∂L/∂parameter = softmax(parameter) − target"
    assert derivation.result.name == "∂L/∂parameter"
    assert [str(s.after.left) for s in derivation.steps if s.stage == "loss"] == ["L", "L", "L"]


def test_the_result_is_a_node_on_the_users_own_nodes():
    model = softmax_regression(m=2)
    result = mg.derive(model.loss, model.z).result
    assert model.y_hat in set(topological_order(result))
    assert result.name == "∂L/∂z"
    assert result.value.base is None
    second = mg.grad(mg.sum(result * result), model.theta)
    expected = mg.grad(mg.sum(mg.grad(model.loss, model.z) ** 2), model.theta)
    assert np.allclose(second.value, expected.value)
    assert mg.expand(result).value.tolist() == result.value.tolist()


def test_the_users_graph_stays_as_it_is():
    model = softmax_regression(m=2, fused=True)
    expanded = mg.expand(model.loss)
    for loss in (model.loss, expanded):
        before = [(n, n.name, n.inputs) for n in topological_order(loss)]
        mg.derive(loss, [model.z, model.theta])
        after = topological_order(loss)
        assert all(n is m and n.name == name for (n, name, _), m in zip(before, after, strict=True))


def test_a_name_that_is_taken_is_not_given_to_the_softmax():
    z = mg.parameter([0.1, 0.2], name="z")
    y = mg.one_hot(0, 2, name="ŷ")
    derivation = mg.derive(mg.softmax_cross_entropy(z, y).named("L"), z)
    assert str(derivation.formula) == "∂L/∂z = softmax(z) − ŷ"


@pytest.mark.untraced
def test_hostile_names_are_text():
    hostile = ["<script>alert(1)</script>", "}\\input{x}", "a\nb", "∂L/∂z", "⟦", "\u202e"]
    for name in hostile:
        z = mg.parameter([0.1, 0.2], name=name)
        loss = mg.cross_entropy(mg.softmax(z).named(name), mg.one_hot(0, 2, name=name)).named(name)
        derivation = mg.derive(loss, z)
        assert "<script" not in derivation.html()
        assert "\u202e" not in derivation.text + derivation.latex + derivation.html()
        assert np.allclose(derivation.result.value, mg.grad(loss, z).value)


@pytest.mark.untraced
@settings(max_examples=60, deadline=None)
@given(model=models, expanded=st.booleans(), by=st.sampled_from(["z", "theta"]))
def test_the_result_is_the_gradient(model, expanded, by):
    loss = mg.expand(model.loss) if expanded else model.loss
    wrt = getattr(model, by)
    derivation = mg.derive(loss, wrt)
    expected = mg.grad(model.loss, wrt).value
    assert np.allclose(derivation.result.value, expected, rtol=1e-10, atol=1e-12)
    if np.issubdtype(model.y.dtype, np.integer) or any(
        isinstance(f, OneHot | SumsToOne) for f in model.y._saved
    ):
        assert "Σ[" not in str(derivation.formula).replace("Σ[axis=0] (", "")
        assert not derivation.missing


@pytest.mark.untraced
@settings(max_examples=60, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@given(graph=strategies.graphs())
def test_random_graphs_come_to_their_end(graph):
    leaves = graph.parameters()
    loss = mg.sum(graph(*leaves))
    for leaf, derivation in zip(leaves, mg.derive(loss, leaves), strict=True):
        expected = mg.grad(loss, leaf)
        if derivation is None:
            assert expected is None
        else:
            scale = 1 + np.abs(expected.value).max()
            assert np.abs(derivation.result.value - expected.value).max() < 1e-9 * scale


def test_a_large_graph_is_refused_with_a_lesson():
    x = h = mg.parameter([0.1], name="x")
    for _ in range(LARGEST):
        h = h + x
    with pytest.raises(mg.GraphError, match="too large for a derivation"):
        mg.derive(mg.sum(h), x)
    h = x
    for _ in range(LARGEST // 2):
        h = mg.tanh(h)
    with pytest.raises(mg.GraphError, match="gradient included"):
        mg.derive(mg.sum(h), x)


def test_a_long_derivation_is_stopped_and_says_so():
    x = h = mg.parameter([0.1], name="x")
    for _ in range(45):
        h = mg.tanh(h)
    derivation = mg.derive(mg.sum(h), x)
    assert "It was stopped after 300 steps of rules." in derivation.notes
    assert np.allclose(derivation.result.value, mg.grad(mg.sum(h), x).value)


def test_what_cannot_be_derived_is_a_lesson():
    x = mg.parameter([1.0, 2.0], name="x")
    with pytest.raises(mg.GradientError, match="scalar loss"):
        mg.derive(x * x, x)
    with pytest.raises(mg.GraphError, match="no Node"):
        mg.derive(mg.sum(x), "x")
    with pytest.raises(mg.DTypeError, match="no gradient"):
        mg.derive(mg.sum(x), mg.constant([1, 2]))


def test_a_false_fact_of_an_op_is_found_out():
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Liar(mg.Op):
        facts = (Positive(), SumsToOne(-1))

        def forward(self, xp, x):
            return x * x

        def backward(self, xp, cotangent, output, x):
            return (cotangent * xp.sum(output, axis=-1),)

    x = mg.parameter([1.0, 2.0], name="x")
    with pytest.raises(mg.GradientError, match="does not end at the gradient"):
        mg.derive(mg.sum(Liar()(x)), x)


def test_the_room_is_imported_when_it_is_used():
    import subprocess
    import sys

    code = (
        "import sys, minigraph; print([m for m in sys.modules if 'derive' in m or m == 'jinja2'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
