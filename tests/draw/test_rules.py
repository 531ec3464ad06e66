"""The ops' local rules on request."""

import minigraph as mg


def rules(picture):
    return [edge.rule for edge in picture.description.edges if edge.rule]


def test_the_rules_stand_on_the_backward_edges(worked):
    picture = mg.draw(worked("A"), rules=True)
    assert rules(picture) == [
        "∂L/∂θ = (∂L/∂θᵀ)ᵀ",
        "∂L/∂θ = x (∂L/∂z)ᵀ",  # of θᵀ, in the lecture's form
        "∂L/∂z = ŷ · (∂L/∂ŷ − Σ ∂L/∂ŷ · ŷ)",
        "∂L/∂ŷ = −y / ŷ",
    ]
    svg = picture.svg()
    assert "<title>∂L/∂ŷ = −y / ŷ</title>" in svg
    assert ">= −y / ŷ</text>" in svg.replace("\xa0", " ")
    assert "│  ∂L/∂ŷ = −y / ŷ" in str(picture)
    assert "Local rules: ∂L/∂θ = (∂L/∂θᵀ)ᵀ; " in picture.description.summary


def test_without_gradients_they_stand_on_the_edges_into_the_op(worked):
    picture = mg.draw(worked("A", backward=False), rules=True)
    assert "∂L/∂y = −log ŷ" in rules(picture)
    assert "∂L/∂x = θ ∂L/∂z" in rules(picture)
    assert ">∂L/∂y = −log ŷ</text>" in picture.svg().replace("\xa0", " ")
    assert "│  ∂L/∂y = −log ŷ" in str(picture)


def test_by_default_there_are_none(worked):
    assert rules(mg.draw(worked("A"))) == []


def test_an_input_that_comes_twice_has_its_rules_once():
    x = mg.parameter(2.0, name="x")
    y = (x * x).named("y")
    y.backward()
    assert rules(mg.draw(y, rules=True)) == ["∂y/∂x += x"]
    z = (x - x).named("z")
    z.backward()
    assert rules(mg.draw(z, rules=True)) == ["∂z/∂x += 1; ∂z/∂x += −1"]


def test_the_loss_goes_by_its_own_name_and_numbered_nodes_by_theirs():
    x = mg.parameter([0.1, 0.2], name="a_long_name")
    v = mg.parameter([0.1, 0.2], name="v")
    loss = mg.sum(mg.exp(mg.sin(x) * x) * v).named("loss")
    loss.backward()
    found = rules(mg.draw(loss, rules=True))
    assert "∂loss/∂v = ∂loss/∂v₂ · v₁" not in found
    assert any(rule.startswith("∂loss/∂v = ") for rule in found)


def test_primitives_have_rules_too(worked):
    assert len(rules(mg.draw(worked("A"), zoom="primitive", rules=True))) > 8
