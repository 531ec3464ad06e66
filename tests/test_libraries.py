"""The same graph runs on the arrays of another library, and gives what it gives on NumPy's.

JAX and array-api-strict are installed with the tests; PyTorch by `make libraries`, as in CI.
"""

import array
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import array_api_strict as strict
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from cases_ import EVERY_OP
from forms_ import functions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph

try:
    import torch
except ImportError:
    torch = None

# For all of the process; nothing but these tests uses JAX in it.
jax.config.update("jax_enable_x64", True)
# What XLA would make quicker is run once or twice: compiling it took most of the time.
jax.config.update("jax_disable_most_optimizations", True)

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not there: make libraries")


@dataclass(frozen=True)
class Library:
    """How to make arrays of a library, and what they are."""

    asarray: Any
    kind: type

    def to_numpy(self, value):
        assert isinstance(value, self.kind)
        return np.asarray(value)


def _library(name):
    if name == "torch":
        return Library(torch.asarray, torch.Tensor)
    return {
        "strict": Library(strict.asarray, type(strict.asarray(0.0))),
        "jax": Library(jnp.asarray, jax.Array),
    }[name]


LIBRARIES = ["strict", "jax", pytest.param("torch", marks=needs_torch)]
every_library = pytest.mark.parametrize("library", LIBRARIES)


class Namespace:
    """minigraph's functions, under the standard's names."""

    asarray = staticmethod(mg.constant)

    def __getattr__(self, name):
        return getattr(mg, name)


def summed(case, dtype=np.float64):
    """Return a case's op as a scalar function of arrays with gradients, and that in NumPy."""
    nodes = [mg.parameter(a.astype(dtype), name="abc"[i]) for i, a in enumerate(case.arrays)]
    output = case.call(Namespace(), *nodes)
    rng = np.random.default_rng(output.size)
    cotangent = mg.constant(rng.normal(size=output.shape).astype(dtype), name="g")
    loss = mg.sum(output * cotangent)
    return nodes, loss


def compared(case, lib, dtype):
    """Run a case on a library's arrays and on NumPy's; return the gradients by the library."""
    nodes, loss = summed(case, dtype)
    f = mg.function(loss, nodes, wrt=nodes)
    arrays = [a.astype(dtype) for a in case.arrays]
    value, gradients = f(*arrays)
    found, others = f(*map(lib.asarray, arrays))
    rtol, atol = (1e-10, 1e-12) if dtype is np.float64 else (2e-3, 1e-4)
    assert lib.to_numpy(found).dtype == dtype
    np.testing.assert_allclose(lib.to_numpy(found), value, rtol=rtol, atol=atol)
    for other, gradient in zip(others, gradients, strict=True):
        assert (other is None) == (gradient is None)
        if gradient is not None:
            result = lib.to_numpy(other)
            assert (result.shape, result.dtype) == (gradient.shape, dtype)
            np.testing.assert_allclose(result, gradient, rtol=rtol, atol=atol)
    return others


@pytest.mark.untraced
@pytest.mark.parametrize("name", EVERY_OP)
@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_op_on_jax_and_the_gradient_that_jax_takes_of_it(name, data):
    case = data.draw(EVERY_OP[name])
    ours = compared(case, _library("jax"), np.float64)
    # What picks no entries of some is beyond JAX's own gradient.
    if name == "sign" or not all(a.size for a in case.arrays):
        return
    nodes, loss = summed(case)
    arrays = list(map(jnp.asarray, case.arrays))
    theirs = jax.grad(mg.function(loss, nodes), tuple(range(len(nodes))))(*arrays)
    for one, other in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


@needs_torch
@pytest.mark.untraced
@pytest.mark.parametrize("name", EVERY_OP)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([np.float64, np.float32]))
def test_every_op_on_torch(name, data, dtype):
    case = data.draw(EVERY_OP[name])
    try:
        compared(case, _library("torch"), dtype)
    except mg.InputError as error:  # what PyTorch lacks is said, with the op
        if not str(error).startswith("Index: step must be greater than zero\n  a  shape "):
            raise


# The lecture, and a network of two layers


@every_library
@pytest.mark.parametrize("key", EXAMPLES)
@pytest.mark.parametrize("fused", [False, True])
def test_the_lecture(library, key, fused):
    example, lib = EXAMPLES[key], _library(library)
    made = graph(example.theta, example.x, example.labels, example.classes, fused=fused)
    made.loss.backward()
    f = mg.function(made.loss, [made.theta, made.x, made.y], wrt=[made.theta])
    values = [lib.asarray(node.value.copy()) for node in (made.theta, made.x, made.y)]
    loss, (gradient,) = f(*values)
    np.testing.assert_allclose(float(loss), float(made.loss), rtol=1e-13)
    np.testing.assert_allclose(lib.to_numpy(gradient), made.theta.grad, rtol=1e-12, atol=1e-15)


def network(m=4, dtype=np.float64):
    """Return a network of two layers as two functions of arrays, and arrays for a batch of m.

    The first function gives the loss, the second the loss and its gradients; both were built for
    a batch of 4.
    """
    rng = np.random.default_rng(0)
    shapes = [(3, 5), (5,), (5, 4), (4,)]
    weights = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    x, y = mg.constant(np.ones((4, 3), dtype), name="x"), mg.constant([0, 1, 2, 3], name="y")
    made = [mg.parameter(a, name=n) for a, n in zip(weights, ("W₁", "b₁", "W₂", "b₂"), strict=True)]
    w1, b1, w2, b2 = made
    hidden = mg.tanh(x @ w1 + b1)
    z = mg.where(hidden > 0.1, hidden, mg.square(hidden)) @ w2 + b2
    loss = mg.softmax_cross_entropy(z, y) + 0.01 * mg.mean(w2**2)
    data = rng.normal(size=(m, 3)).astype(dtype), rng.integers(0, 4, size=m)
    inputs = [*made, x, y]
    return mg.function(loss, inputs), mg.function(loss, inputs, wrt=made), weights, data


@pytest.mark.untraced
@pytest.mark.parametrize("m", [1, 7])
def test_jax_jit_and_grad_at_any_batch_size(m):
    f, g, weights, data = network(m)
    arrays = list(map(jnp.asarray, (*weights, *data)))
    value, ours = g(*weights, *data)
    for run in (g, jax.jit(g)):
        found, gradients = run(*arrays)
        np.testing.assert_allclose(found, value, rtol=1e-12)
        for one, other in zip(gradients, ours, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)
    theirs = jax.jit(jax.grad(f, (0, 1, 2, 3)))(*arrays)
    for one, other in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)


@pytest.mark.untraced
def test_jax_vmap_gives_the_gradient_of_each_example():
    _, g, weights, (x, y) = network(6)
    one = jax.vmap(
        lambda row, label: g(*map(jnp.asarray, weights), row[None], label[None]), in_axes=(0, 0)
    )
    values, gradients = one(jnp.asarray(x), jnp.asarray(y))
    for i in range(6):
        value, alone = g(*weights, x[i : i + 1], y[i : i + 1])
        np.testing.assert_allclose(values[i], value, rtol=1e-12)
        for found, gradient in zip(gradients, alone, strict=True):
            np.testing.assert_allclose(found[i], gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.untraced
def test_jax_differentiates_our_gradient_again():
    z = mg.parameter([0.5, -1.0, 2.0], name="z")
    loss = mg.softmax_cross_entropy(z, 1)
    f = mg.function(loss, [z], wrt=[z])
    hessian = jax.jacobian(lambda a: f(a)[1][0])(jnp.asarray(z.value))
    np.testing.assert_allclose(hessian, mg.hessian(loss, z).value, rtol=1e-11, atol=1e-14)


@pytest.mark.untraced
@every_library
def test_the_network_in_single_precision(library):
    lib = _library(library)
    _, g, weights, data = network(dtype=np.float32)
    value, gradients = g(*map(lib.asarray, (*weights, *data)))
    exact, ours = g(*weights, *data)
    assert lib.to_numpy(value).dtype == exact.dtype == np.float32
    np.testing.assert_allclose(lib.to_numpy(value), exact, rtol=1e-5)
    for one, other in zip(gradients, ours, strict=True):
        assert lib.to_numpy(one).dtype == np.float32
        np.testing.assert_allclose(lib.to_numpy(one), other, rtol=1e-3, atol=1e-5)


@needs_torch
def test_torch_takes_the_same_gradient():
    _, g, weights, data = network()
    tensors = [torch.tensor(a, requires_grad=True) for a in weights]
    value, ours = g(*tensors, *map(torch.tensor, data))
    theirs = torch.autograd.grad(value, tensors)
    for one, other in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(one, other.detach(), rtol=1e-10, atol=1e-14)


@functions
@every_library
def test_nothing_leaks_from_the_branch_not_taken(function, library):
    lib = _library(library)
    x = mg.parameter([4.0, 1.0], name="x")
    loss = mg.sum(mg.where(x > 0, mg.sqrt(x) + mg.log(x) + 1 / x, 0))
    value, (dx,) = function(loss, [x], wrt=[x])(lib.asarray([4.0, 0.0]))
    np.testing.assert_allclose(float(value), 2 + np.log(4) + 0.25)
    np.testing.assert_allclose(lib.to_numpy(dx), [0.25 + 0.25 - 1 / 16, 0.0])


@functions
@every_library
def test_constants_and_python_numbers_come_along(function, library):
    lib = _library(library)
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.sum(2 * x * mg.constant([3.0, 4.0]) + x**2 / 2)
    value, (dx,) = function(y, [x], wrt=[x])(lib.asarray(np.array([1.0, 2.0])))
    assert float(value) == 24.5
    assert lib.to_numpy(dx).tolist() == [7.0, 10.0]


@every_library
@pytest.mark.parametrize("indices", [[[0, -1], [2, 2]], [-3, 1], 1])
def test_indices_may_count_from_the_end_and_have_any_shape(library, indices):
    lib = _library(library)
    value = np.arange(6.0).reshape(2, 3)
    x = mg.parameter(value, name="x")
    cotangent = np.random.default_rng(0).normal(size=np.take(value, indices, axis=1).shape)
    f = mg.function(mg.sum(mg.take(x, indices, axis=1) * cotangent), [x], wrt=[x])
    found, (dx,) = f(lib.asarray(value))
    exact, (expected,) = f(value)
    np.testing.assert_allclose(float(found), exact)
    np.testing.assert_allclose(lib.to_numpy(dx), expected)
    column = mg.take_along_axis(x, [[-1], [0]], axis=1)
    f = mg.function(mg.sum(column * [[2.0], [3.0]]), [x], wrt=[x])
    found, (dx,) = f(lib.asarray(value))
    assert float(found) == 2.0 * 2.0 + 3.0 * 3.0
    assert lib.to_numpy(dx).tolist() == [[0.0, 0.0, 2.0], [3.0, 0.0, 0.0]]


def test_another_library_runs_in_the_callers_context():
    @dataclass(frozen=True)
    class Look(mg.Op):
        def forward(self, xp, x):
            seen.append(flag.get())
            return x

    flag, seen = ContextVar("flag", default="default"), []
    x = mg.constant(1.0)
    f = mg.function(Look()(x), [x])
    flag.set("set")
    seen.clear()
    f(strict.asarray(2.0))
    assert seen == ["set"]


@functions
@every_library
def test_labels_and_shapes_are_checked_on_every_library(function, library):
    lib = _library(library)
    z, y = mg.parameter(np.zeros((2, 3)), name="z"), mg.constant([0, 1], name="y")
    f = function(mg.softmax_cross_entropy(z, y), [z, y])
    logits = lib.asarray(np.ones((2, 3)))
    for labels in ([0, 3], [-1, 0]):
        with pytest.raises(mg.LabelError, match=r"label .* is out of range for 3 classes, 0 to 2"):
            f(logits, lib.asarray(labels))
    with pytest.raises(mg.ShapeError, match=r"targets of shape \(3,\) do not match predictions"):
        f(logits, lib.asarray([0, 1, 2]))
    with pytest.raises(mg.LabelError, match="labels are integers, not float"):
        f(logits, lib.asarray([0.0, 1.0]))
    for op in (mg.add, mg.matmul):
        with pytest.raises(mg.ShapeError):
            function(op(z, mg.constant(np.ones((3, 3) if op is mg.matmul else (2, 3)))), [z])(
                lib.asarray(np.ones((2, 4)))
            )


def test_while_jax_traces_what_is_known_is_checked():
    z, y = mg.parameter(np.zeros((2, 3)), name="z"), mg.constant([0, 1], name="y")
    f = jax.jit(mg.function(mg.softmax_cross_entropy(z, y), [z, y]))
    np.testing.assert_allclose(f(jnp.ones((2, 3)), jnp.asarray([0, 1])), np.log(3))
    with pytest.raises(mg.ShapeError, match=r"targets of shape \(3,\) do not match predictions"):
        f(jnp.ones((2, 3)), jnp.asarray([0, 1, 2]))


# What a library lacks, or is


@every_library
def test_an_array_of_another_library_meets_a_node(library):
    lib = _library(library)
    x, other = mg.parameter([1.0, 2.0], name="x"), lib.asarray([1.0, 2.0])
    name = type(other).__module__.partition(".")[0]
    for mix in (lambda: x * other, lambda: mg.add(other, x), lambda: mg.parameter(other)):
        with pytest.raises(mg.GraphError) as caught:
            mix()
        what, where, mend = str(caught.value).split("\n")
        assert what.endswith(f" was given an array of {name}, but Nodes hold NumPy arrays")
        assert "for mix in" in where
        assert mend.endswith("pass np.asarray(value), or run the graph on it with mg.function")
    with pytest.raises(mg.GraphError, match="wrt is no Node but a"):
        mg.grad(mg.sum(x), other)
    with pytest.raises(mg.GraphError, match="arrays of different libraries in one call"):
        mg.function(mg.sum(x * 2), [x, x * 2])(other, np.ones(2))


@dataclass(frozen=True)
class Gamma(mg.Op):
    """An op whose forward, or backward, uses a function that not every library has."""

    forwards: bool = True

    def forward(self, xp, x):
        return xp.nextafter_of_gamma(x) if self.forwards else x * 1

    def backward(self, xp, cotangent, output, x):
        if x.ndim:
            return (cotangent * xp.nextafter_of_gamma(x),)
        return (lambda: cotangent * xp.nextafter_of_gamma(x),)


@pytest.mark.parametrize("shape", [(), (2,)])
def test_a_function_that_a_library_lacks_is_named_with_its_op(shape):
    x = mg.parameter(np.ones(shape), name="x")
    y = Gamma(forwards=False)(x).named("y")  # here
    loss = mg.sum(y)
    f = mg.function(loss, [x], wrt=[x])
    for run, library in [
        (lambda: f(strict.asarray(x.value)), "array_api_strict"),
        (lambda: f(jnp.asarray(x.value)), r"jax\.numpy"),
        (lambda: mg.grad(loss, x), r"minigraph\.namespace"),
        (loss.backward, "numpy"),
    ]:
        with pytest.raises(mg.GraphError) as caught:
            run()
        what, one, two, where, mend = str(caught.value).split("\n")
        assert re.match(rf"y: {library} has no function nextafter_of_gamma, which Gamma\(", what)
        assert (one, two) == (f"  x  shape {shape}, float64", f"  y  shape {shape}, float64")
        assert where.endswith("# here")
        assert mend.startswith("  To mend it: write the op's rules with functions that the library")


def test_a_function_that_a_library_lacks_in_a_forward():
    x = mg.parameter([1.0], name="x")
    y = Gamma(forwards=False)(x)
    object.__setattr__(y.op, "forwards", True)  # as if NumPy alone had had it
    with pytest.raises(mg.GraphError, match="Gamma: array_api_strict has no function nextafter"):
        mg.function(y, [x])(strict.asarray([1.0]))


def test_what_a_library_refuses_is_said_with_the_op_that_asked():
    x = mg.parameter([1.0, -2.0], name="x")
    positive = x[x > 0]  # here
    f = jax.jit(mg.function(mg.sum(positive), [x]))
    with pytest.raises(mg.AxisError) as caught:
        f(jnp.asarray([1.0, 2.0]))
    assert re.match(r"Index: .*[Bb]oolean", str(caught.value))
    assert "\n  x  shape (2,), float64\n  greater  shape (2,), bool\n" in str(caught.value)
    assert caught.value.__cause__ is not None


def test_an_attribute_error_of_another_sort_is_the_users_own():
    @dataclass(frozen=True)
    class Broken(mg.Op):
        def forward(self, xp, x):
            return x * 1

        def backward(self, xp, cotangent, output, x):
            return (cotangent.no_such_thing,)

    x = mg.parameter(1.0)
    with pytest.raises(AttributeError, match="no_such_thing"):
        Broken()(x).backward()


def test_a_library_without_a_namespace_of_its_own_is_looked_up(monkeypatch):
    found = SimpleNamespace(__name__="found", asarray=np.asarray, exp=np.exp)
    monkeypatch.setitem(
        sys.modules, "array_api_compat", SimpleNamespace(array_namespace=lambda x: found)
    )
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.function(mg.exp(x), [x])
    np.testing.assert_array_equal(f(array.array("d", [0.0])), [1.0])


def test_a_library_whose_size_is_a_method(monkeypatch):
    class Tensor(np.ndarray):
        def size(self):
            raise AssertionError("the array API's size is an attribute; this library's is not")

    found = SimpleNamespace(
        __name__="found",
        asarray=lambda x, dtype=None: np.asarray(x).view(Tensor),
        isdtype=np.isdtype,
        isnan=np.isnan,
        ones_like=np.ones_like,
        sum=np.sum,
        reshape=np.reshape,
        broadcast_to=np.broadcast_to,
        where=np.where,
    )
    monkeypatch.setitem(
        sys.modules, "array_api_compat", SimpleNamespace(array_namespace=lambda x: found)
    )
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.function(mg.sum(x * x), [x], wrt=[x])
    value, (dx,) = f(array.array("d", [3.0]))
    assert (float(value), dx.tolist()) == (9.0, [6.0])
