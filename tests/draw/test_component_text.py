"""The entries as text."""

import minigraph as mg
from minigraph.draw.component import describe_components
from minigraph.draw.component_text import component_text


def test_a_gradient_is_written_as_the_sum_over_its_paths(worked):
    text = str(mg.draw(worked("A"), zoom="component"))
    lines = text.splitlines()
    at = lines.index("θ₂₁ (parameter): 0.2; ∂L/∂θ₂₁ −0.5385")
    assert lines[at + 1] == ("  = ∂z₁/∂θ₂₁ · ∂ŷ₁/∂z₁ · ∂L/∂ŷ₁ + ∂z₁/∂θ₂₁ · ∂ŷ₂/∂z₁ · ∂L/∂ŷ₂")
    assert lines[at + 2] == "  = 1.4 · 0.2367 · (−1.6250) + 1.4 · (−0.2367) · 0"
    assert "x₁ (input): 1; no gradient" in lines
    assert "  ∂ŷ₁/∂z₂ = −ŷ₁ŷ₂ = −0.2367" in lines


def test_many_paths_are_counted():
    x = mg.parameter(1.0, name="x")
    y = x
    for _ in range(3):
        y = mg.sum(mg.stack([y * 3.0, y * 2.0]))
    y.named("y").backward()
    assert "+ … (8 paths)" in component_text(describe_components(y))


def test_without_gradients_there_are_no_sums(worked):
    text = component_text(describe_components(worked("A", backward=False)))
    assert " · " not in text
    assert "L: 0.4855; gradient –" in text


def test_it_ends_somewhere(worked):
    lines = component_text(describe_components(worked("B")), most=5).splitlines()
    assert len(lines) == 6
    assert lines[-1].startswith("… and ")


def test_marks_and_numbers_in_expressions():
    x = mg.parameter(1.5, name="x")
    text = component_text(describe_components((x * 2.0).named("y"), mark={x: "look"}))
    assert "[look] x (parameter): 1.5; gradient –" in text
    assert "  ∂y/∂x = 2" in text
    assert "\n2" not in text
