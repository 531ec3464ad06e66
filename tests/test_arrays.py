"""NumPy's namespace made quick, and the finding of others."""

import sys
import types

import array_api_strict as strict
import numpy as np
import pytest
from hypothesis import given
from strategies_ import arrays

import minigraph as mg
from minigraph import namespace
from minigraph.arrays import NUMPY, array_namespace, quietly, watched


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "matrix_transpose"])
@given(arrays((2, 3)))
def test_the_quick_functions_are_those_of_numpy(name, x):
    quick, slow = getattr(NUMPY, name), getattr(np, name)
    np.testing.assert_allclose(quick(x), slow(x), rtol=1e-15)
    if name != "matrix_transpose":
        for options in ({"axis": 0}, {"axis": (0, 1), "keepdims": True}, {"axis": ()}):
            np.testing.assert_allclose(quick(x, **options), slow(x, **options), rtol=1e-15)


def test_the_rest_is_numpy():
    assert NUMPY.exp is np.exp
    with pytest.raises(AttributeError):
        _ = NUMPY.no_such_function


def test_what_is_computed_quietly_leaves_the_settings_as_they_were():
    with np.errstate(all="raise"):
        assert quietly(np.log, np.float64(0)) == -np.inf
        assert np.geterr()["divide"] == "raise"
    assert not watched(np.log, np.float64(1))
    assert watched(np.log, np.float64(0))
    assert not watched(np.log, np.float64(1))


def test_the_namespace_of_arrays():
    assert array_namespace() is NUMPY
    assert array_namespace(1, 2.0, True, [1], (2,)) is NUMPY
    assert array_namespace(np.ones(1), np.float64(1), 2.0) is NUMPY
    assert array_namespace(strict.asarray(1.0), 2.0) is strict
    assert array_namespace(mg.constant(1.0), 2.0) is namespace


class Tensor:
    """An array of a library that array-api-compat knows, as PyTorch's."""


def test_the_package_array_api_compat_is_asked_for_others(monkeypatch):
    xp = types.SimpleNamespace(__name__="tensors")
    fake = types.SimpleNamespace(array_namespace=lambda array: xp)
    monkeypatch.setitem(sys.modules, "array_api_compat", fake)
    assert array_namespace(Tensor()) is xp


def test_without_it_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(mg.GraphError, match="pip install array-api-compat"):
        array_namespace(Tensor())


def test_the_mean_of_half_precision_does_not_overflow():
    assert NUMPY.mean(np.full(10, 1e4, dtype=np.float16)) == 1e4


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1), ()])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_mean_along_any_axes(axis, keepdims, dtype):
    x = np.arange(6, dtype=dtype).reshape(2, 3)
    found, expected = (f.mean(x, axis=axis, keepdims=keepdims) for f in (NUMPY, np))
    np.testing.assert_array_equal(found, expected)
    assert (np.shape(found), found.dtype) == (np.shape(expected), dtype)


def test_a_library_that_brings_its_namespace_needs_no_other(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    assert array_namespace(strict.asarray([1.0])) is strict
