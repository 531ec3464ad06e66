"""Mutators: the small mistakes that a programmer might make, each as a change to a syntax tree.

A mutator is a function that gets one node of a tree, and yields pairs: a node (it, or one below
it) and what to put in its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Changes = Iterator[tuple[ast.AST, ast.AST]]

MUTATORS: list[Callable[[ast.AST], Changes]] = []


def mutator(function: Callable[[ast.AST], Changes]) -> Callable[[ast.AST], Changes]:
    """Take a function among the mutators."""
    MUTATORS.append(function)
    return function


ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    "sum mean, prod sum, max min, argmax argmin, maximum minimum, exp expm1, log log1p, sin cos, "
    "sqrt square, zeros_like ones_like, any all, sign abs, isfinite isnan, "
    "cumulative_sum sum, take take_along_axis, concat stack"
)
# Each of a pair for the other; where two pairs share a function, the first counts.
FUNCTIONS: dict[str, str] = {}
for _old, _new in (pair.split() for pair in _PAIRS.split(", ")):
    FUNCTIONS.setdefault(_old, _new)
    FUNCTIONS.setdefault(_new, _old)
# Calls that may stand between a value and its use: f(x, ...) becomes x, and x.f() becomes x.
WRAPPERS = {"reversed", "sorted", "abs"}
METHODS = {"copy", "astype", "view"}
NAMESPACES = {"xp", "np", "namespace"}
# Arguments that say nothing that could be wrong: `zip(..., strict=True)` asserts what holds anyway.
NO_RULES = {"strict", "doc"}


@mutator
def arithmetic(node: ast.AST) -> Changes:
    """Put another operator: a + b → a − b."""
    match node:
        case ast.BinOp(left, operator, right):
            if type(operator) not in ARITHMETIC or _is_text(left) or _is_text(right):
                return
            if not (isinstance(operator, ast.BitOr) and _is_name(left) and _is_name(right)):
                yield node, ast.BinOp(left, ARITHMETIC[type(operator)](), right)
        case ast.AugAssign(target, operator, value) if type(operator) in ARITHMETIC:
            if not _is_text(value):
                yield node, ast.AugAssign(target, ARITHMETIC[type(operator)](), value)


@mutator
def sign(node: ast.AST) -> Changes:
    """Drop a minus: −x → x."""
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            yield node, operand


@mutator
def negation(node: ast.AST) -> Changes:
    """Drop a ``not`` or ``~``."""
    match node:
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            yield node, operand


@mutator
def comparison(node: ast.AST) -> Changes:
    """Move or turn a comparison: a < b → a <= b, a > b."""
    match node:
        case ast.Compare(left, operators, comparators):
            for i, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    changed = [*operators[:i], other(), *operators[i + 1 :]]
                    yield node, ast.Compare(left, changed, comparators)


@mutator
def boolean(node: ast.AST) -> Changes:
    """Put ``or`` for ``and``, and the reverse."""
    match node:
        case ast.BoolOp(operator, values):
            yield node, ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)


@mutator
def number(node: ast.AST) -> Changes:
    """Add one to a number."""
    match node:
        case ast.Constant(int() | float() as value) if not isinstance(value, bool):
            yield node, ast.Constant(value + 1)


@mutator
def truth(node: ast.AST) -> Changes:
    """Put False for True, and the reverse."""
    match node:
        case ast.Constant(bool(value)):
            yield node, ast.Constant(not value)


@mutator
def none(node: ast.AST) -> Changes:
    """Put 0 for None where None is a value: an argument, an entry of a tuple, a default."""
    children: list[ast.AST | None] = []
    match node:
        case ast.Call(_, arguments, keywords):
            children = [*arguments, *(keyword.value for keyword in keywords)]
        case ast.Tuple(entries):
            children = [*entries]
        case ast.IfExp(_, body, otherwise):
            children = [body, otherwise]
        case ast.arguments():
            children = [*node.defaults, *node.kw_defaults]
        case ast.Assign() | ast.AnnAssign():
            children = [node.value]
    for child in children:
        if isinstance(child, ast.Constant) and child.value is None:
            yield child, ast.Constant(0)


@mutator
def returned(node: ast.AST) -> Changes:
    """Return None."""
    match node:
        case ast.Return(ast.expr() as value) if not _is_none(value):
            yield value, ast.Constant(None)


@mutator
def condition(node: ast.AST) -> Changes:
    """Force a condition to be true, or false."""
    match node:
        case ast.If(test):
            yield test, ast.Constant(True)
            yield test, ast.Constant(False)
        case ast.While(test) if not isinstance(test, ast.Constant):
            yield test, ast.Constant(False)
        case ast.IfExp(_, body, otherwise):
            yield node, body
            yield node, otherwise
        case ast.comprehension():
            for test in node.ifs:
                yield test, ast.Constant(True)


@mutator
def branches(node: ast.AST) -> Changes:
    """Swap the two branches of a ``where``."""
    match node:
        case ast.Call(ast.Attribute(_, "where"), [test, a, b], keywords):
            yield node, ast.Call(node.func, [test, b, a], keywords)


@mutator
def keyword(node: ast.AST) -> Changes:
    """Drop an argument that is given by name."""
    match node:
        case ast.Call(function, arguments, keywords):
            for i, given in enumerate(keywords):
                if given.arg not in (None, *NO_RULES):
                    yield node, ast.Call(function, arguments, keywords[:i] + keywords[i + 1 :])


@mutator
def function(node: ast.AST) -> Changes:
    """Take another function of the namespace, or of Python: max → min."""
    match node:
        case ast.Attribute(value, str(name), ast.Load()) if name in FUNCTIONS:
            yield node, ast.Attribute(value, FUNCTIONS[name], ast.Load())
        case ast.Call(ast.Name("any" | "all" | "max" | "min" as name)):
            yield node.func, ast.Name(FUNCTIONS[name], ast.Load())


@mutator
def unwrapped(node: ast.AST) -> Changes:
    """Leave a function out: xp.abs(x) → x, x.copy() → x, x.mT → x."""
    match node:
        case ast.Call(ast.Attribute(ast.Name(space), _), [first, *_]) if space in NAMESPACES:
            if not isinstance(first, ast.Starred):
                yield node, first
        case ast.Call(ast.Name(name), [first]) if name in WRAPPERS:
            yield node, first
        case ast.Call(ast.Attribute(value, name)) if name in METHODS:
            yield node, value
        case ast.Attribute(value, "mT" | "T", ast.Load()):
            yield node, value


@mutator
def deletion(node: ast.AST) -> Changes:
    """Delete a statement; but not what first gives a local variable its value."""
    for block in _blocks(node):
        # Of an `if` with one statement, the forced condition says the same.
        alone = isinstance(node, ast.If) and len(block) == 1 and not node.orelse
        for statement in block:
            match statement:
                case ast.Expr(ast.Constant()):
                    continue
                case ast.Assign(targets):
                    deletable = all(isinstance(t, ast.Attribute | ast.Subscript) for t in targets)
                case _:
                    deletable = isinstance(
                        statement,
                        ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break,
                    )
            if deletable and not alone:
                yield statement, ast.Pass()


@mutator
def order(node: ast.AST) -> Changes:
    """Swap neighbours in a tuple that is returned."""
    match node:
        case ast.Return(ast.Tuple(entries) as value):
            for i in range(len(entries) - 1):
                swapped = [*entries[:i], entries[i + 1], entries[i], *entries[i + 2 :]]
                yield value, ast.Tuple(swapped, ast.Load())


@mutator
def jump(node: ast.AST) -> Changes:
    """Put ``break`` for ``continue``, and the reverse."""
    match node:
        case ast.Continue():
            yield node, ast.Break()
        case ast.Break():
            yield node, ast.Continue()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_name(node: ast.AST) -> bool:
    """Say whether a side of | looks like a type."""
    if isinstance(node, ast.BinOp):
        return _is_name(node.left) and _is_name(node.right)
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or _is_none(node)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield a node's lists of statements, those of classes and modules left out."""
    if not isinstance(node, ast.ClassDef | ast.Module):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield block
