"""Gradient descent by compiled functions, beside a loop of the closed form in NumPy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from compile.compare_ import agree
from compile.graphs_ import regression, two_layers

import minigraph as mg
from minigraph.compile.loops import native, program


def by_hand(theta, x, labels, eta, steps):
    """Train softmax regression: θ ← θ − η x (ŷ − y)ᵀ / m."""
    theta, losses, m = theta.copy(), [], len(labels)
    for _ in range(steps):
        e = np.exp(theta.T @ x)
        y_hat = e / e.sum(axis=0)
        losses.append(-np.log(y_hat[labels, np.arange(m)]).mean())
        y_hat[labels, np.arange(m)] -= 1
        theta = theta - eta * (x @ y_hat.T) / m
    return np.array(losses), (theta,)


@pytest.fixture(scope="module")
def plain():
    loss, inputs, arrays = regression(labels_given=True)
    return mg.compile(loss, inputs, inputs[:1]), arrays


@pytest.fixture(scope="module")
def jitted():
    pytest.importorskip("numba")
    loss, inputs, arrays = regression(labels_given=True)
    return mg.compile(loss, inputs, inputs[:1], jit=True), arrays


@pytest.fixture(params=["plain", "jitted"])
def case(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("steps", [1, 7])
def test_the_closed_form(case, steps):
    f, arrays = case
    before = [a.copy() for a in arrays]
    train = f.descent(0.5, steps)
    expected = by_hand(*arrays, 0.5, steps)
    found = [train(*arrays) for _ in range(3)]
    for result in found:
        agree(result, expected, rtol=1e-12)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)
    flat = [array for losses, (theta,) in found for array in (losses, theta)]
    for i, array in enumerate(flat):
        assert not any(np.shares_memory(array, other) for other in (*arrays, *flat[:i]))


def test_other_arrays(case):
    f, (theta, x, y) = case
    train = f.descent(0.5, 3)
    expected = by_hand(theta, x, y, 0.5, 3)
    read_only = theta.copy()
    read_only.setflags(write=False)
    wide = np.zeros((6, 8))
    wide[::2, ::2] = theta
    for _ in range(2):
        agree(train(theta, x, y), expected)
        agree(train(np.asfortranarray(theta), np.asfortranarray(x), y), expected)
        agree(train(read_only, x, y), expected)
        agree(train(wide[::2, ::2], x, y), expected)
        agree(train(theta.tolist(), x.tolist(), y.tolist()), expected)
        agree(train(theta.astype(">f8"), x.astype(">f8"), y), expected)
    agree(f.descent(eta=np.float32(0.5), steps=3)(theta, x, y), expected)
    agree(f.descent(1, 3)(theta, x, y), by_hand(theta, x, y, 1, 3))


def test_other_shapes_and_dtypes(plain):
    f, (theta, x, y) = plain
    train = f.descent(0.5, 3)
    agree(train(theta, x, y), by_hand(theta, x, y, 0.5, 3))
    agree(train(theta, x[:, :9], y[:9]), by_hand(theta, x[:, :9], y[:9], 0.5, 3))
    single = [a.astype(np.float32) for a in (theta, x)]
    losses, (found,) = train(*single, y)
    assert losses.dtype == found.dtype == np.float32
    np.testing.assert_allclose(found, by_hand(theta, x, y, 0.5, 3)[1][0], rtol=1e-4, atol=1e-6)


def test_arrays_are_changed_themselves(case):
    f, (theta, x, y) = case
    train = f.descent(0.5, 7, copy=False)
    expected = by_hand(theta, x, y, 0.5, 14)
    for given in (theta.copy(), np.asfortranarray(theta), np.zeros((6, 8))[::2, ::2]):
        given[...] = theta
        first, (found,) = train(given, x, y)
        assert found is given
        np.testing.assert_allclose(first, expected[0][:7], rtol=1e-12)
        second, (found,) = train(given, x, y)
        assert found is given
        np.testing.assert_allclose(second, expected[0][7:], rtol=1e-12)
        np.testing.assert_allclose(given, expected[1][0], rtol=1e-12)


def test_a_label_that_is_none_changes_nothing(case):
    f, (theta, x, y) = case
    wrong = y.copy()
    wrong[40] = 4
    for copy in (True, False):
        train = f.descent(0.5, 3, copy=copy)
        given = theta.copy()
        for labels in (wrong, y, wrong):
            before = given.copy()
            if labels is wrong:
                with pytest.raises(mg.LabelError, match="out of range"):
                    train(given, x, wrong)
                np.testing.assert_array_equal(given, before)
            else:
                train(given, x, y)


def test_what_cannot_be_changed_itself(case):
    f, (theta, x, y) = case
    train = f.descent(0.5, copy=False)
    read_only = theta.copy()
    read_only.setflags(write=False)
    for _ in range(2):
        for given, why in ((read_only, "read-only"), (theta.tolist(), "no array")):
            with pytest.raises(mg.InputError, match=f"given for θ is changed itself.*{why}"):
                train(given, x, y)
        train(theta.copy(), x, y)


def test_threads_train_beside_each_other(case):
    f, (theta, x, y) = case
    train = f.descent(0.5, 3)
    many = [(theta + i / 7, x, y) for i in range(40)]
    alone = [train(*arrays) for arrays in many]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda arrays: train(*arrays), many))
    for one, other in zip(together, alone, strict=True):
        agree(one, other, rtol=0, atol=0)


@pytest.mark.parametrize("large", [False, True])
def test_steps_of_two_layers_and_back_where_a_gradient_was_nan(large, monkeypatch):
    pytest.importorskip("numba")
    if large:
        monkeypatch.setattr(program, "LARGE", 0)
    b, x = mg.parameter(np.ones(2), name="b"), mg.constant(np.ones(2), name="x")
    loss = mg.sum(mg.where(b > 0, x * mg.log(b), 0.0)) + mg.sum(mg.tanh(b))
    f, g = mg.compile(loss, [b, x], [b], jit=True), mg.compile(loss, [b, x], [b])
    for copy in (True, False):
        train, expected = f.descent(0.1, 4, copy=copy), g.descent(0.1, 4)
        for values in ([1.0, 2.0], [0.0, 2.0], [1.5, -1.0], [0.0, 0.0]):
            for _ in range(2):
                given = np.array(values)
                agree(train(given, x.value), expected(np.array(values), x.value), rtol=1e-12)
                assert copy or not np.array_equal(given, values)
                assert not copy or np.array_equal(given, values)


def test_the_examples_are_shared_out_among_threads(monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setattr(native, "LARGE", 0)
    loss, inputs, (theta, x, y) = regression(labels_given=True)
    f = mg.compile(loss, inputs, inputs[:1], jit=True, block=32, threads=2)
    expected = by_hand(theta, x, y, 0.5, 5)
    train = f.descent(0.5, 5)
    for _ in range(3):
        agree(train(theta, x, y), expected)
    with pytest.raises(mg.LabelError, match="out of range"):
        train(theta, x, y + 1)
    itself = f.descent(0.5, 5, copy=False)
    for given in (theta.copy(), np.asfortranarray(theta), theta.copy()):
        assert itself(given, x, y)[1][0] is given
        np.testing.assert_allclose(given, expected[1][0], rtol=1e-12)
    given.setflags(write=False)
    with pytest.raises(mg.InputError, match="read-only"):
        itself(given, x, y)


def test_several_parameters():
    loss, inputs, arrays = two_layers(mg.tanh)
    f = mg.compile(loss, inputs, inputs[:3])
    losses, parameters = f.descent(0.1, 2)(*arrays)
    _, gradients = f(*arrays)
    once = [a - 0.1 * g for a, g in zip(arrays[:3], gradients, strict=True)]
    value, gradients = f(*once, *arrays[3:])
    assert losses[1] == pytest.approx(float(value), rel=1e-12)
    for found, a, g in zip(parameters, once, gradients, strict=True):
        np.testing.assert_allclose(found, a - 0.1 * g, rtol=1e-12)


def test_what_is_named_twice_changes_once_and_what_does_not_matter_not_at_all():
    x, y = mg.parameter([1.0, 2.0], name="x"), mg.parameter([3.0], name="y")
    f = mg.compile(mg.sum(x * x), [y, x], [x, y, x])
    losses, (first, other, second) = f.descent(0.25, 2)([3.0], [1.0, 2.0])
    np.testing.assert_array_equal(losses, [5, 1.25])
    np.testing.assert_array_equal([first, second], [[0.25, 0.5]] * 2)
    np.testing.assert_array_equal(other, [3])


def test_a_loss_of_one_entry_and_a_parameter_without_axes():
    x = mg.parameter(2.0, name="x")
    f = mg.compile(mg.reshape(x * x, (1,)), [x], [x])
    losses, (found,) = f.descent(0.25, 3)(2.0)
    np.testing.assert_array_equal(losses, [4, 1, 0.25])
    assert found == 0.25
    given = np.array(2.0)
    f.descent(0.25, 3, copy=False)(given)
    assert given == 0.25


def test_steps_that_lead_too_far_do_not_warn():
    x = mg.parameter(np.ones(2, np.float32), name="x")
    f = mg.compile(mg.sum(mg.exp(x)), [x], [x])
    losses, (found,) = f.descent(-1e300, 3)(x.value)
    assert np.isinf(losses[1:]).all()
    assert np.isinf(found).all()


def test_a_graph_without_a_plan():
    x, mask = mg.parameter([1.0, 2.0, 3.0], name="x"), mg.constant([True, False, True], name="mask")
    f = mg.compile(mg.sum(x[mask] * x[mask]), [x, mask], [x])
    losses, (found,) = f.descent(0.25, 2)([1.0, 2.0, 3.0], [True, False, True])
    np.testing.assert_array_equal(losses, [10, 2.5])
    np.testing.assert_array_equal(found, [0.25, 2, 0.75])


def test_lessons():
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant(3.0, name="c")
    loss = mg.sum(x * x * c)
    for wrt in (None, []):
        with pytest.raises(mg.GraphError, match="nothing to train"):
            mg.compile(loss, [x], wrt).descent(0.1)
    with pytest.raises(mg.GraphError, match="has to be given"):
        mg.compile(loss, [c], [x]).descent(0.1)
    f = mg.compile(loss, [x, c], [x])
    for eta in (True, np.True_, np.nan, np.inf, -np.inf, "0.1", None, 1j, [0.1], 10**400):
        with pytest.raises(mg.OptionError, match="is no learning rate"):
            f.descent(eta)
    for steps in (0, -1, True, 1.5, "3", None):
        with pytest.raises(mg.OptionError, match="steps="):
            f.descent(0.1, steps)
    with pytest.raises(mg.OptionError, match="copy=1"):
        f.descent(0.1, copy=1)
    train = f.descent(0.1)
    for _ in range(2):
        with pytest.raises(mg.GraphError, match="takes 2 arrays, got 1"):
            train([1.0, 2.0])
        with pytest.raises(mg.DTypeError, match="gradients need floating-point"):
            train(np.array([1, 2]), 3.0)
        train([1.0, 2.0], 3.0)
    assert train.__doc__


def test_arrays_of_other_libraries():
    array_api_strict = pytest.importorskip("array_api_strict")
    x = mg.parameter([1.0, 2.0], name="x")
    train = mg.compile(mg.sum(x * x), [x], [x]).descent(0.1)
    with pytest.raises(mg.DTypeError, match="a descent is of NumPy arrays"):
        train(array_api_strict.asarray([1.0, 2.0]))
