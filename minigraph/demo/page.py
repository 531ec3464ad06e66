"""The page that the demo writes on: a terminal of any width, with or without colour."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from minigraph.demo.spelling import spell

__all__ = ["Bar", "Page", "Part"]

Part = str | tuple[str, str]
"""Text, or text with a style of rich's."""

# Narrower, the matrices would not fit: better that the terminal wraps a line than that figures
# are cut off. Wider, the eye loses the line.
_NARROWEST, _WIDEST = 80, 100


class Bar:
    """A progress bar, to be advanced."""

    def __init__(self, progress: Progress, text: str, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task(text, total=total)

    def advance(self) -> None:
        """Move the bar by one step."""
        self._progress.advance(self._task)


class Page:
    """A console, written on in the lecture's symbols, or in ASCII where it has none.

    Parameters
    ----------
    console : rich.console.Console
        Where to write.

    Examples
    --------
    >>> page = Page(Console(width=80))
    >>> page.line("  ", ("ŷ", "bold"), " = softmax(z)")
      ŷ = softmax(z)
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        console.width = min(max(console.width, _NARROWEST), _WIDEST)

    @property
    def width(self) -> int:
        """How many columns a line has."""
        return self._console.width

    def spell(self, text: str) -> str:
        """Return the text as this console can write it."""
        return spell(text, self._console.encoding)

    def line(self, *parts: Part) -> None:
        """Write a line that is never cut, nor wrapped."""
        self._line(self._text(parts))

    def paragraph(self, *parts: Part, indent: int = 2, label: str = "") -> None:
        """Write text that is wrapped between words, beside a label."""
        margin = Text(" " * indent)
        margin.append(self.spell(label), "dim")
        for line in self._text(parts).wrap(self._console, self.width - len(margin)):
            self._line(margin + line)
            margin = Text(" " * len(margin))

    def heading(self, number: int, text: str) -> None:
        """Write the heading of a part."""
        self.line()
        title = self._text([(str(number), "bold cyan"), (f"  {text}", "bold")])
        self._console.rule(title, align="left", style="cyan")
        self.line()

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Part]], left: int = 1) -> None:
        """Write a table: the first columns to the left, numbers to the right."""
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for i, name in enumerate(header):
            justify = "left" if i < left else "right"
            table.add_column(self.spell(name), justify=justify, no_wrap=True)
        for row in rows:
            table.add_row(*(self._text([cell]) for cell in row))
        self.line()
        self._console.print(Padding(table, (0, 0, 0, 2), expand=False))
        self.line()

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show progress bars while something runs; they leave no trace."""
        progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            # In a file there is nothing to move; some versions of rich would leave a line there.
            console=self._console if self._console.is_terminal else Console(quiet=True),
            transient=True,
        )
        with progress:
            yield progress

    def _line(self, text: Text) -> None:
        text.rstrip()
        self._console.print(text, soft_wrap=True)

    def _text(self, parts: Sequence[Part]) -> Text:
        spelled = [
            self.spell(part) if isinstance(part, str) else (self.spell(part[0]), part[1])
            for part in parts
        ]
        return Text.assemble(*spelled)
