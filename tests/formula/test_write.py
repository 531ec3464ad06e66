import numpy as np
import pytest
from formula.ops_ import leaf

import minigraph as mg
from minigraph.formula import equation, expression, jacobian_formula, local_rules
from minigraph.lecture.model import graph

x = mg.parameter([[1.0, 2.0]], name="x")
z = leaf("z", 3)


def test_the_lectures_equations():
    sample = graph([[0.1, 0.05], [0.2, -0.1]], [[1.0], [1.4]], [1], classes=[1, 2])
    assert str(equation(sample.z)) == "z = θᵀ x"
    assert str(equation(sample.y_hat)) == "ŷ = softmax(z)"
    expanded = "ŷ = e^(z − max z) / Σ e^(z − max z)"
    assert str(equation(sample.y_hat, expanded=True)) == expanded
    assert str(equation(sample.loss, expanded=True)) == "L = −Σ y · log ŷ"
    fused = graph([[0.1, 0.05], [0.2, -0.1]], [[1.0], [1.4]], [1], classes=[1, 2], fused=True)
    assert str(equation(fused.loss, expanded=True)) == "L = −Σ y · log softmax(z)"
    theta = sample.theta
    new = (theta - 0.1 * mg.grad(sample.loss, theta)).named("θ'")
    assert str(equation(new)) == "θ' = θ − 0.1 ∂L/∂θ"


def test_an_equation_of_an_unnamed_node_or_a_leaf_is_one_side():
    assert str(equation(mg.exp(x))) == "e^x"
    assert str(equation(x)) == "x"
    assert str(equation(mg.tanh(x).named("t"), expanded=True)) == "t = tanh x"
    assert equation(x).left is None
    assert str(equation(mg.exp(x).named("y")).left) == "y"


def test_an_expression_goes_down_to_names_stops_and_leaves():
    inner = mg.exp(x)
    outer = mg.log(inner + 1)
    assert str(expression(outer)) == "log(e^x + 1)"
    assert str(expression(outer, stop=[inner])) == "log(Exp + 1)"
    assert str(expression(outer, names={inner: "u", x: "t"})) == "log(u + 1)"
    assert str(expression(mg.sin(outer.named("v")))) == "sin v"
    assert str(expression(outer)) == "log(e^x + 1)"  # the root is opened, named or not
    outer.named(None)


def test_marks():
    top = mg.max(x)
    e = mg.exp(x - top)
    marked = expression(e / mg.sum(e), mark=[top])
    assert str(marked) == "e^(x − ⟦max x⟧) / Σ e^(x − ⟦max x⟧)"
    assert marked.latex == (r"\frac{e^{x - \boxed{\max x}}}{\sum e^{x - \boxed{\max x}}}")
    assert str(expression(e, mark=[e, x])) == "⟦e^(⟦x⟧ − max ⟦x⟧)⟧"
    flat = mg.reshape(x, (2,))
    assert str(expression(flat + 1, mark=[flat])) == "⟦reshape(x, (2))⟧ + 1"


def test_unnamed_leaves_are_told_apart():
    a, b = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0])
    assert str(expression(a * b + mg.constant([1.0, 2.0]))) == "parameter₁ · parameter₂ + constant"
    assert [str(rule.left) for rule in local_rules(a * b)] == [
        "∂L/∂parameter₁",
        "∂L/∂parameter₂",
    ]
    assert str(expression(a * mg.constant(2.5))) == "parameter · 2.5"


def test_what_only_reshapes_is_not_shown_inside_a_formula():
    v = mg.parameter([1.0, 2.0], name="v")
    assert str(expression(mg.expand_dims(v, axis=0) + mg.squeeze(x, axis=0))) == "v + x"
    assert str(expression(mg.broadcast_to(v, (3, 2)) + 1)) == "v + 1"
    assert str(expression(mg.sum(mg.broadcast_to(v, (3, 2))))) == "Σ broadcast(v)"
    assert str(expression(mg.exp(mg.reshape(v, (1, 2))))) == "e^v"
    assert str(expression(v.T * 2)) == "v · 2"
    assert str(expression(mg.permute_dims(leaf("t", 1, 2, 3), (1, 0, 2)) * 2)) == "t · 2"
    assert str(expression(mg.permute_dims(leaf("t", 1, 2, 3), (0, 2, 1)) * 2)) == (
        "permute_dims(t, (0, 2, 1)) · 2"
    )


def test_guards_are_shown_in_an_expression_and_not_in_an_equation():
    y_hat, y = leaf("ŷ", 3), mg.constant([0.0, 1.0, 0.0], name="y")
    loss = mg.cross_entropy(y_hat, y, reduction="sum")
    assert str(expression(mg.expand(loss))) == ("−Σ y · log((1 if ŷ = 0 else ŷ) if y = 0 else ŷ)")
    assert str(equation(loss, expanded=True)) == "−Σ y · log ŷ"


def test_long_names_go_to_a_second_place():
    shared = mg.exp(mg.sin(z) * mg.cos(z) + mg.tanh(z) / (1 + mg.square(z)))
    product = (shared * mg.sqrt(shared)).named("y")
    assert str(equation(product)) == (
        "y = v₁ · √v₁, where v₁ = e^((sin z) · cos z + (tanh z) / (1 + z²))"
    )
    assert str(equation(product, names={z: "v₁"})).startswith("y = v₂ · √v₂, where v₂ = e^")


def chain(length):
    node = z
    for _ in range(length):
        node = mg.tanh(node)
    return node


def ladder(length):
    node = z * 1e-9
    for _ in range(length):
        node = node * node
    return node


def braid(length):
    node = mg.exp(z)
    for _ in range(length):
        node = mg.sin(node) + node
    return node


def layers(length):
    node = z
    for _ in range(length):
        node = mg.squeeze(mg.expand_dims(node, axis=0), axis=0)
    return mg.exp(node)


@pytest.mark.parametrize("make", [chain, ladder, braid, layers])
def test_graphs_of_ten_thousand_nodes_give_short_formulas_quickly(make):
    node = make(10_000)
    formulas = [expression(node), equation(node), *local_rules(node), jacobian_formula(node, 0)]
    for formula in formulas:
        if formula is not None:
            assert len(formula.text) < 700
            assert len(formula.mathml) < 30_000
            assert "…" in formula.text or make is layers


def test_many_inputs_are_written_with_dots():
    parts = [mg.parameter(float(i), name=f"w_{i}") for i in range(1000)]
    assert str(expression(mg.stack(parts))) == "stack(w_0, w_1, w_2, …, w_999)"
    assert str(expression(mg.stack(parts[:6]))) == "stack(w_0, w_1, w_2, w_3, w_4, w_5)"


@pytest.mark.parametrize("function", [expression, equation])
def test_what_is_no_node_is_refused(function):
    with pytest.raises(mg.GraphError, match="a formula is of a Node, not of a ndarray"):
        function(np.ones(2))


def test_nothing_is_changed_by_writing():
    y = mg.softmax(z).named("ŷ")
    y.grad = None
    equation(y, expanded=True), local_rules(y), jacobian_formula(y, 0)
    assert (z.name, y.name, z.source, y.source, y.grad) == ("z", "ŷ", None, None, None)
