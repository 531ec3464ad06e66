"""What holds for every public op: values, gradients, second derivatives, and the invariants.

An op takes part by declaring in `cases_.EVERY_OP` how its inputs are drawn.
"""

import inspect
import warnings
from dataclasses import FrozenInstanceError, fields

import array_api_strict as strict
import numpy as np
import pytest
from cases_ import EVERY_OP, REFERENCE
from forms_ import COMPILED, EAGER, given_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles_ import check_gradients

import minigraph as mg
from minigraph import namespace
from minigraph.graph import topological_order
from minigraph.ops.selection import Clip

pytestmark = pytest.mark.untraced

# What is public, and no op.
OTHERS = {
    "compile",
    "constant",
    "derive",
    "draw",
    "expand",
    "explain",
    "function",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "one_hot",
    "parameter",
}

every_op = pytest.mark.parametrize("name", EVERY_OP)


ENTRY_BY_ENTRY = {
    *("add", "subtract", "multiply", "divide", "pow", "negative", "abs", "exp", "log", "expm1"),
    *("log1p", "sqrt", "square", "sin", "cos", "tanh", "sign", "relu", "sigmoid", "softplus"),
    *("xlogy", "maximum", "minimum", "clip", "where"),
}


def drawn(examples):
    """Give a test cases of the op of the parametrised name."""

    def decorate(test):
        @every_op
        @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
        @given(st.data())
        def run(name, data):
            test(data.draw(EVERY_OP[name]))

        run.__name__ = test.__name__
        return run

    return decorate


def drawn_in_both_forms(examples, compiled=4):
    """Give a test the two forms, and cases of the op of the parametrised name."""

    def decorate(test):
        @every_op
        @given_in(
            EAGER,
            COMPILED,
            examples=compiled,
            max_examples=examples,
            suppress_health_check=[HealthCheck.too_slow],
        )(st.data())
        def run(form, name, data):
            test(form, data.draw(EVERY_OP[name]))

        run.__name__ = test.__name__
        return run

    return decorate


class Namespace:
    """minigraph's functions, under the standard's names."""

    asarray = staticmethod(namespace.asarray)

    def __getattr__(self, name):
        return getattr(mg, name)


MG = Namespace()


def nodes_of(case, dtype=np.float64):
    return [mg.parameter(array.astype(dtype), name="abc"[i]) for i, array in enumerate(case.arrays)]


def cotangent_of(node):
    """Draw a cotangent that is no constant: along one, the gradient of a softmax is 0."""
    return np.random.default_rng(node.size).normal(size=node.shape).astype(node.dtype)


def test_no_op_is_missing():
    functions = {name for name in mg.__all__ if callable(getattr(mg, name)) and name.islower()}
    assert functions - OTHERS == set(EVERY_OP) - {"index"}
    # And no op that the namespace has is left out of the public functions.
    ops = {
        name
        for name, made in vars(namespace).items()
        if not name.startswith("_")
        and (isinstance(made, mg.Op) or inspect.isfunction(made))
        and getattr(made, "__module__", "").startswith("minigraph")
    }
    rules_own = {"asarray", "astype", "arange", "constant", "index", "ones_like", "zeros_like"}
    comparisons = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
    assert ops - rules_own - comparisons <= set(EVERY_OP)


@drawn(2)
def test_an_op_says_whether_it_works_entry_by_entry(case):
    op = case.call(MG, *nodes_of(case)).op
    public = {type(getattr(mg, name)) for name in ENTRY_BY_ENTRY - {"clip"}} | {Clip}
    assert op.elementwise == (type(op) in public)
    assert (nodes_of(case)[0] > 0).op.elementwise


@drawn(2)
def test_ops_are_frozen(case):
    op = case.call(MG, *nodes_of(case)).op
    with pytest.raises((FrozenInstanceError, AttributeError)):
        op.axis = 5
    for field in fields(op):
        with pytest.raises(FrozenInstanceError):
            setattr(op, field.name, None)


@drawn_in_both_forms(25)
def test_the_value_is_that_of_the_definition(form, case):
    output = case.call(MG, *nodes_of(case))
    value = form.value(output)
    expected = np.asarray(case.call(REFERENCE, *case.arrays))
    assert (value.shape, value.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-13)
    assert not output.value.flags.writeable


@drawn_in_both_forms(25)
def test_the_gradient_is_that_of_finite_differences(form, case):
    def call(*nodes):
        return case.call(MG, *nodes)

    check_gradients(call, *case.arrays, rtol=1e-5, atol=1e-6, form=form)


@drawn_in_both_forms(15)
def test_the_second_derivative_is_that_of_finite_differences_of_the_first(form, case):
    def slopes(*nodes):
        output = case.call(MG, *nodes)
        found = mg.grad(output, nodes, cotangent=cotangent_of(output))
        found = [slope for slope in found if slope is not None]
        along = [mg.sum(mg.sin(slope) * cotangent_of(slope)) for slope in found]
        return sum(along, 0.0 * mg.sum(nodes[0]))

    check_gradients(slopes, *case.arrays, rtol=1e-4, atol=1e-5, form=form)


@drawn(10)
def test_nothing_is_written_and_no_gradients_share_memory(case):
    nodes = nodes_of(case)
    output = case.call(MG, *nodes)
    cotangent = cotangent_of(output)
    before = [node.value.tobytes() for node in nodes], cotangent.tobytes()
    value = output.value.copy()
    gradients = [g for g in mg.grad(output, nodes, cotangent=cotangent) if g is not None]
    mg.sum(output * cotangent).backward()
    arrays = [node.grad for node in (*nodes, output) if node.grad is not None]
    for array in arrays:
        array[...] = np.nan
    assert ([node.value.tobytes() for node in nodes], cotangent.tobytes()) == before
    np.testing.assert_array_equal(output.value, value)
    everything = [*arrays, *(g.value for g in gradients), *(node.value for node in nodes)]
    for i, array in enumerate(everything):
        assert not any(np.shares_memory(array, other) for other in everything[:i])


LAYOUTS = {
    "Fortran order": lambda a: np.asfortranarray(a) if a.ndim else a,
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "negative strides": lambda a: np.flip(np.flip(a).copy()) if a.ndim else a,
    "big-endian": lambda a: a.astype(">f8"),
    "a broadcast view": lambda a: np.broadcast_to(a, (1, *a.shape))[0],
}


@drawn(8)
def test_any_layout_is_taken_and_none_is_written(case):
    def results(arrays):
        nodes = [mg.parameter(array, copy=False) for array in arrays]
        output = case.call(MG, *nodes)
        gradients = mg.grad(output, nodes, cotangent=cotangent_of(output))
        return [output.value, *(None if g is None else g.value for g in gradients)]

    expected = results(case.arrays)
    for change in LAYOUTS.values():
        arrays = [change(array) for array in case.arrays]
        for array in arrays:
            array.setflags(write=False)
        for found, right in zip(results(arrays), expected, strict=True):
            if right is None:
                assert found is None
            else:
                assert (found.dtype, found.shape) == (right.dtype, right.shape)
                np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-14)


@every_op
@given_in(COMPILED, examples=3, suppress_health_check=[HealthCheck.too_slow])(st.data())
def test_any_layout_is_taken_compiled_and_none_is_written(form, name, data):
    case = data.draw(EVERY_OP[name])
    nodes = nodes_of(case)
    output = case.call(MG, *nodes)
    f = mg.compile(mg.sum(output * mg.constant(cotangent_of(output))), nodes, nodes)
    value, gradients = f(*case.arrays)
    before = [array.tobytes() for array in case.arrays]
    for change in LAYOUTS.values():
        arrays = [change(array) for array in case.arrays]
        for array in arrays:
            array.setflags(write=False)
        found, others = f(*arrays)
        np.testing.assert_allclose(found, value, rtol=1e-12, atol=1e-14)
        for other, gradient in zip(others, gradients, strict=True):
            if gradient is None:
                assert other is None
            else:
                assert (other.dtype.newbyteorder("="), other.shape) == (np.float64, gradient.shape)
                np.testing.assert_allclose(other, gradient, rtol=1e-12, atol=1e-14)
                other.fill(0)
    assert [array.tobytes() for array in case.arrays] == before


@drawn_in_both_forms(12)
def test_float32_stays_float32_in_values_and_gradients(form, case):
    nodes, exact = nodes_of(case, np.float32), nodes_of(case)
    output = case.call(MG, *nodes)
    assert form.value(output).dtype == output.dtype == np.float32
    cotangent = cotangent_of(output)
    right = mg.grad(case.call(MG, *exact), exact, cotangent=cotangent)
    found = form.slopes(output, nodes, cotangent, rtol=2e-3, atol=2e-4)
    for node, slope, gradient in zip(nodes, found, right, strict=True):
        if gradient is None:
            assert slope is None
            continue
        assert type(slope) is np.ndarray
        assert (slope.shape, slope.dtype) == (node.shape, np.float32)
        np.testing.assert_allclose(slope, gradient.value, rtol=2e-3, atol=2e-4)


@drawn(6)
def test_the_same_calls_give_the_same_bits(case):
    def run():
        nodes = nodes_of(case)
        output = case.call(MG, *nodes)
        gradients = mg.grad(output, nodes, cotangent=cotangent_of(output))
        found = [g for g in gradients if g is not None]
        order = [(n.label, n.name, n.value.tobytes()) for n in topological_order(output, *found)]
        mg.sum(output * cotangent_of(output)).backward()
        return order, [None if node.grad is None else node.grad.tobytes() for node in nodes]

    assert run() == run()


@every_op
@given_in(COMPILED, examples=2, suppress_health_check=[HealthCheck.too_slow])(st.data())
def test_the_same_calls_compiled_give_the_same_source_and_the_same_bits(form, name, data):
    case = data.draw(EVERY_OP[name])

    def run():
        nodes = nodes_of(case)
        output = case.call(MG, *nodes)
        f = mg.compile(mg.sum(output * mg.constant(cotangent_of(output))), nodes, nodes)
        value, gradients = f(*case.arrays)
        return f.source, value.tobytes(), [None if g is None else g.tobytes() for g in gradients]

    assert run() == run()


@drawn(15)
def test_the_gradient_graph_is_tidy(case):
    nodes = nodes_of(case)
    output = case.call(MG, *nodes).named("f")
    forward = topological_order(output)
    gradients = mg.grad(mg.sum(output).named("L"), nodes)
    check_tidy([g for g in gradients if g is not None], forward)


def check_tidy(gradients, forward):
    """Check that nothing is multiplied by one, no zero is added, nothing comes twice."""
    there = set(forward)
    seen = set()
    for node in topological_order(*gradients):
        if node.op is not None:
            key = (type(node.op), node.op, tuple(map(id, node.inputs)))
            assert key not in seen, node
            seen.add(key)
        if node in there or node.op is None:
            continue
        assert node.source is not None, node
        factors = {mg.multiply: node.inputs, mg.divide: node.inputs[1:]}.get(node.op, ())
        assert not any(_is_number(x, 1) for x in factors), node
        terms = node.inputs if node.op in (mg.add, mg.subtract) else ()
        assert not any(_is_number(x, 0) for x in terms), node


def _is_number(node, number):
    data = node.op is not None or node.kind == "parameter"
    return not data and node.size > 0 and (node.value == number).all()


@drawn(15)
def test_it_runs_on_arrays_of_the_standard(case):
    nodes = nodes_of(case)
    output = case.call(MG, *nodes)
    cotangent = mg.constant(cotangent_of(output), name="g")
    f = mg.function(mg.sum(output * cotangent), nodes, wrt=nodes)
    value, gradients = f(*case.arrays)
    try:
        found, others = f(*map(strict.asarray, case.arrays))
    except (IndexError, TypeError, ValueError):
        assert case.beyond_the_standard
        return
    assert type(found) is type(strict.asarray(0.0))
    np.testing.assert_allclose(np.asarray(found), value, rtol=1e-12, atol=1e-13)
    for other, gradient in zip(others, gradients, strict=True):
        if gradient is None:
            assert other is None
        else:
            assert (other.shape, other.dtype) == (gradient.shape, strict.float64)
            np.testing.assert_allclose(np.asarray(other), gradient, rtol=1e-11, atol=1e-13)


@drawn_in_both_forms(15)
def test_expanded_it_computes_the_same(form, case):
    nodes = nodes_of(case)
    output = case.call(MG, *nodes)
    opened = mg.expand(output)
    assert not any(isinstance(node.op, mg.Composite) for node in topological_order(opened))
    # A plan adds up in an order of its own.
    close = {"rtol": 1e-13, "atol": 1e-14} if form is EAGER else {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(form.value(opened), output.value, **close)
    cotangent = cotangent_of(output)
    for one, other in zip(
        form.slopes(opened, nodes, cotangent),
        mg.grad(output, nodes, cotangent=cotangent),
        strict=True,
    ):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one, other.value, rtol=1e-8, atol=1e-10)


@drawn(6)
def test_whole_numbers_and_booleans_are_data_without_gradients(case):
    x = mg.parameter(case.arrays[0])
    whole = [mg.constant(np.ones(array.shape, np.int64), name="n") for array in case.arrays]
    try:
        output = case.call(MG, *whole)
    except mg.MinigraphError:  # as softmax targets of 1 may be; an op need not take them
        return
    if output.dtype.kind == "f":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mg.NonFiniteWarning)
            (mg.sum(output) * mg.sum(x)).backward()
    assert all(node.grad is None for node in whole)
    with pytest.raises(mg.DTypeError, match="have no gradient"):
        mg.grad(mg.sum(x), whole[0])
