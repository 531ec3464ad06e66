"""What the lecture computes, and a single figure that it prints."""

import math
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import SupportsFloat

__all__ = ["QUANTITIES", "STEPS", "VIETNAMESE", "Figure", "Quantity"]

STEPS = MappingProxyType(
    {
        1: "Pick a sample",
        2: "Compute the output ŷ",
        3: "Compute the loss",
        4: "Compute the derivative",
        5: "Update the parameters",
    }
)
"""The lecture's five steps, by number."""

VIETNAMESE = MappingProxyType(
    {
        2: "Tính output ŷ",
        3: "Tính loss (cross-entropy)",
        4: "Tính đạo hàm",
        5: "Cập nhật tham số",
    }
)
"""The wording of the slides, where a step's name is Vietnamese there."""

# A value this near to a whole unit away, as a part of the unit, is taken to be a whole unit away:
# the noise of binary arithmetic must not carry it over the edge into a match.
_EDGE = Decimal("1e-9")


@dataclass(frozen=True)
class Quantity:
    """One of the arrays that the lecture computes on its way through the five steps.

    Parameters
    ----------
    name
        The lecture's symbol; the key in `QUANTITIES` and in each example's figures.
    step
        The step, 2 to 5, that computes it.
    shape
        Its shape in n features, k classes and m examples, as text.
    meaning
        How it is had from the graph of the mean loss L.
    """

    name: str
    step: int
    shape: str
    meaning: str


QUANTITIES = MappingProxyType(
    {
        quantity.name: quantity
        for quantity in (
            Quantity("z", 2, "(k, m)", "the logits θᵀx, a column an example"),
            Quantity("ŷ", 2, "(k, m)", "softmax of z over the classes, axis 0"),
            Quantity(
                "log ŷ_y", 3, "(m,)", "the natural logarithm of each example's ŷ at its own class"
            ),
            Quantity("L", 3, "()", "the cross-entropy, its mean over the m examples"),
            Quantity(
                "∂L⁽ᵘ⁾/∂z",
                4,
                "(k, m)",
                "ŷ − y: each example's own loss by its own logits, before the mean; "
                "m times the ∂L/∂z of the mean loss",
            ),
            Quantity("∂L/∂b", 4, "(k,)", "the first row of ∂L/∂θ"),
            Quantity("∂L/∂w", 4, "(n, k)", "the other rows of ∂L/∂θ"),
            Quantity("∂L/∂θ", 4, "(n+1, k)", "the gradient of the mean loss; column i is ∂L/∂θᵢ"),
            Quantity("θ − ηL'_θ", 5, "(n+1, k)", "the parameters after one update"),
        )
    }
)
"""Every quantity of the worked examples, by name, in the order of the steps."""


@dataclass(frozen=True)
class Figure:
    """One entry of a quantity: what the lecture prints, and what it is.

    Parameters
    ----------
    quantity
        The name of the quantity in `QUANTITIES`.
    symbol
        The entry's own symbol, as ``ŷ₁`` or ``∂L/∂w₁₂``.
    index
        Where the entry stands in the quantity's array; ``()`` for the loss.
    printed
        The figure with the places that the lecture prints, or None where it prints none.
    exact
        The same figure in full precision, computed from the closed form.
    step
        The step, 2 to 5, that computes it.

    Examples
    --------
    >>> figure = Figure("ŷ", "ŷ₁", (0, 0), "0.615", 0.6153837563911821, 2)
    >>> figure.unit
    Decimal('0.001')
    >>> figure.matches(0.6153), figure.matches(0.6159), figure.matches(0.616)
    (True, True, False)
    """

    quantity: str
    symbol: str
    index: tuple[int, ...]
    printed: str | None
    exact: float
    step: int

    @property
    def unit(self) -> Decimal:
        """One unit of the last printed digit."""
        exponent = self._decimal().as_tuple().exponent
        assert isinstance(exponent, int), "the lecture prints finite figures"
        return Decimal(1).scaleb(exponent)

    def matches(self, value: SupportsFloat) -> bool:
        """Tell whether a value agrees with the printed figure to its last digit.

        The lecture truncates many figures and rounds others, so a value agrees when it is less
        than one unit of the last printed digit away. The comparison is decimal: 0.616 is one whole
        unit from a printed 0.615, although the nearest binary number lies a little below it.

        Parameters
        ----------
        value
            The value computed; a NaN or an infinity never matches.

        Returns
        -------
        bool
            True where |value − printed| < one unit of the last printed digit.

        Raises
        ------
        ValueError
            If the lecture doesn't print this figure.
        """
        printed = self._decimal()
        number = float(value)
        if not math.isfinite(number):
            return False
        # repr gives the decimal number that a reader would see, not the binary one beneath it.
        return abs(Decimal(repr(number)) - printed) < self.unit * (1 - _EDGE)

    def _decimal(self) -> Decimal:
        if self.printed is None:
            raise ValueError(f"the lecture prints no figure for {self.symbol}")
        return Decimal(self.printed)
