"""The legend explains what is there, and nothing else."""

import html
import re

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.draw.legend import legend, legend_words
from minigraph.draw.theme import LIGHT


def test_all_of_it(worked):
    assert legend_words(describe(worked("A") * 2.0)) == [
        "parameter",
        "input",
        "target",
        "number",
        "computed",
        "op",
        "forward",
        "backward",
        "value, gradient",
        "not computed",
    ]


def test_of_a_single_leaf():
    assert legend_words(describe(mg.constant([1.0], name="x"))) == [
        "input",
        "value, gradient",
        "not computed",
    ]


def test_where_every_gradient_is_there():
    x = mg.parameter(1.0, name="x")
    y = mg.exp(x)
    y.backward()
    assert legend_words(describe(y)) == [
        "parameter",
        "computed",
        "op",
        "forward",
        "backward",
        "value, gradient",
    ]


def test_every_word_is_written(worked):
    graph = describe(worked("A") * 2.0)
    texts = [
        html.unescape(t).strip("\xa0") for t in re.findall(r">([^<>]+)<", legend(graph, LIGHT))
    ]
    words = ", ".join(legend_words(graph)).replace("\xa0", " ").split(", ")
    assert [t.replace("\xa0", " ") for t in texts if t not in ("—►", "◄-\xa0-", "–")] == words
