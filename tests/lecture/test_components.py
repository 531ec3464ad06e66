"""The lecture's names of single numbers."""

import pytest

from minigraph.lecture import EXAMPLES, component_symbols, graph


@pytest.mark.parametrize("key", list("ABCDE"))
def test_they_are_those_of_the_figures(key):
    example = EXAMPLES[key]
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    symbols = component_symbols(nodes, example.classes)
    by_quantity = {"z": nodes.z, "ŷ": nodes.y_hat, "θ": nodes.theta}
    checked = 0
    for figure in example.figures():
        if figure.quantity in by_quantity:
            row, column = figure.index
            assert symbols[by_quantity[figure.quantity]][row][column] == figure.symbol
            checked += 1
    assert checked


def test_labels_count_from_1_if_nothing_is_said():
    e = EXAMPLES["E"]
    nodes = graph(e.theta, e.x, e.labels)
    symbols = component_symbols(nodes)
    assert symbols[nodes.y] == [["y₁⁽¹⁾", "y₁⁽²⁾"], ["y₂⁽¹⁾", "y₂⁽²⁾"]]
    assert symbols[nodes.x] == [["x₀⁽¹⁾", "x₀⁽²⁾"], ["x⁽¹⁾", "x⁽²⁾"]]
