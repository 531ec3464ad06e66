"""A compiled function beside `mg.function`: called more than once, on the same arrays."""

import numpy as np

import minigraph as mg


def both(output, inputs, wrt, *arrays, planned=True, rtol=1e-12, atol=1e-13):
    """Check that the two agree, the first time and from the plan, and return the compiled one."""
    expected = mg.function(output, inputs, wrt)(*arrays)
    f = mg.compile(output, inputs, wrt)
    for _ in range(3):
        agree(f(*arrays), expected, rtol, atol)
    if planned:
        run_from_plan(f, arrays, expected, rtol, atol)
    return f


def run_from_plan(f, arrays, expected, rtol=1e-12, atol=1e-13):
    """Check that it is the plan that agrees, and not what stands in for a plan that fails."""
    space = {}
    exec(compile(f.source, "<source>", "exec"), space)
    step = space["plan"](**f.constants)
    given = [np.asarray(a, dtype=None) for a in arrays]
    with np.errstate(all="ignore"):
        agree(step(*given), expected, rtol, atol)


def agree(found, expected, rtol=1e-12, atol=1e-13):
    """Check that two results are of the same form and the same numbers."""
    if expected is None:
        assert found is None
    elif isinstance(expected, tuple):
        assert type(found) is tuple
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            agree(one, other, rtol, atol)
    else:
        assert type(found) is type(expected) is np.ndarray
        assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol)
