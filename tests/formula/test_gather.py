import pytest

from minigraph.formula.gather import gathered
from minigraph.formula.text import text
from minigraph.formula.tree import (
    Call,
    Choice,
    Indicator,
    MatrixProduct,
    Negation,
    Number,
    Power,
    Product,
    Symbol,
    Total,
    Transposed,
    Word,
)

a, b, c, e = map(Symbol, "abce")
minus_a = Negation(a)
minus = Total(((False, a), (True, b)))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (a, "a"),
        (Negation(minus_a), "a"),
        (Negation(minus), "b − a"),
        (Negation(Total(((False, a), (False, b)))), "−(a + b)"),
        (Product((Product((a, b)), Product((c,), (b,)))), "a · b · c / b"),
        (Product((a,), (Product((b,), (c,)),)), "a · c / b"),
        (Product((minus_a, Negation(b))), "a · b"),
        (Product((minus_a,), (b,)), "−a / b"),
        (Product((a,), (Negation(b),)), "−a / b"),
        (Product((a, Number(2), Number(1))), "2a"),
        (Product((a, Number(-2))), "−2a"),
        (Product((Number(1), a)), "a"),
        (Product((Number(1), Number(1))), "1"),
        (Product((Number(1),), (a,)), "1 / a"),
        (Product((Indicator(a), Indicator(b), c, Indicator(a))), "[a and b] · c · [a]"),
        (Total(((False, a), (False, Negation(b)))), "a − b"),
        (Total(((False, minus_a), (False, b))), "b − a"),
        (Total(((False, minus_a), (True, b))), "−(a + b)"),
        (Total(((False, c), (True, minus))), "c − a + b"),
        (Total(((True, a),)), "−a"),
        (Total(((False, Number(3)), (True, Number(1)))), "2"),
        (Total(((False, Number(1)), (True, Number(3)))), "−2"),
        (Total(((False, Number(1)), (True, Number(1)))), "0"),
        (Total(((False, Number(1)), (False, a), (True, Number(1)))), "a"),
        (Total(((False, Number(1)), (False, a), (False, Number(1)))), "a + 2"),
        (Transposed(Transposed(a)), "a"),
        (Transposed(MatrixProduct(a, Transposed(b))), "b aᵀ"),
        (Transposed(MatrixProduct(a, MatrixProduct(b, c))), "cᵀ bᵀ aᵀ"),
        (Transposed(minus_a), "−aᵀ"),
        (MatrixProduct(a, MatrixProduct(b, c)), "a b c"),
        (Word("Σ", minus_a), "−Σ a"),
        (Word("Σ", Product((Number(2), a), (Number(3), b)), (0,)), "2 (Σ[axis=0] a / b) / 3"),
        (Word("Σ", Negation(Product((a,), (Number(3),)))), "−(Σ a) / 3"),
        (Power(e, Word("log", a)), "a"),
        (Call("broadcast", (Product((Number(1),), (Number(3),)),)), "1 / 3"),
        (Call("broadcast", (a,)), "broadcast(a)"),
        (Power(e, Word("log", a, (0,))), "e^(log[axis=0] a)"),
        (Power(a, Negation(Number(1))), "a⁻¹"),
        (Total(((False, Power(e, Word("log", a))), (True, Number(1)))), "a − 1"),
        (Choice(a, Choice(b, c, Number(0)), Number(0)), "c if b and a else 0"),
        (Choice(a, Choice(b, c, Number(1)), Number(0)), "(c if b else 1) if a else 0"),
    ],
    ids=str,
)
def test_steps(tree, expected):
    assert text(gathered(tree)) == expected
