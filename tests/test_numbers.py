"""Numbers that are easily got wrong: at the far ends, at 0, at −inf, in single precision.

The oracle is mpmath, or a closed form; nothing here compares with our own output.
"""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles_ import cross_entropy, cross_entropy_gradient, rounded, softmax

import minigraph as mg

INF = np.inf
TINY = 5e-324
LOGITS = [1e308, -1e308, 1e300, 40.0, -40.0, 1.0, 0.0, -0.0, TINY, -TINY, 1e-310, 745.0, -745.0]


# Logits


@st.composite
def masked_logits(draw):
    """Draw logits of one example, with −inf on some wrong classes, and the right class."""
    k = draw(st.integers(2, 5))
    z = draw(hnp.arrays(np.float64, k, elements=st.sampled_from(LOGITS) | st.floats(-50, 50)))
    label = draw(st.integers(0, k - 1))
    masked = draw(hnp.arrays(bool, k))
    z[masked & (np.arange(k) != label)] = -INF
    return z, label


@given(masked_logits(), st.booleans())
def test_the_loss_and_its_gradient_with_masked_wrong_classes(drawn, one_hot):
    z, label = drawn
    y = np.eye(len(z))[label]
    node = mg.parameter(z, name="z")
    loss = mg.softmax_cross_entropy(node, y if one_hot else label)
    graph = mg.grad(loss, node)
    expected = float(cross_entropy(z, y))
    if np.isfinite(expected):
        loss.backward()
        np.testing.assert_allclose(float(loss), expected, rtol=2e-13, atol=TINY)
        np.testing.assert_allclose(
            node.grad, rounded(cross_entropy_gradient(z, y)), rtol=2e-13, atol=1e-300
        )
    else:  # beyond the largest float, and yet its gradient is not
        assert float(loss) == expected
    np.testing.assert_allclose(
        graph.value, rounded(cross_entropy_gradient(z, y)), rtol=2e-13, atol=1e-300
    )


@given(masked_logits())
def test_the_softmax_with_masked_classes(drawn):
    z, _ = drawn
    np.testing.assert_allclose(mg.softmax(z).value, rounded(softmax(z)), rtol=2e-13, atol=1e-300)


@given(masked_logits())
def test_the_gradient_of_logsumexp_is_the_softmax(drawn):
    z, _ = drawn
    node = mg.parameter(z)
    mg.logsumexp(node).backward()
    np.testing.assert_allclose(node.grad, rounded(softmax(z)), rtol=2e-13, atol=1e-300)


@pytest.mark.parametrize(
    ("x", "value", "gradient"),
    [
        ([1e308, 1e308], 1e308, [0.5, 0.5]),
        ([1e308, -1e308], 1e308, [1.0, 0.0]),
        ([-1e308, -1e308], -1e308, [0.5, 0.5]),
        ([-INF, -INF], -INF, [0.5, 0.5]),  # the subgradient of least norm
        ([-INF, -INF, -INF, -INF], -INF, [0.25] * 4),
        ([-INF, 0.0], 0.0, [0.0, 1.0]),
        ([TINY, TINY], np.log(2), [0.5, 0.5]),
        ([5.0], 5.0, [1.0]),
    ],
)
def test_logsumexp_at_the_ends(x, value, gradient):
    node = mg.parameter(x)
    y = mg.logsumexp(node)
    y.backward()
    assert float(y) == pytest.approx(value, rel=1e-15)
    assert node.grad.tolist() == mg.grad(y, node).value.tolist() == gradient


def test_of_rows_one_may_be_all_minus_infinity():
    node = mg.parameter([[-INF, -INF], [0.0, 0.0]])
    mg.sum(mg.logsumexp(node) * [1.0, 3.0]).backward()
    assert node.grad.tolist() == [[0.5, 0.5], [1.5, 1.5]]


@pytest.mark.parametrize("depth", [20.0, 40.0, 100.0, 700.0, 740.0])
@pytest.mark.parametrize("target", [0, [1.0, 0.0, 0.0]])
def test_a_confident_prediction_keeps_its_digits(depth, target):
    z = mg.parameter([depth, 0.0, -1.0])
    loss = mg.softmax_cross_entropy(z, target)
    loss.backward()
    with mp.workdps(400):
        others = mp.exp(-mp.mpf(depth)) + mp.exp(-1 - mp.mpf(depth))
        value, top = mp.log1p(others), others / (1 + others)
        rest = [mp.exp(-depth) / (1 + others), mp.exp(-1 - mp.mpf(depth)) / (1 + others)]
    near = 4 * TINY  # where floats themselves run out of digits
    np.testing.assert_allclose(float(loss), float(value), rtol=1e-14, atol=near)
    np.testing.assert_allclose(z.grad, rounded([-top, *rest]), rtol=1e-13, atol=near)


def test_a_row_of_all_masked_logits_has_no_softmax_and_says_so():
    z = mg.parameter([-INF, -INF], name="z")
    with pytest.raises(mg.NonFiniteWarning) as caught:
        mg.sum(mg.softmax(z)).backward()
    text = str(caught.value).split("\n")
    assert text[0] == "Softmax gave nan from inputs that are not nan"
    assert text[1] == "  z  shape (2,), float64"
    assert text[-1] == "  To mend it: leave at least one logit of each example above -inf"


# 0 · log 0


@given(hnp.arrays(np.float64, 3, elements=st.sampled_from([0.0, 1.0, 0.25, TINY])))
def test_a_term_of_weight_0_is_0_and_has_no_slope(y_hat):
    y = np.array([0.0, 1.0, 0.0])
    node = mg.parameter(np.where(y, 0.5, y_hat))
    for loss in (mg.cross_entropy(node, y), -mg.sum(mg.xlogy(y, node))):
        loss.backward()
        assert float(loss) == pytest.approx(np.log(2), rel=1e-15)
        assert node.grad.tolist() == [0.0, -2.0, 0.0]


def test_xlogy_at_0():
    x, y = mg.parameter([0.0, 0.0, 2.0]), mg.parameter([0.0, 3.0, 0.0])
    assert mg.xlogy(x, y).value.tolist() == [0.0, 0.0, -INF]
    assert mg.xlogy([0.0, 0.0], [INF, -1.0]).value.tolist() == [0.0, 0.0]
    assert np.isnan(mg.xlogy(0.0, np.nan).value)
    dy = mg.grad(mg.sum(mg.xlogy(x, y)[:2]), y)
    assert dy.value.tolist() == [0.0, 0.0, 0.0]
    dx = mg.grad(mg.xlogy(x, y)[1], x)
    assert dx.value.tolist() == [0.0, np.log(3.0), 0.0]


# Tails, and derivatives in them

SLOPES = {
    "sigmoid": lambda x: mp.exp(-abs(x)) / (1 + mp.exp(-abs(x))) ** 2,
    "tanh": lambda x: 4 * mp.exp(-2 * abs(x)) / (1 + mp.exp(-2 * abs(x))) ** 2,
    "softplus": lambda x: 1 / (1 + mp.exp(-x)),
}
CURVATURES = {
    "sigmoid": lambda x: -mp.tanh(x / 2) * SLOPES["sigmoid"](x),
    "tanh": lambda x: -2 * mp.tanh(x) * SLOPES["tanh"](x),
    "softplus": lambda x: SLOPES["sigmoid"](x),
}


@pytest.mark.parametrize("name", SLOPES)
@given(st.sampled_from([700.0, -700.0, 350.0, -350.0, 37.5, -37.5, 1e-9]) | st.floats(-350, 350))
def test_two_derivatives_keep_their_digits_in_the_tails(name, x):
    node = mg.parameter(x)
    slope = mg.grad(getattr(mg, name)(node), node)
    curvature = mg.grad(slope, node)
    with mp.workdps(700):
        exact = SLOPES[name](mp.mpf(x)), CURVATURES[name](mp.mpf(x))
    np.testing.assert_allclose(float(slope), float(exact[0]), rtol=1e-13, atol=1e-300)
    # tanh(x/2) of a sum of two tails cancels near 0, where it is about x/2.
    np.testing.assert_allclose(float(curvature), float(exact[1]), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("x", [1e308, -1e308, INF, -INF, 1e4, -1e4, TINY, -TINY])
def test_nothing_overflows_at_the_ends(name, x):
    node = mg.parameter(x)
    y = getattr(mg, name)(node)
    slope = mg.grad(y, node)
    far = np.sign(x) if abs(x) > 1 else 0.0
    values = {
        "sigmoid": ((1 + far) / 2, 0.25 * (far == 0)),
        "tanh": (far or x, 1.0 * (far == 0)),
        "softplus": (max(x, 0.0) if far else np.log(2), (1 + far) / 2),
    }
    assert (float(y), float(slope)) == pytest.approx(values[name], rel=1e-15)


@pytest.mark.parametrize("x", [TINY, 1e-310, 2.3e-308])
def test_subnormal_numbers_are_numbers(x):
    node = mg.parameter(x)
    for y, slope in [
        (mg.sqrt(node), 0.5 / np.sqrt(x)),
        (mg.expm1(node), 1.0),
        (mg.log1p(node), 1.0),
        (mg.sin(node), 1.0),
        (mg.tanh(node), 1.0),
        (node * 2.0, 2.0),
        (mg.abs(-node), 1.0),
        (mg.relu(node), 1.0),
        (mg.maximum(node, 0.0), 1.0),
    ]:
        assert float(mg.grad(y, node)) == pytest.approx(slope, rel=1e-15)
    assert float(mg.log(node)) == pytest.approx(float(mp.log(mp.mpf(x))), rel=1e-15)


# At 0


@pytest.mark.parametrize("p", [0, 0.0, 1, 2.0, 3])
def test_powers_at_0(p):
    x = mg.parameter([0.0, 2.0])
    mg.sum(x**p).backward()
    assert x.grad.tolist() == [float(p == 1), p * 2.0 ** (p - 1)]
    both = mg.parameter([0.0, 2.0]), mg.parameter([float(p), float(p)])
    dx, _ = mg.grad(mg.sum(both[0] ** both[1]), both)
    assert dx.value.tolist() == x.grad.tolist()


@pytest.mark.parametrize(
    "norm",
    [
        lambda x: mg.sqrt(mg.sum(x * x)),
        lambda x: mg.sqrt(mg.sum(mg.square(x))),
        lambda x: mg.sqrt(x @ x),
        lambda x: mg.sum(mg.abs(x)),
        lambda x: mg.max(mg.abs(x)),
    ],
)
def test_the_norm_at_0_has_the_gradient_0(norm):
    x = mg.parameter([0.0, 0.0, 0.0])
    norm(x).backward()
    assert x.grad.tolist() == mg.grad(norm(x), x).value.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_a_product_with_zeros_has_every_derivative(zeros):
    values = np.array([2.0, 3.0, 5.0])
    values[:zeros] = 0.0
    x = mg.parameter(values)
    a, b, c = values
    y = mg.prod(x)
    assert mg.grad(y, x).value.tolist() == [b * c, a * c, a * b]
    assert mg.hessian(y, x).value.tolist() == [[0, c, b], [c, 0, a], [b, a, 0]]
    third = mg.jacobian(mg.hessian(y, x)[0, 1], x)
    assert third.value.tolist() == [0.0, 0.0, 1.0]


# Guards: what the branch that was not taken holds does not matter

GUARDED = {
    "log": (lambda x: mg.log(x), lambda x: 1 / x),
    "sqrt": (lambda x: mg.sqrt(x), lambda x: 0.5 / np.sqrt(x)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "power": (lambda x: x**0.5, lambda x: 0.5 * x**-0.5),
    "exp": (lambda x: mg.exp(mg.where(x > 0, x, -1e9 * (x - 1))), np.exp),
    "xlogy": (lambda x: mg.xlogy(x, x), lambda x: 1 + np.log(x)),
    "log1p": (lambda x: mg.log1p(-1 + x), lambda x: 1 / x),
    "nan": (lambda x: x * mg.where(x > 0, 1.0, np.nan), lambda x: np.ones_like(x)),
    "inf": (lambda x: x * mg.where(x > 0, 1.0, -INF), lambda x: np.ones_like(x)),
}


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("bad", [0.0, -1.0, -INF, np.nan])
def test_nothing_leaks_from_the_branch_that_was_not_taken(name, bad):
    function, slope = GUARDED[name]
    x = mg.parameter([4.0, bad, 2.0], name="x")
    loss = mg.sum(mg.where(mg.constant([True, False, True]), function(x), 0.0) * [1.0, 2.0, 3.0])
    expected = [slope(np.float64(4.0)), 0.0, 3 * slope(np.float64(2.0))]
    loss.backward()
    np.testing.assert_allclose(x.grad, expected, rtol=1e-14)
    graph = mg.grad(loss, x)
    np.testing.assert_allclose(graph.value, expected, rtol=1e-14)
    _, (again,) = mg.function(loss, [x], wrt=[x])(x.value)
    np.testing.assert_allclose(again, expected, rtol=1e-14)
    # Nor into the second derivative ...
    second = mg.grad(mg.sum(graph), x)
    if second is not None:
        assert second.value[1] == 0.0
        assert np.isfinite(second.value).all()
    # ... and the guard hides nothing at other values.
    replayed = mg.function(graph, [x])([1.0, 3.0, 2.0])
    np.testing.assert_allclose(replayed[0], slope(np.float64(1.0)), rtol=1e-14)


ENTRY_BY_ENTRY = sorted(
    name
    for name, function in vars(mg).items()
    if isinstance(function, mg.Op) and function.elementwise
)


@pytest.mark.parametrize("name", ENTRY_BY_ENTRY)
@pytest.mark.parametrize("bad", [np.nan, INF, -INF])
def test_what_is_not_taken_may_hold_anything_for_every_op_entry_by_entry(name, bad):
    function = getattr(mg, name)
    x = mg.parameter([0.5, bad, bad])
    others = {"where": lambda x: (x > 0, x, x), "xlogy": lambda x: (x, x)}
    binary = name in {"add", "subtract", "multiply", "divide", "pow", "maximum", "minimum"}
    y = function(*others.get(name, lambda x: (x, x) if binary else (x,))(x))
    picked = mg.where([True, False, False], y, 0.0)
    loss = mg.sum(picked)
    graph = mg.grad(loss, x)
    if graph is None:  # sign
        return
    loss.backward()
    for gradient in (x.grad, graph.value):
        assert gradient[1:].tolist() == [0.0, 0.0]
        assert np.isfinite(gradient).all()


def test_one_of_two_parameters_is_enough_to_be_looked_after():
    x, w = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0])
    data = mg.constant([1.0, np.nan])
    mg.sum(mg.where([True, False], w * data, 0.0) + x).backward()
    assert (w.grad.tolist(), x.grad.tolist()) == ([1.0, 0.0], [1.0, 1.0])


def test_a_power_of_python_at_0_in_a_function_of_arrays():
    x = mg.parameter([1.0, 2.0])
    for power in (0, 0.0):
        f = mg.function(mg.sum(x**power), [x], wrt=[x])
        assert f([0.0, 3.0])[1][0].tolist() == [0.0, 0.0]


def test_an_intermediate_gradient_has_no_nan_either():
    x = mg.parameter([-1.0, 4.0])
    root = mg.sqrt(x)
    inner = root * root
    mg.sum(mg.where(x > 0, inner, 0.0)).backward()
    assert root.grad.tolist() == [0.0, 4.0]
    assert inner.grad.tolist() == [0.0, 1.0]


def test_a_nan_that_is_nobodys_leak_stays_nan():
    x = mg.parameter([-1.0, 4.0], name="x")
    with pytest.raises(mg.NonFiniteWarning, match="Sqrt gave nan from finite inputs"):
        mg.sum(mg.sqrt(x)).backward()
    assert np.isnan(x.grad).tolist() == [True, False]


# Single precision and Python's numbers


@given(st.floats(-80, 80, width=32), st.sampled_from([0, 1]))
def test_the_loss_in_single_precision(depth, label):
    z = mg.parameter(np.float32([depth, 0.0]))
    loss = mg.softmax_cross_entropy(z, label)
    loss.backward()
    assert loss.dtype == z.grad.dtype == np.float32
    y = np.eye(2)[label]
    np.testing.assert_allclose(float(loss), float(cross_entropy(z.value, y)), rtol=3e-5, atol=1e-37)
    exact = rounded(cross_entropy_gradient(z.value, y))
    np.testing.assert_allclose(z.grad, exact, rtol=3e-5, atol=1e-37)


def test_a_number_of_python_takes_the_dtype_of_the_array():
    x = mg.parameter(np.float32([1.0, 2.0]))
    for node in (
        mg.clip(x, 0.1, 1.7),
        mg.where(x > 1, x, 0.1),
        mg.where(np.array([1, 0]), x, 0.1),
        mg.xlogy(x, 0.1),
        mg.var(x),
        mg.prod(x, axis=0),
        mg.concat([x, x]) * 0.1,
        mg.minimum(x, 0.1),
        x[0] ** 0.1,
    ):
        assert node.dtype == np.float32
        assert mg.grad(mg.sum(node), x).dtype == np.float32


def test_sums_and_products_in_a_dtype_of_choice():
    x = mg.parameter(np.float32([1.5, 2.0]))
    for reduce in (mg.sum, mg.prod):
        wide = reduce(x, dtype=np.float64)
        assert wide.dtype == np.float64
        wide.backward()
        assert x.grad.dtype == np.float32
    assert mg.sum(np.int8([100, 100])).value == 200
    assert mg.sum([True, True], dtype=np.float64).value.tolist() == 2.0
