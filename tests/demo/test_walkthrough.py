"""A worked example as it is read."""

import io

import pytest
from rich.console import Console

from minigraph.demo.figures import work
from minigraph.demo.page import Page
from minigraph.demo.walkthrough import walk_through
from minigraph.lecture import EXAMPLES, SLIPS, STEPS, VIETNAMESE


def written(key, encoding="utf-8"):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    walk_through(Page(Console(file=file, width=80, highlight=False)), work(EXAMPLES[key]))
    return file.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("key", EXAMPLES)
def test_it_fits_a_terminal(key, encoding):
    for line in written(key, encoding).splitlines():
        assert len(line) <= 80
        assert line == line.rstrip()


@pytest.mark.parametrize("key", EXAMPLES)
def test_the_five_steps_in_order(key):
    text = written(key)
    places = [text.index(f"  {number} {name}") for number, name in STEPS.items()]
    assert places == sorted(places)
    assert all(f"/ {wording}" in text for wording in VIETNAMESE.values())


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_printed_figure_beside_ours(key):
    text = written(key)
    assert text.count("✓") == len(list(EXAMPLES[key].figures(printed=True)))
    assert "✗" not in text
    for figure in EXAMPLES[key].figures(printed=True):
        (line, *_) = [
            line
            for line in text.splitlines()
            if figure.printed in line.replace("⎡", " ").split("✓")[0] and "✓" in line
        ]
        assert f"{figure.exact:.6f} ✓" in text, line


def test_the_slips_are_told_once_and_where_they_belong():
    texts = {key: written(key) for key in EXAMPLES}
    for slip in SLIPS:
        holders = [key for key, text in texts.items() if slip.right in text]
        assert holders == [slip.examples[0]]
        text = texts[holders[0]]
        begin = text.index(f"  {slip.step} {STEPS[slip.step]}")
        end = text.find(f"  {slip.step + 1} {STEPS[slip.step + 1]}", begin)
        assert begin < text.index(slip.right) < end
        assert slip.printed in text
    assert "The slips on the slides are those of example D." in texts["E"]
    assert "slip" not in texts["B"]


def test_matrices_as_the_lecture_writes_them():
    assert "⎣0.2  -0.1 ⎦       ⎣1.4⎦" in written("A")
    lines = [line.strip() for line in written("C").splitlines()]
    assert "ŷ        ⎡0.4039  0.5324  0.5768⎤  ⎡0.403920 ✓  0.532426 ✓  0.576858 ✓⎤" in lines
    assert "⎢0.2846  0.1978  0.1790⎥  ⎢0.284637 ✓  0.197837 ✓  0.179038 ✓⎥" in lines
    assert "L        1.31                      1.312336 ✓" in lines
