"""Arrays that are put together, and the labels of one-hot targets."""

import numpy as np
import pytest
from compile.loops.plain_ import alike, call, written

import minigraph as mg
from minigraph.compile.pieces import Together, put_at

X = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_concat_and_stack(axis):
    x, y = mg.constant(X, name="x"), mg.constant(X[::-1] + 0.5, name="y")
    for parts in ([x, y], [x.T.T, mg.exp(y), x], [x[:0] if axis == 0 else x[:, :0], x]):
        alike(mg.concat(parts, axis=axis), [x, y], None, X, y.value)
    alike(mg.stack([x, mg.sin(y), y], axis=axis), [x, y], None, X, y.value)
    alike(mg.concat([x, y[0]], axis=None), [x, y], None, X, y.value)


def test_targets_that_are_declared_one_hot_are_looked_at():
    z = mg.constant(np.random.default_rng(0).normal(size=(3, 5)), name="z")
    y = mg.one_hot([0, 2, 1, 1, 0], 3, axis=0, name="y")
    loss = mg.softmax_cross_entropy(z, y, axis=0)
    made = alike(loss, [z, y], [z], z.value, y.value)
    for value in (0.5, 2.0, -1.0, np.nan):
        for place in ((0, 0), (2, 0), (1, 4)):
            other = y.value.copy()
            other[place] = value
            with pytest.raises(ValueError, match="not what the program is for"):
                call(made, z.value, other)
    with pytest.raises(ValueError, match="not what"):
        call(made, z.value, np.zeros((3, 5)))
    with pytest.raises(ValueError, match="not what"):
        call(made, z.value, np.ones((3, 5)))


def test_labels_out_of_range():
    z = mg.constant(np.zeros((4, 3)), name="z")
    y = mg.constant([0, 1, 2, 0], name="y")
    for block in (0, 3):
        made = written(mg.softmax_cross_entropy(z, y), [z, y], None, z.value, y.value, block=block)
        for labels in ([0, 1, 3, 0], [-1, 0, 0, 0], [0, 0, 0, 3]):
            with pytest.raises(ValueError, match="not what the program is for"):
                call(made, z.value, np.array(labels))


@pytest.mark.parametrize("spoiled", [False, True])
def test_entries_are_put_into_a_copy_unless_nobody_needs_them(spoiled):
    x = mg.constant(X, name="x")
    places = mg.constant([1, 6], name="places")
    base = mg.exp(x / 9) + 1
    put = put_at(base, places, mg.constant([7.0, 8.0]))
    output = put * base if spoiled else put * 2
    made = written(output, [x], None, X)
    expected = (np.exp(X / 9) + 1).reshape(-1)
    changed = expected.copy()
    changed[[1, 6]] = 7, 8
    expected = changed * (expected if spoiled else 2)
    np.testing.assert_allclose(call(made, X), expected.reshape(3, 4))


def test_pieces():
    x = mg.constant([1.0, 2.0, 3.0], name="x")
    places = [mg.constant([3, 0, 1]), mg.constant([[2, 5], [4, 4]])]
    output = Together((2, 3))(places[0], x * 2, places[1], mg.constant(0.5))
    made = written(output, [x], None, x.value)
    np.testing.assert_array_equal(call(made, x.value), [[4, 6, 0.5], [2, 0.5, 0.5]])
