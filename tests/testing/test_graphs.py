"""Functions of Nodes: both readings of a gradient, and how ops are to behave."""

import numpy as np
import pytest
import wrong_ops_ as wrong

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(11)
X = rng.uniform(0.5, 1.5, 4)


def message(*arguments, **options):
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(*arguments, **options)
    return caught.value


def test_the_ops_that_the_others_are_measured_by_are_right():
    for op in (wrong.Swish(), wrong.Square()):
        assert check_gradient(op, X, order=3).error < 1e-7


def test_both_readings_are_to_agree():
    error = message(wrong.TwofacedSquare(), X)
    text = str(error)
    assert text.startswith("the gradient of TwofacedSquare by x has two values: as a graph")
    assert "which agrees with the differences" in text
    assert error.yours == pytest.approx(2 * error.expected)
    assert error.picture().description.nodes


def test_a_gradient_that_changes_from_call_to_call_is_refused():
    text = str(message(wrong.FickleSquare(), X))
    assert text.startswith("the gradient by x is another each time")


def test_an_op_that_writes_to_the_cotangent_is_refused():
    error = message(lambda x: mg.sum(wrong.GreedySquare()(mg.exp(x)).named("k") * 2), X)
    assert str(error).startswith("the backward of GreedySquare() writes to the cotangent")
    assert error.node.name == "k"
    assert "GreedySquare: wrong backward" in error.picture().description.summary


def test_an_op_that_writes_to_its_input_is_refused():
    error = message(wrong.VandalSquare(), X)
    assert str(error).startswith(
        "a backward in the graph of VandalSquare writes to its inputs: output array is read-only"
    )
    assert isinstance(error.__cause__, ValueError) is False  # no stack of internals


def test_an_error_of_a_users_backward_is_left_as_it_is():
    class Refusing(wrong.Square):
        def backward(self, xp, cotangent, output, x):
            raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        check_gradient(Refusing(), X)


def test_a_backward_of_the_wrong_number_or_shape_is_a_lesson_of_the_engine():
    class Two(wrong.Square):
        def backward(self, xp, cotangent, output, x):
            return (cotangent, cotangent)

    with pytest.raises(mg.GradientError, match=r"returned 2 cotangent\(s\) for 1 input"):
        check_gradient(Two(), X)


@pytest.mark.filterwarnings("ignore::minigraph.NonFiniteWarning")
def test_a_gradient_of_nan_is_refused():
    error = message(wrong.SquareOfNaN(), [1.0, 0.0])
    assert str(error).startswith(
        "the gradient of SquareOfNaN by x is nan at (1,), although the function is finite"
    )
    assert error.index == (1,)


def test_an_op_that_computes_in_float32_is_moved_by_larger_steps():
    check = check_gradient(wrong.Coarse(), X)
    assert check.inputs[0].step == 2.0**-8
    # Also where the output does not show it.
    check = check_gradient(lambda x: mg.sum(wrong.Coarse()(x) * np.ones(4)), X)
    assert check.inputs[0].step == 2.0**-8


def test_a_second_derivative_is_wrong_where_the_first_is_right():
    assert check_gradient(wrong.FrozenSquare(), X).order == 1
    error = message(wrong.FrozenSquare(), X, order=2)
    assert (error.order, error.input, error.yours) == (2, "x", 0)
    assert str(error).startswith(
        "the derivative of order 2 (the gradient's gradient) of FrozenSquare by x is wrong at"
    )
    assert "while the gradient is right" in str(error)


def test_a_third_derivative_is_wrong_where_the_second_is_right():
    class FrozenCube(wrong.Square):
        def forward(self, xp, x):
            return x * x * x

        def backward(self, xp, cotangent, output, x):
            return (3 * wrong.FrozenSquare()(x) * cotangent,)

    class Cube(FrozenCube):
        def backward(self, xp, cotangent, output, x):
            return (3 * wrong.FrozenSquare().on(xp, x) * cotangent,)

    assert check_gradient(Cube(), X, order=2).order == 2
    error = message(Cube(), X, order=3)
    assert error.order == 3
    assert "while the derivative of order 2 (the gradient's gradient) is right" in str(error)


def test_a_cotangent_that_is_taken_for_a_constant_is_found_by_the_second_order():
    class Deaf(wrong.Square):
        def backward(self, xp, cotangent, output, x):
            return (2 * x * getattr(cotangent, "value", cotangent),)

    assert check_gradient(Deaf(), X).order == 1
    error = message(Deaf(), X, order=2)
    assert error.input == "cotangent"


def test_an_unused_input_has_no_gradient_and_needs_none():
    check = check_gradient(lambda a, b: mg.exp(a), X, X)
    assert [part.largest > 0 for part in check.inputs] == [True, False]
    check = check_gradient(lambda a: mg.constant([1.0]) * 2.0, X, order=2)
    assert check.order == 2


def test_the_function_may_return_its_input():
    assert check_gradient(lambda x: x, X, order=2).error < 1e-9
