"""Graphs that each of the compiler's own rules matches, and wrong variants of the rules."""

from dataclasses import replace

import numpy as np

import minigraph as mg
from minigraph.compile.gradient_rules import MINUS_IN, SIGMOID_SLOPE, SOFT_TARGETS, SQUARE, TWICE
from minigraph.compile.logistic import LogisticLoss
from minigraph.compile.stable import (
    CROSS_ENTROPY_OF_SOFTMAX,
    LOG_OF_SIGMOID,
    LOG_OF_SOFTMAX,
    LOGISTIC_LOSS,
    MINUS_OF_SUM,
)
from minigraph.derive import SumsToOne
from minigraph.derive.rule import number


def _logistic(z, y, turned=False):
    a, b = y * mg.softplus(-z), mg.softplus(z) * (1 - y)
    return b + a if turned else a + b


def _far_shares(d):
    """Return targets that sum to 1, none of them close to it."""
    values = d.rng.uniform(0.2, 1, (d.k, d.m))
    values = (values / values.sum(axis=0)).astype(d.x().dtype)
    return mg.constant(values, name="y", facts=SumsToOne(axis=0))


def _soft(d, y=None, factor=None):
    g = _far_shares(d) if y is None else y
    g = g if factor is None else number(factor, g) * g
    log_y_hat = mg.log_softmax(d.x(), axis=0)
    others = mg.sum(g, axis=0, keepdims=True) - g
    return g * mg.expm1(log_y_hat) + mg.exp(log_y_hat) * others


def same(f):
    return lambda d: f(d, d.x())


# By rule: functions of a Draw that give a node which the rule matches.
OWN_MATCHES = {
    CROSS_ENTROPY_OF_SOFTMAX: [
        lambda d: mg.cross_entropy(mg.softmax(d.x(), axis=0), d.one_hot(), axis=0),
        lambda d: mg.cross_entropy(mg.softmax(d.x(), axis=-2), _far_shares(d), 0, "sum"),
    ],
    LOG_OF_SOFTMAX: [lambda d: mg.log(mg.softmax(d.x(), axis=0))],
    LOG_OF_SIGMOID: [
        lambda d: mg.log(mg.sigmoid(d.x())),
        lambda d: mg.log(1 - mg.sigmoid(d.x())),
    ],
    LOGISTIC_LOSS: [
        lambda d: _logistic(d.x(), d.one_hot()),
        lambda d: _logistic(d.x(), _far_shares(d), turned=True),
        same(lambda d, z: (lambda y: -y * mg.softplus(-z) - (1 - y) * mg.softplus(z))(d.one_hot())),
        same(
            lambda d, z: (lambda y: y * -mg.softplus(-z) + (1 - y) * -mg.softplus(z))(d.one_hot())
        ),
        same(
            lambda d, z: (lambda y: -(y * mg.softplus(-z)) - (1 - y) * mg.softplus(z))(d.one_hot())
        ),
    ],
    MINUS_OF_SUM: [
        lambda d: mg.sum(-d.x(), axis=0, keepdims=True),
        lambda d: mg.mean(-d.x()),
    ],
    SOFT_TARGETS: [lambda d: _soft(d), lambda d: _soft(d, factor=0.25)],
    SIGMOID_SLOPE: [
        same(lambda d, z: (d.shares() * mg.sigmoid(z)) * mg.sigmoid(-z)),
        same(lambda d, z: (number(4, z) * mg.sigmoid(2 * z)) * mg.sigmoid(-2 * z)),
    ],
    TWICE: [same(lambda d, x: x + x)],
    MINUS_IN: [
        lambda d: -(d.n() * d.x()),
        lambda d: -(mg.broadcast_to(number(d.n(), d.x()), (d.k, d.m)) * d.x()),
    ],
    SQUARE: [lambda d: d.x() ** 2],
}


def _instead(rule, f):
    return replace(rule, replace=lambda node, know: f(node))


def own_variants():
    """Return wrong variants, each with a graph that shows it; and whether only digits are lost."""
    z = mg.constant([[0.5, -40.0, 40.0]])
    y = mg.constant([[0.0, 1.0, 1.0]])
    hot = mg.constant(np.array([[1.0], [0.0]]), facts=SumsToOne(axis=0))
    log_y_hat = mg.log_softmax(mg.constant([[0.0], [-40.0]]), axis=0)
    others = mg.sum(hot, axis=0, keepdims=True) - hot
    careful = hot * mg.expm1(log_y_hat) + mg.exp(log_y_hat) * others
    s = mg.sigmoid(z)
    return [
        (
            _instead(CROSS_ENTROPY_OF_SOFTMAX, lambda n: n.op(n.inputs[0].inputs[0], n.inputs[1])),
            mg.cross_entropy(mg.softmax(mg.exp(z) / 9), [2]),
        ),
        (_instead(LOG_OF_SOFTMAX, lambda n: n.inputs[0].inputs[0]), mg.log(mg.softmax(z))),
        (_instead(LOG_OF_SIGMOID, lambda n: -mg.softplus(n.inputs[0].inputs[0])), mg.log(s)),
        (_instead(LOGISTIC_LOSS, lambda n: -LogisticLoss()(z, y)), _logistic(z, y)),
        # max(z, 0) − y z + log(1 + e^(−|z|)) has the value, but for y close to 1 not the digits.
        (
            _instead(
                LOGISTIC_LOSS,
                lambda n: (mg.relu(z) - (1 - 1e-15) * z) + mg.log1p(mg.exp(-mg.abs(z))),
            ),
            _logistic(z, mg.constant(np.full((1, 3), 1 - 1e-15))),
        ),
        (_instead(MINUS_OF_SUM, lambda n: n.op(n.inputs[0].inputs[0])), mg.sum(-z)),
        # Σ y = 1, but one of them is 1 itself.
        (_instead(SOFT_TARGETS, lambda n: mg.exp(log_y_hat) - hot), careful),
        (_instead(SIGMOID_SLOPE, lambda n: s * (1 - s)), (number(1, z) * s) * mg.sigmoid(-z)),
        (_instead(TWICE, lambda n: n.inputs[0] * n.inputs[1]), z + z),
        (_instead(MINUS_IN, lambda n: n.inputs[0]), -(3 * z)),
        (_instead(SQUARE, lambda n: 2 * n.inputs[0]), z**2),
    ]
