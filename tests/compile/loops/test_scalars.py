"""Entries of all dtypes: what NumPy makes of them, or no loops."""

import numpy as np
import pytest
from compile.loops.plain_ import alike

import minigraph as mg
from minigraph.compile.loops import scalars
from minigraph.compile.trace import UnplannedError
from minigraph.namespace import astype

LARGE = 2**62 + 1

VALUES = {
    "i": np.array([-3, 0, 2, LARGE]),
    "j": np.array([2, -7, 0, 3]),
    "b": np.array([True, False, True, False]),
    "c": np.array([True, True, False, False]),
    "x": np.array([-1.5, 0.0, np.nan, np.inf]),
    "f": np.array([-1.5, 0.1, 3e38, 1e-45], np.float32),
    "s": np.array([-3, 7, 0, 127], np.int16),
    "u": np.array([0, 1, 2, 255], np.uint8),
}

# Each a function of nodes of these names.
COMPUTED = {
    "arithmetic of integers": lambda i, j: mg.stack([i + j, i - j, i * j, -i, abs(i)]),
    "of integers and a number": lambda i: mg.stack([i + 1, 2 - i, i * 3, mg.square(i)]),
    "signs": lambda i, x, f: mg.concat([mg.sign(i), mg.sign(x), mg.sign(f)]),
    "a sign stays an integer": lambda i: mg.sign(i) * i,
    "integers and booleans": lambda i, b: mg.stack([i + b, i - b, i * b]),
    "choices of integers": lambda i, j: mg.stack([mg.maximum(i, j), mg.minimum(i, 1)]),
    "clipped integers": lambda i: mg.clip(i, -1, 2),
    "integers clipped between fractions": lambda i: mg.clip(i, -0.5, 1.5),
    "integers divided": lambda i, j: i / j,
    "divided by 0": lambda i, x: mg.stack([i / 0, x / 0, 1 / x]),
    "booleans divided": lambda b, c: b / c,
    "small integers divided": lambda s: s / mg.constant(VALUES["s"][::-1]),
    "powers": lambda x, i: mg.stack([x**2.0, x**0.5, x ** astype(i, np.float64) * 0]),
    "a power of a float by an integer": lambda x, j: x**j,
    "a number to a power": lambda x, f: mg.stack([2**x, (-8.0) ** x, 0.5**f]),
    "where": lambda b, i, x: mg.stack([mg.where(b, i, x), mg.where(b, x, 1)]),
    "where of booleans": lambda b, c: mg.where(b, c, True),
    "where by numbers": lambda x, i: mg.where(i, x, 0.5),
    "where of booleans and numbers": lambda b, c, x: mg.where(b, c, x) + mg.where(b, c, x),
    "sums": lambda b, s, i: mg.stack([mg.sum(b), mg.sum(s), mg.sum(i)]),
    "products": lambda b, j: mg.stack([mg.prod(b), mg.prod(j)]),
    "extrema": lambda i, j: mg.stack([mg.max(i), mg.min(i), mg.min(j)]),
    "means": lambda i, u: mg.stack([mg.mean(i), mg.mean(astype(u, np.int64))]),
    "booleans as numbers": lambda b, c: astype(b, np.float64) + astype(c, np.float64),
    "numbers as booleans": lambda x, i: astype(x, np.bool) == astype(i, np.bool),
    "integers as floats": lambda s, u, i: mg.stack([astype(a, np.float32) for a in (s, u, i)]),
    "in single precision and back": lambda x: astype(astype(x, np.float32), np.float64) - x,
    "single and double": lambda f, x: mg.stack([f + x, f * x, mg.maximum(f, x)]),
    "single and integers": lambda f, i, s: mg.stack([f + i, f * astype(s, np.int64)]),
    "single and small integers": lambda f, s: f * s + f,
    "clipped": lambda x, f: mg.concat([mg.clip(x, -np.inf, 0.1), mg.clip(f, 0.1, 1e300)]),
    "open on a side": lambda x, f: mg.stack([mg.clip(x, -0.7, None), mg.clip(f, None, -0.3)]),
    "exponentials of integers": lambda i, s: mg.exp(-abs(i)) + mg.sin(s),
    "exponentials of single": lambda f: mg.stack([mg.exp(f), mg.tanh(f), mg.expm1(-abs(f))]),
    "of nan and infinity": lambda x: mg.stack([mg.exp(x), mg.sqrt(x), abs(x), mg.relu(x), -x]),
    "the larger of nan": lambda x: mg.stack([mg.maximum(x, 0), mg.maximum(0, x), mg.minimum(x, 0)]),
    "a product of integers": lambda i, j: i @ j,
    "a product of integers and floats": lambda j, f: f @ j,
    "copies": lambda u, s: mg.concat([u, mg.expand_dims(s, axis=0)[0]]),
}


def compared(name):
    call = getattr(mg.namespace, name)
    return lambda i, x, b, c, f, s: mg.stack(
        [call(*pair) for pair in ((i, x), (b, c), (f, x), (s, i), (x, x), (b, i))]
    )


COMPUTED |= {name: compared(name) for name in scalars._SIGNS}


def applied(call):
    """Return a function of nodes applied, the nodes, and their values."""
    names = call.__code__.co_varnames[: call.__code__.co_argcount]
    nodes = [mg.constant(VALUES[name], name=name) for name in names]
    with np.errstate(all="ignore"):
        return call(*nodes), nodes, [node.value for node in nodes]


@pytest.mark.parametrize("name", COMPUTED)
def test_what_numpy_makes_of_them(name):
    output, nodes, arrays = applied(COMPUTED[name])
    rtol = 1e-6 if any(a.dtype == np.float32 for a in arrays) else 1e-14
    alike(output, nodes, None, *arrays, rtol=rtol, atol=0)


WITHOUT = {
    "of small integers": (lambda s: s + s, "int16"),
    "of booleans": (lambda b, c: b + c, "bool"),
    "the largest boolean": (lambda b: mg.max(b), "bool"),
    "a power of integers": (lambda i: i**5, "int64"),
    "numbers as integers": (lambda x: astype(x, np.int64), "int64"),
    "numbers as small integers": (lambda i: astype(i, np.int8), "int8"),
    "a mean of booleans": (lambda b: mg.mean(b), None),
    "half precision": (lambda f: astype(f, np.float16), "float16"),
    "in half precision": (lambda b: mg.exp(b), "float16"),
    "a sum of natural numbers": (lambda u: mg.sum(u), "uint64"),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_dtypes_without_loops(name):
    call, dtype = WITHOUT[name]
    output, nodes, arrays = applied(call)
    message = f"no loops (that give|over) {dtype}" if dtype else "Mean: no loops for it"
    with pytest.raises(UnplannedError, match=message):
        alike(output, nodes, None, *arrays)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, np.uint64])
def test_dtypes_that_loops_cannot_read(dtype):
    x, y = mg.constant(np.ones(2, dtype), name="x"), mg.constant([1.0, 2.0], name="y")
    for inputs in ([x], [y, x]):  # needed or not
        output = x * 2 if inputs == [x] else y * 2
        with pytest.raises(UnplannedError, match=f"no loops over {np.dtype(dtype)}"):
            alike(output, inputs, None, *(node.value for node in inputs))
    large = mg.constant(np.array([1, 2], dtype))
    with pytest.raises(UnplannedError, match=f"no loops over {np.dtype(dtype)}"):
        alike(mg.where(y > 1, large, large), [y], None, y.value)
