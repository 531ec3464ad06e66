"""The source of every op, run by itself, computes what the function does.

What holds for every op's numbers is tested of the compiled form where it is of the other one: in
tests/ops.
"""

import numpy as np
import pytest
from cases_ import EVERY_OP
from compile.compare_ import both
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph import namespace

pytestmark = pytest.mark.untraced


class Namespace:
    asarray = staticmethod(namespace.asarray)

    def __getattr__(self, name):
        return getattr(mg, name)


@pytest.mark.parametrize("name", EVERY_OP)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([np.float64, np.float32]))
def test_the_source_computes_what_the_function_does(name, data, dtype):
    case = data.draw(EVERY_OP[name])
    arrays = [a.astype(dtype) for a in case.arrays]
    nodes = [mg.parameter(a, name="abc"[i]) for i, a in enumerate(arrays)]
    output = case.call(Namespace(), *nodes)
    weights = np.random.default_rng(output.size).normal(size=output.shape).astype(output.dtype)
    loss = mg.sum(output * mg.constant(weights))
    rtol, atol = (1e-10, 1e-12) if dtype is np.float64 else (2e-3, 2e-4)
    both(loss, nodes, nodes, *arrays, rtol=rtol, atol=atol)
