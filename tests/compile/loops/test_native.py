"""Programs compiled by numba: a few, which between them have all that numba has to understand."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from compile.compare_ import agree
from compile.graphs_ import regression, two_layers
from compile.loops.test_scalars import COMPUTED, applied

import minigraph as mg
from minigraph.compile.loops import multiplying, native, program
from minigraph.namespace import astype

pytest.importorskip("numba")


def compiled(loss, inputs, arrays, wrt, **options):
    f = mg.compile(loss, inputs, wrt, jit=True, **options)
    assert "def compute" in f.loops
    return SimpleNamespace(f=f, arrays=arrays, expected=mg.function(loss, inputs, wrt))


@pytest.fixture(scope="module")
def columns():
    loss, inputs, arrays = regression(labels_given=True)
    return compiled(loss, inputs, arrays, inputs[:1])


@pytest.fixture(scope="module")
def blocked():
    loss, inputs, arrays = regression()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "CACHED", 0)  # columns are copied, and memory is fetched
        patch.setattr(program, "LARGE", 0)  # memory is an argument
        case = compiled(loss, inputs, arrays, inputs[:1], block=32)
    assert "fetch(" in case.f.loops
    assert case.f._latest.native.given  # the labels
    return case


@pytest.fixture(scope="module")
def layers():
    loss, inputs, arrays = two_layers(mg.tanh)
    b = inputs[1]
    return compiled(loss + mg.sum(mg.where(b > 0, mg.log(b), 0.0)), inputs, arrays, inputs[:3])


@pytest.fixture(scope="module")
def shared():
    loss, inputs, arrays = regression(labels_given=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "LARGE", 0)
        case = compiled(loss, inputs, arrays, inputs[:1], block=32, threads=2)
        case.f(*arrays)
        yield case


def check(case, *arrays, rtol=1e-12):
    """Check that a function has the numbers that it should, and writes to nothing."""
    arrays = arrays or case.arrays
    before = [np.array(a) for a in arrays]
    expected = case.expected(*arrays)
    results = [case.f(*arrays) for _ in range(3)]
    for result in results:
        agree(result, expected, rtol=rtol)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)
    flat = [array for value, gradients in results for array in (value, *gradients)]
    for i, array in enumerate(flat):
        array[...] = 9
        others = [*flat[:i], *(a for a in arrays if isinstance(a, np.ndarray))]
        assert not any(np.shares_memory(array, other) for other in others)


def test_softmax_regression(columns):
    check(columns)


def test_blocks_with_a_rest(blocked):
    check(blocked)


def test_two_layers(layers):
    check(layers, rtol=1e-11)


def test_a_gradient_that_is_nan_is_guarded(layers):
    w, b, *rest = layers.arrays
    b = np.array(b)
    b[:2, 0] = 0, -1
    assert np.isfinite(layers.expected(w, b, *rest)[1][1]).all()
    check(layers, w, b, *rest, rtol=1e-11)


def test_threads(shared):
    check(shared)
    with pytest.raises(mg.LabelError, match="out of range"):
        shared.f(*shared.arrays[:2], shared.arrays[2] + 1)


def test_targets_that_are_given_and_declared_one_hot():
    z = mg.parameter(np.random.default_rng(0).normal(size=(3, 5)), name="z")
    y = mg.one_hot([0, 2, 1, 1, 0], 3, axis=0, name="y")
    loss = mg.softmax_cross_entropy(z, y, axis=0)
    f, expected = mg.compile(loss, [z, y], [z], jit=True), mg.function(loss, [z, y], [z])
    case = SimpleNamespace(f=f, arrays=[z.value, y.value], expected=expected)
    with ThreadPoolExecutor(4) as pool:  # the first calls come at once
        for result in pool.map(lambda _: f(*case.arrays), range(4)):
            agree(result, expected(*case.arrays))
    assert len(f._plans) == 1
    assert "def compute" in f.loops
    check(case)
    check(case, z.value, y.value[::-1])
    check(case, z.value, y.value / 2)  # then they are taken as they are
    check(case, z.value, np.full((3, 5), 0.2))


def test_products_by_blas(monkeypatch):
    monkeypatch.setattr(multiplying, "FEW", 0)
    monkeypatch.setattr(multiplying, "SMALL", 0)
    rng = np.random.default_rng(0)
    a, b = (mg.parameter(rng.normal(size=(3, 4)), name=name) for name in "ab")
    s = mg.parameter(rng.normal(size=(3, 4)).astype(np.float32), name="s")
    loss = mg.sum(mg.sin(a.T @ b)) + mg.sum(mg.sin(mg.exp(a) @ b.T)) + mg.sum(mg.cos(s @ s.T))
    case = compiled(loss, [a, b, s], [a.value, b.value, s.value], [a, b, s])
    assert "product(" in case.f.loops
    assert "product_single(" in case.f.loops
    check(case, rtol=1e-5)


# What there is in test_scalars that numba might see another way.
TYPED = [
    *("arithmetic of integers", "a sign stays an integer", "integers and booleans"),
    *("clipped integers", "divided by 0", "a power of a float by an integer", "where of booleans"),
    *("where by numbers", "where of booleans and numbers", "sums", "products", "extrema"),
    *("booleans as numbers", "numbers as booleans", "integers as floats", "single and double"),
    *("single and small integers", "clipped", "the larger of nan", "a product of integers"),
    *("copies", "equal"),
]


def test_numbers_of_all_dtypes():
    parts, inputs, arrays = [], [], []
    for name in TYPED:
        output, nodes, values = applied(COMPUTED[name])
        parts.append(mg.reshape(astype(output, np.float64), (-1,)))
        inputs += nodes
        arrays += values
    output = mg.concat(parts)
    f = mg.compile(output, inputs, jit=True)
    assert "def compute" in f.loops
    agree(f(*arrays), mg.function(output, inputs)(*arrays), rtol=1e-6)


# What may be given


def test_arrays_of_any_layout(columns):
    theta, x, y = columns.arrays
    wide = np.zeros((6, 8))
    wide[::2, ::2] = theta
    read_only = [np.array(a) for a in columns.arrays]
    for array in read_only:
        array.setflags(write=False)
    bytes_ = np.zeros(x.nbytes + 1, np.uint8)[1:].view(np.uint8)
    unaligned = np.frombuffer(bytes_, x.dtype).reshape(x.shape)
    unaligned[...] = x
    assert not unaligned.flags.aligned
    compiled_before = len(columns.f._plans)
    for arrays in (
        [np.asfortranarray(theta), np.asfortranarray(x), y],
        [theta[::-1], x[:, ::-1], y[::-1]],
        [wide[::2, ::2], x, y],
        read_only,
        [theta, unaligned, y],
        [np.broadcast_to(theta[:1], theta.shape), x, y],
        [theta.tolist(), x.tolist(), y.tolist()],
        [np.array(theta).view(_Subclass), x, y],
    ):
        check(columns, *arrays)
    assert len(columns.f._plans) == compiled_before
    # What has another order of bytes goes another way.
    agree(columns.f(theta.astype(">f8"), x, y), columns.expected(theta.astype(">f8"), x, y))


class _Subclass(np.ndarray):
    pass


def test_what_is_wrong_is_said_as_by_the_function(columns):
    theta, x, y = columns.arrays
    for labels in (y + 1, y - 1):
        for _ in range(2):
            with pytest.raises(mg.LabelError, match="out of range"):
                columns.f(theta, x, labels)
    with pytest.raises(mg.GraphError, match="takes 3 arrays, got 2"):
        columns.f(theta, x)
    with pytest.raises(mg.LabelError, match="integers"):
        columns.f(theta, x, y + 0.5)
    with pytest.raises(mg.DTypeError, match="gradients need floating-point"):
        columns.f(theta.astype(int), x, y)
    check(columns)


def test_many_threads_call_one_function(columns, blocked):
    rng = np.random.default_rng(0)
    for case in (columns, blocked):
        theta, *rest = case.arrays
        many = [(theta + rng.normal(), *rest) for _ in range(40)]
        alone = [case.f(*arrays) for arrays in many]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda arrays, f=case.f: f(*arrays), many))
        for one, other in zip(together, alone, strict=True):
            agree(one, other, rtol=0, atol=0)


def test_an_op_of_ones_own_has_no_loops_and_its_results_are_right():
    class Twice(mg.Op):
        def forward(self, xp, x):
            return 2 * x

        def backward(self, xp, cotangent, output, x):
            return (2 * cotangent,)

    x = mg.parameter([1.0, 2.0, 3.0], name="x")
    for output, why in ((mg.sum(Twice()(x)), "Twice: no loops"), (mg.sum(x[[0, 0]]), "Index: no")):
        f = mg.compile(output, [x], [x], jit=True)
        agree(f(x.value), mg.function(output, [x], [x])(x.value))
        with pytest.raises(mg.GraphError, match=f"has no loops: {why}") as raised:
            f.loops  # noqa: B018
        assert "the plan in NumPy is in .source" in str(raised.value)
        assert "def step" in f.source
    mask = mg.constant([True, False, True], name="mask")
    f = mg.compile(mg.sum(x[mask]), [x, mask], [x], jit=True)
    agree(f(x.value, mask.value)[0], np.array(4.0))
    with pytest.raises(mg.GraphError, match="no plan"):
        f.loops  # noqa: B018


def test_loops_are_asked_for_by_jit():
    x = mg.parameter([1.0], name="x")
    with pytest.raises(mg.GraphError, match="asked for without") as raised:
        mg.compile(x, [x]).loops  # noqa: B018
    assert "mg.compile(..., jit=True)" in str(raised.value)
    for threads in (0, -1, True, 1.5, "2"):
        with pytest.raises(mg.OptionError, match="threads="):
            mg.compile(x, [x], threads=threads)
    with pytest.raises(mg.OptionError, match="jit=1"):
        mg.compile(x, [x], jit=1)


def test_plans_are_kept_for_so_many_shapes():
    x = mg.parameter(np.zeros(3), name="x")
    f = mg.compile(mg.sum(x * x), [x])
    for n in range(70):
        assert float(f(np.ones(n))) == n
    assert len(f._plans) == 64
    assert [float(f(np.ones(n))) for n in (0, 69, 1)] == [0, 69, 1]


@pytest.mark.parametrize("package", ["numba", "scipy.linalg.cython_blas"])
def test_without_numba(package, monkeypatch):
    x = mg.parameter([1.0], name="x")
    # Without what it has kept, which other tests go on with.
    monkeypatch.setattr("minigraph.compile.compiled.functions", native.functions.__wrapped__)
    monkeypatch.setitem(sys.modules, package, None)
    for name in ("products", "fetching"):
        monkeypatch.delitem(sys.modules, f"minigraph.compile.loops.{name}", raising=False)
        monkeypatch.delattr(f"minigraph.compile.loops.{name}", raising=False)
    with pytest.raises(mg.MinigraphError, match="needs the packages numba and scipy") as raised:
        mg.compile(x, [x], jit=True)
    assert isinstance(raised.value, ImportError)
    assert "pip install 'minigraph[jit]'" in str(raised.value)
    assert float(mg.compile(mg.sum(x), [x])([2.0])) == 2


def test_nothing_is_imported_before_it_is_needed():
    code = (
        "import sys, minigraph as mg\n"
        "x = mg.parameter([1.0], name='x')\n"
        "f = mg.compile(mg.sum(x * x), [x], [x])\n"
        "f([2.0]), f.descent(0.1)([2.0])\n"
        "assert not {'numba', 'scipy', 'llvmlite'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_how_many_threads_there_are(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert native.threads_there() == 3
    for told in ("", "0", "many"):
        monkeypatch.setenv("OMP_NUM_THREADS", told)
        assert native.threads_there() >= 1
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert native.threads_there() == (os.cpu_count() or 1)
