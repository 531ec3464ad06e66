"""Computes a formula's tree with NumPy alone: so a printed formula can be held against numbers."""

import numpy as np

from minigraph.formula.text import text
from minigraph.formula.tree import (
    ONES,
    Absolute,
    Both,
    Call,
    Choice,
    Derivative,
    Indicator,
    Literal,
    Marked,
    MatrixProduct,
    Negation,
    Number,
    Placed,
    Power,
    Product,
    Relation,
    Root,
    Symbol,
    Total,
    Transposed,
    Word,
    Written,
)


def _softmax(x, axis):
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def _reduced(function):
    return lambda x, axis: function(x, axis=axis, keepdims=True)


WORDS = {
    "Σ": _reduced(np.sum),
    "Π": _reduced(np.prod),
    "max": _reduced(np.max),
    "min": _reduced(np.min),
    "mean": _reduced(np.mean),
    "var": _reduced(np.var),
    "log": lambda x, axis: np.log(x),
    "sin": lambda x, axis: np.sin(x),
    "cos": lambda x, axis: np.cos(x),
    "tanh": lambda x, axis: np.tanh(x),
    "sign": lambda x, axis: np.sign(x),
}

CALLS = {
    "σ": lambda axis, x: 1 / (1 + np.exp(-x)),
    "ReLU": lambda axis, x: np.maximum(x, 0),
    "softplus": lambda axis, x: np.log(1 + np.exp(x)),
    "softmax": lambda axis, x: _softmax(x, axis),
    "logsumexp": lambda axis, x: np.log(np.sum(np.exp(x), axis=axis, keepdims=True)),
    "max": lambda axis, a, b: np.maximum(a, b),
    "min": lambda axis, a, b: np.minimum(a, b),
    "clip": lambda axis, x, low, high: np.clip(x, low, high),
    "diag": lambda axis, x: np.diag(np.ravel(x)),
    "broadcast": lambda axis, x: x,
    "expand_dims": lambda axis, x: x,
    "squeeze": lambda axis, x: x,
    "astype": lambda axis, x, dtype: x,
    "reshape": lambda axis, x, shape: x.reshape(np.ravel(shape)),
    "permute_dims": lambda axis, x, axes: np.permute_dims(x, np.ravel(axes)),
    "concat": lambda axis, *x: np.concat(x, axis=axis or 0),
    "stack": lambda axis, *x: np.stack(x, axis=axis or 0),
    "take_along_axis": lambda axis, x, i: np.take_along_axis(x, i, 1),
}

RELATIONS = {"=": np.equal, ">": np.greater, "<": np.less}


def _key(pieces, arrays):
    """Return the key that pieces as "[:, ", "]" write, around arrays."""
    items = iter(arrays)
    inside = "·".join(pieces).strip().removeprefix("[").removesuffix("]").replace("−", "-")
    key = []
    for item in inside.split(", "):
        if item == "·":
            key.append(next(items))
        elif ":" in item:
            key.append(slice(*(int(n) if n else None for n in item.split(":"))))
        else:
            key.append(int(item))
    return tuple(key)


def evaluate(tree, values, shape=()):
    """Return a tree's value; ``shape`` is what entries that are placed are placed into.

    ``values`` go by names as the text has them: "x", "∂L/∂f". Sums keep their axes.
    """

    def value(tree):
        return evaluate(tree, values, shape)

    match tree:
        case Symbol() | Derivative():
            return np.e if text(tree) == "e" else values[text(tree)]
        case Number(number):
            return number
        case Literal(content):
            if content == "–":
                return None
            numbers = content.strip("()").replace("−", "-").split(", ")
            return np.array([[int(n)] for n in numbers])
        case Product(factors, divisors):
            found = 1.0
            for factor in factors:
                found = found * value(factor)
            for divisor in divisors:
                found = found / value(divisor)
            return found
        case Total(terms):
            return sum(-value(term) if minus else value(term) for minus, term in terms)
        case Negation(of):
            return -value(of)
        case MatrixProduct(left, Symbol("𝟏")):
            return np.sum(value(left), axis=-1, keepdims=True)
        case MatrixProduct(left, right):
            return value(left) @ value(right)
        case Power(base, exponent):
            return value(base) ** value(exponent)
        case Root(of):
            return np.sqrt(value(of))
        case Absolute(of):
            return np.abs(value(of))
        case Transposed(of):
            return value(of).mT
        case Word(word, of, axes):
            return WORDS[word](value(of), axes or None)
        case Call(head, arguments, axes):
            axis = axes if head in ("softmax",) and axes else axes[0] if axes else None
            return CALLS[head](axis, *map(value, arguments))
        case Choice(condition, yes, no):
            return np.where(value(condition), value(yes), value(no))
        case Both(left, right):
            return value(left) & value(right)
        case Indicator(condition):
            return np.where(value(condition), 1.0, 0.0)
        case Relation(sign, left, right):
            return RELATIONS[sign](value(left), value(right))
        case Written(pieces, (x, *arrays)) if pieces[0] == "":
            return value(x)[_key(pieces[1:], [value(array) for array in arrays])]
        case Placed(of, Written(("", end), (index,))) if "along" in end:
            entries, index, axis = value(of), value(index), int(end[-1])
            hits = np.stack([np.expand_dims(index == k, 0)[0] for k in range(shape[axis])], axis)
            return np.sum(np.where(hits, np.expand_dims(entries, axis), 0), axis=axis + 1)
        case Placed(of, Written(pieces, arrays)):
            total = np.zeros(shape)
            np.add.at(total, _key(pieces, [value(array) for array in arrays]), value(of))
            return total
        case Marked(of):
            return value(of)
    raise AssertionError(f"no value for {tree}")


def has_matrix(tree):
    return "MatrixProduct" in repr(tree)


def jacobian(tree, values, rows, columns):
    """Return a Jacobian that is written with diag, I, 𝟏 and outer products, as an array."""

    def vector(tree, length):
        known = {**values, ONES: np.ones(length)}
        if not has_matrix(tree):
            known = {name: np.reshape(x, (-1, 1)) for name, x in known.items()}
        else:
            known[ONES] = np.ones((np.size(values["z"]), 1))
        return np.broadcast_to(np.ravel(evaluate(tree, known)), length)

    match tree:
        case Symbol("I"):
            return np.eye(rows)
        case Call("diag", (of,)):
            return np.diag(vector(of, rows))
        case Negation(of):
            return -jacobian(of, values, rows, columns)
        case Total(terms):
            return sum(
                jacobian(term, values, rows, columns) * (-1 if minus else 1)
                for minus, term in terms
            )
        case Product((*numbers, matrix), divisors) if matrix == Symbol("I"):
            number = evaluate(Product(tuple(numbers), divisors), values)
            return number * np.eye(rows)
        case Written(("", "", "ᵀ"), (column, row)):
            return np.outer(vector(column, rows), vector(row, columns))
        case Transposed(of) if rows == 1:
            return vector(of, columns)[None, :]
        case MatrixProduct(left, right):
            inner = [x for x in (left, right) if not isinstance(x, Call)]
            middle = np.shape(evaluate(inner[0], values))[inner[0] is left]
            return jacobian(left, values, rows, middle) @ jacobian(right, values, middle, columns)
        case _ if columns == 1:
            return vector(tree, rows)[:, None]
    return evaluate(tree, values)
