"""What holds for every op of minigraph's holds for it compiled."""

import numpy as np
import pytest
from cases_ import EVERY_OP
from compile.compare_ import agree, both
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph import namespace


class Namespace:
    asarray = staticmethod(namespace.asarray)

    def __getattr__(self, name):
        return getattr(mg, name)


MG = Namespace()


def drawn(test):
    """Give a test a case of each op."""

    @pytest.mark.parametrize("name", EVERY_OP)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def run(name, data):
        test(data.draw(EVERY_OP[name]))

    run.__name__ = test.__name__
    return run


def scalar(case, dtype):
    nodes = [mg.parameter(a.astype(dtype), name="abc"[i]) for i, a in enumerate(case.arrays)]
    output = case.call(MG, *nodes)
    weights = np.random.default_rng(output.size).normal(size=output.shape).astype(output.dtype)
    return nodes, output, mg.sum(output * mg.constant(weights))


@drawn
def test_values_and_gradients_are_those_of_the_function(case):
    nodes, output, loss = scalar(case, np.float64)
    both(output, nodes, None, *case.arrays)
    both(loss, nodes, nodes, *case.arrays, rtol=1e-10, atol=1e-12)


@drawn
def test_float32(case):
    nodes, _, loss = scalar(case, np.float32)
    arrays = [a.astype(np.float32) for a in case.arrays]
    both(loss, nodes, nodes, *arrays, rtol=2e-3, atol=2e-4)


@drawn
def test_results_share_memory_with_nothing(case):
    nodes, output, loss = scalar(case, np.float64)
    f = mg.compile(output, nodes)
    df = mg.compile(loss, nodes, nodes)
    before = [a.tobytes() for a in case.arrays]
    expected = f(*case.arrays), df(*case.arrays)
    kept = []
    for _ in range(3):
        kept.append(f(*case.arrays))
        value, gradients = df(*case.arrays)
        kept += [value, *(g for g in gradients if g is not None)]
        for array in kept:
            array[...] = np.nan
    assert [a.tobytes() for a in case.arrays] == before
    for i, array in enumerate(kept):
        assert not any(np.shares_memory(array, other) for other in (*kept[:i], *case.arrays))
    agree((f(*case.arrays), df(*case.arrays)), expected)
