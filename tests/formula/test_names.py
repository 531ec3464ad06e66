import pytest

from minigraph.formula.latex import Latex
from minigraph.formula.names import letter, shorten, symbol, visible
from minigraph.formula.text import text
from minigraph.formula.tree import Derivative, Symbol

LATEX = {
    "θ": r"\theta",
    "η": r"\eta",
    "ŷ": r"\hat{y}",
    "y\u0302": r"\hat{y}",
    "x̄": r"\bar{x}",
    "ẋ": r"\dot{x}",
    "x̃": r"\tilde{x}",
    "v⃗": r"\vec{v}",
    "θ̂": r"\hat{\theta}",
    "ŷ₂": r"\hat{y}_{2}",
    "z₁₂": "z_{12}",
    "xᵢ": "x_{i}",
    "b_1": "b_{1}",
    "θ_max": r"\theta_{\text{max}}",
    "x⁽³⁾": "x^{(3)}",
    "ŷ₁⁽²⁾": r"\hat{y}_{1}^{(2)}",
    "θᵀ": r"\theta^{\mathsf T}",
    "L'": r"L^{\prime}",
    "L''₁": r"L_{1}^{\prime\prime}",
    "𝟏": r"\mathbf{1}",
    # The rest is text.
    "loss": r"\text{loss}",
    "αβ": r"\text{αβ}",
    "x y": r"\text{x y}",
    "x_": r"\text{x\_}",
    "x_abcdef": r"\text{x\_abcdef}",
    "x_{": r"\text{x\_\{}",
    "é": r"\text{é}",
    "đ": r"\text{đ}",
    "1": r"\text{1}",
    "😀": r"\text{😀}",
    "": r'\text{""}',
    r"\input{x}": r"\text{\textbackslash{}input\{x\}}",
    "</math>": r"\text{\textless{}/math\textgreater{}}",
    "$x^2~y#&%": r"\text{\$x\textasciicircum{}2\textasciitilde{}y\#\&\%}",
    "a\nb": r"\text{a¶b}",
    "\u202eevil": r"\text{‹U+202E›evil}",
    "a\ud800\x00\u2028": r"\text{a‹U+D800›‹U+0000›‹U+2028›}",
    "\ufffe": r"\text{‹U+FFFE›}",
}


@pytest.mark.parametrize("name", LATEX)
def test_names_in_latex(name):
    assert Latex().tree(Symbol(name)) == LATEX[name]


def test_long_names_lose_their_middle():
    assert text(Symbol("x" * 10_000)) == "x" * 16 + "…" + "x" * 15
    assert shorten("x" * 32) == "x" * 32
    assert len(Latex().tree(Symbol("{" * 10_000))) == len(r"\text{}") + 2 * 31 + 1


def test_hostile_names_are_visible_in_text():
    assert text(Symbol("\u202ea\n")) == visible("\u202ea\n") == "‹U+202E›a¶"


def test_a_gradients_name_is_a_derivative():
    assert symbol("∂L/∂ŷ") == Derivative(Symbol("L"), Symbol("ŷ"))
    for name in ("∂L", "L/∂z", "∂L/z", "∂/∂z", "∂L/∂", "∂(∂L/∂z)/∂x", "∂∂/∂∂"):
        assert symbol(name) == Symbol(name)


def test_letters():
    assert letter("") is None
    assert letter("_1") is None
    assert letter("x⁽³⁾₁") is None
