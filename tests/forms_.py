"""The forms in which a graph is computed: node by node at once, and compiled.

What holds for the numbers of a graph is tested in both. The text of a test is there once: it says
``form`` where it reads numbers.
"""

import inspect
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings

import minigraph as mg
from minigraph.graph import topological_order

EXAMPLES = 10
"""How many examples the compiled form is tested with: each needs a plan of its own."""


class Eager:
    """Values as the nodes hold them; gradients by `.backward()`, which the graph confirms."""

    def __str__(self):
        return "eager"

    def value(self, node):
        return node.value

    def slopes(self, output, wrt, cotangent=None, rtol=1e-12, atol=1e-14):
        """Return the gradients of a scalar, or along a cotangent; None where no path leads."""
        graphs = mg.grad(output, wrt, cotangent=cotangent)
        if any(graph is not None for graph in graphs):
            _contracted(output, cotangent).backward()
        found = []
        for node, graph in zip(wrt, graphs, strict=True):
            if graph is None:  # nothing flows here, and nothing must
                assert node.grad is None
                found.append(None)
                continue
            assert type(node.grad) is type(graph.value) is np.ndarray
            assert node.grad.shape == graph.shape == node.shape
            assert node.grad.dtype == graph.dtype == node.dtype
            np.testing.assert_allclose(graph.value, node.grad, rtol=rtol, atol=atol)
            found.append(node.grad)
        return tuple(found)

    def function(self, output, inputs, wrt=None):
        return mg.function(output, inputs, wrt)


@dataclass(frozen=True)
class Compiled:
    """The same by a plan, made for other numbers of the parameters: nothing may hang on them.

    Each call is made again, and checked for what is promised of any: the same bits, arrays of
    their own, nothing written that was given, and no function that stands in for a plan that
    fails.

    Parameters
    ----------
    data : bool
        Whether constants and targets are arguments too.
    stand_in : bool
        Whether the function may stand in: where a gradient is nan but for a guard.
    """

    data: bool = False
    stand_in: bool = False

    def __str__(self):
        return "compiled, data given" if self.data else "compiled"

    def value(self, node):
        inputs = self._inputs(node)
        return self.function(node, inputs)(*[x.value for x in inputs])

    def slopes(self, output, wrt, cotangent=None, **_):
        total = _contracted(output, cotangent)
        inputs = self._inputs(total, *wrt)
        _, found = self.function(total, inputs, wrt)(*[x.value for x in inputs])
        for node, gradient in zip(wrt, found, strict=True):
            if gradient is not None:
                assert (gradient.shape, gradient.dtype) == (node.shape, node.dtype)
        return found

    def function(self, output, inputs, wrt=None):
        f = mg.compile(output, inputs, wrt)
        free = [node.kind == "parameter" for node in inputs]
        return lambda *arrays: self._called(f, free, arrays)

    def _inputs(self, *nodes):
        return [
            leaf
            for leaf in topological_order(*nodes)
            if leaf.op is None
            and leaf.source is None  # a number of a rule's is no input
            and (leaf.kind == "parameter" or (self.data and leaf.kind != "scalar"))
        ]

    def _called(self, f, free, arrays):
        f(*(_other(a, i) if free[i] else a for i, a in enumerate(arrays)))
        assert f.source
        whole, f.function = f.function, _Counted(f.function)
        before = [np.asarray(a).tobytes() for a in arrays]
        first = _flat(f(*arrays))
        bits = list(map(_bits, first))
        for array in first:
            if array is not None:
                assert type(array) is np.ndarray
                array.fill(0)  # the caller's own: what is written to it is nobody else's
        result = f(*arrays)
        assert not f.function.calls or self.stand_in, "the function stood in for the plan"
        f.function = whole
        assert list(map(_bits, _flat(result))) == bits
        assert [np.asarray(a).tobytes() for a in arrays] == before
        made = [a for a in (*first, *_flat(result), *map(np.asarray, arrays)) if a is not None]
        for i, array in enumerate(made[: -len(arrays) or None]):
            assert not any(np.shares_memory(array, other) for other in made[i + 1 :])
        return result


def _contracted(output, cotangent):
    return output if cotangent is None else mg.sum(mg.constant(cotangent) * output)


class _Counted:
    """A function of a graph that counts how often it is called."""

    def __init__(self, f):
        self._f, self.calls = f, 0

    def __getattr__(self, name):
        return getattr(self._f, name)

    def __call__(self, *arrays):
        self.calls += 1
        return self._f(*arrays)


def _other(array, seed):
    """Return other numbers of the same shape and dtype."""
    array = np.asarray(array)
    if array.dtype.kind != "f":
        return array
    return np.random.default_rng(seed).uniform(0.25, 0.75, array.shape).astype(array.dtype)


def _flat(result):
    return [result[0], *result[1]] if isinstance(result, tuple) else [result]


def _bits(array):
    return None if array is None else (array.shape, array.dtype, array.tobytes())


EAGER, COMPILED = Eager(), Compiled()
GIVEN = Compiled(data=True)
WITH_GUARDS = Compiled(stand_in=True)

both = pytest.mark.parametrize("form", [EAGER, COMPILED], ids=str)
"""Run a test in both forms."""

guarded = pytest.mark.parametrize("form", [EAGER, WITH_GUARDS], ids=str)
"""The same where what is not finite is only a guard's to keep out: that the function sees to."""

every = pytest.mark.parametrize("form", [EAGER, COMPILED, GIVEN], ids=str)
"""Run a test in both forms, and in the compiled one with targets and data as arguments, too."""

functions = pytest.mark.parametrize(
    "function", [mg.function, mg.compile], ids=["function", "compile"]
)
"""Run a test of a graph as a function of arrays with each of the two that make one."""


def given_in(*forms, examples=EXAMPLES, **options):
    """Return a `hypothesis.given` that runs a test in these forms, the compiled on few examples.

    The test takes the form as its first argument. Options are hypothesis's settings.
    """

    def given_to(*drawn, **named):
        def decorate(test):
            runs = {}
            for form in forms:
                chosen = options if form is EAGER else options | {"max_examples": examples}
                runs[form] = given(*drawn, **named)(test)
                if chosen:
                    runs[form] = settings(**chosen)(runs[form])

            def run(form, **others):
                runs[form](form=form, **others)

            for name in ("__name__", "__qualname__", "__doc__", "__module__"):
                setattr(run, name, getattr(test, name))
            run.__signature__ = inspect.signature(runs[forms[0]])
            return pytest.mark.parametrize("form", forms, ids=str)(run)

        return decorate

    return given_to


both_given = given_in(EAGER, COMPILED)
"""`hypothesis.given` for both forms."""

every_given = given_in(EAGER, COMPILED, GIVEN)
"""The same with targets and data as arguments, too: then less is known of them."""
