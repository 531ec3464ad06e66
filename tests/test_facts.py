"""Facts: what they say of values, and how they are declared."""

import numpy as np
import pytest

import minigraph as mg
from minigraph.facts import (
    BelowOne,
    Fact,
    Finite,
    NonNegative,
    OneHot,
    Positive,
    SumsToOne,
    checked,
)

HOLD = [
    (Finite(), [1.0, -2.0], True),
    (Finite(), [1.0, np.inf], False),
    (Finite(), [np.nan], False),
    (NonNegative(), [0.0, 1.0], True),
    (NonNegative(), [-1e-300], False),
    (Positive(), [1e-300], True),
    (Positive(), [0.0], False),
    (BelowOne(), [0.5], True),
    (BelowOne(), [1.0], False),
    (SumsToOne(0), [[0.25], [0.75]], True),
    (SumsToOne(-1), [[0.25], [0.75]], False),
    (SumsToOne(), [[0.25, 0.25], [0.25, 0.25]], True),
    (SumsToOne((0, 1)), [[0.5, 0.5], [0.5, 0.5]], False),
    (SumsToOne(0), [0.1] * 10, True),
    (SumsToOne(0), [0.5, 0.5 + 1e-12], False),
    (SumsToOne(0), [1, 0], True),
    (OneHot(0), [[1.0, 0.0], [0.0, 1.0]], True),
    (OneHot(0), [[1.0, 1.0], [0.0, 0.0]], True),
    (OneHot(1), [[1.0, 1.0], [0.0, 0.0]], False),
    (OneHot(0), [0.5, 0.5], False),
    (OneHot(0), [1.0, 1.0, -1.0], False),
]


@pytest.mark.parametrize(("fact", "value", "so"), HOLD)
def test_facts_say_what_is_so_of_a_value(fact, value, so):
    value = np.array(value)
    assert fact.holds(value) is so
    assert fact.on(value.shape).holds(value) is so


def test_sums_are_as_close_as_the_dtype_allows():
    assert SumsToOne(0).holds(np.full(7, 1 / 7, np.float32))
    assert not SumsToOne(0).holds(np.full(7, 1 / 7 + 1e-5, np.float32))


def test_axes_count_from_the_front_on_a_shape():
    assert SumsToOne(-1).on((2, 3)) == SumsToOne((1,)) == SumsToOne(1).on((2, 3))
    assert SumsToOne().on((2, 3)) == SumsToOne((0, 1)) == SumsToOne((1, -2)).on((2, 3))
    assert SumsToOne((1,)) != OneHot((1,))
    assert Positive().on((2,)) == Positive()


def test_what_follows():
    assert set(Positive().implied()) == {NonNegative()}
    assert set(OneHot((1,)).implied()) == {SumsToOne((1,)), NonNegative()}
    assert not tuple(Finite().implied())


def test_facts_in_words():
    assert str(Positive()) == "is positive"
    assert str(SumsToOne((0,))) == "sums to 1 along axis 0"
    assert str(SumsToOne((0, 1))) == "sums to 1 along axes 0, 1"
    assert str(OneHot()) == "is one-hot"
    assert repr(SumsToOne((0,))) == "SumsToOne(axis=0)"
    assert repr(SumsToOne((0, 1))) == "SumsToOne(axis=(0, 1))"
    assert repr(OneHot()) == "OneHot(axis=None)"


def test_a_bare_fact_says_nothing_of_values():
    with pytest.raises(NotImplementedError):
        Fact().holds(np.ones(1))


def test_a_constant_keeps_the_facts_that_hold():
    node = mg.constant([[0.5, 0.5]], facts=[SumsToOne(axis=-1), Positive()])
    assert node._saved == (SumsToOne((1,)), Positive())
    assert mg.constant([1.0])._saved == ()


def test_targets_are_one_hot_along_their_axis():
    assert mg.one_hot([0, 1])._saved == (OneHot((1,)),)
    assert mg.one_hot([0, 1], axis=0)._saved == (OneHot((0,)),)
    assert mg.one_hot(0, 2)._saved == (OneHot((0,)),)


@pytest.mark.parametrize("copy", [True, False])
def test_a_false_fact_is_a_lesson(copy):
    with pytest.raises(mg.InputError, match=r"a constant 'y' was declared SumsToOne\(axis=0\)"):
        mg.constant(np.array([0.5, 0.6]), name="y", copy=copy, facts=SumsToOne(axis=0))
    with pytest.raises(mg.InputError, match=r"a constant was declared Positive\(\)"):
        mg.constant([0.0], facts=[Positive()])


def test_what_is_no_fact_is_a_lesson():
    for facts in ("positive", [Positive], 3):
        with pytest.raises(mg.OptionError, match="which is no fact"):
            mg.constant([1.0], facts=facts)


def test_an_axis_that_is_not_there_is_a_lesson():
    for axis in (1, -2, "0", 0.5):
        with pytest.raises(mg.OptionError, match="names an axis"):
            checked(SumsToOne(axis), np.ones(1), "y")


def test_ops_declare_facts_that_hold():
    x = mg.constant(np.linspace(-3, 3, 12).reshape(3, 4))
    ops = [mg.exp, mg.abs, mg.square, mg.relu, mg.sigmoid, mg.softplus]
    nodes = [op(x) for op in ops] + [mg.softmax(x, axis=a) for a in (0, 1, -1, None, (0, 1))]
    for node in nodes:
        assert node.op.facts
        assert all(fact.on(node.shape).holds(node.value) for fact in node.op.facts), node
    assert (x + x).op.facts == ()
