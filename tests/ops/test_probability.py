"""The softmax family: against its definition in 350 digits, at the far ends too."""

import numpy as np
import oracles_ as exact
import pytest
from forms_ import EAGER, GIVEN, both, both_given, every, every_given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import check_gradients, rounded
from strategies_ import arrays, classifications, finite

import minigraph as mg

vectors = hnp.arrays(np.float64, st.integers(1, 6), elements=finite)
# Far below, masked, and tied.
masked = hnp.arrays(np.float64, st.integers(2, 6), elements=finite | st.just(-np.inf)).filter(
    lambda x: np.isfinite(x).any()
)
axes = st.sampled_from([0, 1, -1, -2, None, (0, 1), (-1,)])


@both_given(vectors | masked)
def test_logsumexp_of_extremes(form, x):
    # Where the terms cancel, as in log(½ + ½), what is left is a rounding error of the largest.
    slack = 1e-15 * min(np.abs(x).max(initial=0, where=np.isfinite(x)) + 1, 1e3)
    np.testing.assert_allclose(
        form.value(mg.logsumexp(mg.parameter(x))),
        float(exact.logsumexp(x)),
        rtol=1e-14,
        atol=slack,
    )


@both_given(vectors | masked)
def test_softmax_of_extremes(form, x):
    found = form.value(mg.softmax(mg.parameter(x)))
    np.testing.assert_allclose(found, rounded(exact.softmax(x)), rtol=2e-13, atol=1e-300)


@both_given(
    hnp.arrays(np.float64, st.integers(1, 6), elements=finite.filter(lambda x: abs(x) < 8e307))
)
def test_log_softmax_of_extremes(form, x):
    found = form.value(mg.log_softmax(mg.parameter(x)))
    np.testing.assert_allclose(found, rounded(exact.log_softmax(x)), rtol=2e-13, atol=1e-300)


@every_given(classifications(logits=st.floats(-40, 40)))
def test_cross_entropy_of_probabilities(form, drawn):
    rows = drawn.rows(drawn.z)
    y_hat = mg.softmax(mg.parameter(rows))
    loss = mg.cross_entropy(y_hat, drawn.rows(drawn.weights), reduction="none")
    pairs = zip(rows, drawn.rows(drawn.weights), strict=True)
    expected = rounded(exact.cross_entropy(z, y) for z, y in pairs)
    # −log ŷ of a ŷ close to 1 has lost its digits: that is what the fused loss is for.
    np.testing.assert_allclose(form.value(loss), expected, rtol=1e-12, atol=1e-14)


@both
@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([1e308, 1e308], 1e308),
        ([-1e308, 1e308], 1e308),
        ([-np.inf, -np.inf], -np.inf),
        ([-np.inf, 3.0], 3.0),
        ([0.0, 0.0], np.log(2)),
        ([0.0, -40.0], 4.248354255291589e-18),
    ],
)
def test_known_values_of_logsumexp(form, x, expected):
    np.testing.assert_allclose(form.value(mg.logsumexp(mg.parameter(x))), expected, rtol=1e-16)


@pytest.mark.parametrize("function", [mg.softmax, mg.log_softmax, mg.logsumexp])
@both_given(arrays(hnp.array_shapes(min_dims=2, max_dims=2, max_side=4)), axes)
def test_gradients_along_any_axes(form, function, x, axis):
    check_gradients(lambda node: function(node, axis=axis), x, form=form)


@both_given(arrays(hnp.array_shapes(min_dims=2, max_dims=2, max_side=4)), axes)
def test_logsumexp_keeps_axes(form, x, axis):
    node = mg.parameter(x)
    kept = form.value(mg.logsumexp(node, axis=axis, keepdims=True))
    assert kept.shape == np.sum(x, axis=axis, keepdims=True).shape
    np.testing.assert_array_equal(kept.ravel(), form.value(mg.logsumexp(node, axis=axis)).ravel())
    check_gradients(lambda node: mg.logsumexp(node, axis=axis, keepdims=True), x, form=form)


@both_given(
    arrays((3, 2), low=0.1),
    arrays((3, 2), low=0.1, high=1.0),
    st.sampled_from([0, -1]),
    st.sampled_from(["mean", "sum", "none"]),
)
def test_gradients_of_the_losses_by_predictions_and_by_soft_targets(form, z, y, axis, reduction):
    def fused(z, y):
        return mg.softmax_cross_entropy(z, y, axis, reduction)

    def apart(z, y):
        return mg.cross_entropy(z * z + 0.1, y, axis, reduction)

    check_gradients(fused, z, y, form=form)
    check_gradients(apart, z, y, form=form)


@pytest.mark.parametrize("function", [mg.softmax, mg.log_softmax, mg.logsumexp])
@both_given(arrays((2, 3)))
def test_second_derivatives(form, function, x):
    def slope(node):
        return mg.grad(
            mg.sum(mg.constant([1.0, -2.0]) * mg.sum(function(node, axis=-1) ** 2)), node
        )

    check_gradients(slope, x, rtol=1e-5, atol=1e-6, form=form)


@both
def test_0_log_0_is_0_and_so_is_its_slope(form):
    y_hat = mg.parameter([0.0, 1.0])
    loss = mg.cross_entropy(y_hat, [0.0, 1.0])
    assert form.value(loss) == 0.0
    assert form.slopes(loss, [y_hat])[0].tolist() == [0.0, -1.0]
    slope = mg.grad(loss, y_hat)
    assert form.slopes(slope, [y_hat], [1.0, 1.0])[0].tolist() == [0.0, 1.0]


@both
def test_expanded_0_log_0_too(form):
    y_hat = mg.parameter([0.0, 1.0])
    loss = mg.expand(mg.cross_entropy(y_hat, [0.0, 1.0]))
    assert form.slopes(loss, [y_hat])[0].tolist() == [0.0, -1.0]


@both
@pytest.mark.parametrize("loss", [mg.cross_entropy, mg.softmax_cross_entropy])
def test_a_mean_is_finite_where_the_sum_is_not(form, loss):
    if loss is mg.cross_entropy:
        # Weights so large that two losses together overflow.
        predictions, y = np.full((3, 2), np.exp(-1.0)), np.full((3, 2), 0.45e308)
    else:
        predictions, y = np.array([[1.5e308, 0.0]] * 3), np.array([1, 1, 1])
    total = form.value(loss(mg.parameter(predictions), y))
    assert np.isfinite(total)
    np.testing.assert_allclose(total, loss(predictions[:1], y[:1]).value, rtol=1e-14)


@both
@pytest.mark.parametrize("loss", [mg.cross_entropy, mg.softmax_cross_entropy])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "target",
    [
        [0, 1],
        np.array([0, 1], np.uint8),
        mg.one_hot([0, 1], classes=2),
        np.eye(2, dtype=int),
        np.eye(2, dtype=bool),
        np.full((2, 2), 0.5),
    ],
    ids=["labels", "bytes", "one_hot", "integers", "booleans", "soft"],
)
def test_the_loss_has_the_dtype_of_the_predictions(form, loss, dtype, target):
    predictions = mg.parameter(np.array([[0.25, 0.75], [0.5, 0.5]], dtype))
    value = loss(predictions, target)
    (slope,) = form.slopes(value, [predictions], rtol=1e-5)
    assert form.value(value).dtype == slope.dtype == mg.expand(value).dtype == dtype


@pytest.mark.parametrize("form", [EAGER, GIVEN], ids=str)
def test_whole_logits_take_soft_targets(form):
    value = form.value(mg.softmax_cross_entropy([1, 2], [0.5, 0.5]))
    np.testing.assert_allclose(value, float(exact.cross_entropy([1, 2], [0.5, 0.5])))


def test_a_single_label_needs_no_array():
    assert mg.softmax_cross_entropy([0.0, 0.0], 1).shape == ()


@every
def test_of_no_examples(form):
    z = mg.parameter(np.zeros((0, 3)))
    loss = mg.softmax_cross_entropy(z, np.zeros(0, int))
    assert form.value(loss) == 0.0
    assert form.slopes(loss, [z])[0].shape == (0, 3)


@every
def test_of_one_class(form):
    z = mg.parameter([[3.0], [-1e308]])
    loss = mg.softmax_cross_entropy(z, [0, 0])
    assert form.value(loss) == 0.0
    assert form.slopes(loss, [z])[0].tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("form", [EAGER, GIVEN], ids=str)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.bool])
def test_whole_logits_do_not_wrap_around(form, dtype):
    z = np.array([1, 0], dtype=dtype) if dtype is np.bool else np.array([100, 27], dtype=dtype)
    floats = z.astype(float)
    for function in (mg.softmax, mg.log_softmax, mg.logsumexp):
        np.testing.assert_array_equal(form.value(function(z)), form.value(function(floats)))
    loss = form.value(mg.softmax_cross_entropy(z[::-1], 0))
    assert float(loss) == float(form.value(mg.softmax_cross_entropy(floats[::-1], 0)))


@both
@pytest.mark.parametrize("function", [mg.softmax, mg.log_softmax, mg.logsumexp])
def test_each_row_is_shifted_by_its_own_maximum(form, function):
    rows = np.array([[0.0, 1.0], [-2000.0, -2001.0], [3000.0, 3000.0]])
    together = form.value(function(mg.parameter(rows), axis=1))
    np.testing.assert_array_equal(together, [function(row).value for row in rows])
    np.testing.assert_array_equal(together, np.asarray(function(rows.T, axis=0).value).T)
    assert np.isfinite(together).all()


@pytest.mark.parametrize(
    "rows",
    [
        [[0.0, -40.0, 1.0], [2.0, 1.0, 0.0]],  # the usual
        [[1.0, 1.0, 0.0], [-40.0, 0.0, -1.0]],  # ties
        [[0.0, -np.inf, -40.0], [1.0, 2.0, 2.0]],  # masked
        [[1e308, 0.0, -1e308], [1.7e308, 0.0, -1e308]],  # losses whose sum overflows
        [[np.nan, 0.0, 0.0], [1.0, 1.0, 0.0]],  # as many zeros as rows, once shifted
    ],
)
@pytest.mark.parametrize("y", [[[1.0, 0.0, 0.0]] * 2, [[0.25, 0.0, 0.75]] * 2, [0, 2]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batchs_loss_is_the_mean_of_its_examples_losses(rows, y, dtype):
    with np.errstate(over="ignore"):
        z = mg.parameter(np.array(rows).astype(dtype))
    found = mg.softmax_cross_entropy(z, y)
    apart = [mg.softmax_cross_entropy(z[i], y[i], reduction="none") for i in range(2)]
    expected = sum(np.float64(loss.value) / 2 for loss in apart)
    np.testing.assert_allclose(found.value, expected, rtol=1e-14 if dtype is np.float64 else 1e-6)
    assert found.dtype == dtype
    # The same as a graph of its primitives, which knows of no shorter way.
    np.testing.assert_allclose(
        mg.expand(found).value, found.value, rtol=1e-14 if dtype is np.float64 else 1e-6
    )
