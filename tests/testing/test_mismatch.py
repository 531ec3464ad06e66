"""GradientMismatch: an error with a picture."""

import numpy as np
import pytest
from wrong_ops_ import HalfSwish, Swish

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

X = np.array([[0.3, -1.2], [0.7, 2.0]])


def network(x):
    h = Swish()(x).named("h")
    return mg.mean(HalfSwish()(mg.exp(h)).named("k"))


def test_the_picture_marks_the_guilty_node_in_words():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(network, X)
    picture = caught.value.picture()
    assert [node.name for node in picture.description.nodes if node.mark] == ["k"]
    assert "HalfSwish:&#160;wrong&#160;backward" in picture.source
    # The gradients are those of the message: of the output itself, without a random cotangent.
    assert picture.description.nodes[-1].gradient == 1


def test_the_picture_of_an_ops_own_mismatch_marks_it():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(HalfSwish(), X)
    (marked,) = (n for n in caught.value.picture().description.nodes if n.mark)
    assert marked.mark == "HalfSwish: wrong backward"


def test_the_picture_without_a_guilty_node_is_the_graph():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: mg.exp(x) * mg.constant(x.value), X)
    assert not any(node.mark for node in caught.value.picture().description.nodes)


def test_a_plain_function_has_no_picture():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(np.sum, X, gradient=np.zeros_like)
    with pytest.raises(mg.GraphError, match="a plain function of arrays has no graph"):
        caught.value.picture()


def test_a_mismatch_fails_a_test_and_is_one_of_minigraphs_errors():
    assert issubclass(GradientMismatch, AssertionError)
    assert issubclass(GradientMismatch, mg.MinigraphError)
