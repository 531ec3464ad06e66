"""The loops of every op compute what the function does; which ops have none is known."""

import numpy as np
import pytest
from cases_ import EVERY_OP
from compile.loops.plain_ import alike
from compile.test_every_op import Namespace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph.compile.trace import UnplannedError

# What loops do not do, of which op. All else has loops, its gradient too.
WITHOUT = {
    "matmul": "MatMul: a stack of matrices",
    "take": "Scatter: no loops for it",  # its gradient
    "take_along_axis": "TakeAlongAxis: no loops for it",
    "index": "Index: no loops for it",  # by arrays
}


@pytest.mark.untraced
@pytest.mark.parametrize("name", EVERY_OP)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([np.float64, np.float32]))
def test_the_loops_compute_what_the_function_does(name, data, dtype):
    case = data.draw(EVERY_OP[name])
    arrays = [a.astype(dtype) for a in case.arrays]
    nodes = [mg.parameter(a, name="abc"[i]) for i, a in enumerate(arrays)]
    output = case.call(Namespace(), *nodes)
    # The cotangent is given, so that the gradient is not a constant.
    rng = np.random.default_rng(output.size)
    weights = mg.constant(rng.normal(size=output.shape).astype(output.dtype), name="w")
    rtol, atol = (1e-10, 1e-12) if dtype is np.float64 else (2e-3, 2e-4)
    reason = None
    try:
        loss = mg.sum(output * weights)
        alike(loss, [*nodes, weights], nodes, *arrays, weights.value, rtol=rtol, atol=atol)
    except UnplannedError as error:
        reason = str(error)
    assert reason == WITHOUT.get(name) or (reason is None and name in ("matmul", "index"))


def test_entries_that_are_taken_have_loops_where_no_gradient_is_asked_for():
    x = mg.parameter([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
    for axis, places in ((0, [1, 1, 0]), (1, [[2], [0]]), (-1, [])):
        alike(mg.take(x, np.array(places, int), axis=axis), [x], None, x.value)
    with pytest.raises(UnplannedError, match="positions from the end"):
        alike(mg.take(x, [-1], axis=0), [x], None, x.value)
    index = mg.constant([1, 0], name="i")
    with pytest.raises(UnplannedError, match="positions that are computed"):
        alike(mg.take(x, index, axis=0), [x, index], None, x.value, index.value)
