"""Programs of loops as plain Python on NumPy's scalars: what numba compiles, without numba."""

import ast

import numpy as np
from compile.compare_ import agree

import minigraph as mg
from minigraph.compile.loops import elementary
from minigraph.compile.loops.blocking import block_size
from minigraph.compile.loops.program import program
from minigraph.compile.trace import trace


def written(output, inputs, wrt, *arrays, block=None):
    """Return the program that `mg.compile` with jit has of a graph."""
    f = mg.function(output, inputs, wrt)
    given = [np.asarray(a) for a in arrays]
    rule = block_size if block is None else lambda *_: block or None
    place = {node: i for i, node in enumerate(inputs)}
    return program(trace(f, given, block=rule), [place.get(x) for x in wrt or ()], wrt is None)


class _OfNumPy(ast.NodeTransformer):
    """Makes a number with a point NumPy's: Python's own raises where that overflows."""

    def visit_Constant(self, node):
        if not isinstance(node.value, float):
            return node
        return ast.Call(ast.parse("np.float64", mode="eval").body, [node], [])


def space_of(made):
    """Return the functions of a program."""
    space = {**vars(elementary), **made.constants}
    tree = ast.fix_missing_locations(_OfNumPy().visit(ast.parse(made.text)))
    exec(compile(tree, "<loops>", "exec"), space)
    space["np"] = _Spoiling()
    return space


def spoiled(shape, dtype):
    """Return memory in which nothing was put: whatever is read of it would be seen."""
    return np.full(shape, np.nan if np.dtype(dtype).kind == "f" else 77, dtype)


class _Spoiling:
    """NumPy, whose empty arrays are spoiled."""

    empty = staticmethod(spoiled)

    def __getattr__(self, name):
        return getattr(np, name)


def more(made, *kinds):
    """Return what a program is given beside its arguments, with memory of some kinds."""
    memory = [spoiled(n, dtype) for kind in kinds for n, dtype in kind.values()]
    return [*made.given.values(), *memory]


def call(made, *arrays):
    """Call a program once."""
    with np.errstate(all="ignore"):
        return space_of(made)["call"](*map(np.asarray, arrays), *more(made, made.work))


def alike(output, inputs, wrt, *arrays, block=None, rtol=1e-12, atol=1e-13):
    """Check that a program has the numbers of `mg.function`, and return it."""
    made = written(output, inputs, wrt, *arrays, block=block)
    agree(call(made, *arrays), mg.function(output, inputs, wrt)(*arrays), rtol, atol)
    return made
