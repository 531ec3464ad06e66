"""GradientCheck: what a check compared, and how close it was."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InputCheck:
    """What was compared for one input, for one order.

    Attributes
    ----------
    order : int
    name : str
    shape : tuple of int
    dtype : str
    comparisons : int
        How many coordinates, or random directions.
    directions : bool
        Whether they are directions.
    method : {"central differences", "complex step"}
    step : float
        Of the differences, for numbers of order 1.
    largest : float
        The largest derivative that was seen; 0 means that there was nothing to compare.
    error : float
        The largest distance between a derivative and its difference quotient.
    kinks : tuple of tuple of int
        The entries where the function looks as if it had a kink, the gradient being the mean of
        the slopes on either side.
    """

    order: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    comparisons: int
    directions: bool
    method: str
    step: float
    largest: float
    error: float
    kinks: tuple[tuple[int, ...], ...] = ()

    def __str__(self) -> str:
        what = "random direction" if self.directions else "coordinate"
        text = (
            f"{self.name}  shape {self.shape}, {self.dtype}: {self.comparisons} {what}"
            f"{'' if self.comparisons == 1 else 's'}, {self.method}"
        )
        if self.method == "central differences":
            text += f" of step {self.step:.1e}"
        if self.largest == 0:
            return text + "; all 0"
        text += f"; derivatives up to {self.largest:.3g}, off by {self.error:.1e} at most"
        if self.kinks:
            text += f"; kinks at {', '.join(map(str, self.kinks[:3]))}"
            text += ", ..." if len(self.kinks) > 3 else ""
        return text


@dataclass(frozen=True)
class GradientCheck:
    """What `check_gradient` found: the gradients are right, and this was compared.

    Attributes
    ----------
    function : str
    order : int
        The highest order that was checked.
    inputs : tuple of InputCheck
        One for each input and order.
    skipped : tuple of str
        The inputs that were taken as data, or whose gradient was not given.
    """

    function: str
    order: int
    inputs: tuple[InputCheck, ...]
    skipped: tuple[str, ...] = ()

    @property
    def error(self) -> float:
        """The largest distance between a derivative and its difference quotient."""
        return max((check.error for check in self.inputs), default=0.0)

    def __repr__(self) -> str:
        total = sum(check.comparisons for check in self.inputs)
        return (
            f"<GradientCheck of {self.function}: right to order {self.order}, "
            f"{total} comparisons, off by {self.error:.1e} at most>"
        )

    def __str__(self) -> str:
        lines = []
        for order in range(1, self.order + 1):
            lines.append(f"{self.function}: {ordinal(order)} is right")
            lines += [f"  {check}" for check in self.inputs if check.order == order]
        if self.skipped:
            lines.append(f"  not compared: {', '.join(self.skipped)}")
        return "\n".join(lines)


def ordinal(order: int) -> str:
    """Return what the derivative of an order is called."""
    if order == 1:
        return "the gradient"
    return f"the derivative of order {order}" + (" (the gradient's gradient)" if order == 2 else "")
