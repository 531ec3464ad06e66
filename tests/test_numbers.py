"""Numbers that are easily got wrong: at the far ends, at 0, at −inf, in single precision.

The oracle is mpmath, or a closed form; nothing here compares with our own output.
"""

import warnings

import mpmath as mp
import numpy as np
import pytest
from forms_ import (
    COMPILED,
    EAGER,
    GIVEN,
    WITH_GUARDS,
    both,
    both_given,
    functions,
    given_in,
    guarded,
)
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


@given_in(EAGER, COMPILED, GIVEN, examples=20)(
    masked_logits(), st.sampled_from(["one_hot", "label", "array"])
)
def test_the_loss_and_its_gradient_with_masked_wrong_classes(form, drawn, kind):
    z, label = drawn
    y = np.eye(len(z))[label]
    node = mg.parameter(z, name="z")
    target = {"one_hot": mg.one_hot(label, len(z)), "label": label, "array": y}[kind]
    loss = mg.softmax_cross_entropy(node, target)
    expected = float(cross_entropy(z, y))
    np.testing.assert_allclose(form.value(loss), expected, rtol=2e-13, atol=TINY)
    with warnings.catch_warnings():
        if np.isinf(expected):  # beyond the largest float, and yet its gradient is not
            warnings.simplefilter("ignore", mg.NonFiniteWarning)
        (dz,) = form.slopes(loss, [node], atol=1e-300)
    np.testing.assert_allclose(dz, rounded(cross_entropy_gradient(z, y)), rtol=2e-13, atol=1e-300)


@both_given(masked_logits())
def test_the_softmax_with_masked_classes(form, drawn):
    z, _ = drawn
    found = form.value(mg.softmax(mg.parameter(z)))
    np.testing.assert_allclose(found, rounded(softmax(z)), rtol=2e-13, atol=1e-300)


@both_given(masked_logits())
def test_the_gradient_of_logsumexp_is_the_softmax(form, drawn):
    z, _ = drawn
    node = mg.parameter(z)
    (dz,) = form.slopes(mg.logsumexp(node), [node])
    np.testing.assert_allclose(dz, rounded(softmax(z)), rtol=2e-13, atol=1e-300)


@both
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
def test_logsumexp_at_the_ends(form, x, value, gradient):
    node = mg.parameter(x)
    y = mg.logsumexp(node)
    assert float(form.value(y)) == pytest.approx(value, rel=1e-15)
    assert form.slopes(y, [node], rtol=0, atol=0)[0].tolist() == gradient


@both
def test_of_rows_one_may_be_all_minus_infinity(form):
    node = mg.parameter([[-INF, -INF], [0.0, 0.0]])
    (dz,) = form.slopes(mg.sum(mg.logsumexp(node) * [1.0, 3.0]), [node])
    assert dz.tolist() == [[0.5, 0.5], [1.5, 1.5]]


@both
@pytest.mark.parametrize("depth", [20.0, 40.0, 100.0, 700.0, 740.0])
@pytest.mark.parametrize("target", [0, [1.0, 0.0, 0.0]])
def test_a_confident_prediction_keeps_its_digits(form, depth, target):
    z = mg.parameter([depth, 0.0, -1.0])
    loss = mg.softmax_cross_entropy(z, target)
    (dz,) = form.slopes(loss, [z], atol=1e-300)
    with mp.workdps(400):
        others = mp.exp(-mp.mpf(depth)) + mp.exp(-1 - mp.mpf(depth))
        value, top = mp.log1p(others), others / (1 + others)
        rest = [mp.exp(-depth) / (1 + others), mp.exp(-1 - mp.mpf(depth)) / (1 + others)]
    near = 4 * TINY  # where floats themselves run out of digits
    np.testing.assert_allclose(form.value(loss), float(value), rtol=1e-14, atol=near)
    np.testing.assert_allclose(dz, rounded([-top, *rest]), rtol=1e-13, atol=near)


def test_a_row_of_all_masked_logits_has_no_softmax_and_says_so():
    z = mg.parameter([-INF, -INF], name="z")
    with pytest.raises(mg.NonFiniteWarning) as caught:
        mg.sum(mg.softmax(z)).backward()
    text = str(caught.value).split("\n")
    assert text[0] == "Softmax gave nan from inputs that are not nan"
    assert text[1] == "  z  shape (2,), float64"
    assert text[-1] == "  To mend it: leave at least one logit of each example above -inf"


# 0 · log 0


@both_given(hnp.arrays(np.float64, 3, elements=st.sampled_from([0.0, 1.0, 0.25, TINY])))
def test_a_term_of_weight_0_is_0_and_has_no_slope(form, y_hat):
    y = np.array([0.0, 1.0, 0.0])
    node = mg.parameter(np.where(y, 0.5, y_hat))
    for loss in (mg.cross_entropy(node, y), -mg.sum(mg.xlogy(y, node))):
        assert float(form.value(loss)) == pytest.approx(np.log(2), rel=1e-15)
        assert form.slopes(loss, [node])[0].tolist() == [0.0, -2.0, 0.0]


@guarded
@pytest.mark.filterwarnings("ignore::minigraph.NonFiniteWarning")
def test_xlogy_at_0(form):
    x, y = mg.parameter([0.0, 0.0, 2.0]), mg.parameter([0.0, 3.0, 0.0])
    assert form.value(mg.xlogy(x, y)).tolist() == [0.0, 0.0, -INF]
    assert mg.xlogy([0.0, 0.0], [INF, -1.0]).value.tolist() == [0.0, 0.0]
    assert np.isnan(mg.xlogy(0.0, np.nan).value)
    (dy,) = form.slopes(mg.sum(mg.xlogy(x, y)[:2]), [y])
    assert dy.tolist() == [0.0, 0.0, 0.0]
    (dx,) = form.slopes(mg.xlogy(x, y)[1], [x])
    assert dx.tolist() == [0.0, np.log(3.0), 0.0]


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
@both_given(
    st.sampled_from([700.0, -700.0, 350.0, -350.0, 37.5, -37.5, 1e-9]) | st.floats(-350, 350)
)
def test_two_derivatives_keep_their_digits_in_the_tails(form, name, x):
    node = mg.parameter(x)
    slope = mg.grad(getattr(mg, name)(node), node)
    curvature = mg.grad(slope, node)
    with mp.workdps(700):
        exact = SLOPES[name](mp.mpf(x)), CURVATURES[name](mp.mpf(x))
    np.testing.assert_allclose(form.value(slope), float(exact[0]), rtol=1e-13, atol=1e-300)
    # tanh(x/2) of a sum of two tails cancels near 0, where it is about x/2.
    np.testing.assert_allclose(form.value(curvature), float(exact[1]), rtol=1e-12, atol=1e-15)


@both
@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("x", [1e308, -1e308, INF, -INF, 1e4, -1e4, TINY, -TINY])
def test_nothing_overflows_at_the_ends(form, name, x):
    node = mg.parameter(x)
    y = getattr(mg, name)(node)
    found = float(form.value(y)), float(form.slopes(y, [node])[0])
    far = np.sign(x) if abs(x) > 1 else 0.0
    values = {
        "sigmoid": ((1 + far) / 2, 0.25 * (far == 0)),
        "tanh": (far or x, 1.0 * (far == 0)),
        "softplus": (max(x, 0.0) if far else np.log(2), (1 + far) / 2),
    }
    assert found == pytest.approx(values[name], rel=1e-15)


@both
@pytest.mark.parametrize("x", [TINY, 1e-310, 2.3e-308])
def test_subnormal_numbers_are_numbers(form, x):
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
        assert float(form.slopes(y, [node])[0]) == pytest.approx(slope, rel=1e-15)
    assert float(form.value(mg.log(node))) == pytest.approx(float(mp.log(mp.mpf(x))), rel=1e-15)


# At 0


@guarded
@pytest.mark.parametrize("p", [0, 0.0, 1, 2.0, 3])
def test_powers_at_0(form, p):
    x = mg.parameter([0.0, 2.0])
    expected = [float(p == 1), p * 2.0 ** (p - 1)]
    assert form.slopes(mg.sum(x**p), [x])[0].tolist() == expected
    nodes = mg.parameter([0.0, 2.0]), mg.parameter([float(p), float(p)])
    dx, _ = form.slopes(mg.sum(nodes[0] ** nodes[1]), nodes)
    assert dx.tolist() == expected


@guarded
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
def test_the_norm_at_0_has_the_gradient_0(form, norm):
    x = mg.parameter([0.0, 0.0, 0.0])
    assert form.slopes(norm(x), [x])[0].tolist() == [0.0, 0.0, 0.0]


@both
@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_a_product_with_zeros_has_every_derivative(form, zeros):
    values = np.array([2.0, 3.0, 5.0])
    values[:zeros] = 0.0
    x = mg.parameter(values)
    a, b, c = values
    y = mg.prod(x)
    assert form.slopes(y, [x])[0].tolist() == [b * c, a * c, a * b]
    hessian = mg.hessian(y, x)
    assert form.value(hessian).tolist() == [[0, c, b], [c, 0, a], [b, a, 0]]
    assert form.value(mg.jacobian(hessian[0, 1], x)).tolist() == [0.0, 0.0, 1.0]


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
    for function in (mg.function, mg.compile):
        _, (again,) = function(loss, [x], wrt=[x])(x.value)
        np.testing.assert_allclose(again, expected, rtol=1e-14)
        # ... the guard hides nothing at other values.
        replayed = function(graph, [x])([1.0, 3.0, 2.0])
        np.testing.assert_allclose(replayed[0], slope(np.float64(1.0)), rtol=1e-14)
    # Nor into the second derivative.
    second = mg.grad(mg.sum(graph), x)
    if second is not None:
        assert second.value[1] == 0.0
        assert np.isfinite(second.value).all()


ENTRY_BY_ENTRY = sorted(
    name
    for name, function in vars(mg).items()
    if isinstance(function, mg.Op) and function.elementwise
)


@guarded
@pytest.mark.parametrize("name", ENTRY_BY_ENTRY)
@pytest.mark.parametrize("bad", [np.nan, INF, -INF])
def test_what_is_not_taken_may_hold_anything_for_every_op_entry_by_entry(form, name, bad):
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
    (dx,) = form.slopes(loss, [x])
    for gradient in (dx, graph.value):
        assert gradient[1:].tolist() == [0.0, 0.0]
        assert np.isfinite(gradient).all()


@guarded
def test_one_of_two_parameters_is_enough_to_be_looked_after(form):
    x, w = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 4.0])
    data = mg.constant([1.0, np.nan])
    dw, dx = form.slopes(mg.sum(mg.where([True, False], w * data, 0.0) + x), [w, x])
    assert (dw.tolist(), dx.tolist()) == ([1.0, 0.0], [1.0, 1.0])


@functions
def test_a_power_of_python_at_0_in_a_function_of_arrays(function):
    x = mg.parameter([1.0, 2.0])
    for power in (0, 0.0):
        f = function(mg.sum(x**power), [x], wrt=[x])
        for _ in range(2):
            assert f([0.0, 3.0])[1][0].tolist() == [0.0, 0.0]


@guarded
def test_an_intermediate_gradient_has_no_nan_either(form):
    x = mg.parameter([-1.0, 4.0])
    root = mg.sqrt(x)
    inner = root * root
    by_root, by_inner = form.slopes(mg.sum(mg.where(x > 0, inner, 0.0)), [root, inner])
    assert by_root.tolist() == [0.0, 4.0]
    assert by_inner.tolist() == [0.0, 1.0]


def test_a_nan_that_is_nobodys_leak_stays_nan():
    x = mg.parameter([-1.0, 4.0], name="x")
    with pytest.raises(mg.NonFiniteWarning, match="Sqrt gave nan from finite inputs"):
        mg.sum(mg.sqrt(x)).backward()
    assert np.isnan(x.grad).tolist() == [True, False]
    (dx,) = WITH_GUARDS.slopes(mg.sum(mg.sqrt(x)), [x])
    assert np.isnan(dx).tolist() == [True, False]


# Single precision and Python's numbers


@both_given(st.floats(-80, 80, width=32), st.sampled_from([0, 1]))
def test_the_loss_in_single_precision(form, depth, label):
    z = mg.parameter(np.float32([depth, 0.0]))
    loss = mg.softmax_cross_entropy(z, label)
    value, (dz,) = form.value(loss), form.slopes(loss, [z], rtol=1e-5)
    assert value.dtype == dz.dtype == np.float32
    y = np.eye(2)[label]
    np.testing.assert_allclose(value, float(cross_entropy(z.value, y)), rtol=3e-5, atol=1e-37)
    exact = rounded(cross_entropy_gradient(z.value, y))
    np.testing.assert_allclose(dz, exact, rtol=3e-5, atol=1e-37)


@both
def test_a_number_of_python_takes_the_dtype_of_the_array(form):
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
        assert form.value(node).dtype == np.float32
        assert form.slopes(mg.sum(node), [x], rtol=1e-5)[0].dtype == np.float32


@both
def test_sums_and_products_in_a_dtype_of_choice(form):
    x = mg.parameter(np.float32([1.5, 2.0]))
    for reduce in (mg.sum, mg.prod):
        wide = reduce(x, dtype=np.float64)
        assert form.value(wide).dtype == np.float64
        assert form.slopes(wide, [x])[0].dtype == np.float32
    assert mg.sum(np.int8([100, 100])).value == 200
    assert mg.sum([True, True], dtype=np.float64).value.tolist() == 2.0
