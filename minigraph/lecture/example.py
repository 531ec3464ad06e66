"""What a worked example is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minigraph.lecture._arrays import frozen
from minigraph.lecture.figures import QUANTITIES, Figure
from minigraph.lecture.symbols import parameter_symbol, subscript, superscript

__all__ = ["Entries", "Example", "entries"]


@dataclass(frozen=True, eq=False)
class Entries:
    """A quantity of an example: the array that the lecture prints, and what it is.

    Parameters
    ----------
    printed
        The strings that the lecture prints, in the shape of the quantity's array, with None where
        it prints nothing.
    exact
        The same array in full precision, computed from the closed forms.
    """

    printed: NDArray[np.object_]
    exact: NDArray[np.float64]


def entries(printed: Sequence[Any] | str | None, exact: ArrayLike) -> Entries:
    """Make the entries of a quantity; ``None`` for printed says that nothing of it is printed.

    Examples
    --------
    >>> entries(["0.209", None], [0.20878382247488195, -0.20878382247488195]).printed
    array(['0.209', None], dtype=object)
    """
    numbers = frozen(exact)
    strings = np.full(numbers.shape, None) if printed is None else printed
    return Entries(frozen(strings, dtype=np.object_), numbers)


@dataclass(frozen=True, eq=False)
class Example:
    """A worked example: one step of training, from a sample to the new parameters.

    The arrays lie as in the lecture: examples are columns, softmax runs over axis 0, and x carries
    the leading row of ones that meets the biases in the first row of θ.

    Parameters
    ----------
    key
        Its letter, A to E.
    title
        What it shows.
    convention
        ``"δ(i, y)"``, with labels from 1, or ``"one-hot"``, with labels from 0.
    table
        The name of the table in `TABLES` that the sample is picked from.
    theta
        The parameters before the update, (n+1, k).
    x
        The sample, (n+1, m).
    labels
        The m labels of the sample.
    classes
        The k classes, in the order of the columns of θ.
    eta
        The learning rate η.
    quantities
        The entries of each quantity that the example computes, by its name in `QUANTITIES`, in the
        order of the steps.

    Examples
    --------
    >>> from minigraph.lecture import EXAMPLES
    >>> example = EXAMPLES["A"]
    >>> example.theta
    array([[ 0.1 ,  0.05],
           [ 0.2 , -0.1 ]])
    >>> for figure in example.figures(step=2):
    ...     print(figure.symbol, figure.printed, figure.exact)
    z₁ None 0.38
    z₂ None -0.09
    ŷ₁ 0.615 0.6153837563911821
    ŷ₂ 0.385 0.38461624360881785
    """

    key: str
    title: str
    convention: str
    table: str
    theta: NDArray[np.float64]
    x: NDArray[np.float64]
    labels: tuple[int, ...]
    classes: tuple[int, ...]
    eta: float
    quantities: Mapping[str, Entries]

    @property
    def n(self) -> int:
        """The number of features."""
        return self.theta.shape[0] - 1

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.classes)

    @property
    def m(self) -> int:
        """The number of examples in the sample."""
        return len(self.labels)

    def figures(
        self, *, step: int | None = None, quantity: str | None = None, printed: bool = False
    ) -> Iterator[Figure]:
        """Go through the figures one entry at a time, in the order of the steps.

        Parameters
        ----------
        step
            Only the figures that this step computes.
        quantity
            Only the entries of this quantity.
        printed
            Only the figures that the lecture prints.

        Yields
        ------
        Figure
            An entry of a quantity, in the order of its array.
        """
        for name, values in self.quantities.items():
            if quantity not in (None, name) or step not in (None, QUANTITIES[name].step):
                continue
            for index, text in np.ndenumerate(values.printed):
                if text is not None or not printed:
                    yield Figure(
                        quantity=name,
                        symbol=self._symbol(name, index),
                        index=index,
                        printed=text,
                        exact=float(values.exact[index]),
                        step=QUANTITIES[name].step,
                    )

    def _symbol(self, name: str, index: tuple[int, ...]) -> str:
        match name:
            case "L":
                return name
            case "log ŷ_y":
                (u,) = index
                return f"log ŷ{subscript(self.labels[u])}{self._mark(u)}"
            case "z" | "ŷ":
                i, u = index
                return f"{name}{subscript(self.classes[i])}{self._mark(u)}"
            case "∂L⁽ᵘ⁾/∂z":
                i, u = index
                return f"∂L{self._mark(u)}/∂z{subscript(self.classes[i])}{self._mark(u)}"
            case "∂L/∂b":
                (i,) = index
                return f"∂L/∂b{subscript(self.classes[i])}"
        row, i = index
        if name == "∂L/∂w":
            row += 1  # the first row of ∂L/∂θ is ∂L/∂b
        entry = parameter_symbol(row, self.classes[i], self.n)
        return f"∂L/∂{entry}" if name.startswith("∂") else entry

    def _mark(self, u: int) -> str:
        """Mark an example among several; the lecture numbers them from where the classes start."""
        return superscript(self.classes[0] + u) if self.m > 1 else ""
