"""Every figure of the lecture by the graph; and that a wrong one is seen."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from minigraph.demo.figures import Check, WorkedExample, work, work_all
from minigraph.lecture import EXAMPLES, QUANTITIES, Entries


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_figure_is_the_lectures(example):
    worked = work(example)
    assert worked.passes
    assert worked.matching == worked.printed == len(list(example.figures(printed=True)))
    assert [check.figure for check in worked.checks] == list(example.figures())
    assert worked.difference < 1e-15
    for name, value in worked.values.items():
        assert value.shape == example.quantities[name].exact.shape


def test_all_of_them():
    everything = work_all()
    assert [worked.example.key for worked in everything] == list("ABCDE")
    assert sum(worked.printed for worked in everything) == 83
    assert {name for worked in everything for name in worked.values} == set(QUANTITIES)
    assert work_all([]) == ()


def changed(name, index, *, printed=None, exact=None):
    """Return example B with an entry of a quantity changed."""
    b = EXAMPLES["B"]
    entries = b.quantities[name]
    strings, numbers = entries.printed.copy(), entries.exact.copy()
    if printed is not None:
        strings[index] = printed
    if exact is not None:
        numbers[index] = exact
    return replace(
        b, quantities=MappingProxyType({**b.quantities, name: Entries(strings, numbers)})
    )


def test_a_wrong_last_digit_is_seen():
    worked = work(changed("ŷ", (0, 0), printed="0.4015"))
    assert worked.matching == worked.printed - 1
    assert not worked.passes
    (wrong,) = [check for check in worked.checks if check.matches is False]
    assert (wrong.figure.symbol, round(wrong.ours, 6)) == ("ŷ₁", 0.40161)


def test_a_wrong_figure_that_is_not_printed_is_seen():
    worked = work(changed("θ − ηL'_θ", (2, 1), exact=0.194226))
    assert worked.matching == worked.printed
    assert worked.difference == pytest.approx(5e-7, rel=0.2)
    assert not worked.passes


def test_not_a_number_never_passes():
    worked = work(EXAMPLES["B"])
    for broken in range(len(worked.checks)):
        checks = list(worked.checks)
        checks[broken] = Check(checks[broken].figure, float("nan"))
        assert not WorkedExample(worked.example, worked.graph, worked.values, tuple(checks)).passes


def test_a_figure_that_is_not_printed_neither_matches_nor_fails():
    check = work(EXAMPLES["A"]).checks[0]
    assert check.figure.printed is None
    assert check.matches is None
    assert np.isclose(check.ours, 0.38)
