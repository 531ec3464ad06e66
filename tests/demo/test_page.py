"""The page: widths, colours, encodings, progress."""

import io

import pytest
from rich.console import Console

from minigraph.demo.page import Bar, Page


def paper(encoding="utf-8", **options):
    """Return a page, and a function that reads what is on it."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    page = Page(Console(file=file, **{"width": 80, "highlight": False, **options}))
    return page, lambda: file.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize(("given", "used"), [(20, 80), (80, 80), (90, 90), (300, 100)])
def test_the_width_is_kept_within_bounds(given, used):
    assert paper(width=given)[0].width == used


def test_a_line_is_never_wrapped_nor_padded():
    page, read = paper()
    page.line("x" * 200, ("  ", "bold"))
    assert read() == "x" * 200 + "\n"


def test_text_is_never_markup():
    page, read = paper(force_terminal=True, color_system="truecolor")
    page.line("[bold]θ[/bold] [3, 4] :smile:")
    assert "[bold]θ[/bold] [3, 4] :smile:" in read()


def test_a_paragraph_is_wrapped_beside_its_label():
    page, read = paper()
    page.paragraph("word " * 30, label="why  ", indent=3)
    first, *others = read().splitlines()
    assert first.startswith("   why  word word")
    assert others
    assert all(line.startswith("        word") for line in others)
    assert all(len(line) <= 80 and line == line.rstrip() for line in [first, *others])


def test_a_table():
    page, read = paper()
    page.table(["way", "L"], [["batch", "0.3"], ["mini-batch", ("0.15", "green")]])
    assert [line.strip() for line in read().splitlines()] == [
        "",
        "way             L",
        "─────────────────",
        "batch         0.3",
        "mini-batch   0.15",
        "",
    ]


def test_a_heading():
    page, read = paper()
    page.heading(2, "∂L/∂z")
    _, heading, _ = read().splitlines()
    assert heading.startswith("2  ∂L/∂z ──")
    assert len(heading) == 80


def test_in_ascii():
    page, read = paper("ascii")
    page.heading(1, "θ")
    page.table(["ŷ"], [["✓"]])
    page.paragraph("∂L", label="− ")
    with page.progress() as progress:
        Bar(progress, "training", 1).advance()
    assert read().splitlines()[1].startswith("1  theta ---")
    assert "- dL" in read()


def test_colour_only_on_a_terminal(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    page, read = paper(force_terminal=True, color_system="standard")
    page.line(("L", "green"))
    assert read() == "\x1b[32mL\x1b[0m\n"
    page, read = paper()
    page.line(("L", "green"))
    assert read() == "L\n"


def test_progress_shows_on_a_terminal_alone():
    page, read = paper(force_terminal=True, color_system=None)
    with page.progress() as progress:
        bar = Bar(progress, "training", 2)
        bar.advance()
        bar.advance()
        progress.refresh()
    assert "training" in read()
    assert "2/2" in read()
    page, read = paper()
    with page.progress() as progress:
        Bar(progress, "training", 2).advance()
    assert read() == ""
