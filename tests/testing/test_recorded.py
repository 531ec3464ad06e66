"""Many points at once: what is quick, what goes one by one instead, and that nobody sees which."""

from dataclasses import dataclass

import numpy as np
import pytest
from wrong_ops_ import Coarse, HalfSwish, Reversed, Swish

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient
from minigraph.testing.batched import BatchError
from minigraph.testing.recorded import Call, Recorded
from minigraph.testing.subject import Subject

rng = np.random.default_rng(5)
Z, LABELS = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
W = rng.normal(size=(3, 2))


def counted(f, arguments, **options):
    """Return a check, and how often it called the function."""
    calls = []

    def counting(*nodes):
        calls.append(nodes)
        return f(*nodes)

    return check_gradient(counting, *arguments, **options), len(calls)


def network(x, w):
    h = mg.tanh(x @ w).named("h")
    return mg.softmax_cross_entropy(mg.concat([h, mg.square(h)], axis=1), LABELS)


@dataclass(frozen=True)
class Power(mg.Op):
    exponent: float

    def forward(self, xp, x):
        return x**self.exponent

    def backward(self, xp, cotangent, output, x):
        return (self.exponent * x ** (self.exponent - 1) * cotangent,)


QUICK = {
    "a loss": (lambda z: mg.softmax_cross_entropy(z, LABELS), (Z,), {}),
    "columns": (lambda z: mg.softmax_cross_entropy(z, LABELS, axis=0), (Z.T,), {}),
    "many entries": (mg.softmax, (rng.normal(size=(8, 10)),), {}),
    "a network": (network, (Z, W), {}),
    "a network's second derivative": (network, (Z, W), {"order": 2}),
    "one of its inputs": (network, (Z, W), {"wrt": 1}),
    "float32": (network, (Z.astype(np.float32), W.astype(np.float32)), {}),
    "along directions": (lambda x: mg.exp(x), (rng.normal(size=(30, 30)),), {}),
    "an op that is made anew": (lambda x: Power(2.0)(x), (Z,), {}),
    "an op of one's own": (lambda x: Swish()(x), (Z,), {"order": 2}),
    "what does not depend on it": (lambda a, b: mg.exp(a), (Z, W), {}),
    "an op that forgets": (lambda x: mg.multiply(x, 0 * mg.sign(x) + 1), (Z,), {}),
    "indices": (lambda x: x[[0, 0, 2], 1:] * x[1, None, 1:], (Z,), {"order": 2}),
    "its input": (lambda x: x, (Z,), {}),
}


@pytest.mark.parametrize("name", QUICK)
def test_a_function_is_called_at_few_points_and_the_check_is_that_of_all(name, monkeypatch):
    f, arguments, options = QUICK[name]
    quick, few = counted(f, arguments, **options)
    # Twice at the point, once as precisely as can be, and on either side of it.
    assert few <= 2 + 4 * options.get("order", 1)
    monkeypatch.setattr(Subject, "prepare", lambda self, moves: None)
    slow, many = counted(f, arguments, **options)
    assert many > 2 * few
    for one, other in zip(quick.inputs, slow.inputs, strict=True):
        assert (one.comparisons, one.step) == (other.comparisons, other.step)
        assert one.largest == pytest.approx(other.largest, rel=1e-6)
        assert one.error == pytest.approx(other.error, abs=1e-6 * (1 + one.largest))


def branches(x):
    return x if float(x) > 0 else -x


def apart(x):
    return mg.abs(x[0] - x[1]) if float(x[0]) > float(x[1]) else x[1] - x[0]


def swaps(x):
    a = mg.exp(x)
    b = mg.exp(a)
    return a * b if x.value[0] == 0.5 else b * a


class Sorting(Swish):
    """Through NumPy, which a batch refuses."""

    def forward(self, xp, x):
        return np.asarray(x) / (1 + np.exp(-np.asarray(x)))


class Lacking(mg.Op):
    """Uses a function that batches lack."""

    def forward(self, xp, x):
        return xp.cumulative_sum(x)

    def backward(self, xp, cotangent, output, x):
        return (xp.sum(cotangent) - xp.concat([0 * cotangent[:1], self.on(xp, cotangent)])[:-1],)


class Twofaced(Swish):
    """Another function for what is no array of NumPy's."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x)) if isinstance(x, np.ndarray) else 2 * x


class Stuck(Swish):
    """Right at the point alone for what is no array of NumPy's."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x)) if isinstance(x, np.ndarray) else Z / (1 + np.exp(-Z))


class Misshapen(Swish):
    """Another shape for what is no array of NumPy's."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x)) if isinstance(x, np.ndarray) else x[0]


class Mistyped(mg.Op):
    """Another dtype for what is no array of NumPy's."""

    def forward(self, xp, x):
        return xp.astype(x, xp.float32) if isinstance(x, np.ndarray) else x

    def backward(self, xp, cotangent, output, x):
        return (cotangent,)


class Checked(Swish):
    """Looks at values."""

    def check(self, x):
        if not (np.abs(x) < 100).all():
            raise mg.InputError("too large")


def large(x):
    return mg.sum(mg.square(mg.broadcast_to(x, (300_000,))))


SLOW = {
    "a value that is taken out": (lambda x: x * np.mean(x.value) + 0 * x, (Z,), {}),
    "a value that makes an op": (lambda x: Power(1 + abs(float(x)))(x), (1.5,), {}),
    "branches that meet": (branches, (0.0,), {}),
    "branches that meet where entries tie": (apart, ([0.5, 0.5],), {}),
    "another op": (lambda x: mg.exp(x) if x.value[0] == 0.5 else mg.sin(x), ([0.5],), {}),
    "another number of ops": (lambda x: x if x.value[0] == 0.5 else x * 2, ([0.5],), {}),
    "inputs in another order": (swaps, ([0.5, 0.25],), {}),
    "an input for a constant": (
        lambda x: x * 2.0 if x.value[0] == 0.5 else 2.0 * x,
        ([0.5, 0.25],),
        {},
    ),
    "a gradient that is there at the point alone": (
        lambda x: 1.0 * (x if x.value[0] == 0.5 else mg.constant(x.value)),
        ([0.5],),
        {"order": 2},
    ),
    "NumPy in an op": (lambda x: Sorting()(x), (Z,), {}),
    "a function that is not there": (lambda x: Lacking()(x), (Z[0],), {}),
    "an op of two faces": (lambda x: Twofaced()(x), (Z,), {}),
    "an op that is right at the point alone": (lambda x: Stuck()(x), (Z,), {}),
    "the same beside another input": (lambda x, w: Stuck()(x) @ w, (Z, W), {}),
    "an op of two shapes": (lambda x: Misshapen()(x), (Z,), {}),
    "an op of two dtypes": (lambda x: Mistyped()(x), (Z,), {}),
    "an op that looks at values": (lambda x: Checked()(x), (Z,), {}),
    "the edge of a domain": (mg.log, ([1e-7, 2.0],), {}),
    "a graph too large": (large, (np.array([0.1]),), {}),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_cannot_be_had_at_once_is_computed_one_by_one(name, monkeypatch):
    f, arguments, options = SLOW[name]

    def outcome():
        try:
            return counted(f, arguments, **options)
        except GradientMismatch as error:
            return str(error), None

    found, many = outcome()
    monkeypatch.setattr(Subject, "prepare", lambda self, moves: None)
    again, most = outcome()
    if isinstance(found, str):
        assert found == again
    else:
        assert many >= most
        for one, other in zip(found.inputs, again.inputs, strict=True):
            assert (one.comparisons, one.kinks) == (other.comparisons, other.kinks)
            assert one.error == pytest.approx(other.error, rel=1e-3, abs=1e-9)


class Hidden(Swish):
    """Holds what is none of its fields."""

    def __init__(self, number):
        self.__dict__["number"] = number


UNLIKE = {
    "constants": (lambda x: x * mg.constant([1.0, 2.0]), lambda x: x * mg.constant([1.0, 3.0])),
    "fields of ops": (Power(2.0), Power(3.0)),
    "kinds of ops": (Swish(), HalfSwish()),
    "what ops hold": (Hidden(2.0), Hidden(3.0)),
    "shapes of constants": (lambda x: x * 1.0, lambda x: x * mg.constant([1.0])),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_graphs_are_told_apart_whatever_their_values(name):
    calls = []
    for f in (*UNLIKE[name], UNLIKE[name][0]):
        x = mg.parameter([0.5, 1.5])
        calls.append(Call.of([x], f(x)))
    with pytest.raises(BatchError, match="another graph"):
        Recorded(calls[:2], np.ones(2), np.inf)
    assert Recorded([calls[0], calls[2]], np.ones(2), np.inf).width > 64


@pytest.mark.parametrize(
    "f",
    [
        lambda x: HalfSwish()(x),
        lambda x: mg.mean(HalfSwish()(mg.exp(x)) * 2),
        lambda x: Coarse()(x) * mg.sum(HalfSwish()(x)),
        lambda x: Reversed()(x),
    ],
)
def test_a_mistake_is_told_in_the_same_words(f, monkeypatch):
    def message():
        with pytest.raises(GradientMismatch) as caught:
            check_gradient(f, [0.5, -1.0, 2.0])
        return str(caught.value)

    found = message()
    monkeypatch.setattr(Subject, "prepare", lambda self, moves: None)
    assert found == message()


def test_an_error_far_from_the_point_is_raised_as_it_is():
    def narrow(x):
        if abs(x.value[0] - 0.5) > 1e-6:
            raise ValueError("too far away")
        return mg.exp(x)

    with pytest.raises(ValueError, match="too far away"):
        check_gradient(narrow, [0.5, 1.0])
