"""The lecture on softmax regression: its model, and as data its tables, examples, slips and iris.

The worked examples come with every figure that the lecture prints and with what full precision
gives, so whatever computes them can be checked figure by figure.

Examples
--------
>>> from minigraph.lecture import EXAMPLES
>>> for figure in EXAMPLES["E"].figures(printed=True):
...     print(figure.step, figure.symbol, figure.printed)
2 ŷ₀⁽⁰⁾ 0.615
2 ŷ₀⁽¹⁾ 0.802
4 ∂L⁽⁰⁾/∂z₀⁽⁰⁾ -0.385
4 ∂L⁽¹⁾/∂z₀⁽¹⁾ 0.802
4 ∂L/∂b₀ 0.209
4 ∂L/∂w₀ 1.536
"""

from minigraph.lecture.components import component_symbols
from minigraph.lecture.example import Entries, Example
from minigraph.lecture.examples import EXAMPLES
from minigraph.lecture.figures import QUANTITIES, STEPS, VIETNAMESE, Figure, Quantity
from minigraph.lecture.iris import Iris, load_iris
from minigraph.lecture.model import SoftmaxRegressionGraph, graph, step, with_ones
from minigraph.lecture.slips import SLIPS, Slip
from minigraph.lecture.tables import TABLES, Table

__all__ = [
    "EXAMPLES",
    "QUANTITIES",
    "SLIPS",
    "STEPS",
    "TABLES",
    "VIETNAMESE",
    "Entries",
    "Example",
    "Figure",
    "Iris",
    "Quantity",
    "Slip",
    "SoftmaxRegressionGraph",
    "Table",
    "component_symbols",
    "graph",
    "load_iris",
    "step",
    "with_ones",
]
