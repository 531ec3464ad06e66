"""Graphs that each rule matches, and wrong variants of the rules: what the proofs run on."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

import minigraph as mg
from minigraph.derive import RULES, SumsToOne
from minigraph.derive.rule import number

BY_NAME = {rule.name: rule for rule in RULES}


class Draw:
    """Leaves of numbers of both signs, none near 0; m columns of k classes."""

    def __init__(self, seed, k, m):
        self.rng, self.k, self.m = np.random.default_rng(seed), k, m

    def x(self, *lengths):
        values = self.rng.uniform(0.3, 2, lengths or (self.k, self.m))
        return mg.constant(values * self.rng.choice([-1, 1], values.shape))

    def positive(self, *lengths):
        return mg.exp(self.x(*lengths))

    def n(self):
        return int(self.rng.integers(2, 9))

    def one_hot(self):
        return mg.one_hot(self.rng.integers(0, self.k, self.m), self.k, axis=0)

    def shares(self):
        values = self.rng.uniform(0.1, 1, (self.k, self.m))
        return mg.constant(values / values.sum(axis=0), facts=SumsToOne(axis=0))


draws = st.builds(Draw, st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 4))


def shifted(d):
    z = d.x()
    return z, z - mg.max(z, axis=0, keepdims=True)


def careful(d):
    _, s = shifted(d)
    e = mg.exp(s)
    b = e * mg.sign(s)
    return (mg.sum(e + b, axis=0, keepdims=True) - 1) - mg.sum(b, axis=0, keepdims=True)


def total(x):
    return mg.sum(x, axis=0, keepdims=True)


def softmax_of(z):
    e = mg.exp(z)
    return e / total(e)


def same(f):
    """Use a leaf twice: f(d, x) with one x."""
    return lambda d: f(d, d.x())


# By rule: functions of a Draw that give a node which the rule matches.
MATCHES = {
    "shapes": [
        lambda d: mg.broadcast_to(d.x(1, d.m), (d.k, d.m)) * d.x(),
        lambda d: d.x() - mg.broadcast_to(d.x(d.m), (d.k, d.m)),
        lambda d: mg.reshape(mg.sum(d.x(), axis=0), (1, d.m)),
        lambda d: mg.squeeze(total(d.x()), axis=0),
        lambda d: mg.reshape(mg.logsumexp(d.x(), axis=0, keepdims=True), (d.m,)),
        lambda d: mg.broadcast_to(mg.broadcast_to(d.x(1, 1), (1, d.m)), (d.k, d.m)),
        lambda d: mg.reshape(mg.broadcast_to(number(3, d.x()), (d.k, d.m)), (d.m, d.k)),
    ],
    "factors of what is repeated": [
        lambda d: mg.broadcast_to(-d.x(1, d.m), (d.k, d.m)),
        lambda d: mg.reshape(d.x() / d.n(), (d.m, d.k)),
        lambda d: mg.expand_dims(d.n() * d.x(), axis=0),
        lambda d: mg.squeeze(-d.x(1, d.m), axis=0),
    ],
    "a guard that never fires": [
        lambda d: mg.where(d.positive() == 0, d.x(), d.x()),
        lambda d: mg.where(d.x() == -np.inf, 0, d.x()),
        lambda d: mg.where(mg.square(d.x()) == -1, d.x(), d.x(1, d.m)),
        lambda d: mg.where(mg.sigmoid(d.x()) == 1, 0, d.x()),
        same(lambda d, x: mg.where(x == x, x, d.x())),
        same(lambda d, x: mg.where(d.one_hot() == 0, x, x)),
    ],
    "softmax": [lambda d: softmax_of(d.x()), lambda d: softmax_of(shifted(d)[1])],
    "a careful sum": [careful],
    "log(1 + (x − 1))": [lambda d: mg.log1p(d.positive() - 1)],
    "logsumexp": [
        lambda d: mg.log(total(mg.exp(d.x()))),
        lambda d: mg.log(mg.sum(mg.exp(d.x()))),
    ],
    "the logarithm of a softmax": [
        same(lambda d, z: z - mg.logsumexp(z, axis=0, keepdims=True)),
    ],
    "softmax does not see a shift": [
        lambda d: mg.softmax(shifted(d)[1], axis=0),
        lambda d: mg.softmax(d.x() + d.x(1, d.m), axis=0),
        lambda d: mg.log_softmax(d.x() - d.x(d.m), axis=0),
        lambda d: mg.log_softmax(d.x() - d.x(d.k, 1), axis=1),
        lambda d: _lse_shift(d.x(), d.x(1, d.m)),
    ],
    "the logistic function": [
        lambda d: 1 / (1 + mg.exp(-d.x())),
        lambda d: 1 / (mg.exp(-d.x()) + 1),
    ],
    "e and log undo each other": [
        lambda d: mg.exp(mg.log_softmax(d.x(), axis=0)),
        lambda d: mg.expm1(mg.log_softmax(d.x(), axis=0)),
        lambda d: mg.exp(mg.log(d.positive())),
        lambda d: mg.log(mg.exp(d.x())),
    ],
    "σ of a negative": [lambda d: mg.sigmoid(-d.x())],
    "the transpose of a product": [
        lambda d: (d.x(d.k, 3) @ d.x(d.m, 3).T).T,
        lambda d: (d.x(3, d.k).T @ d.x(3, d.m)).T,
        lambda d: mg.permute_dims(d.x(d.k, 3) @ d.x(d.m, 3).T, (1, 0)),
    ],
    "arithmetic": [
        lambda d: number(3, d.x()) * number(4, d.x()),
        lambda d: number(3, d.x()) + number(4, d.x()),
        lambda d: number(3, d.x()) - number(4, d.x()),
        lambda d: number(8, d.x()) / number(4, d.x()),
        lambda d: -1 * d.x(),
        lambda d: 2 * (d.n() * d.x()),
        lambda d: d.x() / d.n() / 2,
        lambda d: (6 * d.x()) / 3,
        lambda d: 6 * (d.x() / 3),
        lambda d: d.x() ** 1,
    ],
    "a minus comes to the front": [
        lambda d: -d.x() * d.x(),
        lambda d: d.x() * -d.x(),
        lambda d: -d.x() / d.x(),
        lambda d: d.x() / -d.x(),
        lambda d: -d.x(d.k, 3) @ d.x(3, d.m),
        lambda d: total(-d.x()),
        lambda d: (-d.x()).T,
        lambda d: -d.x() - d.x(),
        lambda d: -d.x() + -d.x(),
        lambda d: mg.where(d.one_hot() == 1, -d.x(), 0),
    ],
    "two minuses": [
        lambda d: mg.negative(-d.x()),
        lambda d: -(d.x() - d.x()),
        lambda d: -((d.x() - d.x()) / d.n()),
        lambda d: d.x() + -d.x(),
        lambda d: -d.x() + d.x(),
        lambda d: d.x() - -d.x(),
    ],
    "a number comes to the front": [
        lambda d: (d.x() / d.n()) * d.x(),
        lambda d: d.x() * (d.n() * d.x()),
        lambda d: (1 / number(d.n(), d.x())) * d.x(),
        lambda d: (d.x() / d.n()) / d.x(),
        lambda d: d.n() * (d.x() / 7),
        lambda d: (d.x(d.k, 3) / d.n()) @ d.x(3, d.m),
        lambda d: d.x(d.k, 3) @ (d.x(3, d.m) * d.n()),
        lambda d: total(d.n() * d.x()),
        lambda d: (d.x() / d.n()).T,
        lambda d: mg.where(d.one_hot() == 1, d.x() / d.n(), 0),
    ],
    "cancel": [
        lambda d: _cancel(d.x(), d.positive()),
        lambda d: _cancel(d.x(), d.positive(), swapped=True),
        lambda d: _cancel(d.x(1, d.m), d.positive()),
        lambda d: _product_over(d.x(), d.positive()),
        lambda d: _product_over(d.x(), d.positive(), first=True),
    ],
    "Σ = 1": [
        lambda d: mg.sum(d.one_hot(), axis=0),
        lambda d: total(mg.softmax(d.x(), axis=0)),
        lambda d: mg.sum(d.shares().T, axis=1),
        lambda d: total(softmax_of(d.x())),
    ],
    "multiply out": [
        lambda d: _ratio(d.x(), d.positive(), d.x()),
        lambda d: _mixed(d.x(), d.x(), d.x(1, d.m)),
        lambda d: _logistic(mg.sigmoid(d.x()), d.one_hot()),
        lambda d: _thirds(d.x(), d.x()),
        lambda d: _squares(d.x(), d.x()),
    ],
    "a common factor": [
        lambda d: d.x() / 3 - d.x() / 3,
        lambda d: (lambda c: d.x() * c + c * d.x())(d.x()),
        lambda d: (lambda c: d.x() / c - d.x() / c)(d.positive()),
        lambda d: 3 * d.x() - 3 * d.x(),
        same(lambda d, x: x + x),
        same(lambda d, x: x - x),
    ],
}


def _lse_shift(z, c):
    return c + mg.logsumexp(z - c, axis=0, keepdims=True)


def _cancel(a, b, swapped=False):
    return b * (a / b) if swapped else (a / b) * b


def _product_over(a, b, first=False):
    return (b * a if first else a * b) / b


def _ratio(a, b, c):
    return b * (a / b + c)


def _mixed(a, b, s):
    return a * (b - 1) + b * (s - a)


def _logistic(p, y):
    q = 1 - p
    return ((1 - y) / q - y / p) * p * q


def _thirds(a, b):
    return (a + b) / 3 - b / 3


def _squares(a, b):
    return (a + b) * (a - b) + b * b


class Everything:
    """A Knowledge that takes anything for granted."""

    used, missed = [], []

    def has(self, node, fact):
        return True


# By rule: variants that look right and are not, each with a graph that shows it.
def _no_condition(rule):
    return replace(rule, replace=lambda node, know: rule.replace(node, Everything()))


def _instead(f):
    return lambda rule: replace(rule, replace=lambda node, know: f(node))


def variants():
    """Return the wrong variants: the rule's name, the variant, and a graph."""
    d = Draw(1, 3, 2)
    signed, z = d.x(), d.x()
    zero = mg.constant([[0.0, 1.0], [1.0, 0.0], [2.0, 3.0]])
    uneven = mg.constant([[0.5, 0.2], [0.5, 0.2], [0.5, 0.2]])
    found = [
        ("a guard that never fires", _no_condition, mg.where(zero == 0, 7, zero)),
        ("cancel", _no_condition, (signed / zero) * zero),
        ("Σ = 1", _no_condition, mg.sum(uneven, axis=0)),
        ("e and log undo each other", _no_condition, mg.exp(mg.log(signed))),
        ("multiply out", _no_condition, zero * (signed / zero + signed)),
        (
            "a guard that never fires",
            _instead(lambda n: n.inputs[1]),
            mg.where(mg.exp(z) == 0, signed, z),
        ),
        ("softmax", _instead(lambda n: mg.softmax(n.inputs[0].inputs[0], axis=1)), softmax_of(z)),
        (
            "a careful sum",
            _instead(lambda n: n.inputs[0].inputs[0].op(n.inputs[0].inputs[0].inputs[0].inputs[1])),
            careful(d),
        ),
        ("log(1 + (x − 1))", _instead(lambda n: mg.log(n.inputs[0])), mg.log1p(mg.exp(z) - 1)),
        (
            "logsumexp",
            _instead(lambda n: mg.max(n.inputs[0].inputs[0].inputs[0], axis=0, keepdims=True)),
            mg.log(total(mg.exp(z))),
        ),
        (
            "the logarithm of a softmax",
            _instead(lambda n: mg.softmax(n.inputs[0], axis=0)),
            z - mg.logsumexp(z, axis=0, keepdims=True),
        ),
        (
            "softmax does not see a shift",
            _instead(lambda n: n.op(n.inputs[0].inputs[0])),
            mg.softmax(z - d.x(3, 1), axis=0),
        ),
        (
            "the logistic function",
            _instead(lambda n: mg.sigmoid(-n.inputs[1].inputs[1].inputs[0].inputs[0])),
            1 / (1 + mg.exp(-z)),
        ),
        ("σ of a negative", _instead(lambda n: -mg.sigmoid(n.inputs[0].inputs[0])), mg.sigmoid(-z)),
        (
            "the transpose of a product",
            _instead(lambda n: n.inputs[0].inputs[0] @ n.inputs[0].inputs[1].T.T),
            (d.x(3, 3) @ d.x(3, 3).T).T,
        ),
        ("arithmetic", _instead(lambda n: n.inputs[1].inputs[1] * 5), 2 * (3 * z)),
        ("a minus comes to the front", _instead(lambda n: n.inputs[0].inputs[0] * z), -signed * z),
        ("two minuses", _instead(lambda n: n.inputs[0] - n.inputs[1].inputs[0]), z - -signed),
        (
            "a number comes to the front",
            _instead(lambda n: (n.inputs[0].inputs[0] * z) * 3),
            (signed / 3) * z,
        ),
        ("a common factor", _instead(lambda n: 3 * n.inputs[0]), z + z),
        (
            "shapes",
            _instead(lambda n: n.op(n.inputs[0].inputs[0].T, n.inputs[1])),
            mg.broadcast_to(d.x(1, 3), (3, 3)) * d.x(3, 3),
        ),
        (
            "factors of what is repeated",
            _instead(lambda n: n.op(n.inputs[0].inputs[0])),
            mg.broadcast_to(-d.x(1, 2), (3, 2)),
        ),
    ]
    return [(name, change(BY_NAME[name]), graph) for name, change, graph in found]
