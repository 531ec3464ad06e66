"""Strategies for hypothesis, which all shrink to small cases: few and short axes, 0.0 and 1.0.

`hypothesis.strategies.from_type` draws Nodes once this module is imported.
"""

from __future__ import annotations

try:
    import hypothesis.strategies as _st
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "minigraph.testing draws its cases with hypothesis, which is not installed: "
        "pip install 'minigraph[testing]'",
        name="hypothesis",
    ) from None

from minigraph.node import Node as _Node
from minigraph.testing.array_strategies import (
    arrays,
    broadcastable_shapes,
    constants,
    parameters,
    separated_arrays,
    shapes,
)
from minigraph.testing.class_strategies import (
    classifications,
    labels,
    logits,
    one_hot_targets,
    soft_targets,
)
from minigraph.testing.classification import Classification
from minigraph.testing.random_graphs import RandomGraph, graphs

__all__ = [
    "Classification",
    "RandomGraph",
    "arrays",
    "broadcastable_shapes",
    "classifications",
    "constants",
    "graphs",
    "labels",
    "logits",
    "one_hot_targets",
    "parameters",
    "separated_arrays",
    "shapes",
    "soft_targets",
]

_st.register_type_strategy(_Node, _st.one_of(parameters(), constants()))
