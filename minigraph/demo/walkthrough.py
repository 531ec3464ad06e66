"""A worked example on the page: the lecture's five steps, its figures beside ours, its slips."""

from collections.abc import Sequence

from minigraph.demo.figures import Check, WorkedExample
from minigraph.demo.matrix import align, brackets
from minigraph.demo.page import Page, Part
from minigraph.lecture import SLIPS, STEPS, VIETNAMESE, Example, Slip

__all__ = ["GOOD", "WRONG", "mark", "walk_through"]

GOOD, WRONG = "green", "bold red"
"""The styles of what agrees and of what does not."""

_SLIP = "magenta"
_INDENT = 4
_GAP = 2


def mark(matches: bool | None) -> tuple[str, str]:
    """Return the mark of a figure and its style: a blank where nothing was printed.

    Examples
    --------
    >>> mark(True), mark(False), mark(None)
    (('✓', 'green'), ('✗', 'bold red'), (' ', ''))
    """
    if matches is None:
        return " ", ""
    return ("✓", GOOD) if matches else ("✗", WRONG)


def walk_through(page: Page, worked: WorkedExample) -> None:
    """Write a worked example.

    Parameters
    ----------
    page : Page
        Where to.
    worked : WorkedExample
        What the graph gave.
    """
    example = worked.example
    page.line((f"Example {example.key}", "bold cyan"), (f"  {example.title}", "bold"))
    page.line()
    _step(page, 1, "")
    _sample(page, example)
    tables = [_Sides(page, name, worked) for name in example.quantities]
    names = max(len(sides.name) for sides in tables)
    printed = max(sides.width for sides in tables)
    for number, formula in _formulas(example).items():
        _step(page, number, formula)
        if number == 2:
            head = " " * (_INDENT + names + 2) + "the lecture".ljust(printed + _GAP) + "minigraph"
            page.line((head, "dim"))
        for sides in tables:
            if sides.step == number:
                sides.write(names, printed)
        for slip in SLIPS:
            # Each is told where it is met first.
            if slip.step == number and slip.examples[0] == example.key:
                _slip(page, slip)
    met = {slip.examples[0] for slip in SLIPS if example.key in slip.examples[1:]}
    for key in sorted(met):
        page.line(" " * _INDENT, (f"The slips on the slides are those of example {key}.", _SLIP))
    page.line()


def _formulas(example: Example) -> dict[int, str]:
    """Return what steps 2 to 5 compute, in the words of the example's slides."""
    mark = "⁽ᵘ⁾" if example.m > 1 else ""
    target = f"δ(i, y{mark})" if example.convention == "δ(i, y)" else f"yᵢ{mark}"
    mean = "(1/m) Σᵤ " if example.m > 1 else ""
    return {
        2: "z = θᵀx,   ŷ = e^z / Σⱼ e^{zⱼ}",
        3: f"L = −{mean}Σᵢ {target} log ŷᵢ{mark}",
        4: f"∂L/∂θᵢ = {mean}x{mark}(ŷᵢ{mark} − {target})",
        5: "θ ← θ − η L'_θ",
    }


def _step(page: Page, number: int, formula: str) -> None:
    parts: list[Part] = [(f"  {number} ", "cyan"), (STEPS[number], "bold")]
    if number in VIETNAMESE:
        parts.append((f" / {VIETNAMESE[number]}", "dim"))
    page.line(*parts)
    if formula:
        page.line(" " * _INDENT, (formula, "cyan"))


def _sample(page: Page, example: Example) -> None:
    """Write θ, x, y and η side by side."""
    theta = align([[f"{entry:g}" for entry in row] for row in example.theta])
    x = align([[f"{entry:g}" for entry in row] for row in example.x])
    labels = ", ".join(map(str, example.labels))
    for i, row in enumerate(theta):
        left, right = brackets(len(theta))[i]
        line = f"{'θ = ' if i == 0 else '    '}{left}{'  '.join(row)}{right}"
        left, right = brackets(len(x))[i]  # θ and x have n + 1 rows both
        line += f"   {'x = ' if i == 0 else '    '}{left}{'  '.join(x[i])}{right}"
        line += f"   y = {labels}   η = {example.eta:g}" if i == 0 else ""
        # Spelled otherwise, θ may be longer than one letter: the rows below move with it.
        first = len(page.spell("θ")) - 1
        page.line(" " * (_INDENT + (first if i else 0)), line)


class _Sides:
    """A quantity of an example as the lecture prints it, and as the graph gives it."""

    def __init__(self, page: Page, name: str, worked: WorkedExample) -> None:
        self._page = page
        shown = "new θ" if name == "θ − ηL'_θ" else name
        if worked.example.m == 1:  # then each example's own loss is the loss
            shown = shown.replace("⁽ᵘ⁾", "")
        self.name = page.spell(shown)
        checks = [check for check in worked.checks if check.figure.quantity == name]
        self.step = checks[0].figure.step
        rows = _rows(checks)
        self._ours = align([[f"{check.ours:.6f}" for check in row] for row in rows])
        self._marks = [[mark(check.matches) for check in row] for row in rows]
        self._brackets = brackets(len(rows)) if checks[0].figure.index else [("", "")]
        self._lecture = [page.spell("–")] + [""] * (len(rows) - 1)
        if any(check.figure.printed for check in checks):
            printed = align([[page.spell(c.figure.printed or "–") for c in row] for row in rows])
            self._lecture = [
                f"{left}{'  '.join(cells)}{right}"
                for (left, right), cells in zip(self._brackets, printed, strict=True)
            ]
        self.width = max(map(len, self._lecture))

    def write(self, names: int, printed: int) -> None:
        """Write the two sides; the names and the lecture's side take so many columns."""
        for i, lecture in enumerate(self._lecture):
            name = "" if i else self.name
            left, right = self._brackets[i]
            parts: list[Part] = [" " * _INDENT, (name.ljust(names + 2), "bold")]
            parts += [lecture.ljust(printed + _GAP), left]
            for j, (number, sign) in enumerate(zip(self._ours[i], self._marks[i], strict=True)):
                parts += ["  " if j else "", number + " ", sign]
            self._page.line(*parts, right)


def _rows(checks: Sequence[Check]) -> list[list[Check]]:
    """Arrange the entries of a quantity in rows: a vector in one, a matrix as it stands."""
    rows: dict[tuple[int, ...], list[Check]] = {}
    for check in checks:
        rows.setdefault(check.figure.index[:-1], []).append(check)
    return list(rows.values())


def _slip(page: Page, slip: Slip) -> None:
    page.paragraph((f"A slip on the slides: {slip.where}.", _SLIP), indent=_INDENT)
    indent = _INDENT + 2
    page.paragraph(slip.printed, label="printed  ", indent=indent)
    page.paragraph(slip.right, label="right    ", indent=indent)
    page.paragraph(slip.why, label="why      ", indent=indent)
