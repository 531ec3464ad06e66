"""What a derivation's formulas look like."""

from derive.losses_ import softmax_regression

import minigraph as mg


def test_a_guard_is_one_choice():
    model = softmax_regression(m=3)
    guarded = mg.derive(model.loss, model.y_hat).steps[0].after
    assert str(guarded) == "∂L/∂ŷ = −1 / 3 · y / (1 if y = 0 and ŷ = 0 else ŷ)"
    # In a name that was made up, too.
    _, second, third, *_ = mg.derive(model.loss, model.z).steps
    assert str(second.after).endswith("/ (1 if y = 0 and ŷ = 0 else ŷ)")
    assert str(third.before).endswith("/ (⟦1 if y = 0 and ŷ = 0 else ŷ⟧)")


def test_other_choices_stay_as_they_are():
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant([3.0, 4.0], name="c")
    loss = mg.sum(mg.where(c > 3, mg.where(c > 5, x, 2 * x), 3 * x)).named("L")
    formula = str(mg.derive(loss, x).formula)
    assert formula.count("if") == 3
    assert "and" not in formula
