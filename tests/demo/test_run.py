"""The demo from beginning to end."""

import io

import pytest
from rich.console import Console

from minigraph.demo.run import run
from minigraph.lecture import EXAMPLES


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run the demo once; return whether it passed, what it wrote, and where."""
    out, file = tmp_path_factory.mktemp("demo"), io.StringIO()
    passed = run(out, 0, Console(file=file, width=80, highlight=False))
    return passed, file.getvalue(), out


def test_it_passes(demo):
    passed, text, _ = demo
    assert passed is True
    assert text.rstrip().endswith("✓ 83 of 83 printed figures match, and ∂L/∂z = ŷ − y holds.")
    assert "✗ Example" not in text


def test_the_parts_in_order(demo):
    _, text, _ = demo
    parts = ("1  The lecture's", "2  ∂L/∂z", "3  Softmax regression on iris", "4  Pictures")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert all(f"Example {key}  {e.title}" in text for key, e in EXAMPLES.items())


def test_the_paths_that_are_listed_are_there(demo):
    _, text, out = demo
    listed = [line.split()[0] for line in text.splitlines() if line.startswith(f"  {out}")]
    there = [*out.glob("*.svg"), *out.glob("*.html")]
    assert sorted(listed) == sorted(map(str, there))
    assert len(listed) == 7 + 5


def test_only_paths_are_wider_than_the_terminal(demo):
    _, text, out = demo
    assert all(len(line) <= 80 for line in text.splitlines() if str(out) not in line)
