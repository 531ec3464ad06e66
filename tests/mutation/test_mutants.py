"""The mutators, on small functions; and that a mutant's process tells what became of it."""

import os
import signal
import textwrap

import pytest
from mutation import session
from mutation.mutants import find
from mutation.mutators import MUTATORS

# What each mutator makes of a body of f(xp, x, y).
CHANGES = {
    "arithmetic": [
        ("return x + y", ["x + y → x - y"]),
        ("return x @ y ** 2", ["x @ y ** 2 → x * y ** 2", "y ** 2 → y * 2"]),
        ("x -= y", ["x -= y → x += y"]),
        ("return isinstance(x, int | None)", []),
        ("return 'a' + x", []),
    ],
    "sign": [("return -x", ["-x → x"])],
    "negation": [("return not x, ~y", ["not x → x", "~y → y"])],
    "comparison": [
        ("return x < y", ["x < y → x <= y", "x < y → x > y"]),
        ("return 0 <= x == y", ["<= → <", "<= → >=", "== → !="]),
        ("return x is None", ["x is None → x is not None"]),
        ("return x not in y", ["x not in y → x in y"]),
    ],
    "boolean": [("return x and y", ["x and y → x or y"])],
    "number": [("return x[0] + 1.5", ["0 → 1", "1.5 → 2.5"]), ("return True", [])],
    "truth": [("return g(x, True)", ["True → False"]), ("return g(x, keepdims=True)", [])],
    "none": [
        ("return None, x", ["None → 0"]),
        ("return g(None, axis=None)", ["None → 0", "None → 0"]),
        ("return x is None", []),
    ],
    "returned": [("return x", ["x → None"]), ("return None", [])],
    "condition": [
        ("if x: y()", ["x → True", "x → False"]),
        ("while x: y()", ["x → False"]),
        ("while True: y()", []),
        ("return x if y else 1", ["x if y else 1 → x", "x if y else 1 → 1"]),
        ("return [i for i in x if i]", ["i → True"]),
    ],
    "branches": [("return xp.where(x, y, 0)", ["xp.where(x, y, 0) → xp.where(x, 0, y)"])],
    "keyword": [
        ("return xp.sum(x, axis=0, keepdims=True)", ["axis=0", "keepdims=True"]),
        ("return zip(x, y, strict=True)", []),
        ("return g(**x)", []),
    ],
    "function": [
        ("return xp.exp(x)", ["xp.exp → xp.expm1"]),
        ("return xp.expm1(x)", ["xp.expm1 → xp.exp"]),
        ("return x.max() + max(y)", ["x.max → x.min", "max → min"]),
        ("x.sum = y", []),
    ],
    "unwrapped": [
        ("return xp.abs(x)", ["xp.abs(x) → x"]),
        ("return x.copy(), y.mT", ["x.copy() → x", "y.mT → y"]),
        ("return reversed(x), g(y)", ["reversed(x) → x"]),
    ],
    "deletion": [
        ("x.append(y)", ["x.append(y) → pass"]),
        ("x = y", []),
        ("x.name = y", ["x.name = y → pass"]),
        ("if x: y()", []),
        ("if x: y()\nelse: x()", ["y() → pass", "x() → pass"]),
    ],
    "order": [("return x, y, 1", ["(x, y, 1) → (y, x, 1)", "(x, y, 1) → (x, 1, y)"])],
    "jump": [("for i in x:\n if y: continue\n break", ["continue → break", "break → continue"])],
}


@pytest.fixture
def mutants(tmp_path):
    """Return what finds the mutants of a text."""

    def mutants(text, mutator=None):
        file = tmp_path / "module.py"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return [m for m in find(file, "module") if mutator in (None, m.mutator)]

    return mutants


@pytest.mark.parametrize(
    ("mutator", "body", "expected"),
    [(name, *case) for name, cases in CHANGES.items() for case in cases],
)
def test_what_is_changed(mutants, mutator, body, expected):
    text = "def f(xp, x, y):\n" + textwrap.indent(body, "    ")
    changes = [mutant.change for mutant in mutants(text, mutator)]
    assert len(changes) == len(expected)
    for change, words in zip(changes, expected, strict=True):
        before, after = change.split(" → ")
        old, arrow, new = words.partition(" → ")
        # Of long changes, only the part that differs is written above.
        assert (old in before and new in after) if arrow else (old in before and old not in after)


def test_a_case_of_a_match_is_shown_by_itself(mutants):
    (guard,) = mutants("""
        def f(x, y):
            match x:
                case 1 if y and x:
                    pass
    """, "boolean")  # fmt: skip
    assert (guard.line, guard.before, guard.after) == (
        4,
        "case 1 if y and x:",
        "case 1 if y or x:",
    )


def test_each_mutator_is_tested():
    assert {mutate.__name__ for mutate in MUTATORS} == set(CHANGES)


def test_what_is_no_rule_is_left_alone(mutants):
    assert not mutants('''
        """A module, 1 + 1."""

        from __future__ import annotations

        import numpy as np

        if TYPE_CHECKING:
            LIMIT = 3


        @dataclass(frozen=True)
        class Op(Base):
            """Text, 1 + 1."""

            notation = "{} + {}"

            def f(self, x: 3, y: g(axis=1)) -> np.max(3):
                """Text, 1 + 1."""
                message = f"{x + 1}"
                other: int | None
    ''')


def test_the_text_of_an_error_is_left_alone_but_not_that_it_is_raised(mutants):
    found = mutants("""
        def f(x):
            y = 3
            raise ValueError(f"{x + 1}", fix=x - 1, nodes=[x])
    """)
    assert [(m.mutator, m.after) for m in found] == [("deletion", "pass"), ("number", "y = 4")]


MODULE = """
    class Op:
        keepdims: bool = False

        def backward(self, g, axis=1):
            return lambda: g + 1


    def f(x):
        if x > 2:
            return x
        return -x


    LIMIT = 5
"""


def test_ids_are_distinct_and_do_not_depend_on_the_line(mutants):
    found = mutants(MODULE)
    ids = [mutant.id for mutant in found]
    assert len(set(ids)) == len(ids)
    assert "module:Op.backward:number:2" in ids
    assert "module:(module):number:1" in ids
    moved = mutants("# a line above\n" + textwrap.dedent(MODULE))
    assert [mutant.id for mutant in moved] == ids
    assert [mutant.line for mutant in moved] == [mutant.line + 1 for mutant in found]


@pytest.mark.parametrize(
    ("change", "owner", "lines"),
    [
        ("g + 1 → g - 1", "Op.backward", (6, 6)),
        ("x > 2 → x >= 2", "f", (10, 10)),
        # Defaults and attributes matter to whatever runs what they belong to.
        ("False → True", None, (2, 6)),
        ("1 → 2", None, (5, 6)),
        ("5 → 6", None, (15, 15)),
    ],
)
def test_where_a_change_is(mutants, change, owner, lines):
    found = [m for m in mutants(MODULE) if m.change == change]
    assert (owner, lines) in [(m.owner, (m.line, m.last_line)) for m in found]


def test_a_mutant_is_compiled_and_leaves_the_tree_as_it_was(mutants):
    def run(code):
        space = {}
        exec(code, space)
        return [space["f"](x) for x in (1, 2, 3)]

    found = {mutant.change: mutant for mutant in mutants(MODULE) if mutant.owner == "f"}
    results = {change: run(mutant.compile()) for change, mutant in found.items()}
    assert results == {
        "x > 2 → True": [1, 2, 3],
        "x > 2 → False": [-1, -2, -3],
        "x > 2 → x >= 2": [-1, 2, 3],
        "x > 2 → x < 2": [1, -2, -3],
        "2 → 3": [-1, -2, -3],
        "x → None": [-1, -2, None],
        "-x → None": [None, None, 3],
        "-x → x": [1, 2, 3],
    }


def crash():
    os.kill(os.getpid(), signal.SIGKILL)


def hang():
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    while True:
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the trials fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*fork:RuntimeWarning")
def test_what_becomes_of_a_mutant():
    works = {
        "nothing fails": lambda: None,
        "a test fails": lambda: "test_f",
        "it hangs": hang,
        "it crashes": crash,
        "pytest itself fails": lambda: 1 / 0,
    }
    trials = (session.Trial(name, work) for name, work in works.items())
    found = {name: (outcome, text) for name, outcome, text in session.outcomes(trials, 2)}
    assert found.pop("pytest itself fails")[1].endswith("ZeroDivisionError: division by zero\n")
    assert found == {
        "nothing fails": ("survived", ""),
        "a test fails": ("killed", "test_f"),
        "it hangs": ("timed out", ""),
        "it crashes": ("unclear", "the process ended with -9"),
    }
