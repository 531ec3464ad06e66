"""The one way in which the lecture's data become arrays."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["frozen"]


def frozen(values: ArrayLike, dtype: Any = np.float64) -> NDArray[Any]:
    """Copy values into an array that nobody can write."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
