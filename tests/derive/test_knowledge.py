"""Facts go on by rule, and hold of the values that they are claimed of."""

import numpy as np
import pytest
from derive.losses_ import models
from hypothesis import given, settings
from hypothesis import strategies as st

import minigraph as mg
from minigraph import namespace
from minigraph.derive import BelowOne, Finite, Knowledge, NonNegative, OneHot, Positive, SumsToOne
from minigraph.derive.literals import is_literal, number_of
from minigraph.graph import topological_order
from minigraph.testing import strategies

RNG = np.random.default_rng(0)
X = mg.constant(RNG.normal(size=(2, 3)), name="x")
E = mg.exp(X)
S = mg.softmax(X, axis=0)
Y = mg.one_hot([0, 1, 1], 2, axis=0)
LABELS = mg.grad(mg.cross_entropy(S, mg.constant([0, 1, 1]), axis=0), S)
POSITIVE, NEVER_BELOW = Positive(), NonNegative()

KNOWN = {
    "exp": (E, POSITIVE),
    "sum of positive": (E + E, POSITIVE),
    "positive + nonnegative": (E + X * X, POSITIVE),
    "square": (X * X, NEVER_BELOW),
    "product": (E * E, POSITIVE),
    "quotient": (E / E, POSITIVE),
    "pow": (E**X, POSITIVE),
    "sqrt": (mg.sqrt(E), POSITIVE),
    "maximum": (mg.maximum(X, E), POSITIVE),
    "minimum": (mg.minimum(E, S), POSITIVE),
    "max": (mg.max(E, axis=0), POSITIVE),
    "prod": (mg.prod(E), POSITIVE),
    "where": (mg.where(X > 0, E, S), POSITIVE),
    "matmul": (E @ E.T, POSITIVE),
    "total": (mg.sum(E), POSITIVE),
    "mean": (mg.mean(E), POSITIVE),
    "transposed": (E.T, POSITIVE),
    "picked": (E[0], POSITIVE),
    "taken": (mg.take(E, [0], axis=0), POSITIVE),
    "joined": (mg.concat([E, S]), POSITIVE),
    "1 − p": (1 - mg.sigmoid(X), POSITIVE),
    "σ below 1": (mg.sigmoid(X).T, BelowOne()),
    "1 − exp below 1": (1 - E, BelowOne()),
    "minimum below 1": (mg.minimum(X, mg.sigmoid(X)), BelowOne()),
    "one-hot": (Y, NEVER_BELOW),
    "one-hot sums": (Y, SumsToOne(0)),
    "softmax sums": (S, SumsToOne(0)),
    "transposed softmax": (S.T, SumsToOne(1)),
    "permuted": (mg.permute_dims(S, (-1, 0)), SumsToOne(1)),
    "expanded dims": (mg.expand_dims(S, axis=0), SumsToOne(1)),
    "squeezed": (mg.squeeze(mg.expand_dims(S, axis=0), axis=0), SumsToOne(0)),
    "reshaped": (mg.reshape(S, (2, 1, 3)), SumsToOne(0)),
    "broadcast": (mg.broadcast_to(S, (4, 2, 3)), SumsToOne(1)),
    "batch transposed": (mg.broadcast_to(S, (4, 2, 3)).mT, SumsToOne(2)),
    "by its sum": (E / mg.sum(E, axis=0, keepdims=True), SumsToOne(0)),
    "literal": ((X + 2).inputs[1], POSITIVE),
    "log of positive": (mg.log(E), Finite()),
    "divided": (X / E, Finite()),
    "log1p": (mg.log1p(X * X), Finite()),
}
UNKNOWN = {
    "leaf": (X, POSITIVE),
    "difference": (E - S, POSITIVE),
    "product with any": (E * X, POSITIVE),
    "divided by any": (E / (X * X), NEVER_BELOW),
    "2 − p": (2 - E, POSITIVE),
    "1 − exp": (1 - E, POSITIVE),
    "negative": (-E, NEVER_BELOW),
    "another axis": (S, SumsToOne(1)),
    "reshaped in earnest": (mg.reshape(S, (3, 2)), SumsToOne(1)),
    "axis repeated": (mg.broadcast_to(mg.softmax(X[:1], axis=0), (2, 3)), SumsToOne(0)),
    "picked": (S[:1], SumsToOne(0)),
    "another sum": (E / mg.sum(E, axis=0), SumsToOne(0)),
    "the sum of another": (E / mg.sum(S, axis=0, keepdims=True), SumsToOne(0)),
    "by a sum of any sign": (X / mg.sum(X, axis=0, keepdims=True), SumsToOne(0)),
    "empty sum": (mg.sum(E[:0]), POSITIVE),
    "mean of nothing": (mg.mean(E[:, :1]) / 0, Finite()),
    "log of any": (mg.log(X * X), Finite()),
    "pow": (X**X, Finite()),
    "infinite": (mg.constant([np.inf]), Finite()),
    "softmax of infinite": (mg.softmax(mg.constant([0.0, -np.inf])), POSITIVE),
    "a constant of ones": (mg.constant([1.0]), POSITIVE),
}


@pytest.mark.parametrize(("node", "fact"), KNOWN.values(), ids=KNOWN)
def test_what_is_known(node, fact):
    know = Knowledge()
    assert know.has(node, fact)
    assert fact.on(node.shape).holds(node.value)
    assert know.used == [(fact.on(node.shape), node)]


@pytest.mark.parametrize(("node", "fact"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known(node, fact):
    assert not Knowledge().has(node, fact)


def test_a_missing_fact_of_a_leaf_is_noted_with_whether_it_is_so():
    know = Knowledge()
    y = mg.constant([0.5, 0.5], name="y")
    assert not know.has(y, SumsToOne(0))
    assert not know.has(y, BelowOne())
    assert not know.has(-y, Positive())
    assert not know.has(mg.parameter([1.0]), Positive())
    assert [(m.fact, m.node, m.true) for m in know.missed] == [
        (SumsToOne((0,)), y, True),
        (BelowOne(), y, True),
    ]


def test_a_scalar_has_no_facts_along_axes():
    x = mg.constant(2.0)
    assert not Knowledge().has(x, SumsToOne(0))
    assert Knowledge().has(mg.softmax(x), POSITIVE)
    assert not Knowledge().has(mg.softmax(x), SumsToOne(0))


def test_what_is_used_is_noted_once():
    know = Knowledge()
    assert know.has(S, SumsToOne(0))
    assert know.has(S, SumsToOne(-2))
    assert len(know.used) == 1


def test_weights_of_labels_are_one_hot():
    order = topological_order(LABELS)
    found = [n for n in order if Knowledge().has(n, OneHot(0)) and n.source is not None]
    assert [n.op.label for n in found] == ["Where"]
    # The same made by anybody else may have any labels.
    own = mg.where(mg.expand_dims(mg.constant([0, 5]), axis=0) == X[:, :2], 1.0, 0.0)
    assert not Knowledge().has(own, OneHot(0))


def test_literal_numbers():
    x = mg.constant([1.0, 2.0])
    two = (x * 2).inputs[1]
    assert is_literal(two)
    assert number_of(two) == 2
    assert number_of(mg.broadcast_to(two, (3,))) == 2
    assert number_of(mg.constant(2.0)) is None
    assert number_of(x) is None
    ones = next(n for n in topological_order(LABELS) if n.op is None and n.source and n.ndim == 2)
    assert number_of(ones) == 1
    counted = next(n for n in topological_order(LABELS) if n.dtype.kind == "i" and n.source)
    assert number_of(counted) is None
    assert number_of(namespace.astype(two, np.float32)) == 2


@settings(max_examples=100, deadline=None)
@given(graph=strategies.graphs())
def test_facts_hold_in_random_graphs(graph):
    check(graph(*graph.parameters()))


@settings(max_examples=50, deadline=None)
@given(model=models, expanded=st.booleans())
def test_facts_hold_in_losses_and_their_gradients(model, expanded):
    loss = mg.expand(model.loss) if expanded else model.loss
    check(loss, mg.grad(loss, model.theta))


def check(*outputs):
    know = Knowledge()
    for node in topological_order(*outputs):
        for fact in know.of(node):
            if isinstance(fact, Finite) or np.isfinite(node.value).all():
                assert close(fact, node.value), (fact, node)


def close(fact, value):
    if isinstance(fact, SumsToOne):
        return np.allclose(value.sum(axis=fact.axis), 1)
    if isinstance(fact, Positive):  # floats underflow
        return (value >= 0).all()
    if isinstance(fact, BelowOne):
        return (value <= 1).all()
    return fact.holds(value)


@pytest.mark.untraced
def test_knowledge_reaches_any_depth():
    x = mg.exp(mg.constant([0.0]))
    for _ in range(20_000):
        x = mg.negative(-x)
    assert Knowledge().has(x, Finite())
