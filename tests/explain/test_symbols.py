"""The formulas of a walk."""

import minigraph as mg
from minigraph.explain.scene import Scene
from minigraph.explain.symbols import chain, named


def scene(loss):
    made = Scene(loss, ())
    return made, {name: node for node, name in made.names.items()}


def test_equations():
    x = mg.parameter([1.0, 2.0], name="x")
    made, nodes = scene(mg.sum(mg.softmax(mg.exp(x)).named("p") * x).named("L"))
    texts = {name: [f.text for f in made.symbols.equations(node)] for name, node in nodes.items()}
    assert texts["x"] == ["x"]
    assert texts["p"][0].startswith("p = softmax(")
    assert texts["p"][1].startswith("p = e^")
    assert len(texts["L"]) == 1


def test_what_is_called_what_it_is_is_not_set_equal_to_itself():
    theta = mg.parameter([[1.0, 2.0]], name="θ")
    made, nodes = scene(mg.sum(theta.T).named("L"))
    assert made.symbols.equation(nodes["θᵀ"]).text == "θᵀ"
    assert made.symbols.rule(nodes["θᵀ"], 0).text == "∂L/∂θ = (∂L/∂θᵀ)ᵀ"


def test_what_is_numbered_is_an_equation():
    x = mg.parameter([1.0, 2.0], name="a_long_name")
    made, nodes = scene(mg.sum(mg.exp(x * x * x * x)))
    numbered = [node for name, node in nodes.items() if name.startswith("v")]
    assert numbered
    for node in numbered:
        assert made.symbols.equation(node).text.startswith(f"{made.names[node]} = ")


def test_the_loss_of_another_name_and_two_of_one():
    x = mg.parameter([1.0, 2.0], name="x")
    made, nodes = scene(mg.sum(mg.exp(x).named("e")).named("J"))
    assert made.symbols.rule(nodes["e"], 0).text == "∂J/∂x = ∂J/∂e · e"
    inner = mg.exp(x).named("J")
    made, _ = scene(mg.sum(inner).named("J"))
    inner = made.loss.inputs[0]
    assert "∂J/∂J" in made.symbols.rule(inner, 0).text


def test_chain_and_names():
    assert chain("∂a/∂b", "∂L/∂a", "∂L/∂b").text == "∂L/∂b = (∂a/∂b)ᵀ ∂L/∂a"
    assert named("ŷ").text == "ŷ"
    assert named("∂L/∂z").text == "∂L/∂z"
    assert named("$x {y}").text == "$x {y}"
