"""Names: whatever they are, none becomes code."""

import ast

import pytest
from compile.compare_ import both

import minigraph as mg

HOSTILE = [
    "__import__('os')",
    "a\nimport os",
    "a\r\x0b\x0c\x1c\x85\u2028import os",
    "import",
    "np",
    "step",
    "print",
    "'''",
    '"""',
    "\\",
    "{out}",
    "#",
    "",
    "𝐧𝐩",
    "ℓ" * 500,
    "\ud800",
    "\u202e",
    "0x",
    "c",
    "z\x00",
    "match",
    "ﬁ",
    "__debug__",
    "None",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_code(name):
    x, y = mg.parameter([1.0, 2.0], name=name), mg.constant([3.0, 4.0], name=name)
    middle = mg.exp(x * y).named(name)
    f = both(mg.sum(middle * middle).named(name), [x, y], [x], [1.0, 2.0], [3.0, 4.0])
    nodes = list(ast.walk(ast.parse(f.source)))
    imports = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(n) for n in imports] == ["import numpy as np"]
    called = [ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)]
    usual = {"np.array", "np.empty", "np.multiply", "np.exp", "np.add.reduce", "np.add"}
    assert {name for name in called if not name.endswith(".reshape")} <= usual
