import re

import pytest
from formula.ops_ import calls

from minigraph.formula import equation, local_rules
from minigraph.formula.latex import Latex
from minigraph.formula.text import number, statement, text
from minigraph.formula.tree import (
    ATOM,
    ELLIPSIS,
    PRODUCT,
    Absolute,
    Both,
    Call,
    Choice,
    Derivative,
    Indicator,
    Literal,
    Marked,
    MatrixProduct,
    Negation,
    Number,
    Placed,
    Power,
    Product,
    Relation,
    Root,
    Statement,
    Symbol,
    Total,
    Transposed,
    Word,
    Written,
)

a, b, c, x = map(Symbol, "abcx")
slope = Derivative(Symbol("L"), Symbol("z"))
plus = Total(((False, a), (False, b)))
minus = Total(((False, a), (True, b)))
two = Number(2)

# A tree, its text and its LaTeX (where fractions have room).
WRITTEN = [
    (plus, "a + b", "a + b"),
    (Total(((False, a), (True, minus))), "a − (a − b)", "a - (a - b)"),
    (Total(((False, minus), (False, c))), "a − b + c", "a - b + c"),
    (Total(((True, a), (False, b))), "−a + b", "-a + b"),
    (Total(((True, plus), (False, b))), "−(a + b) + b", "-(a + b) + b"),
    (Total(((False, a), (False, Negation(b)))), "a + (−b)", "a + (-b)"),
    (Negation(plus), "−(a + b)", "-(a + b)"),
    (Negation(Product((a, b))), "−a · b", r"-a \cdot b"),
    (Product((plus, c)), "(a + b) · c", r"(a + b) \cdot c"),
    (Product((a, Product((b, c)))), "a · (b · c)", r"a \cdot (b \cdot c)"),
    (Product((Product((a, b)), c)), "a · b · c", r"a \cdot b \cdot c"),
    (Product((Negation(a), b)), "(−a) · b", r"(-a) \cdot b"),
    (Product((two, a)), "2a", "2a"),
    (Product((two, plus)), "2 (a + b)", r"2\, (a + b)"),
    (Product((two, Number(3), a)), "2 · 3a", r"2 \cdot 3a"),
    (Product((two, Symbol("loss"))), "2 loss", r"2\, \text{loss}"),
    (Product((two, MatrixProduct(a, b))), "2 a b", r"2\, a\, b"),
    (Product((c, MatrixProduct(a, b))), "c · (a b)", r"c \cdot (a\, b)"),
    (Product((a,), (b,)), "a / b", r"\frac{a}{b}"),
    (Product((), (b,)), "1 / b", r"\frac{1}{b}"),
    (Product((a,), (b, c)), "a / (b · c)", r"\frac{a}{b \cdot c}"),
    (Product((plus,), (minus,)), "(a + b) / (a − b)", r"\frac{a + b}{a - b}"),
    (Product((a,), (Product((b,), (c,)),)), "a / (b / c)", r"\frac{a}{b / c}"),
    (Product((a,), (Product((b, c)),)), "a / (b · c)", r"\frac{a}{b \cdot c}"),
    (Power(Product((a,), (b,)), two), "(a / b)²", r"(a / b)^{2}"),
    (Power(Product((a, b), (c, x)), two), "(a · b / (c · x))²", r"(a \cdot b / (c \cdot x))^{2}"),
    (Power(Product((), (b,)), two), "(1 / b)²", r"(1 / b)^{2}"),
    (
        Product((slope, a), (b,)),
        "∂L/∂z · a / b",
        r"\frac{\partial L}{\partial z} \cdot \frac{a}{b}",
    ),
    (Product((slope,), (b,)), "∂L/∂z / b", r"\frac{1}{b} \cdot \frac{\partial L}{\partial z}"),
    (Product((slope,), (two,)), "∂L/∂z / 2", r"\frac{1}{2}\, \frac{\partial L}{\partial z}"),
    (Product((a,), (slope,)), "a / (∂L/∂z)", r"\frac{a}{\partial L / \partial z}"),
    (slope, "∂L/∂z", r"\frac{\partial L}{\partial z}"),
    (Derivative(a, plus), "∂a/∂(a + b)", r"\frac{\partial a}{\partial (a + b)}"),
    (
        MatrixProduct(x, Transposed(slope)),
        "x (∂L/∂z)ᵀ",
        r"x\, (\partial L / \partial z)^{\mathsf T}",
    ),
    (MatrixProduct(a, slope), "a ∂L/∂z", r"a\, \frac{\partial L}{\partial z}"),
    (MatrixProduct(slope, a), "(∂L/∂z) a", r"\frac{\partial L}{\partial z}\, a"),
    (
        MatrixProduct(MatrixProduct(a, slope), b),
        "(a ∂L/∂z) b",
        r"(a\, \partial L / \partial z)\, b",
    ),
    (MatrixProduct(MatrixProduct(a, b), c), "a b c", r"a\, b\, c"),
    (MatrixProduct(a, MatrixProduct(b, c)), "a (b c)", r"a\, (b\, c)"),
    (MatrixProduct(Product((a, b)), c), "(a · b) c", r"(a \cdot b)\, c"),
    (Transposed(Symbol("θ")), "θᵀ", r"\theta^{\mathsf T}"),
    (Transposed(Transposed(a)), "(aᵀ)ᵀ", r"(a^{\mathsf T})^{\mathsf T}"),
    (Transposed(Symbol("x²")), "(x²)ᵀ", r"(x^{2})^{\mathsf T}"),
    (Transposed(Symbol("x'")), "x'ᵀ", r"{x^{\prime}}^{\mathsf T}"),
    (Power(a, Number(-1)), "a⁻¹", "a^{-1}"),
    (Power(a, Number(0.5)), "a^0.5", "a^{0.5}"),
    (Power(a, plus), "a^(a + b)", "a^{a + b}"),
    (Power(Power(a, two), b), "(a²)^b", "(a^{2})^{b}"),
    (Power(slope, two), "(∂L/∂z)²", r"(\partial L / \partial z)^{2}"),
    (Power(Symbol("e"), Negation(a)), "e^(−a)", "e^{-a}"),
    (Root(a), "√a", r"\sqrt{a}"),
    (Root(plus), "√(a + b)", r"\sqrt{a + b}"),
    (Absolute(minus), "|a − b|", r"\lvert a - b \rvert"),
    (Word("log", a), "log a", r"\log a"),
    (Word("log", plus), "log(a + b)", r"\log(a + b)"),
    (Word("log", Power(a, two)), "log(a²)", r"\log(a^{2})"),
    (Word("mean", a), "mean a", r"\operatorname{mean} a"),
    (Word("max", plus, (0,)), "max[axis=0] (a + b)", r"\max_{\text{axis}=0} (a + b)"),
    (Word("Σ", a, (0, 2)), "Σ[axes=0,2] a", r"\sum_{\text{axes}=0,2} a"),
    (Word("Σ", Product((a, b))), "Σ a · b", r"\sum a \cdot b"),
    (Word("Σ", plus), "Σ (a + b)", r"\sum (a + b)"),
    (Word("Σ", Word("Σ", a)), "Σ Σ a", r"\sum \sum a"),
    (Total(((False, Word("Σ", a)), (False, b))), "Σ a + b", r"\sum a + b"),
    (Product((Word("Σ", a), b)), "(Σ a) · b", r"(\sum a) \cdot b"),
    (Product((a, Word("Σ", b))), "a · Σ b", r"a \cdot \sum b"),
    (Product((Product((a, Word("Σ", b))), c)), "(a · Σ b) · c", r"(a \cdot \sum b) \cdot c"),
    (Product((a,), (Word("Σ", b),)), "a / Σ b", r"\frac{a}{\sum b}"),
    (Product((Word("Σ", a),), (two,)), "(Σ a) / 2", r"\frac{1}{2}\, \sum a"),
    (Product((b, Word("Σ", a)), (two,)), "b · (Σ a) / 2", r"\frac{b}{2} \cdot \sum a"),
    (Call("σ", (plus,)), "σ(a + b)", r"\sigma(a + b)"),
    (Call("softmax", (a,), (0,)), "softmax(a, axis=0)", r"\text{softmax}(a, \text{axis}=0)"),
    (
        Choice(Relation(">", x, Number(0)), a, Choice(c, a, b)),
        "a if x > 0 else (a if c else b)",
        r"a\; \text{if}\; x > 0\; \text{else}\; (a\; \text{if}\; c\; \text{else}\; b)",
    ),
    (
        Choice(Both(Both(Relation("≤", x, a), c), Relation("≠", a, b)), a, b),
        "a if x ≤ a and c and a ≠ b else b",
        r"a\; \text{if}\; x \le a\; \text{and}\; c\; \text{and}\; a \ne b\; \text{else}\; b",
    ),
    (Relation("=", plus, Relation("≥", a, b)), "a + b = (a ≥ b)", r"a + b = (a \ge b)"),
    (Indicator(Relation("<", a, b)), "[a < b]", "[a < b]"),
    (Written(("", "[:, 0]"), (plus,), ATOM), "(a + b)[:, 0]", "(a + b) [{:},\\, 0]"),
    (Written(("", "[", "]"), (a, plus), ATOM), "a[a + b]", "a [ a + b ]"),
    (Written(("", " ⋆ ", ""), (a, plus), PRODUCT), "a ⋆ (a + b)", r"a \text{ ⋆ } (a + b)"),
    (Written(("", " × ", ""), (a, b), PRODUCT), "a × b", r"a \times b"),
    (Written(("√3 ", ""), (a,), PRODUCT), "√3 a", r"\text{√3 } a"),
    (Written(("", "", "ᵀ"), (a, Symbol("x'")), PRODUCT), "ax'ᵀ", r"a {x^{\prime}}^{\mathsf T}"),
    (Placed(a, Literal("[0]")), "a at [0], 0 elsewhere", None),
    (Marked(plus), "⟦a + b⟧", r"\boxed{a + b}"),
    (Product((Marked(plus), c)), "(⟦a + b⟧) · c", r"(\boxed{a + b}) \cdot c"),
    (ELLIPSIS, "…", r"\dots "),
    (Number(-0.5), "−0.5", "-0.5"),
    (Number(1e-8), "1e−8", "10^{-8}"),
    (Number(-1e30), "−1e30", "-10^{30}"),
    (Number(2.5e-8), "2.5e−8", r"2.5 \times 10^{-8}"),
    (Number(float("inf")), "∞", r"\infty "),
]


@pytest.mark.parametrize(("tree", "plain", "latex"), WRITTEN, ids=[row[1] for row in WRITTEN])
def test_how_trees_are_written(tree, plain, latex):
    assert text(tree) == plain
    written = Latex().tree(tree, tall=True)
    assert written == (latex or r"a\; \text{at}\; [0],\; 0\; \text{elsewhere}\; ")


@pytest.mark.parametrize("label", calls())
def test_the_latex_of_every_op_has_its_braces_in_pairs(label):
    node = calls()[label]
    for formula in (equation(node), equation(node, expanded=True), *local_rules(node)):
        latex = formula.latex.replace("{:}", ":") if formula else ""
        depth = 0
        for brace in re.findall(r"(?<!\\)[{}]", latex):
            depth += 1 if brace == "{" else -1
            assert depth >= 0
        assert depth == 0
        assert not re.search(r"\^\S+\^|\^\{[^{}]*\}\^", latex)  # no double superscript


def test_a_statement_says_what_its_names_stand_for():
    formula = Statement(a, Product((b, b)), ((b, plus), (c, minus)))
    assert statement(formula) == "a = b · b, where b = a + b, c = a − b"
    assert Latex().statement(formula) == (
        r"a = b \cdot b, \quad \text{where}\; b = a + b, c = a - b"
    )
    assert statement(Statement(None, a)) == Latex().statement(Statement(None, a)) == "a"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "True"), (0.1 + 0.2, "0.3"), (1e20, "1e20"), (-0.0, "0"), (float("nan"), "nan")],
)
def test_numbers(value, expected):
    assert number(value) == expected
