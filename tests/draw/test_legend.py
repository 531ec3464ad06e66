"""The legend explains what is there, and nothing else."""

import html
import re

import numpy as np

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
        "order of evaluation",
        "forward",
        "backward",
        "size of an entry in its table",
        "value, gradient",
        "not computed",
    ]


def test_of_a_single_leaf():
    assert legend_words(describe(mg.constant([1.0], name="x"))) == [
        "input",
        "size of an entry in its table",
        "value, gradient",
    ]


def test_where_every_gradient_is_there():
    x = mg.parameter(1.0, name="x")
    y = mg.exp(x)
    y.backward()
    assert legend_words(describe(y)) == [
        "parameter",
        "computed",
        "op",
        "order of evaluation",
        "forward",
        "backward",
        "value, gradient",
    ]


def test_what_only_some_graphs_have():
    x = mg.parameter(np.zeros(100), name="x")
    for _ in range(5):
        x = mg.tanh(x * 0.5)
    y = mg.sum(x * x)
    y.backward()
    words = set(legend_words(describe(y, fold=True)))
    assert words >= {"folded", "used so many times", "parts of a gradient, added up"}
    assert "large array: means of blocks" in words
    assert "size of an entry in its table" not in words


def test_every_word_is_written(worked):
    graph = describe(worked("A") * 2.0)
    words = legend_words(graph)
    markup = html.unescape(legend(graph, LIGHT)).replace("\xa0", " ")
    for word in words:
        for part in word.split(", ") if word == "value, gradient" else [word]:
            assert re.search(f">\\s*{re.escape(part)}\\s*<", markup)


def test_the_legend_of_a_small_graph_is_in_several_rows(worked):
    x = mg.parameter(3.0, name="x")
    y = x * x + x
    y.backward()
    graph = describe(y)
    assert len(legend_words(graph)) == 9
    assert legend(graph, LIGHT).count('ALIGN="LEFT"') == 2
    assert legend(describe(worked("A")), LIGHT).count('ALIGN="LEFT"') == 1
