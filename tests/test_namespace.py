"""minigraph as an array API namespace, and the flat module."""

import importlib.metadata
import subprocess
import sys

import array_api_strict as strict
import numpy as np
import pytest

import minigraph as mg
from minigraph import namespace
from minigraph.ops import probability, reduction, shape


def test_a_node_names_its_namespace():
    assert mg.constant(1.0).__array_namespace__() is namespace
    assert mg.constant(1.0).__array_namespace__(api_version="2024.12") is namespace


@pytest.mark.parametrize("name", ["float32", "float64", "int8", "int64", "uint16", "bool"])
def test_it_has_dtypes_by_name(name):
    assert getattr(namespace, name) == np.dtype(name)
    assert namespace.astype(mg.constant([1, 0]), getattr(namespace, name)).dtype == name


def test_it_has_no_more_than_it_has():
    with pytest.raises(AttributeError, match=r"minigraph\.namespace.*no_such_function"):
        _ = namespace.no_such_function


def test_what_rules_make_are_constants():
    x = mg.parameter(np.float32([[1.0, 2.0]]))
    assert namespace.asarray(x) is x
    assert namespace.asarray([1.0]).kind == "constant"
    for make, value in ((namespace.ones_like, 1.0), (namespace.zeros_like, 0.0)):
        made = make(x)
        assert (made.shape, made.dtype, made.kind) == (x.shape, x.dtype, "constant")
        assert made.value.tolist() == [[value, value]]
    assert namespace.arange(3).value.tolist() == [0, 1, 2]


# What goes by the name of the standard has the standard's parameters.
STANDARD = [name for name in mg.__all__ if hasattr(strict, name)]


@pytest.mark.parametrize("name", STANDARD)
def test_names_and_results_are_those_of_the_array_api_standard(name):
    arguments = {
        "broadcast_to": ((2, 2),),
        "clip": (0.3, 0.7),
        "expand_dims": (),
        "permute_dims": ((1, 0),),
        "reshape": ((4,),),
        "squeeze": (0,),
    }.get(name, ())
    value = np.array([[0.25, 0.5]]) if name == "squeeze" else np.array([[0.25, 0.5], [0.75, 1.0]])
    with_axis = {"sum", "mean", "max", "min", "prod", "var", "expand_dims", "concat", "stack"}
    with_axis |= {"take", "take_along_axis"}
    options = {"axis": 0} if name in with_axis else {}
    indices = np.array([1, 0, 1]) if name == "take" else np.array([[1, 0], [0, 0]])
    for inputs in {
        "concat": (((value, value),),),
        "stack": (((value, value),),),
        "take": ((value, indices),),
        "take_along_axis": ((value, indices),),
    }.get(name, ((value,), (value, value), (value > 0.3, value, value))):
        try:
            given = [
                tuple(map(strict.asarray, x)) if isinstance(x, tuple) else strict.asarray(x)
                for x in inputs
            ]
            expected = getattr(strict, name)(*given, *arguments, **options)
        except TypeError:
            continue
        result = getattr(mg, name)(*inputs, *arguments, **options)
        np.testing.assert_allclose(result.value, np.asarray(expected), rtol=1e-15)
        break
    else:
        pytest.fail(f"{name} was not called")


def test_functions_are_documented_by_their_ops():
    assert mg.sum.__doc__ is reduction.Sum.__doc__
    assert mg.softmax.__doc__ is probability.Softmax.__doc__
    assert mg.reshape.__doc__ is shape.Reshape.__doc__
    assert mg.exp.__doc__ == type(mg.exp).__doc__


# The flat module


def test_everything_public_is_there():
    scope = {}
    exec("from minigraph import *", scope)
    assert set(mg.__all__) <= set(scope)
    assert all(getattr(mg, name) is not None for name in mg.__all__)


def test_the_version_is_that_of_the_package(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: f"{name} 1.2.3")
    assert mg.__version__ == "minigraph 1.2.3"


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'minigraph' has no attribute 'no_such_thing'"):
        _ = mg.no_such_thing


def test_rooms_are_imported_when_they_are_used():
    code = (
        "import sys, minigraph as mg\n"
        "rooms = {'minigraph.draw', 'minigraph.lecture', 'graphviz', 'rich'}\n"
        "assert not rooms & set(sys.modules), rooms & set(sys.modules)\n"
        "mg.lecture.EXAMPLES\n"
        "assert 'minigraph.lecture' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_dtype_is_a_dtype():
    assert isinstance(namespace.float32, np.dtype)
    assert namespace.arange(3, dtype=namespace.float32).dtype == np.float32


def test_defaults_are_those_of_the_standard():
    x = mg.constant(np.arange(24.0).reshape(2, 3, 4))
    indices = np.zeros((2, 3, 1), int)
    assert mg.take_along_axis(x, indices).value.tolist() == x.value[..., :1].tolist()
    assert mg.expand_dims(x).shape == (1, 2, 3, 4)
    assert float(reduction.Max()(x)) == 23.0
    assert float(reduction.Min()(x)) == 0.0


def test_the_bounds_of_clip_may_be_equal_and_are_weak():
    x = mg.parameter(np.float32([-1, 0, 1]))
    clipped = mg.clip(x, np.float64(0.5), np.float64(0.5))
    assert (clipped.value.tolist(), clipped.dtype) == ([0.5, 0.5, 0.5], np.float32)
