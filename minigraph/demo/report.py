"""The demo's results on the page, part by part."""

from collections.abc import Sequence
from pathlib import Path

from minigraph.demo.figures import TOLERANCE, WorkedExample
from minigraph.demo.page import Page, Part
from minigraph.demo.pictures import Drawn
from minigraph.demo.theorem import EXACT, FINITE, Confirmation
from minigraph.demo.training import Split, Training
from minigraph.demo.walkthrough import GOOD, WRONG, mark, walk_through

__all__ = [
    "report_examples",
    "report_pictures",
    "report_theorem",
    "report_training",
    "report_verdict",
]


def report_examples(page: Page, examples: Sequence[WorkedExample]) -> None:
    """Write part 1: each worked example in five steps, and how many figures match."""
    page.heading(1, "The lecture's worked examples, in its five steps")
    page.paragraph(
        mark(True),
        " agrees with the lecture to its last printed digit (the lecture cuts many figures off), ",
        mark(False),
        " does not, – is not printed.",
    )
    page.line()
    for worked in examples:
        walk_through(page, worked)
    rows: list[list[Part]] = [
        [
            worked.example.key,
            *(str(size) for size in (worked.example.n, worked.example.k, worked.example.m)),
            str(worked.printed),
            str(worked.matching),
            f"{worked.difference:.0e}",
            mark(worked.passes),
        ]
        for worked in examples
    ]
    header = ["example", "features", "classes", "m", "figures", "match", "off by", ""]
    page.table(header, rows)
    page.paragraph(
        (
            f"Off by: how far a figure of ours is from full precision at most; {TOLERANCE:.0e} "
            "would be too far.",
            "dim",
        )
    )


def report_theorem(page: Page, confirmations: Sequence[Confirmation]) -> None:
    """Write part 2: ∂L/∂z = ŷ − y, and how far each way is from it."""
    page.heading(2, "∂L/∂z = ŷ − y")
    entries = sum(c.entries for c in confirmations)
    page.paragraph(
        "For the mean over m examples, ∂L/∂z = (ŷ − y)/m. The largest difference from that closed "
        f"form in plain NumPy, over {entries:,} entries of z in graphs of many sizes, with L "
        "computed from ŷ by cross_entropy, or from z by softmax_cross_entropy:"
    )
    rows: list[list[Part]] = [
        [
            f"{c.graphs} {c.group}",
            c.targets,
            _source(c),
            f"{c.differences.backward:.0e}",
            f"{c.differences.grad:.0e}",
            f"{c.differences.finite:.0e}",
            mark(c.differences.passes),
        ]
        for c in confirmations
    ]
    header = ["graphs", "y", "L from", "backward()", "mg.grad", "finite diff.", ""]
    page.table(header, rows, left=3)
    page.paragraph(
        (
            f"The graph may differ by {EXACT:.0e}, rounding alone; central finite differences by "
            f"{FINITE:.0e}, for they cut a series off.",
            "dim",
        )
    )


def _source(confirmation: Confirmation) -> str:
    return "z" if confirmation.fused else "ŷ"


def report_training(page: Page, data: Split, trainings: Sequence[Training], seed: int) -> None:
    """Write part 3: the three ways of training on iris, and how well each does."""
    page.heading(3, "Softmax regression on iris, trained in three ways")
    count, held_out = len(data.labels), len(data.held_out_labels)
    first = trainings[0]
    page.paragraph(
        f"{count + held_out} flowers: {count} to train on, {held_out} held out, "
        f"{held_out // len(data.class_names)} of each species. Features are standardised by mean "
        f"and deviation of the {count}. θ starts from zeros; η = {first.eta:g}, "
        f"{first.epochs} epochs, seed {seed}."
    )
    rows: list[list[Part]] = [
        [
            training.way.name,
            str(training.way.size or count),
            f"{training.updates:,}",
            f"{training.trained[-1].loss:.4f}",
            f"{training.trained[-1].accuracy:.1%}",
            f"{training.held_out[-1].loss:.4f}",
            f"{training.held_out[-1].accuracy:.1%}",
            f"{training.seconds:.2f} s",
        ]
        for training in trainings
    ]
    header = ["\nway", "\nm", "\nupdates", "trained\nL", "\naccuracy", "held out\nL"]
    header += ["\naccuracy", "\ntime"]
    page.table(header, rows)
    page.paragraph(
        (
            "The same η and the same number of times through the data: what differs is how many "
            "steps were taken, and how many examples (m) each of them looked at.",
            "dim",
        )
    )


def report_pictures(page: Page, drawn: Sequence[Drawn], out: Path) -> None:
    """Write part 4: where the pictures are, and what to try next."""
    page.heading(4, "Pictures, and what to try next")
    paths = {picture: str(picture.paths[0]) for picture in drawn}
    longest = max(map(len, paths.values()))
    for picture, path in paths.items():
        others = " ".join(other.suffix for other in picture.paths[1:]).ljust(4)
        page.line("  ", (path.ljust(longest), "cyan"), f"  {others}  ", (picture.shows, "dim"))
    page.line()
    suggestions = {
        f"look at {out / 'example-c.svg'}": "the graph that was worked through above",
        f"open {out / 'walk-c.html'}": "the same, step by step, with a quiz",
        "minigraph demo --seed 1": "other flowers held out, other random graphs",
        "python": "and there, ∂L/∂z as a graph of its own:",
    }
    for what, why in suggestions.items():
        page.line("  ", (what.ljust(24), "bold"), (f"  {why}", "dim"))
    for code in (
        "import minigraph as mg",
        "from minigraph.lecture import EXAMPLES, graph",
        'c = EXAMPLES["C"]',
        "g = graph(c.theta, c.x, c.labels, c.classes)",
        'mg.draw(mg.grad(g.loss, g.z)).save("gradient.svg")',
    ):
        page.line("    ", (">>> ", "dim"), code)


def report_verdict(
    page: Page, examples: Sequence[WorkedExample], confirmations: Sequence[Confirmation]
) -> bool:
    """Write whether everything holds, else what does not; return whether it does."""
    page.line()
    printed = sum(worked.printed for worked in examples)
    matching = sum(worked.matching for worked in examples)
    for worked in examples:
        for check in worked.checks:
            if check.matches is False:
                page.line(
                    (f"  ✗ Example {worked.example.key}: {check.figure.symbol} is ", WRONG),
                    (f"{check.ours:.6f}, and the lecture prints {check.figure.printed}", WRONG),
                )
        if worked.matching == worked.printed and not worked.passes:
            page.line(
                (f"  ✗ Example {worked.example.key} is off by {worked.difference:.0e}", WRONG)
            )
    for c in confirmations:
        if not c.differences.passes:
            graphs = f"{c.group} graphs, {c.targets} y, L from {_source(c)}"
            page.line((f"  ✗ ∂L/∂z is not ŷ − y: {graphs}", WRONG))
    holds = all(c.differences.passes for c in confirmations)
    if not (holds and all(worked.passes for worked in examples)):
        return False
    page.line(
        (f"  ✓ {matching} of {printed} printed figures match, and ∂L/∂z = ŷ − y holds.", GOOD)
    )
    return True
