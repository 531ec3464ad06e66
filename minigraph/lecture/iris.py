"""The whole of iris: 150 flowers, four measures, three species."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from minigraph.lecture._arrays import frozen

__all__ = ["Iris", "load_iris"]


@dataclass(frozen=True, eq=False)
class Iris:
    """Fisher's iris data.

    Parameters
    ----------
    x
        The measures in centimetres, a flower a row: (150, 4).
    labels
        The species of each flower, 0 to 2: (150,).
    feature_names
        The names of the four measures.
    class_names
        The names of the three species.
    """

    x: NDArray[np.float64]
    labels: NDArray[np.int64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


def load_iris() -> Iris:
    """Read iris from the file that the package ships; ``iris.md`` beside it names its source.

    Returns
    -------
    Iris
        The data, as read-only arrays.

    Examples
    --------
    >>> iris = load_iris()
    >>> iris.x.shape, iris.feature_names
    ((150, 4), ('sepal length', 'sepal width', 'petal length', 'petal width'))
    >>> iris.class_names[iris.labels[-1]], iris.x[-1]
    ('virginica', array([5.9, 3. , 5.1, 1.8]))
    """
    text = files("minigraph.lecture").joinpath("iris.csv").read_text(encoding="utf-8")
    header, *rows = (line.split(",") for line in text.splitlines())
    class_names = tuple(dict.fromkeys(row[-1] for row in rows))
    return Iris(
        x=frozen([row[:-1] for row in rows]),
        labels=frozen([class_names.index(row[-1]) for row in rows], dtype=np.int64),
        feature_names=tuple(header[:-1]),
        class_names=class_names,
    )
