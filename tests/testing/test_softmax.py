"""The well-known mistakes, as students write them: each is caught, and called by its name."""

import numpy as np
import pytest
from students_ import (
    CROSS_ENTROPIES,
    GRADIENTS,
    LABELS,
    LOSSES,
    SOFTMAXES,
    cross_entropy,
    from_labels,
    gradient,
    loss,
    softmax,
)

import minigraph as mg
from minigraph.testing.classification import Classification
from minigraph.testing.softmax import SoftmaxMistake, check_softmax_cross_entropy
from minigraph.testing.student import Function, gradient_by_graph


def check_raises(*functions, **options):
    options.setdefault("examples", 20)
    with pytest.raises(SoftmaxMistake) as caught:
        check_softmax_cross_entropy(*functions, **options)
    return caught.value


def cases(table):
    return [
        pytest.param(name, function, id=f"{name}-{i}")
        for name, functions in table.items()
        for i, function in enumerate(functions)
    ]


@pytest.mark.parametrize(("name", "function"), cases(SOFTMAXES))
def test_softmax(name, function):
    error = check_raises(function)
    assert (error.function, error.mistake) == ("softmax", name), str(error)
    assert error.z.size <= 6


@pytest.mark.parametrize(("name", "function"), cases(CROSS_ENTROPIES))
def test_cross_entropy(name, function):
    error = check_raises(softmax, function)
    assert (error.function, error.mistake) == ("cross_entropy", name), str(error)
    assert error.z.size <= 9


@pytest.mark.parametrize(("name", "function"), cases(LOSSES))
def test_loss(name, function):
    error = check_raises(loss=function)
    assert (error.function, error.mistake) == ("loss", name), str(error)


@pytest.mark.parametrize(("name", "function"), cases(GRADIENTS))
def test_gradient(name, function):
    error = check_raises(gradient=function)
    assert (error.function, error.mistake) == ("gradient", name), str(error)


# With integer labels, columns, other reductions, one example


@pytest.mark.parametrize(("name", "function"), cases(LABELS))
def test_cross_entropy_of_labels(name, function):
    error = check_raises(None, function, targets="labels")
    assert (error.function, error.mistake) == ("cross_entropy", name), str(error)


def whole_columns(z, y):
    p = softmax(z)
    p[:, y] -= 1
    return p / len(y)


def test_gradient_of_labels():
    error = check_raises(gradient=whole_columns, targets="labels")
    assert error.mistake == "the labels take whole columns"


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("the wrong axis", softmax),
        ("no max-shift", lambda z: np.exp(z) / np.exp(z).sum(axis=0)),
        (
            "the maximum of the whole array",
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=0),
        ),
    ],
)
def test_softmax_of_columns(name, function):
    assert check_raises(function, axis=0).mistake == name


def test_the_mean_of_columns_is_over_the_columns():
    error = check_raises(None, cross_entropy, axis=0)  # it divides by len(y), here the classes
    assert error.mistake == "mean over the classes"
    assert "divided by k, the number of classes" in str(error)


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_another_reduction(reduction):
    name = "mean instead of sum"
    assert check_raises(None, cross_entropy, reduction="sum").mistake == name
    assert check_raises(gradient=gradient, reduction=reduction).mistake == name


def test_one_example():
    def naive(z):
        return np.exp(z) / np.exp(z).sum()

    error = check_raises(naive, batch=False)
    assert (error.mistake, error.z.ndim) == ("no max-shift", 1)
    check_softmax_cross_entropy(softmax, lambda p, y: -np.log(p[y]), targets="labels", batch=False)


def test_mistakes_that_one_example_cannot_make():
    def wrong(z):
        return softmax(z / 2)

    assert check_raises(loss=lambda z, y: loss(z / 2, y), batch=False).mistake is None
    assert check_raises(gradient=lambda z, y: wrong(z) - y, batch=False).mistake is None
    assert check_raises(wrong, batch=False).mistake is None


# Functions of Nodes


def shift(z):
    return z - mg.max(z, axis=-1, keepdims=True)


def node_softmax(z):
    e = mg.exp(shift(z))
    return e / mg.sum(e, axis=-1, keepdims=True)


def node_loss(p, y):
    return -mg.sum(y * mg.log(mg.where(y > 0, p, 1.0))) / y.shape[0]


NODES = {
    "no max-shift": (lambda z: mg.exp(z) / mg.sum(mg.exp(z), axis=-1, keepdims=True), node_loss),
    "the wrong axis": (lambda z: mg.softmax(z, axis=0), node_loss),
    "clipped probabilities": (node_softmax, lambda p, y: node_loss(mg.maximum(p, 1e-12), y)),
    "0 · log 0": (node_softmax, lambda p, y: -mg.sum(y * mg.log(p)) / y.shape[0]),
    "mean forgotten": (node_softmax, lambda p, y: node_loss(p, y) * y.shape[0]),
    "wrong sign": (node_softmax, lambda p, y: -node_loss(p, y)),
}


@pytest.mark.parametrize("name", NODES)
def test_of_nodes(name):
    error = check_raises(*NODES[name])
    assert error.mistake == name, str(error)


def test_a_softmax_that_clips_makes_the_chain_wrong():
    error = check_raises(lambda z: np.clip(softmax(z), 1e-15, 1), cross_entropy)
    assert error.function == "cross_entropy(softmax(z), y)"
    assert error.mistake == "clipped probabilities"


class WrongSoftmax(mg.Op):
    """An op of a user, whose backward forgets all but the diagonal."""

    def forward(self, xp, z):
        e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
        return e / xp.sum(e, axis=-1, keepdims=True)

    def backward(self, xp, cotangent, output, z):
        return (cotangent * output * (1 - output),)


def test_the_gradient_of_an_op_of_ones_own():
    error = check_raises(WrongSoftmax(), mg.cross_entropy)
    assert error.function == "∂L/∂z of cross_entropy(softmax(z), y)"
    assert error.mistake == "only the diagonal of softmax's Jacobian"


def test_a_loss_whose_graph_does_not_lead_back():
    error = check_raises(loss=lambda z, y: mg.softmax_cross_entropy(z.value, y))
    assert error.function == "∂L/∂z of loss"
    assert error.mistake == "all zeros"


def test_a_loss_that_is_right_only_in_its_leading_digits():
    error = check_raises(loss=lambda z, y: np.round(loss(z, y), 9))
    assert error.function == "∂L/∂z of loss"


def test_what_computes_in_float32_is_told_so_and_passes_where_less_is_asked():
    def softmax(z):
        e = np.exp(np.float32(z) - np.float32(z).max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def cross_entropy(y_hat, y):
        logs = np.log(np.where(y > 0, np.float32(y_hat), np.float32(1)))
        return -np.mean(np.sum(logs * y, axis=-1))

    with pytest.raises(SoftmaxMistake, match="if it computes in float32") as caught:
        check_softmax_cross_entropy(softmax, cross_entropy, examples=15)
    assert caught.value.mistake is None
    check_softmax_cross_entropy(
        softmax, cross_entropy, rtol=1e-3, atol=1e-4, largest=8.0, examples=15
    )


# What is right


def columns(function):
    return lambda z: function(z, axis=0)


@pytest.mark.parametrize("targets", ["one_hot", "labels", "soft"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("axis", [-1, 0])
def test_minigraph_is_right(targets, reduction, axis):
    options = {"axis": axis, "reduction": reduction}
    result = check_softmax_cross_entropy(
        lambda z: mg.softmax(z, axis=axis),
        lambda p, y: mg.cross_entropy(p, y, **options),
        loss=lambda z, y: mg.softmax_cross_entropy(z, y, **options),
        targets=targets,
        examples=15,
        **options,
    )
    assert all(count > 30 for name, count in result.cases.items())


@pytest.mark.parametrize("targets", ["one_hot", "labels", "soft"])
def test_one_example_of_minigraph_is_right(targets):
    check_softmax_cross_entropy(
        mg.softmax,
        mg.cross_entropy,
        loss=mg.softmax_cross_entropy,
        targets=targets,
        batch=False,
        examples=15,
    )


def test_expanded_is_right():
    check_softmax_cross_entropy(
        lambda z: mg.expand(mg.softmax(z)),
        lambda p, y: mg.expand(mg.cross_entropy(p, y)),
        loss=lambda z, y: mg.expand(mg.softmax_cross_entropy(z, y)),
        examples=15,
    )


def test_a_student_is_right():
    result = check_softmax_cross_entropy(softmax, cross_entropy, loss=loss, gradient=gradient)
    assert set(result.cases) == {
        "softmax",
        "cross_entropy",
        "cross_entropy(softmax(z), y)",
        "∂L/∂z of cross_entropy(softmax(z), y)",
        "loss",
        "∂L/∂z of loss",
        "gradient",
    }
    assert repr(result).startswith("<right: softmax at ")
    assert result.mistakes > 30


def test_mixed_kinds_are_right():
    check_softmax_cross_entropy(softmax, node_loss, examples=5)
    check_softmax_cross_entropy(node_softmax, cross_entropy, examples=5)


def test_columns_in_numpy_are_right():
    check_softmax_cross_entropy(
        columns(softmax),
        lambda p, y: -np.sum(y * np.log(np.where(y > 0, p, 1))) / y.shape[1],
        gradient=lambda z, y: (softmax(z, axis=0) - y) / z.shape[1],
        axis=0,
    )


def test_labels_in_numpy_are_right():
    check_softmax_cross_entropy(softmax, from_labels, targets="labels")


def test_a_course_without_stability():
    def naive(z):
        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)

    def plain(p, y):
        return -np.sum(y * np.log(p)) / len(y)

    check_softmax_cross_entropy(naive, plain, loss=lambda z, y: plain(naive(z), y), largest=300)
    error = check_raises(naive, plain, largest=300, masked=True)
    assert (error.function, error.mistake) == ("cross_entropy", "0 · log 0")


# Nonsense, and messages


def writes(z):
    z -= z.max(axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def raises(z):
    raise KeyError("no such thing")


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (lambda z: "0.5", "softmax returns a str, not numbers"),
        (lambda z: None, "softmax returns None, not numbers"),
        (lambda z: [[1.0], [1.0, 2.0]], "softmax returns rows of different lengths"),
        (writes, "softmax writes to its input z, so its caller's numbers change"),
        (raises, "softmax raises KeyError: 'no such thing'"),
        (lambda z: softmax(z)[:1], "softmax: ŷ has shape (1, "),
        (lambda z: softmax(z) ** 2, "softmax: ŷ sums to [0.5] along axis -1, not to 1; it looks "),
        (lambda z: 10 * softmax(z) - 9 / z.shape[-1], "softmax: ŷ has a negative entry"),
        (lambda z: softmax(z / 2), "softmax: ŷ has wrong numbers"),
        (lambda z: softmax(z) + np.where(z > 1, np.nan, 0), "softmax: ŷ is not finite"),
    ],
)
def test_nonsense(function, what):
    error = check_raises(function)
    assert error.mistake is None
    assert str(error).startswith(what)
    assert "To mend it" in str(error)


def test_what_a_function_raised_is_the_cause():
    error = check_raises(raises)
    assert isinstance(error.__cause__, KeyError)
    assert error.got is error.__cause__


@pytest.mark.parametrize(
    "function",
    [lambda z, y: z.value.sum(), lambda z, y: mg.matmul(z, y)],
)
def test_nonsense_in_the_loss(function):
    assert check_raises(loss=function).function == "loss"


def test_an_op_whose_backward_raises():
    class Broken(WrongSoftmax):
        def backward(self, xp, cotangent, output, z):
            raise RuntimeError("not written yet")

    error = check_raises(Broken(), mg.cross_entropy)
    assert str(error).startswith("∂L/∂z of cross_entropy(softmax(z), y) raises RuntimeError: not")


def test_a_loss_that_is_afraid_of_large_logits():
    def timid(z, y):
        if np.abs(z.value).max() > 1e300:
            raise OverflowError("a huge logit")
        return mg.softmax_cross_entropy(z, y)

    # What is beyond all floats is asked of the loss nowhere, but of its gradient.
    case = Classification(np.array([[1e308, -1e308]]), np.array([[0.0, 1.0]]))
    function = Function(timid, "loss", "z", "y")
    function.of_nodes = True
    assert not case.representable(naive=False)
    assert isinstance(gradient_by_graph(function, *case.as_given()), OverflowError)
    assert "raises OverflowError: a huge logit" in str(check_raises(loss=timid))


def test_a_loss_that_raises_off_the_grid():
    def picky(z, y):
        if (z % 0.25).any():
            raise ArithmeticError("z is not a multiple of ¼")
        return loss(z, y)

    error = check_raises(loss=picky)
    assert "raises ArithmeticError" in str(error)


def naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def test_the_whole_message():
    with pytest.raises(SoftmaxMistake) as caught:
        check_softmax_cross_entropy(naive_softmax)
    message = str(caught.value).splitlines()
    assert message[:5] == [
        "softmax: no max-shift: exp(z) overflows for big logits, and is 0 for all classes for very "
        "negative ones",
        "  z = [[1000., 1000.]]",
        "  y = [[1., 0.]]",
        "  ŷ expected: [[0.5, 0.5]]",
        "  ŷ got:      [[nan, nan]]",
    ]
    assert message[5].startswith("  softmax  at ")
    assert message[5].endswith(": def naive_softmax(z):")
    assert message[6].endswith(": check_softmax_cross_entropy(naive_softmax)")
    assert message[7:] == [
        "  To mend it: subtract the maximum of each example: exp(z - z.max(axis=-1, keepdims=True))"
    ]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({}, "there is no function to check"),
        ({"softmax": 3}, "softmax is a int, not a function"),
        ({"softmax": softmax, "axis": 2}, "there is no axis=2"),
        ({"softmax": softmax, "targets": "hot"}, "there is no targets='hot'"),
        ({"softmax": softmax, "reduction": "max"}, "there is no reduction='max'"),
        ({"softmax": softmax, "largest": 1}, "largest=1 leaves no logits to check"),
        ({"softmax": softmax, "examples": 0}, "examples=0 checks nothing"),
    ],
)
def test_options(options, what):
    with pytest.raises(mg.OptionError, match="^" + what):
        check_softmax_cross_entropy(**options)


def test_it_goes_the_same_way_and_leaves_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second = check_raises(naive_softmax), check_raises(naive_softmax)
    assert first.z.tolist() == second.z.tolist()
    assert list(tmp_path.iterdir()) == []
