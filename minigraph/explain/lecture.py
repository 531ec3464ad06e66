"""The lecture's worked examples as walks."""

from __future__ import annotations

from minigraph.explain.build import walk_of
from minigraph.explain.walk import Walk
from minigraph.explain.wording import say
from minigraph.lecture import EXAMPLES, graph


def lecture_walk(key: str, language: str = "en") -> Walk:
    """Return the walk of one of the lecture's worked examples.

    Parameters
    ----------
    key : str
        "A" to "E".
    language : {"en", "vi"}

    Examples
    --------
    >>> lecture_walk("A", "en")
    <Walk: Example A: One example, two classes, one feature, 14 steps>
    """
    example = EXAMPLES[key]
    nodes = graph(example.theta, example.x, example.labels, example.classes)
    title = say("sentences", "example", key=key, title=example.title)[language]
    return walk_of(nodes.loss, example.eta, language, title=title)
