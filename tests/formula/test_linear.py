import pytest

from minigraph.formula.linear import identity, jacobian_tree, product, summed, through
from minigraph.formula.text import text
from minigraph.formula.tree import Number, Symbol

W, c = Symbol("W"), Symbol("c")


def test_maps_of_numbers_are_numbers():
    assert text(jacobian_tree(identity(()))) == "1"
    assert text(jacobian_tree(summed(product(identity((1, 1)), c, [])))) == "c"
    spread = product(identity(()), c, [3])
    assert text(jacobian_tree(spread)) == "cᵀ"
    assert text(jacobian_tree(summed(spread))) == "Σ c"


def test_maps_of_vectors():
    assert text(jacobian_tree(identity((3, 1)))) == "I"
    assert text(jacobian_tree(summed(identity((3,))))) == "𝟏"
    assert text(jacobian_tree(product(identity((3,)), Number(2), []))) == "2I"
    assert text(jacobian_tree(through(identity((3,)), W, [2, 3], transpose=False))) == "Wᵀ"
    assert text(jacobian_tree(through(identity((3,)), W, [3, 2], transpose=True))) == "W"
    scaled = product(through(identity((3,)), W, [2, 3], False), c, [2])
    assert text(jacobian_tree(scaled)) == "Wᵀ diag(c)"


@pytest.mark.parametrize("size", [[2], [2, 3]])
def test_what_becomes_no_vector_is_none(size):
    assert identity((3,)).spread(tuple(size)) is None
    assert product(identity((3,)), c, size) is None
