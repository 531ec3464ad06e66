"""Messages of GradientMismatch, whole."""

import re

import numpy as np
import pytest
from wrong_ops_ import HalfSquare, Square

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

HERE = "tests/testing/test_report.py"


def lines(error):
    """Return a message's lines, line numbers replaced, which change with the file."""
    return [re.sub(r"\.py:\d+", ".py", line) for line in str(error).split("\n")]


def failure(check):
    with pytest.raises(GradientMismatch) as caught:
        check()
    return caught.value


def test_of_a_plain_function():
    def loss(x):
        return np.mean(x * x)

    x = [1.0, 2.0, 4.0]
    error = failure(lambda: check_gradient(loss, x, gradient=lambda x: 2 * x))
    assert lines(error) == [
        "the gradient of loss by x is wrong at [2]",
        "  x  shape (3,), float64, there 4",
        "  yours     8",
        "  expected  2.6666667, by complex step",
        "  off by    5.33; tolerance 8e-06",
        "  hint: it is 3 times what it should be, and 3 is the length of axis 0 of x: the 1/3 of a "
        "mean forgotten?",
        f"  at {HERE}: error = failure(lambda: check_gradient(loss, x, gradient=lambda x: 2 * x))",
        "  To mend it: derive that entry by hand and compare; the smaller the example, the easier",
    ]
    assert (error.order, error.input, error.index, error.node) == (1, "x", (2,), None)
    assert (error.yours, error.step, error.kink) == (8, 0, False)
    assert error.expected == pytest.approx(8 / 3, rel=1e-15)


def test_of_an_op():
    error = failure(lambda: check_gradient(HalfSquare(), [1.0, 2.0]))
    text = lines(error)
    assert text[:2] == [
        "the gradient of HalfSquare by x is wrong at [1]",
        "  x  shape (2,), float64, there 2",
    ]
    assert re.fullmatch(r"  yours     -?\d\.\d+", text[2])
    assert re.fullmatch(r"  expected  -?\d\.\d+, by central differences, step 1.5e-05", text[3])
    assert re.fullmatch(r"  off by    \d\.\d+; tolerance \d\.\de-06", text[4])
    assert text[5].startswith(
        "  both are ∂L/∂x of L = Σ v · f, with a random cotangent v = [-1.137, -0.77]"
    )
    assert text[6:] == [
        "  its backward: tests/wrong_ops_.py: def backward(self, xp, cotangent, output, x):",
        "  hint: it is ½ of what it should be: the 2 of a square's derivative forgotten, or one of "
        "two equal terms",
        f"  at {HERE}: error = failure(lambda: check_gradient(HalfSquare(), [1.0, 2.0]))",
        "  To mend it: correct the backward of HalfSquare(); error.picture() draws the graph with "
        "it marked",
    ]
    assert error.yours == pytest.approx(error.expected / 2)


def test_of_a_graph():
    def network(x):
        h = HalfSquare()(x).named("h")
        return mg.sum(mg.exp(h))

    error = failure(lambda: check_gradient(network, [[0.5, 1.0]]))
    assert lines(error) == [
        "the gradient of network by x is wrong at [0, 1]",
        "  x  shape (1, 2), float64, there 1",
        "  yours     2.7182818",
        "  expected  5.4365637, by central differences, step 7.6e-06",
        "  off by    2.72; tolerance 5.4e-06",
        "  guilty: h = HalfSquare(x) is wrong by itself: its derivative by x is -0.76978671 "
        "instead of -1.5395734",
        f'    at {HERE}: h = HalfSquare()(x).named("h")',
        "  its backward: tests/wrong_ops_.py: def backward(self, xp, cotangent, output, x):",
        "  hint: it is ½ of what it should be: the 2 of a square's derivative forgotten, or one of "
        "two equal terms",
        f"  at {HERE}: error = failure(lambda: check_gradient(network, [[0.5, 1.0]]))",
        "  To mend it: correct the backward of HalfSquare(); error.picture() draws the graph with "
        "it marked",
    ]


def test_of_a_kink():
    error = failure(lambda: check_gradient(mg.relu, 0.0))
    assert lines(error) == [
        "the gradient of ReLU by x is wrong",
        "  x  shape (), float64, there 0",
        "  yours     0",
        "  expected  0.5, by central differences, step 7.6e-06",
        "  off by    0.5; tolerance 4.6e-06",
        "  hint: the point looks like a kink: the slope is 0 on the left and 1 on the right; yours "
        "lies between, a subgradient, and may well be meant",
        f"  at {HERE}: error = failure(lambda: check_gradient(mg.relu, 0.0))",
        "  To mend it: move the input off this point, and check there; which slope minigraph takes "
        "at a kink is in its documentation",
    ]
    assert error.kink


@pytest.mark.parametrize(
    ("f", "point", "words"),
    [
        (lambda x: mg.max(x), [1.0, 1.0, 1.0], "the slope is 0 on the left and 1 on the right"),
        (lambda x: mg.sqrt(x), 0.0, "f is not finite right beside the point"),
        (lambda x: mg.sum(mg.relu(x) + x), [0.0], "the slope is 1 on the left and 2 on the right"),
        (lambda x: mg.where(x.value >= 1, x * 3, x), 1.0, "the difference quotient grows"),
    ],
    ids=["max", "sqrt", "relu", "jump"],
)
def test_kinks_are_told(f, point, words):
    error = failure(lambda: check_gradient(f, point))
    assert error.kink
    assert words in str(error)


def test_of_order_2():
    class Frozen(Square):
        def backward(self, xp, cotangent, output, x):
            return (2 * getattr(x, "value", x) * cotangent,)

    text = lines(failure(lambda: check_gradient(Frozen(), 1.5, order=2)))
    assert text[0] == (
        "the derivative of order 2 (the gradient's gradient) of Frozen by x is wrong, while the "
        "gradient is right"
    )
    assert text[2] == "  yours     0"
    assert text[5:8] == [
        "  both are derivatives of L = Σ u · ∂(Σ v · f)/∂x, with random u and cotangent v",
        f"  its backward: {HERE}: def backward(self, xp, cotangent, output, x):",
        "  hint: as a graph, the gradient does not depend on this input, although its value does: "
        "a backward takes it for a constant",
    ]


def test_names_cannot_break_the_message():
    error = failure(lambda: check_gradient(HalfSquare(), mg.parameter([1.0], name="</x>\\N{}")))
    assert "the gradient of HalfSquare by </x>\\N{} is wrong at [0]" in str(error)


def test_no_frame_of_ours_is_shown_but_the_one_that_was_called():
    error = failure(lambda: check_gradient(HalfSquare(), 1.0))
    files, traceback = [], error.__traceback__
    while traceback is not None:
        files.append(traceback.tb_frame.f_code.co_filename)
        traceback = traceback.tb_next
    assert [file.rpartition("/")[2] for file in files][-2:] == ["test_report.py", "check.py"]
    assert error.__suppress_context__
