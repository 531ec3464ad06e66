import subprocess
import sys

import minigraph as mg
from minigraph.formula import Formula, equation, local_rules

x = mg.parameter([[1.0, 2.0]], name="x")
y = mg.exp(x).named("y")


def test_a_formula_shows_itself():
    formula = equation(y)
    assert str(formula) == formula.text == "y = e^x"
    assert repr(formula) == "<Formula: y = e^x>"
    assert formula.latex == "y = e^{x}"
    assert formula._repr_latex_() == r"$\displaystyle y = e^{x}$"
    assert formula.mathml.startswith("<math ")


def test_its_sides_are_formulas():
    (rule,) = local_rules(y)
    assert (str(rule.left), str(rule.right)) == ("∂L/∂x", "∂L/∂y · y")
    assert rule.right.left is None
    assert rule.right == Formula(rule.right.statement)
    assert rule != rule.right


def test_formulas_are_made_without_heavy_packages():
    code = (
        "import sys, minigraph as mg; from minigraph.formula import equation; "
        "str(equation(mg.exp(mg.parameter(1.0)))); "
        "assert not {'latex2mathml', 'graphviz', 'jinja2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_update_is_written_with_an_arrow():
    theta, slope = mg.parameter(1.0, name="θ"), mg.constant(2.0, name="g")
    update = equation((theta - slope).named("θ")).assigned
    assert update.text == "θ ← θ − g"
    assert r"\leftarrow" in update.latex
    assert "&#x02190;" in update.mathml
