"""Ops of the user's own in the source: called as they are, and held to their shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigraph.arrays import NUMPY


def caller(op: Any, shape: tuple[int, ...]) -> Any:
    """Return a user's op as a function of arrays, which keeps to its shape."""

    def call(*inputs: Any) -> Any:
        if op.check is not None:
            op.check(*inputs)
        output = op.forward(NUMPY, *inputs)
        output = np.asarray(output[0] if op.saves else output)
        if output.shape != shape:
            raise ValueError(f"{op!r} gave shape {output.shape}, not {shape}")
        return output

    return call
