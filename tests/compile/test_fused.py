"""The loss of labels and of one-hot targets: what is known of them, and what is looked at."""

import numpy as np
import pytest
from compile.compare_ import agree, both
from compile.graphs_ import regression, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import cross_entropy, cross_entropy_gradient, rounded

import minigraph as mg


def test_labels_that_are_no_classes_are_refused_each_time():
    theta, x, labels = rows()
    t, a, y = mg.parameter(theta), mg.constant(x), mg.constant(labels)
    f = mg.compile(mg.softmax_cross_entropy(a @ t, y), [t, a, y], [t])
    for _ in range(2):
        f(theta, x, labels)
        for wrong in (-1, 3):
            with pytest.raises(mg.LabelError, match=f"label {wrong} is out of range"):
                f(theta, x, [0, 1, 2, wrong])


@pytest.mark.parametrize("k", [2, 3, 4])
def test_labels_that_are_masked(k):
    z = mg.parameter(np.zeros(k), name="z")
    loss = mg.softmax_cross_entropy(z, 0)
    f, g = mg.compile(loss, [z], [z]), mg.function(loss, [z], [z])
    for first in (-np.inf, np.nan, 0.0):
        values = np.array([first, *range(k - 1)])
        for _ in range(2):
            value, (dz,) = f(values)
            right, (gradient,) = g(values)
            np.testing.assert_array_equal(np.isfinite(value), np.isfinite(right))
            if first == first:
                np.testing.assert_allclose(dz, gradient, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
def test_labels_of_any_whole_dtype(dtype):
    loss, inputs, (theta, x, labels) = regression(labels_given=True)
    both(loss, inputs, inputs[:1], theta, x, labels.astype(dtype))


def test_soft_targets_that_are_given_need_not_sum_to_one():
    z, y = mg.parameter(np.ones((2, 3)), name="z"), mg.one_hot([0, 1], 3, name="y")
    for form in (mg.softmax_cross_entropy, lambda z, y: mg.cross_entropy(mg.softmax(z), y)):
        both(form(z, y), [z, y], [z, y], np.eye(2, 3), np.array([[1.0, 2.0, 0.5], [0, 0, 0]]))


@pytest.mark.parametrize("block", [None, 4])
def test_one_hot_targets_that_are_given_are_looked_at(block):
    rng = np.random.default_rng(1)
    t, x = mg.parameter(rng.normal(size=(3, 4)), name="θ"), mg.constant(rng.normal(size=(3, 9)))
    y = mg.one_hot(np.arange(9) % 4, 4, axis=0, name="y")
    for loss in (
        mg.softmax_cross_entropy(t.T @ x, y, axis=0),
        mg.cross_entropy(mg.softmax(t.T @ x, axis=0), y, axis=0, reduction="sum"),
    ):
        f = mg.compile(loss, [t, x, y], [t], block=block)
        g = mg.function(loss, [t, x, y], [t])
        targets = [y.value, y.value[::-1], y.value / 2, y.value * 0, y.value + 1e-12, 1 - y.value]
        two = y.value.copy()
        two[:, 0], two[0, 1] = 0, 1
        soft = np.full((4, 9), 0.25)
        for given_ in (*targets, two, soft, y.value):
            for _ in range(2):
                agree(f(t.value, x.value, given_), g(t.value, x.value, given_))
        assert "argmax" in f.source
    both(loss, [t, x, y], [t, y], t.value, x.value, y.value)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_loss_of_any_logits_is_that_of_mpmath(data):
    k = data.draw(st.integers(2, 5))
    far = st.sampled_from([1e308, -1e308, 1e300, 40.0, -40.0, 0.0, 5e-324, 745.0, -745.0])
    z = data.draw(hnp.arrays(np.float64, k, elements=far | st.floats(-50, 50)))
    label = data.draw(st.integers(0, k - 1))
    masked = data.draw(hnp.arrays(bool, k))
    z[masked & (np.arange(k) != label)] = -np.inf
    y = np.eye(k)[label]
    node, targets = mg.parameter(np.zeros(k), name="z"), mg.one_hot(label, k, name="y")
    forms = {
        "labels": (mg.softmax_cross_entropy(node, label), [node]),
        "one-hot": (mg.cross_entropy(mg.softmax(node), targets), [node]),
        "given": (mg.cross_entropy(mg.softmax(node), targets), [node, targets]),
        "soft": (mg.softmax_cross_entropy(node, mg.constant(y)), [node]),
    }
    for loss, inputs in forms.values():
        f = mg.compile(loss, inputs, [node])
        for _ in range(2):
            value, (gradient,) = f(*[z, y][: len(inputs)])
            np.testing.assert_allclose(value, float(cross_entropy(z, y)), rtol=2e-13, atol=5e-324)
            right = rounded(cross_entropy_gradient(z, y))
            np.testing.assert_allclose(gradient, right, rtol=2e-13, atol=1e-300)
