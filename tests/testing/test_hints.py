"""A catalogue of wrong gradients, each caught, and told what it looks like."""

import numpy as np
import pytest
import wrong_ops_ as wrong

from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(5)
X = rng.uniform(0.5, 1.5, 6)
W = rng.uniform(0.5, 1.5, (3, 3))


def message(*arguments, **options):
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(*arguments, **options)
    return caught.value


OPS = {
    wrong.HalfSquare(): "it is ½ of what it should be",
    wrong.NegativeSquare(): "it is −1 times what it should be: the sign is wrong",
    wrong.SquareWithoutCotangent(): "it does not change with the cotangent",
    wrong.SquareOfNothing(): "it is 0 everywhere: a term is missing",
    wrong.SquareOfNoOne(): "no gradient flows to this input, although the output changes with it",
    wrong.OddSquare(): "every entry is 0.875 times what it should be",
    wrong.SquareOff(): "every entry is off by the same amount, 1",
    wrong.Reversed(): "its entries stand in reverse order along axis 0",
}


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.label)
def test_what_is_wrong_with_an_op_is_recognised(op):
    error = message(op, X)
    assert error.hints[0].startswith(OPS[op])
    assert f"hint: {OPS[op]}" in str(error)


def test_a_transposed_gradient_is_recognised():
    error = message(wrong.TransposedMatMul(), W, W + 1)
    assert error.input == "a"
    assert error.hints == ("it is the transpose of what it should be",)


def plain(factor):
    """Check the gradient of the mean of squares, times a factor."""
    x = rng.uniform(0.5, 1.5, (8, 3))
    return message(lambda x: np.mean(x * x), x, gradient=lambda x: factor * 2 * x / x.size).hints


def test_factors_of_a_mean_are_named_after_the_axis():
    assert plain(24) == (
        "it is 24 times what it should be, and 24 is the number of entries of x: "
        "the 1/24 of a mean forgotten?",
    )
    assert plain(8) == (
        "it is 8 times what it should be, and 8 is the length of axis 0 of x: "
        "the 1/8 of a mean forgotten?",
    )
    assert plain(1 / 3) == (
        "it is 1/3 of what it should be, and 3 is the length of axis 1 of x: "
        "divided by 3 once too often?",
    )


def test_a_factor_2_is_recognised():
    assert plain(2) == (
        "it is 2 times what it should be: a factor 2 too many, or a term added twice",
    )


def test_a_factor_2_may_be_a_length_too():
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: np.mean(x**3), np.array([1.0, 2.0]), gradient=lambda x: 3 * x**2)
    assert caught.value.hints == (
        "it is 2 times what it should be: a factor 2 too many, or a term added twice; "
        "or the 1/2 of a mean forgotten (the length of axis 0 of x)",
    )


def test_a_length_of_another_input_is_recognised_too():
    def loss(b, x):
        return np.mean((x + b) ** 2)

    def gradient(b, x):
        return np.sum(2 * (x + b))

    words = (
        "it is 7 times what it should be, and 7 is the length of axis 0 of x: "
        "the 1/7 of a mean forgotten?",
    )
    error = message(loss, 0.5, rng.normal(size=7), gradient=gradient, wrt="b")
    assert error.hints == words
    both = message(loss, 0.5, rng.normal(size=7), gradient=lambda b, x: (gradient(b, x), None))
    assert both.hints == words


def test_a_few_wrong_entries_are_counted_and_listed():
    def gradient(x):
        g = 2 * x
        g[[1, 4]] += 1
        return g

    error = message(lambda x: np.sum(x * x), X, gradient=gradient)
    assert error.index in {(1,), (4,)}
    assert error.hints == ("2 of 6 entries are wrong ([1], [4]), the others are right",)

    def one_wrong(x):
        g = 2 * x
        g[3] = 0
        return g

    error = message(lambda x: np.sum(x * x), X, gradient=one_wrong)
    assert error.hints == ("1 of 6 entry is wrong ([3]), the others are right",)


def test_many_wrong_entries_are_not_all_listed():
    error = message(lambda x: np.sum(x * x), X, gradient=lambda x: 2 * x + (np.arange(6) > 0) * x)
    assert error.hints == (
        "5 of 6 entries are wrong ([1], [2], [3], [4], ...), the others are right",
    )


def test_what_is_not_recognised_gets_no_hint():
    error = message(lambda x: np.sum(x * x), X, gradient=lambda x: 2 * x + np.arange(1, 7))
    assert error.hints == ()
    assert "hint:" not in str(error)
    many = rng.normal(size=500)  # of which not all are looked at
    error = message(lambda x: np.sum(x * x), many, gradient=lambda x: 3 * x)
    assert error.hints == ()


def test_one_number_can_be_off_by_any_factor():
    assert message(lambda x: x * x, 1.0, gradient=lambda x: 1.7 * x).hints == ()


def test_a_wrong_gradient_where_the_right_one_is_0():
    error = message(lambda x: np.sum(x), X, gradient=lambda x: np.arange(6.0))
    assert error.hints == (
        "5 of 6 entries are wrong ([0], [2], [3], [4], ...), the others are right",
    )
    error = message(lambda x: 0 * np.sum(x), X, gradient=lambda x: np.arange(1.0, 7))
    assert error.hints == ()
