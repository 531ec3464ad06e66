import sys
from xml.etree import ElementTree

import pytest
from formula.ops_ import calls
from formula.test_names import LATEX
from formula.test_text import WRITTEN

import minigraph as mg
from minigraph.formula import (
    Formula,
    PackageError,
    equation,
    expression,
    jacobian_formula,
    local_rules,
)
from minigraph.formula.names import shorten, visible
from minigraph.formula.tree import Statement, Symbol

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"

# MathML Core, as far as formulas go.
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mover"}
ELEMENTS |= {"msub", "msup", "msubsup"}


def parsed(formula):
    root = ElementTree.fromstring(formula.mathml)
    assert root.tag == NAMESPACE + "math"
    assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} <= ELEMENTS
    assert "Zq" not in formula.mathml
    return root


def said(formula):
    return "".join(parsed(formula).itertext()).replace("\u00a0", " ")


@pytest.mark.parametrize("label", calls())
def test_formulas_of_all_ops_are_well_formed(label):
    node = calls()[label]
    formulas = [equation(node), equation(node, expanded=True), *local_rules(node)]
    for formula in formulas:
        assert formula is None or len(parsed(formula)) == 1


@pytest.mark.parametrize("tree", [row[0] for row in WRITTEN], ids=[row[1] for row in WRITTEN])
def test_every_kind_of_tree_is_well_formed(tree):
    parsed(Formula(Statement(None, tree)))


@pytest.mark.parametrize("name", [name for name in LATEX if LATEX[name].startswith(r"\text")])
def test_hostile_names_come_out_as_text(name):
    x = mg.parameter([[1.0]], name=name)
    formula = Formula(Statement(None, Symbol(name)))
    (element,) = parsed(formula).iter(NAMESPACE + "mtext")
    assert element.text.replace("\u00a0", " ") == shorten(visible(name))
    assert len(parsed(expression(mg.exp(x.T @ (x + 1) * 2) / x))) == 1


def test_what_browsers_need():
    z = mg.parameter([[-1.0], [2.0]], name="z₁")
    y_hat = mg.softmax(z, axis=0).named("ŷ")
    hat = parsed(equation(y_hat)).find(f".//{NAMESPACE}mover/{NAMESPACE}mo")
    assert hat.text == "\u02c6"
    theta = mg.parameter([[1.0]], name="θ")
    transposed = parsed(expression(theta.T @ theta))
    assert [e.text for e in transposed.iter(NAMESPACE + "mi")] == ["θ", "T", "θ"]
    assert all(e.get("mathvariant") in (None, "normal") for e in transposed.iter())
    # Brackets need not grow: no fraction is in one.
    rule = local_rules(y_hat)[0]
    assert said(rule) == "∂L∂z1=yˆ·(∂L/∂yˆ−∑∂L/∂yˆ·yˆ)"
    assert len(list(parsed(rule).iter(NAMESPACE + "mfrac"))) == 1
    bars = [e.get("form") for e in parsed(expression(mg.abs(z))).iter(NAMESPACE + "mo")]
    assert bars == ["prefix", "postfix"]
    assert said(expression(mg.log(z))) == "logz1"


def test_the_vector_of_ones():
    z = mg.parameter([1.0, 2.0], name="z")
    assert said(jacobian_formula(mg.sum(z).named("s"), 0)) == "∂s∂z=𝟏T"


def test_a_marked_part_has_a_class():
    z = mg.parameter([1.0, 2.0], name="z")
    top = mg.max(z)
    root = parsed(expression(mg.exp(z - top), mark=[top]))
    (marked,) = (e for e in root.iter() if e.get("class") == "marked")
    assert marked.tag == NAMESPACE + "mrow"
    assert "".join(marked.itertext()) == "maxz"


def test_without_latex2mathml_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    formula = expression(mg.parameter(1.0, name="x") + 1)
    with pytest.raises(PackageError, match=r"pip install 'minigraph\[explain\]'"):
        formula.mathml  # noqa: B018
    assert (formula.text, formula.latex) == ("x + 1", "x + 1")
