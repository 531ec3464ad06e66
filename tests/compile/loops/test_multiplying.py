"""Products of matrices as loops and by BLAS, whichever way round they lie."""

import numpy as np
import pytest
from compile.loops.plain_ import alike

import minigraph as mg
from minigraph.compile.loops import multiplying
from minigraph.compile.trace import UnplannedError

rng = np.random.default_rng(0)
A, B, C = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(3, 5))

PRODUCTS = {
    "A B": lambda a, b, c: a @ b,
    "(Bᵀ Aᵀ)ᵀ": lambda a, b, c: (b.T @ a.T).T,
    "Aᵀ C": lambda a, b, c: a.T @ c,
    "C Bᵀ": lambda a, b, c: c @ b.T,
    "of results": lambda a, b, c: mg.exp(a) @ mg.sin(b),
    "of transposed results": lambda a, b, c: mg.exp(a).T @ c,
    "of products": lambda a, b, c: (a @ b).T @ (c @ b.T),
    "of a product and its transpose": lambda a, b, c: (a @ b) @ (a @ b).T,
    "of transposed products": lambda a, b, c: mg.tanh((a.T @ c) @ c.T) @ a,
    "of a part": lambda a, b, c: a[:, 1:] @ b[1:],
    "of every other": lambda a, b, c: a[:, ::2] @ b[::2],
    "of a repeated row": lambda a, b, c: mg.broadcast_to(a[:1], (6, 4)) @ b,
    "reshaped": lambda a, b, c: mg.reshape(a, (4, 3)) @ c,
    "of a constant": lambda a, b, c: a @ mg.constant(B[::-1]),
    "from a constant": lambda a, b, c: mg.constant(A[::-1]) @ b,
    "the square of": lambda a, b, c: (a @ a.T) @ (a @ a.T),
    "in a sum": lambda a, b, c: a @ b + mg.square(a @ b) - c,
    "with its transpose": lambda a, b, c: a.T @ a,
    "of vectors": lambda a, b, c: mg.stack([a[0] @ a[1], a[:, 0] @ c[:, 1]]),
    "of a matrix and a vector": lambda a, b, c: (a @ b[:, 0]) + (c[0] @ b.T)[0],
    "of long vectors": lambda a, b, c: mg.reshape(a, (12,)) @ mg.reshape(mg.exp(a), (12,)),
    "of one row": lambda a, b, c: a[:1] @ b,
    "of one column": lambda a, b, c: a @ b[:, :1],
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("limits", [(4000, 100_000), (0, 100_000), (0, 0)])
@pytest.mark.parametrize("name", PRODUCTS)
def test_products(name, limits, dtype, monkeypatch):
    monkeypatch.setattr(multiplying, "FEW", limits[0])
    monkeypatch.setattr(multiplying, "SMALL", limits[1])
    arrays = [x.astype(dtype) for x in (A, B, C)]
    nodes = [mg.parameter(x, name=name) for x, name in zip(arrays, "abc", strict=True)]
    output = PRODUCTS[name](*nodes)
    rtol, atol = (1e-12, 1e-12) if dtype is np.float64 else (1e-4, 1e-4)
    alike(output, nodes, None, *arrays, rtol=rtol, atol=atol)
    made = alike(mg.sum(mg.sin(output)), nodes, nodes, *arrays, rtol=rtol, atol=atol)
    assert limits[0] or "product" in made.text or "vector" in name


def test_a_product_that_is_a_result_is_put_where_it_is_wanted(monkeypatch):
    monkeypatch.setattr(multiplying, "FEW", 0)
    w, x = mg.parameter(A, name="w"), mg.constant(B, name="x")
    made = alike(mg.sum(mg.sin(w @ x)), [w, x], [w, x], A, B)
    compute = made.text[: made.text.index("def call")]
    assert "dL_dx, 0, False)" in compute
    assert "dL_dx[" not in compute


def test_stacks_of_matrices_have_no_loops():
    a, b = mg.constant(np.ones((2, 3, 4)), name="a"), mg.constant(B, name="b")
    with pytest.raises(UnplannedError, match="a stack of matrices"):
        alike(a @ b, [a, b], None, a.value, B)
