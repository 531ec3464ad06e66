"""Mutants: all that the mutators make of a module, each to be noticed by some test.

Not mutated: docstrings, annotations, imports, strings, decorators and bases of classes, what is
under ``if TYPE_CHECKING``, and the text of errors (all inside ``raise``).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType

from mutation.mutators import MUTATORS, NO_RULES


@dataclass(frozen=True)
class Mutant:
    """One wrong change to one module.

    Attributes
    ----------
    module : str
        As "ops/arithmetic".
    qualname : str
        The function (or class) that is changed, as "Pow.backward".
    owner : str or None
        The outermost function around the change; None for what runs when the module is imported.
    mutator : str
    number : int
        Which of the mutator's changes of this function it is, from 1.
    line, last_line : int
        A test that reaches none of these lines cannot notice.
    change, before, after : str
        What is changed, as "a → b", and the line around it before and after.
    """

    module: str
    qualname: str
    owner: str | None
    mutator: str
    number: int
    line: int
    last_line: int
    change: str
    before: str
    after: str
    path: Path = field(repr=False)
    tree: ast.Module = field(repr=False)
    slot: tuple[ast.AST, str, int | None] = field(repr=False)
    replacement: ast.AST = field(repr=False)

    @property
    def id(self) -> str:
        """The mutant's name, which stays when only lines above it change."""
        return f"{self.module}:{self.qualname or '(module)'}:{self.mutator}:{self.number}"

    def compile(self) -> CodeType:
        """Return the code of the module with the change."""
        with _put(self.slot, self.replacement):
            return compile(self.tree, str(self.path), "exec", dont_inherit=True)


@contextmanager
def _put(slot: tuple[ast.AST, str, int | None], new: ast.AST):
    """Put a node into a place of the tree for a while."""
    parent, name, index = slot
    old = getattr(parent, name)
    setattr(parent, name, new if index is None else [*old[:index], new, *old[index + 1 :]])
    try:
        yield
    finally:
        setattr(parent, name, old)


@dataclass(frozen=True)
class _Place:
    """Where a node is: see `Mutant`."""

    qualname: str = ""
    owner: str | None = None
    scope: ast.stmt | None = None
    statement: ast.stmt | ast.match_case | None = None


def find(path: Path, module: str) -> list[Mutant]:
    """Return the mutants of a module, in the order of its text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    slots: dict[object, tuple[ast.AST, str, int | None]] = {}
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                slots[child] = (parent, name, index)
    counts: Counter[tuple[str, str]] = Counter()
    mutants = []
    for node, place in _walk(tree, _Place()):
        for mutate in MUTATORS:
            for target, new in mutate(node):
                old, changed = ast.unparse(target), ast.unparse(new)
                if old == changed:
                    continue
                ast.fix_missing_locations(ast.copy_location(new, target))
                statement = target if isinstance(target, ast.stmt) else place.statement
                assert isinstance(statement, ast.stmt | ast.match_case)
                with _put(slots[target], new):
                    after = _shown(new if isinstance(new, ast.stmt) else statement)
                counts[place.qualname, mutate.__name__] += 1
                # Of what has statements inside, only the line (or lines) of the change itself; of
                # defaults, all that they are defaults of.
                span = target if hasattr(statement, "body") else statement
                if place.owner is None and place.scope is not None:
                    span = place.scope
                assert isinstance(span, ast.stmt | ast.expr)
                mutants.append(
                    Mutant(
                        module,
                        place.qualname,
                        place.owner,
                        mutate.__name__,
                        counts[place.qualname, mutate.__name__],
                        span.lineno,
                        span.end_lineno or span.lineno,
                        f"{old} → {changed}",
                        _shown(statement),
                        after,
                        path,
                        tree,
                        slots[target],
                        new,
                    )
                )
    return mutants


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    """Yield what may be mutated, and where it is."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Expr(ast.Constant()):
            return
        case ast.If(ast.Name("TYPE_CHECKING")):
            return
        case ast.keyword(name) if name in NO_RULES:
            return
        case ast.keyword(_, ast.Constant(bool())):  # dropped, it is the other
            return
        case ast.stmt() | ast.match_case():
            place = replace(place, statement=node)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        qualname = f"{place.qualname}.{node.name}".strip(".")
        place = replace(place, qualname=qualname, scope=node)
    if isinstance(node, ast.FunctionDef):
        for child in (*node.decorator_list, node.args):  # run outside the function
            yield from _walk(child, place)
        place = replace(place, owner=place.owner or place.qualname)
    yield node, place
    match node:
        case ast.Raise() | ast.arg():
            return
        case ast.FunctionDef() | ast.ClassDef():
            children = node.body
        case ast.AnnAssign():
            children = [node.value] if node.value else []
        case _:
            children = ast.iter_child_nodes(node)
    for child in children:
        yield from _walk(child, place)


def _shown(statement: ast.stmt | ast.match_case) -> str:
    """Return a statement on one line; of a compound one, the line that begins it."""
    lines = ast.unparse(statement).splitlines()
    return next(line for line in lines if line and not line.startswith("@"))
