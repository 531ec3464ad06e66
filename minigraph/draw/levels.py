"""How large each entry of an array is among the others: what its colour in a table says."""

from __future__ import annotations

import numpy as np

# The steps of colour on either side of zero.
LEVELS = 4


def levels(array: np.ndarray) -> np.ndarray:
    """Return each entry's step of colour: 0 for zero, LEVELS for the largest, with its sign.

    Parameters
    ----------
    array : numpy.ndarray
        What is not finite counts as infinite; NaN gets 0.

    Returns
    -------
    numpy.ndarray of int

    Examples
    --------
    >>> import numpy as np
    >>> levels(np.array([4.0, -1.0, 2.0, 0.1, 0.0])).tolist()
    [4, -1, 2, 1, 0]
    """
    numbers = array.astype(np.float64)
    sizes = np.abs(numbers)
    top = sizes[np.isfinite(sizes)].max(initial=0.0)
    with np.errstate(all="ignore"):
        shares = np.ceil(LEVELS * (sizes / top)) if top else np.zeros_like(sizes)
    shares = np.maximum(shares, sizes > 0)  # what is too small to divide is not 0
    shares = np.where(np.isinf(sizes), LEVELS, np.where(np.isnan(sizes), 0, shares))
    return (np.sign(np.nan_to_num(numbers)) * shares).astype(int)
