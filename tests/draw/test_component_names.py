"""What entries are called."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.component_names import component_names
from minigraph.graph import topological_order


def named(node: mg.Node, **given) -> list:
    order = topological_order(node)
    names = component_names(order, {n: n.label for n in order})
    return names[node].tolist()


def leaf(shape, name="z"):
    return mg.constant(np.zeros(shape), name=name)


@pytest.mark.parametrize(
    ("shape", "name", "expected"),
    [
        ((), "L", "L"),
        ((1, 1), "L", [["L"]]),
        ((2,), "z", ["z₁", "z₂"]),
        ((2, 1), "z", [["z₁"], ["z₂"]]),
        ((1, 2), "z", [["z₁", "z₂"]]),
        ((2, 2), "θ", [["θ₁₁", "θ₁₂"], ["θ₂₁", "θ₂₂"]]),
        ((2,), "x + y", ["(x + y)₁", "(x + y)₂"]),
        ((2,), "f(x)", ["(f(x))₁", "(f(x))₂"]),
        ((2,), "∂L/∂z", ["(∂L/∂z)₁", "(∂L/∂z)₂"]),
        ((2,), "W₁", ["W₁,₁", "W₁,₂"]),
        ((1,), "W₁", ["W₁"]),
        ((1,), "", ['""']),
    ],
)
def test_entries_count_from_1_and_have_the_indices_they_need(shape, name, expected):
    assert named(leaf(shape, name)) == expected


def test_indices_of_two_digits_are_kept_apart():
    names = named(leaf((11, 2), "θ"))
    assert names[10][1] == "θ₁₁,₂"
    assert names[0][0] == "θ₁₁"
    assert named(leaf((11,)))[10] == "z₁₁"


@pytest.mark.parametrize(("axis", "last"), [(0, "₂⁽³⁾"), (-1, "₃⁽²⁾"), (1, "₃⁽²⁾")])
def test_a_matrix_of_examples_has_the_example_above(axis, last):
    x = leaf((2, 3), "x")
    y_hat = mg.softmax(x, axis=axis).named("ŷ")
    order = topological_order(y_hat)
    names = component_names(order, {n: n.label for n in order})
    assert names[y_hat][1, 2] == "ŷ" + last
    assert names[x][1, 2] == "x" + last


def test_a_parameter_is_no_matrix_of_examples_nor_is_one_of_another_length():
    theta, x = mg.parameter(np.zeros((2, 3)), name="θ"), leaf((2, 3), "x")
    y_hat = mg.softmax(theta.T @ x, axis=0)
    order = topological_order(y_hat)
    names = component_names(order, {n: n.label for n in order})
    assert names[theta][0, 1] == "θ₁₂"
    assert names[x][0, 1] == "x₁⁽²⁾"
    assert mg.softmax(leaf((2, 2, 2)), axis=0) is not None
    assert named(mg.softmax(leaf((2, 2, 2)), axis=0).named("s"))[1][0][1] == "s₂₁₂"


def test_names_can_be_given():
    theta = mg.parameter([[0.1, 0.2]], name="θ")
    names = component_names([theta], {theta: "θ"}, {theta: [["b", "<w>"]]})
    assert names[theta].tolist() == [["b", "<w>"]]


@pytest.mark.parametrize("given", [["b", "w"], [["b"], ["w"]], "b", [["b", "w", "c"]]])
def test_names_of_another_shape_are_refused(given):
    theta = mg.parameter([[0.1, 0.2]], name="θ")
    with pytest.raises(mg.ShapeError, match=r"given for θ, which has shape \(1, 2\)"):
        component_names([theta], {theta: "θ"}, {theta: given})


def test_names_are_text():
    theta = mg.parameter([0.1, 0.2], name="θ")
    with pytest.raises(mg.OptionError, match="a name is text, not int"):
        component_names([theta], {theta: "θ"}, {theta: ["b", 2]})
