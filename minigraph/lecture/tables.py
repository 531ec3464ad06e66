"""The tables of data that the lecture prints, drawn from iris.

One row is no flower of iris: the fifth of `petal-9` and of `iris-9`, whose petal width is printed
1.1 where iris has 1.0. The tables here hold what the lecture prints.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from minigraph.lecture._arrays import frozen

__all__ = ["TABLES", "Table"]


@dataclass(frozen=True, eq=False)
class Table:
    """A table of training data.

    Parameters
    ----------
    name
        Its key in `TABLES`.
    features
        The names of the features, one a column.
    x
        The features, an example a row.
    labels_from_1
        The labels as the first half of the lecture counts them, or None where it doesn't use the
        table.
    labels_from_0
        The labels as the second half counts them, or None where it doesn't use the table.

    Examples
    --------
    >>> table = TABLES["petal-length-2"]
    >>> table.x.T
    array([[1.4, 1.3, 1.5, 4.5, 4.1, 4.6]])
    >>> table.labels_from_1, table.labels_from_0
    ((1, 1, 1, 2, 2, 2), (0, 0, 0, 1, 1, 1))
    """

    name: str
    features: tuple[str, ...]
    x: NDArray[np.float64]
    labels_from_1: tuple[int, ...] | None
    labels_from_0: tuple[int, ...] | None

    @property
    def labels(self) -> tuple[int, ...]:
        """The labels as the lecture prints them where it first shows the table."""
        labels = self.labels_from_0 if self.labels_from_1 is None else self.labels_from_1
        assert labels is not None, "a table has labels from 1, from 0, or both"
        return labels

    @property
    def classes(self) -> tuple[int, ...]:
        """The distinct labels in order."""
        return tuple(sorted(set(self.labels)))


_PETAL_LENGTH = ("petal length",)
_PETAL = ("petal length", "petal width")
_ALL = ("sepal length", "sepal width", "petal length", "petal width")

_PETAL_LENGTH_2 = Table(
    name="petal-length-2",
    features=_PETAL_LENGTH,
    x=frozen([[1.4], [1.3], [1.5], [4.5], [4.1], [4.6]]),
    labels_from_1=(1, 1, 1, 2, 2, 2),
    labels_from_0=(0, 0, 0, 1, 1, 1),
)

_PETAL_LENGTH_2B = Table(
    name="petal-length-2b",
    features=_PETAL_LENGTH,
    x=frozen([[1.4], [1], [1.5], [3], [3.8], [4.1]]),
    labels_from_1=None,
    labels_from_0=(0, 0, 0, 1, 1, 1),
)

_PETAL_LENGTH_3 = Table(
    name="petal-length-3",
    features=_PETAL_LENGTH,
    x=frozen([[1.4], [1.3], [1.5], [4.5], [4.1], [4.6], [5.2], [5.6], [5.9]]),
    labels_from_1=None,
    labels_from_0=(0, 0, 0, 1, 1, 1, 2, 2, 2),
)

_PETAL_9 = Table(
    name="petal-9",
    features=_PETAL,
    x=frozen(
        [
            [1.5, 0.2],
            [1.4, 0.2],
            [1.6, 0.2],
            [4.7, 1.6],
            [3.3, 1.1],
            [4.6, 1.3],
            [5.6, 2.2],
            [5.1, 1.5],
            [5.6, 1.4],
        ]
    ),
    labels_from_1=(1, 1, 1, 2, 2, 2, 3, 3, 3),
    labels_from_0=None,
)

_IRIS_9 = Table(
    name="iris-9",
    features=_ALL,
    x=frozen(
        [
            [5.2, 3.5, 1.5, 0.2],
            [5.2, 3.4, 1.4, 0.2],
            [4.7, 3.2, 1.6, 0.2],
            [6.3, 3.3, 4.7, 1.6],
            [4.9, 2.4, 3.3, 1.1],
            [6.6, 2.9, 4.6, 1.3],
            [6.4, 2.8, 5.6, 2.2],
            [6.3, 2.8, 5.1, 1.5],
            [6.1, 2.6, 5.6, 1.4],
        ]
    ),
    labels_from_1=(1, 1, 1, 2, 2, 2, 3, 3, 3),
    labels_from_0=None,
)

_IRIS_9B = Table(
    name="iris-9b",
    features=_ALL,
    x=frozen(
        [
            [5.1, 3.5, 1.4, 0.2],
            [4.9, 3, 1.4, 0.2],
            [4.7, 3.2, 1.3, 0.2],
            [6.4, 3.2, 4.5, 1.5],
            [6.9, 3.1, 4.9, 1.5],
            [5.5, 2.3, 4, 1.3],
            [4.9, 2.5, 4.5, 1.7],
            [7.3, 2.9, 6.3, 1.8],
            [6.7, 2.5, 5.8, 1.8],
        ]
    ),
    labels_from_1=None,
    labels_from_0=(0, 0, 0, 1, 1, 1, 2, 2, 2),
)

TABLES = MappingProxyType(
    {
        table.name: table
        for table in (
            _PETAL_LENGTH_2,
            _PETAL_LENGTH_2B,
            _PETAL_LENGTH_3,
            _PETAL_9,
            _IRIS_9,
            _IRIS_9B,
        )
    }
)
"""The tables, by name, in the order of the lecture's halves."""
