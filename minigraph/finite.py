"""Where a number that is not finite arose: the search for it, and the warning."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from minigraph.errors import NonFiniteWarning, lesson, locate
from minigraph.graph import topological_order
from minigraph.node import Node


def is_finite(value: Any) -> bool:
    """Return whether no entry is inf or nan."""
    return bool(np.isfinite(value).all())


def warn_non_finite(*outputs: Node) -> None:
    """Warn of the first node where inf or nan arose: inf from finite inputs, nan from no nan."""
    for node in topological_order(*outputs):
        if node._op is None or is_finite(node._value):
            continue
        inputs = [x._value for x in node._inputs]
        if np.isnan(node._value).any():
            if any(np.isnan(x).any() for x in inputs):
                continue
            kind = "nan"
        elif all(map(is_finite, inputs)):
            kind = "inf"
        else:
            continue
        origin = "finite inputs" if all(map(is_finite, inputs)) else "inputs that are not nan"
        text = lesson(
            f"{node._op.label} gave {kind} from {origin}",
            node._op.remedy,
            (*node._inputs, node),
            node._site,
        )
        file, line = locate(node._site)
        warnings.warn_explicit(text, NonFiniteWarning, file, line, registry=_warned)
        return


# Which warnings were given already (Python's own bookkeeping; no computation depends on it).
_warned: dict[Any, Any] = {}
