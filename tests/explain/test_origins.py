"""Which entries made an entry: against what the ops are known to do."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.origins import LARGEST, backward_origins, forward_origins, merged, origin
from minigraph.explain.walk import Origin

RANDOM = np.random.default_rng(1)


def parameter(*shape):
    return mg.parameter(RANDOM.normal(size=shape), name="x")


def test_an_entry_of_a_product_is_made_of_a_row_and_a_column():
    a, b = parameter(2, 3), parameter(3, 4)
    entries = forward_origins(a @ b)
    index_a, index_b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    for e, (i, j) in enumerate(np.ndindex(2, 4)):
        assert entries[e] == (tuple(index_a[i]), tuple(index_b[:, j]))


def test_what_a_product_passes_on_is_made_of_a_row_and_a_column_too():
    a, b = parameter(2, 3), parameter(3, 4)
    entries = backward_origins(a @ b, 0)  # g bᵀ
    g, index_b = np.arange(8).reshape(2, 4), np.arange(12).reshape(3, 4)
    for e, (i, j) in enumerate(np.ndindex(2, 3)):
        cotangent, output, first, second = entries[e]
        assert (cotangent, second) == (tuple(g[i]), tuple(index_b[j]))
        assert output == first == ()


@pytest.mark.parametrize(
    "function",
    [mg.relu, mg.exp, mg.abs, mg.log, mg.sqrt, lambda x: mg.clip(x, -9, 9), lambda x: x**2],
)
def test_entry_by_entry(function):
    x = mg.parameter([[0.5, 2.0], [0.7, 0.3]])
    assert [entry[0] for entry in forward_origins(function(x))] == [(0,), (1,), (2,), (3,)]


def test_relu_depends_on_its_input_even_where_it_is_0():
    x = mg.parameter([-1.0, 2.0])
    assert forward_origins(mg.relu(x)) == (((0,),), ((1,),))
    cotangent, _, _ = backward_origins(mg.relu(x), 0)[1]
    assert cotangent == (1,)


def test_a_maximum_depends_on_all_that_it_is_taken_of():
    x = parameter(2, 3)
    assert forward_origins(mg.max(x, axis=1)) == (((0, 1, 2),), ((3, 4, 5),))
    a, b = parameter(2), parameter(2)
    assert forward_origins(mg.maximum(a, b)) == (((0,), (0,)), ((1,), (1,)))


def test_softmax_mixes_the_entries_of_an_example_alone():
    z = parameter(2, 3)
    columns = forward_origins(mg.softmax(z, axis=0))
    assert columns == tuple(((e % 3, e % 3 + 3),) for e in range(6))
    rows = backward_origins(mg.softmax(z, axis=1), 0)
    assert rows[0] == ((0, 1, 2), (0, 1, 2), ())  # of the cotangent and of ŷ; z is not looked at
    assert rows[5] == ((3, 4, 5), (3, 4, 5), ())


def test_a_loss_is_made_of_the_entries_that_the_labels_pick():
    y_hat = mg.softmax(parameter(3, 2))
    labels = mg.constant([0, 1, 1])
    ((of_y_hat, of_labels),) = forward_origins(mg.cross_entropy(y_hat, labels))
    assert of_y_hat == (0, 3, 5)
    assert of_labels == ()  # whole numbers have no derivative
    y = mg.one_hot([0, 1, 1], 2)
    ((of_y_hat, _),) = forward_origins(mg.cross_entropy(y_hat, y))
    assert of_y_hat == (0, 3, 5)


def test_what_an_op_saves_is_made_of_its_inputs():
    z = parameter(3)
    entries = backward_origins(mg.softmax_cross_entropy(z, mg.one_hot(1, 3)), 0)
    assert all(entry[2] == (0, 1, 2) for entry in entries)


def test_broadcasting_and_moving():
    bias = parameter(3)
    entries = backward_origins(mg.constant(np.ones((2, 3))) + bias, 1)
    assert [entry[0] for entry in entries] == [(0, 3), (1, 4), (2, 5)]
    x = parameter(2, 3)
    assert forward_origins(x.T) == tuple(((e,),) for e in (0, 3, 1, 4, 2, 5))
    picked = forward_origins(x[[1, 1]])
    assert [entry[0] for entry in picked] == [(3,), (4,), (5,)] * 2


def test_nothing_is_said_where_nothing_flows_or_there_is_too_much():
    condition = mg.parameter([1.0, 2.0]) > 1.5
    chosen = mg.where(condition, mg.parameter([1.0, 2.0]), 0.0)
    assert backward_origins(chosen, 0) is None
    large = parameter(LARGEST + 1)
    assert forward_origins(large * 2) is None
    assert backward_origins(large * 2, 0) is None
    assert forward_origins(parameter(LARGEST) * 2) is not None


def test_a_source_that_comes_twice_counts_once():
    x = parameter(2)
    twice = x * x
    entries = forward_origins(twice)
    assert entries == (((0,), (0,)), ((1,), (1,)))
    assert merged(entries, twice.inputs, [x]) == (((0,),), ((1,),))
    assert merged(None, [x], [x]) is None
    assert origin(3, None) == ()
    (found,) = origin(1, (((0,),),))
    assert isinstance(found, Origin)
    assert (found.target, found.sources, found.entries) == (1, (0,), (((0,),),))
