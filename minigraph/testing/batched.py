"""Batched: many arrays of one shape in one, for rules that are written for a single array.

The batch is a hidden last axis. So shapes broadcast as they do without it, and the loops over
memory run along the batch, which is long where the arrays themselves are small.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class BatchError(TypeError):
    """Something that a batch cannot do: whoever made it goes on with one array at a time."""


def _refuse(self: Batched, *_: Any, **__: Any) -> NoReturn:
    # Each array of the batch might give another answer: the branch of an `if`, say.
    raise BatchError("a batch is no single array")


class Batched(NDArrayOperatorsMixin):
    """Arrays of one shape, which look and compute like one of them.

    Parameters
    ----------
    whole : numpy.ndarray, shape (..., n)
        The n arrays, side by side along the last axis.

    Raises
    ------
    BatchError
        Where one number is wanted, as by ``if`` or ``float``, or a NumPy array.

    Examples
    --------
    >>> import numpy as np
    >>> from minigraph.testing.batched import Batched
    >>> x = Batched(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))  # three vectors of length 2
    >>> x.shape, (x * np.array([1.0, 10.0])).whole.tolist()
    ((2,), [[1.0, 2.0, 3.0], [40.0, 50.0, 60.0]])
    """

    __slots__ = ("whole",)

    def __init__(self, whole: np.ndarray) -> None:
        self.whole = whole

    dtype = property(operator.attrgetter("whole.dtype"))

    @property
    def ndim(self) -> int:
        """How many axes each array has."""
        return self.whole.ndim - 1

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of each array's axes."""
        return self.whole.shape[:-1]

    @property
    def size(self) -> int:
        """How many entries each array has."""
        return self.whole.size // self.whole.shape[-1]

    @property
    def mT(self) -> Batched:  # noqa: N802 (the array API's name)
        """The matrix transpose: the last two axes swapped."""
        if self.ndim < 2:
            raise BatchError("a matrix has two axes")
        return Batched(self.whole.swapaxes(-3, -2))

    @property
    def T(self) -> Batched:  # noqa: N802 (the array API's name)
        """The transpose: all axes reversed."""
        return Batched(self.whole.transpose(*reversed(range(self.ndim)), -1))

    def __len__(self) -> int:
        if not self.ndim:
            raise BatchError("a scalar has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Batched]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Batched:
        items = key if isinstance(key, tuple) else (key,)
        if any(isinstance(item, Batched) for item in items):
            raise BatchError("what is picked differs from array to array")
        # The slice keeps the batch from being counted as an axis of the array.
        return Batched(self.whole[(*items, slice(None))])

    __bool__ = __float__ = __int__ = __complex__ = __index__ = __array__ = _refuse
    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Return the functions of batches, as an array API namespace."""
        from minigraph.testing.batched_functions import BATCHED

        return BATCHED

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Make ``batch * array`` and ``np.exp(batch)`` batches, and so all operators."""
        if ufunc is np.matmul and method == "__call__" and not options:
            return matmul(*inputs)
        if method != "__call__" or options or ufunc.signature or ufunc.nout > 1:
            raise BatchError(f"np.{ufunc.__name__} in this form is not known for batches")
        return Batched(ufunc(*map(whole_of, inputs)))


def whole_of(x: Any) -> Any:
    """Return what broadcasts with a batch's data: an array that is in no batch serves for all.

    Numbers stay as they are, so that Python's take the dtype of the others.
    """
    if type(x) is Batched:
        return x.whole
    if isinstance(x, np.ndarray):
        return x[..., None] if x.ndim else x
    if isinstance(x, int | float | np.generic):
        return x
    raise BatchError(f"a batch does not go with a {type(x).__name__}")


def matmul(a: Any, b: Any) -> Any:
    """Return the matrix products a @ b; vectors count as in NumPy."""
    if not a.ndim or not b.ndim:
        raise BatchError("a scalar is no matrix")
    row, column = a.ndim == 1, b.ndim == 1
    a, b = (a[None] if row else a), (b[..., None] if column else b)
    # As few products of as large matrices as can be, with the batch in their columns.
    if not isinstance(a, Batched):
        *lead, k, m, n = b.whole.shape
        data = a @ b.whole.reshape((*lead, k, m * n))
        data = data.reshape((*data.shape[:-1], m, n))
    elif not isinstance(b, Batched):
        data = b.mT[..., None, :, :] @ a.whole
    else:
        data = np.einsum("...ijn,...jkn->...ikn", a.whole, b.whole)
    if row:
        data = data[..., 0, :, :]
    return Batched(data[..., 0, :] if column else data)
