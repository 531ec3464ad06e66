"""The whole demo, from the first example to the last picture."""

from pathlib import Path

from rich.console import Console

from minigraph.demo.figures import work_all
from minigraph.demo.page import Bar, Page
from minigraph.demo.pictures import draw_pictures
from minigraph.demo.report import (
    report_examples,
    report_pictures,
    report_theorem,
    report_training,
    report_verdict,
)
from minigraph.demo.theorem import confirm
from minigraph.demo.training import EPOCHS, WAYS, split, train

__all__ = ["run"]


def run(out: Path, seed: int = 0, console: Console | None = None) -> bool:
    """Run the demo: compute, write it to the console, and draw the pictures.

    Parameters
    ----------
    out : pathlib.Path
        The folder for the pictures, which exists.
    seed : int
        Decides the random graphs, the flowers held out and the order of the training.
    console : rich.console.Console, optional
        Where to write; default: standard output.

    Returns
    -------
    bool
        Whether every figure matches, and ∂L/∂z = ŷ − y holds.
    """
    page = Page(console or Console(highlight=False, emoji=False))
    page.line(("minigraph", "bold cyan"), "  softmax regression as a computational graph")
    examples = work_all()
    report_examples(page, examples)
    confirmations = confirm(seed)
    report_theorem(page, confirmations)

    data = split(seed)
    trainings = []
    with page.progress() as progress:
        bar = Bar(progress, "training", len(WAYS) * EPOCHS)
        for way in WAYS:
            trainings.append(train(way, data, seed=seed, advance=bar.advance))
    report_training(page, data, trainings, seed)

    drawn = []
    with page.progress() as progress:
        bar = Bar(progress, "drawing", 2 * len(examples) + 2)
        for picture in draw_pictures(out, examples, data, trainings):
            drawn.append(picture)
            bar.advance()
    report_pictures(page, drawn, out)
    return report_verdict(page, examples, confirmations)
