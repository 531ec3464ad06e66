"""The report and its verdict."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from minigraph.demo.figures import Check, work_all
from minigraph.demo.page import Page
from minigraph.demo.pictures import Drawn
from minigraph.demo.report import (
    report_examples,
    report_pictures,
    report_theorem,
    report_training,
    report_verdict,
)
from minigraph.demo.theorem import Differences, confirm
from minigraph.demo.training import WAYS, split, train

EXAMPLES = work_all()
CONFIRMATIONS = confirm(graphs=8)
DATA = split()
TRAININGS = [train(way, DATA, epochs=2) for way in WAYS]
DRAWN = [
    Drawn((Path("out/example-a.svg"), Path("out/example-a.png")), "example A"),
    Drawn((Path("out/loss-curves.svg"),), "the loss"),
]


@pytest.fixture
def paper():
    file = io.StringIO()
    page = Page(Console(file=file, width=80, highlight=False))
    return page, file.getvalue


def test_the_examples(paper):
    page, read = paper
    report_examples(page, EXAMPLES)
    rows = [line.split() for line in read().splitlines()]
    for worked in EXAMPLES:
        example, count = worked.example, str(worked.printed)
        sizes = [str(size) for size in (example.n, example.k, example.m)]
        (row,) = [row for row in rows if row[:4] == [example.key, *sizes]]
        assert row[4:6] == [count, count]
        assert row[-1] == "✓"


def test_the_theorem(paper):
    page, read = paper
    report_theorem(page, CONFIRMATIONS)
    assert read().count("✓") == 6
    assert f"{sum(c.entries for c in CONFIRMATIONS):,} entries" in read()


def test_the_training(paper):
    page, read = paper
    report_training(page, DATA, TRAININGS, seed=11)
    assert "seed 11" in read()
    for training in TRAININGS:
        (row,) = [
            line for line in read().splitlines() if line.strip().startswith(training.way.name)
        ]
        assert f"{training.updates:,}" in row
        for score in (training.trained[-1], training.held_out[-1]):
            assert f"{score.loss:.4f}" in row
            assert f"{score.accuracy:.1%}" in row


def test_the_pictures(paper):
    page, read = paper
    report_pictures(page, DRAWN, Path("out"))
    assert str(Path("out/example-a.svg")) in read()
    assert ".png" in read()
    assert "minigraph demo --seed" in read()


def test_what_to_try_next_works(paper, tmp_path, monkeypatch):
    page, read = paper
    report_pictures(page, DRAWN, Path("out"))
    code = [line.partition(">>> ")[2] for line in read().splitlines() if ">>> " in line]
    monkeypatch.chdir(tmp_path)
    exec("\n".join(code), {})
    assert "∂L" in (tmp_path / "gradient.svg").read_text(encoding="utf-8")


def test_all_is_well(paper):
    page, read = paper
    assert report_verdict(page, EXAMPLES, CONFIRMATIONS) is True
    assert "✓ 83 of 83 printed figures match, and ∂L/∂z = ŷ − y holds." in read()


def test_a_figure_that_does_not_match(paper):
    page, read = paper
    checks = list(EXAMPLES[1].checks)
    checks[3] = Check(checks[3].figure, 0.5)
    broken = replace(EXAMPLES[1], checks=tuple(checks))
    assert report_verdict(page, [EXAMPLES[0], broken], CONFIRMATIONS) is False
    assert "✗ Example B: ŷ₁ is 0.500000, and the lecture prints 0.4016" in read()
    assert "✓" not in read()


def test_a_figure_that_is_not_exact(paper):
    page, read = paper
    checks = list(EXAMPLES[0].checks)
    checks[0] = Check(checks[0].figure, checks[0].ours + 1e-6)
    broken = replace(EXAMPLES[0], checks=tuple(checks))
    assert report_verdict(page, [broken], CONFIRMATIONS) is False
    assert "✗ Example A is off by 1e-06" in read()


@pytest.mark.parametrize("difference", [1e-3, np.nan])
def test_a_theorem_that_does_not_hold(paper, difference):
    page, read = paper
    broken = replace(CONFIRMATIONS[3], differences=Differences(difference, 0.0, 0.0))
    assert report_verdict(page, EXAMPLES, [CONFIRMATIONS[0], broken]) is False
    assert "✗ ∂L/∂z is not ŷ − y: random graphs, soft y, L from ŷ" in read()
