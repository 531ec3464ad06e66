"""The probes tell every mistake from what is right, and mistakes of different names apart."""

import itertools

import numpy as np
import pytest

from minigraph.testing.mistakes.gradient import GRADIENT
from minigraph.testing.mistakes.loss import LOSS
from minigraph.testing.mistakes.mistake import recognize, same
from minigraph.testing.mistakes.probes import LEVELS, probes
from minigraph.testing.mistakes.softmax import SOFTMAX

RIGHT = {
    "softmax": lambda case: case.y_hat,
    "loss": lambda case: case.loss("mean"),
    "gradient": lambda case: case.gradient("mean"),
}
TABLES = {"softmax": SOFTMAX, "loss": LOSS, "gradient": GRADIENT}


def shown(targets, axis=-1):
    layout = {"axis": axis, "targets": targets, "batch": True}
    return [
        case for level in LEVELS for case in probes(level, **layout, largest=1e308, masked=True)
    ]


def outcomes(mistake, prediction, cases):
    return [mistake.outcome(prediction, case, "mean") for case in cases]


@pytest.mark.parametrize("kind", TABLES)
def test_every_mistake_shows_at_a_probe(kind):
    for mistake, targets in itertools.product(TABLES[kind], ["one_hot", "labels", "soft"]):
        cases = shown(targets)
        for prediction in mistake.predictions:
            got = outcomes(mistake, prediction, cases)
            if any(x is NotImplemented for x in got):
                assert targets != "labels"
                continue
            right = [RIGHT[kind](case) for case in cases]
            # The mean is what is asked for here.
            if mistake.name != "mean instead of sum":
                assert not all(map(same, got, right)), mistake


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("targets", ["one_hot", "labels"])
def test_the_probes_tell_the_mistakes_apart(kind, targets):
    cases = shown(targets)
    table = []
    for mistake in TABLES[kind]:
        for prediction in mistake.predictions:
            got = outcomes(mistake, prediction, cases)
            if not any(x is NotImplemented for x in got):
                table.append((mistake.name, got))
    for (one, first), (other, second) in itertools.combinations(table, 2):
        assert one == other or not all(map(same, first, second)), (one, other)


@pytest.mark.parametrize("kind", TABLES)
def test_what_is_right_is_no_mistake(kind):
    cases = shown("one_hot")
    right = [RIGHT[kind](case) for case in cases]
    assert recognize(TABLES[kind], list(zip(cases, right, right, strict=True)), "mean") is None


def test_probes_keep_to_the_limits():
    layout = {"axis": 0, "targets": "one_hot", "batch": True}
    assert probes("large", **layout, largest=100.0, masked=False)
    for level in LEVELS:
        for case in probes(level, **layout, largest=900.0, masked=False):
            assert np.abs(case.z).max() <= 900
