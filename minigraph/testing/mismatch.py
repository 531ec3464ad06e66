"""GradientMismatch: a gradient that is wrong, and what is known about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minigraph.errors import GraphError, MinigraphError
from minigraph.node import Node

if TYPE_CHECKING:
    from minigraph.draw.picture import Picture


class GradientMismatch(MinigraphError, AssertionError):  # noqa: N818 (it fails a test)
    """A gradient is not what the function's values say, or breaks a promise of gradients.

    Its text is the lesson. What it speaks of is at hand too.

    Attributes
    ----------
    order : int
        The order of the derivative that is wrong: 1 for the gradient, 2 for the gradient's.
    input : str or None
        The name of the input that the derivative is by.
    index : tuple of int or None
        The entry of the input; None where no single one is to blame.
    yours, expected : float or None
        The derivative that was given, and the one that differences found.
    tolerance, step : float or None
        How far apart they might be, and the step of the differences (0 for the complex step).
    kink : bool
        Whether the function looks as if it had no derivative at this point.
    hints : tuple of str
        What the wrong gradient looks like.
    node : Node or None
        The node of the graph whose op is wrong by itself.
    output : Node or None
        The output of the checked graph; None for a plain function.

    Examples
    --------
    >>> import numpy as np
    >>> from minigraph.testing import GradientMismatch, check_gradient
    >>> try:
    ...     check_gradient(lambda x: np.sum(x**2), [1.0, 2.0], gradient=lambda x: 1 * x)
    ... except GradientMismatch as error:
    ...     print(error.input, error.index, error.yours, error.expected)
    x (1,) 2.0 4.0
    """

    def __init__(
        self, what: str, fix: str = "", *, nodes: Any = (), order: int = 1, **known: Any
    ) -> None:
        super().__init__(what, fix, nodes=nodes)
        self.order = order
        self.input: str | None = known.get("input")
        self.index: tuple[int, ...] | None = known.get("index")
        self.yours: float | None = known.get("yours")
        self.expected: float | None = known.get("expected")
        self.tolerance: float | None = known.get("tolerance")
        self.step: float | None = known.get("step")
        self.kink: bool = known.get("kink", False)
        self.hints: tuple[str, ...] = known.get("hints", ())
        self.node: Node | None = known.get("node")
        self.output: Node | None = known.get("output")

    def picture(self) -> Picture:
        """Return the graph as a picture, the guilty node marked.

        Raises
        ------
        GraphError
            If the checked function is a plain one: it has no graph.
        """
        if self.output is None:
            raise GraphError(
                "a plain function of arrays has no graph to draw",
                fix="write it with minigraph's functions on Nodes, and check that",
            )
        from minigraph.draw.picture import draw

        if self.output.size == 1 and self.output._active:
            self.output.backward()  # as the message has it: without the random cotangent
        if self.node is None or self.node.op is None:
            return draw(self.output)
        words = "kink" if self.kink else "wrong backward"
        return draw(self.output, mark={self.node: f"{self.node.op.label}: {words}"})
