from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from formula.evaluate_ import evaluate
from formula.ops_ import calls

import minigraph as mg
from minigraph.formula import equation, jacobian_formula, local_rules
from minigraph.graph import topological_order
from minigraph.lecture.model import graph

GOLDEN = Path(__file__).parent / "golden" / "rules.txt"
CALLS = calls()

# Its rule is a tree of pairs, too long to write: it is shown with dots.
WITH_DOTS = {"prod"}

# How vectors stand beside matrices.
ROWS = {"matmul (from the left)": {"v", "f"}, "matmul (two vectors)": {"v"}}


def as_written(label, name, node, array):
    """Return a value as its formula has it: with axes that a sum leaves out, vectors as columns."""
    if label.startswith("matmul") and array.ndim < 2:
        return np.reshape(array, (1, -1) if name in ROWS.get(label, ()) else (-1, 1))
    if name == "f" and label.endswith("(an axis)"):
        return np.expand_dims(array, node.op.axis)
    return array


def slopes(node, position, cotangent, step):
    """Return ∂(Σ cotangent · node)/∂input by central differences."""
    arrays = [x.value for x in node.inputs]
    x = arrays[position]
    found = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        totals = []
        for sign in (1, -1):
            moved = x.astype(float)
            moved[index] += sign * step
            inputs = [moved if i == position else array for i, array in enumerate(arrays)]
            totals.append(np.sum(cotangent * node.op(*map(mg.constant, inputs)).value))
        found[index] = (totals[0] - totals[1]) / (2 * step)
    return found


@pytest.mark.parametrize("label", sorted(CALLS.keys() - WITH_DOTS))
def test_each_rule_that_is_printed_gives_the_slopes_of_central_differences(label):
    node = CALLS[label]
    rng = np.random.default_rng(7)
    one = node.name == "L"
    cotangent = np.ones(()) if one else rng.uniform(0.5, 1.5, node.shape)
    values = {x.name: x.value for x in topological_order(node) if x.name and x.op is None}
    values = {name: as_written(label, name, node, array) for name, array in values.items()}
    values["f"] = as_written(label, "f", node, node.value)
    values["Ŷ"] = node.inputs[0].value
    values["∂L/∂f"] = as_written(label, "f", node, cotangent)
    step, tolerance = (1e-2, 1e-4) if label == "astype" else (1e-5, 1e-7)
    for i, (x, rule) in enumerate(zip(node.inputs, local_rules(node), strict=True)):
        if rule is None:
            assert x.dtype.kind != "f" or x.kind == "scalar" or label in ("sign", "equal")
            continue
        known = dict(values)
        expected = slopes(node, i, cotangent, step)
        expected = expected.T if label == "matmul" and i == 0 else expected  # by θ, not by θᵀ
        for name, tree in rule.statement.where:
            known[name.name] = evaluate(tree, known, x.shape)
        found = evaluate(rule.statement.right, known, x.shape)
        if np.size(found) == expected.size:
            found = np.reshape(found, expected.shape)
        found = np.broadcast_to(found, expected.shape)
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-7)


def test_the_rules_of_all_ops_read_as_in_the_golden_file():
    lines = []
    for label, node in CALLS.items():
        lines.append(f"{label}: {equation(node)}")
        expanded = equation(node, expanded=True)
        lines += [f"    = {expanded.right}"] if expanded != equation(node) else []
        for i, rule in enumerate(local_rules(node)):
            lines.append(f"    {rule or '–'}")
            found = jacobian_formula(node, i)
            lines += [f"        {found}"] if found else []
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_rules_of_the_lecture():
    sample = graph([[0.1, 0.05], [0.2, -0.1]], [[1.0], [1.4]], [1], classes=[1, 2])
    assert [str(rule) for rule in local_rules(sample.z)] == [
        "∂L/∂θ = x (∂L/∂z)ᵀ",
        "∂L/∂x = θ ∂L/∂z",
    ]
    (softmax,) = local_rules(sample.y_hat)
    assert str(softmax) == "∂L/∂z = ŷ · (∂L/∂ŷ − Σ ∂L/∂ŷ · ŷ)"
    assert [str(rule) for rule in local_rules(sample.loss)] == ["∂L/∂ŷ = −y / ŷ", "∂L/∂y = −log ŷ"]
    assert str(local_rules(sample.loss, cotangent="g")[0]) == "∂L/∂ŷ = −g · y / ŷ"
    assert str(local_rules(sample.z, loss="J")[1]) == "∂J/∂x = θ ∂J/∂z"


def test_a_leaf_has_no_rules():
    assert local_rules(mg.parameter(1.0)) == ()


def test_names_go_before_the_nodes_own():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.exp(x).named("y")
    (rule,) = local_rules(y, names={x: "u", y: "w"})
    assert str(rule) == "∂L/∂u = ∂L/∂w · w"


def test_a_transpose_that_has_a_name_is_not_looked_through():
    theta, x = mg.parameter([[1.0], [2.0]], name="θ"), mg.constant([[3.0], [4.0]], name="x")
    z = (theta.T.named("W") @ x).named("z")
    assert str(local_rules(z)[0]) == "∂L/∂W = (∂L/∂z) xᵀ"
    unnamed = ((theta + 0.5).T @ x).named("z")
    assert str(local_rules(unnamed)[0]) == "∂L/∂(θ + 0.5)ᵀ = (∂L/∂z) xᵀ"


def test_unnamed_nodes_go_by_what_they_are_if_that_is_short_else_by_a_new_name():
    y_hat, y = mg.parameter([1.0, 2.0], name="ŷ"), mg.constant([0.0, 1.0], name="y")
    squares = mg.square(y_hat - y)
    assert str(local_rules(squares)[0]) == "∂L/∂(ŷ − y) = 2 ∂L/∂((ŷ − y)²) · (ŷ − y)"
    long = mg.exp(mg.sin(y_hat) * mg.cos(y_hat) + mg.tanh(y_hat))
    assert str(local_rules(long.named("v₁"))[0]) == (
        "∂L/∂v₂ = ∂L/∂v₁ · v₁, where v₂ = (sin ŷ) · cos ŷ + tanh ŷ"
    )
    assert (
        str(local_rules(mg.exp(long.inputs[0]))[0]).endswith("∂L/∂(e^v₁) · e^v₁, where ") is False
    )


def test_the_contributions_of_an_input_given_twice_are_two_rules():
    x = mg.parameter(3.0, name="x")
    assert [str(rule) for rule in local_rules((x * x).named("y"))] == ["∂L/∂x = ∂L/∂y · x"] * 2


@dataclass(frozen=True)
class Cube(mg.Op):
    def forward(self, xp, x):
        return x * x * x

    def backward(self, xp, cotangent, output, x):
        return (3 * x * x * cotangent,)


@dataclass(frozen=True)
class Strict(mg.Op):
    """An op that refuses what stand-ins hold, and has a notation of its own."""

    notation = "{} ⋆ {}"

    def forward(self, xp, a, b):
        if a.shape == (2,) and not (a > 10).all():
            raise ValueError("a is above 10")
        return a + 2 * b

    def backward(self, xp, cotangent, output, a, b):
        return cotangent, 2 * cotangent


def test_an_op_of_the_users_prints_its_name_and_its_backward():
    x = mg.parameter([1.0, 2.0], name="x")
    y = Cube()(x).named("y")
    assert str(equation(y)) == "y = Cube(x)"
    assert [str(rule) for rule in local_rules(y)] == ["∂L/∂x = 3x · x · ∂L/∂y"]


def test_an_op_that_refuses_stand_ins_runs_on_its_own_values():
    a, b = mg.parameter([11.0, 12.0], name="a"), mg.parameter([1.0, 2.0], name="b")
    y = Strict()(a, b).named("y")
    assert str(equation(y)) == "y = a ⋆ b"
    assert [str(rule) for rule in local_rules(y)] == ["∂L/∂a = ∂L/∂y", "∂L/∂b = 2 ∂L/∂y"]


@dataclass(frozen=True)
class Guarded(mg.Op):
    """An op with guards of every kind in its rule."""

    elementwise = True

    def forward(self, xp, x):
        return x * x

    def backward(self, xp, cotangent, output, x):
        slope = xp.where(x == x, 2 * x, 0)
        slope = xp.where(x != 0, slope, 1)
        slope = xp.where(x > 0, xp.where(x == 7, 0, slope), slope)
        return (xp.where(x != x, 0, cotangent) * slope,)


def test_guards_against_special_values_are_left_out():
    x = mg.parameter([1.0, 2.0], name="x")
    assert str(local_rules(Guarded()(x).named("y"))[0]) == ("∂L/∂x = 2 ∂L/∂y · x")


@dataclass(frozen=True)
class Nested(mg.Op):
    """An op whose rule chooses ten thousand times, each time between two of the same."""

    def forward(self, xp, x):
        return x * x

    def backward(self, xp, cotangent, output, x):
        for _ in range(10_000):
            cotangent = xp.where(x > 0, cotangent * x, cotangent * x)
        return (cotangent,)


def test_choices_nested_without_end_are_written_quickly():
    x = mg.parameter([1.0, 2.0], name="x")
    assert "…" in str(local_rules(Nested()(x).named("y"))[0])


def test_many_classes_are_written_with_dots():
    y_hat = mg.parameter([[0.1] * 10], name="ŷ")
    loss = mg.cross_entropy(y_hat, mg.constant([3], name="y")).named("L")
    assert str(local_rules(loss)[0]) == "∂L/∂ŷ = −[y = (0, 1, …, 9)] / ŷ"
    four = mg.cross_entropy(y_hat[:, :4].named("ŷ"), mg.constant([3], name="y")).named("L")
    assert str(local_rules(four)[0]) == "∂L/∂ŷ = −[y = (0, 1, 2, 3)] / ŷ"


@pytest.mark.parametrize(
    ("notation", "alone", "times"),
    [
        ("{} ⊕ {}", "a ⊕ b", "(a ⊕ b) · 2"),
        ("{} + 2 {}", "a + 2 b", "(a + 2 b) · 2"),
        ("{}⟨{}⟩", "a⟨b⟩", "a⟨b⟩ · 2"),
        ("⟨{}, {}⟩", "⟨a, b⟩", "⟨a, b⟩ · 2"),
        ("over {} by {}", "over a by b", "(over a by b) · 2"),
        ("only {}", "Own(a, b)", "Own(a, b) · 2"),
    ],
)
def test_notations_of_the_users_keep_together(notation, alone, times):
    class Own(Strict):
        pass

    Own.notation = notation
    a, b = mg.parameter([11.0, 12.0], name="a"), mg.parameter([1.0, 2.0], name="b")
    assert str(equation(Own()(a, b))) == alone
    assert str(equation(Own()(a, b) * 2)) == times
