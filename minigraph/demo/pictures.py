"""The demo's pictures: each worked example, also step by step, an iris mini-batch, the losses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import minigraph as mg
from minigraph.demo.chart import Line, line_chart
from minigraph.demo.figures import WorkedExample
from minigraph.demo.training import Split, Training
from minigraph.explain.lecture import lecture_walk
from minigraph.lecture import SoftmaxRegressionGraph, graph

__all__ = ["SUFFIXES", "Drawn", "draw_pictures", "iris_minibatch", "loss_curves"]

SUFFIXES = (".svg", ".png")
"""What each graph is saved as."""


@dataclass(frozen=True)
class Drawn:
    """A picture or a page that was written.

    Parameters
    ----------
    paths : tuple of pathlib.Path
        Its files.
    shows : str
        What is on it.
    """

    paths: tuple[Path, ...]
    shows: str


def iris_minibatch(data: Split, training: Training) -> SoftmaxRegressionGraph:
    """Return the graph of a mini-batch of iris at the end of a training, with its gradients.

    Parameters
    ----------
    data : Split
        The flowers, sorted by species as iris is.
    training : Training
        Whose θ, and whose size of a sample.
    """
    size = training.way.size or len(data.labels)
    # Steps of about a third, prime to the number of flowers: the species take turns.
    chosen = np.arange(size) * 47 % len(data.labels)
    nodes = graph(training.theta, data.x[:, chosen], data.labels[chosen])
    nodes.loss.backward()
    return nodes


def loss_curves(trainings: Sequence[Training]) -> str:
    """Return the chart of the training loss L over the epochs, a line a way, as SVG."""
    lines = [
        Line(
            training.way.name,
            f"{training.updates:,} updates, L = {training.trained[-1].loss:.3f}",
            [score.loss for score in training.trained],
        )
        for training in trainings
    ]
    return line_chart(
        lines,
        title="Softmax regression on iris, trained in three ways",
        subtitle=f"The loss over all training flowers after each epoch; "
        f"η = {trainings[0].eta:g} for all",
        x_label="epochs (times through the training data)",
        y_label="L, mean cross-entropy (logarithmic)",
    )


def draw_pictures(
    out: Path,
    examples: Sequence[WorkedExample],
    data: Split,
    trainings: Sequence[Training],
) -> Iterator[Drawn]:
    """Write the pictures one by one.

    Parameters
    ----------
    out : pathlib.Path
        The folder, which exists.
    examples : sequence of WorkedExample
        Each is drawn with its values and gradients, and has a page that goes through it.
    data : Split
        Iris.
    trainings : sequence of Training
        In the order of `minigraph.demo.training.WAYS`: the second is the mini-batch.

    Yields
    ------
    Drawn
        Each picture and each page, when it is written.
    """
    for worked in examples:
        stem = out / f"example-{worked.example.key.lower()}"
        yield _save(worked.graph, stem, f"example {worked.example.key}, with its gradients")
    for worked in examples:
        key = worked.example.key
        page = lecture_walk(key).save(out / f"walk-{key.lower()}.html")
        yield Drawn((page,), f"example {key}, step by step")
    minibatch = iris_minibatch(data, trainings[1])
    size = minibatch.x.shape[1]
    yield _save(minibatch, out / "iris-minibatch", f"{size} flowers, at the end of the training")
    path = out / "loss-curves.svg"
    path.write_text(loss_curves(trainings), encoding="utf-8")
    yield Drawn((path,), "the loss over the epochs")


def _save(nodes: SoftmaxRegressionGraph, stem: Path, shows: str) -> Drawn:
    picture = mg.draw(nodes.loss)
    paths = tuple(stem.with_suffix(suffix) for suffix in SUFFIXES)
    for path in paths:
        picture.save(path)
    return Drawn(paths, shows)
