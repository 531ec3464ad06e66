"""Jacobians in numbers, against closed forms."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.explain.jacobians import block_name, jacobian_blocks, one_part

Z = np.random.default_rng(0).normal(size=(3, 2))


@pytest.mark.parametrize(("axis", "count"), [(0, 2), (1, 3), (None, 1)])
def test_a_softmax_has_a_matrix_an_example(axis, count):
    y_hat = mg.softmax(mg.parameter(Z), axis=axis)
    blocks = jacobian_blocks(y_hat, 0)
    assert len(blocks) == count
    for rows, columns, matrix in blocks:
        p = y_hat.value.ravel()[rows]
        np.testing.assert_array_equal(rows, columns)
        np.testing.assert_allclose(matrix, np.diag(p) - np.outer(p, p), atol=1e-15)
        part = one_part(y_hat, rows)
        np.testing.assert_allclose(part.value.ravel(), p)
    assert sorted(i for rows, _, _ in blocks for i in rows) == list(range(6))


def test_a_matrix_that_is_not_symmetric():
    blocks = jacobian_blocks(mg.log_softmax(mg.parameter([0.0, 1.0])), 0)
    p = np.exp([0.0, 1.0]) / np.exp([0.0, 1.0]).sum()
    ((_, _, matrix),) = blocks
    np.testing.assert_allclose(matrix, np.eye(2) - p)


def test_none_where_nobody_would_read_it():
    assert jacobian_blocks(mg.exp(mg.parameter([1.0, 2.0])), 0) is None  # nothing is mixed
    assert jacobian_blocks(mg.softmax(mg.parameter(np.zeros(7))), 0) is None
    assert jacobian_blocks(mg.softmax(mg.parameter(np.zeros(6))), 0) is not None
    assert jacobian_blocks(mg.softmax(mg.parameter(np.zeros((7, 2)))), 0) is None
    assert jacobian_blocks(mg.softmax(mg.parameter(np.zeros((9, 9)))), 0) is None
    assert jacobian_blocks(mg.softmax(mg.parameter(np.zeros((0, 2)))), 0) is None


def test_a_part_is_a_block():
    x = mg.parameter(np.arange(4.0).reshape(2, 2))
    assert one_part(mg.softmax(x, axis=None), np.array([0, 3])) is None
    part = one_part(mg.softmax(x, axis=0), np.array([1, 3]))
    assert part.inputs[0].value.tolist() == [[1.0], [3.0]]


def test_names():
    assert block_name("a + b", "∂L/∂z", 1, 3) == "∂(a + b)⁽²⁾/∂(∂L/∂z)⁽²⁾"
