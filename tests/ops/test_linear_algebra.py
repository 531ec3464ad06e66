"""The matrix product, of matrices, vectors and batches of both."""

import numpy as np
import pytest
from forms_ import both, both_given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import check_gradients
from strategies_ import arrays

import minigraph as mg

products = hnp.mutually_broadcastable_shapes(
    signature=np.matmul.signature, max_dims=2, max_side=3
).map(lambda drawn: drawn.input_shapes)


@both_given(products, st.data())
def test_values_and_gradients_of_all_that_numpy_multiplies(form, shapes, data):
    a, b = (data.draw(arrays(shape)) for shape in shapes)
    np.testing.assert_allclose(form.value(mg.parameter(a) @ b), a @ b, rtol=1e-13, atol=1e-15)
    check_gradients(mg.matmul, a, b, form=form)


@both
@pytest.mark.parametrize(
    ("a", "b"), [((2,), (2,)), ((2,), (2, 3)), ((4, 2), (2,)), ((5, 4, 2), (2,)), ((2,), (5, 2, 3))]
)
def test_a_vector_is_a_row_on_the_left_and_a_column_on_the_right(form, a, b):
    rng = np.random.default_rng(0)
    check_gradients(mg.matmul, rng.normal(size=a), rng.normal(size=b), form=form)


@both_given(products, st.data())
def test_second_derivatives(form, shapes, data):
    a, b = (data.draw(arrays(shape)) for shape in shapes)

    def slope(a, b):
        return mg.grad(mg.sum((a @ b) ** 2), a)

    check_gradients(slope, a, b, rtol=1e-5, atol=1e-6, form=form)


@both
def test_of_no_entries(form):
    a, b = mg.parameter(np.zeros((2, 0))), mg.parameter(np.zeros((0, 3)))
    assert form.value(a @ b).tolist() == np.zeros((2, 3)).tolist()
    da, db = form.slopes(mg.sum(a @ b), [a, b])
    assert (da.shape, db.shape) == ((2, 0), (0, 3))


@pytest.mark.parametrize(
    ("a", "b", "hint"),
    [
        ((3,), (2, 4), "the last axis of the first input"),
        ((2, 3), (4, 5), "the last axis of the first input"),
        ((3, 2), (3, 5), "a.mT @ b"),
        ((2, 3), (5, 3), "a @ b.mT"),
        ((3,), (2, 3), "a @ b.mT"),
        ((5, 2, 3), (5, 4, 3), "a @ b.mT"),
        ((5, 2, 3), (5, 4, 5), "the last axis of the first input"),
        ((2, 3), (4, 3, 5, 2), "the last axis of the first input"),
    ],
)
def test_where_a_transpose_would_do_the_message_says_so(a, b, hint):
    with pytest.raises(mg.ShapeError) as caught:
        mg.constant(np.ones(a)) @ mg.constant(np.ones(b))
    assert hint in str(caught.value)
