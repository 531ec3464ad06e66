"""What is claimed of somebody's softmax, cross-entropy and gradient: the right answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigraph.testing.classification import Classification
from minigraph.testing.mistakes.gradient import GRADIENT
from minigraph.testing.mistakes.loss import LOSS
from minigraph.testing.mistakes.mistake import Mistake, same
from minigraph.testing.mistakes.softmax import SOFTMAX
from minigraph.testing.student import (
    Chain,
    Function,
    gradient_by_differences,
    gradient_by_graph,
)

# Central differences of losses of such logits have some nine digits.
_ORDINARY = 10.0


@dataclass(frozen=True)
class Claim:
    """One thing to check.

    Parameters
    ----------
    name, symbol : str
        What is checked, and what it gives: "softmax", "ŷ".
    functions : tuple of Function
        The functions that it depends on.
    got, right : callable
        What they return at a case, and what they should.
    binds : callable
        Whether the claim is made of a case at all.
    mistakes : tuple of Mistake
        What may be wrong.
    rtol, atol : float
        How close is right.
    """

    name: str
    symbol: str
    functions: tuple[Function, ...]
    got: Callable[[Classification], Any]
    right: Callable[[Classification], np.ndarray]
    binds: Callable[[Classification], bool]
    mistakes: tuple[Mistake, ...]
    rtol: float
    atol: float

    def fails(self, case: Classification) -> bool:
        """Say whether the case shows that the claim is false."""
        if not self.binds(case):
            return False
        return not same(self.got(case), self.right(case), rtol=self.rtol, atol=self.atol)


def claims(
    softmax: Any,
    cross_entropy: Any,
    loss: Any,
    gradient: Any,
    *,
    first: Classification,
    reduction: str,
    rtol: float,
    atol: float,
) -> list[Claim]:
    """Return what is claimed of the functions that are given, in the order to check it.

    ``first`` is a case to find out at whether the functions are of Nodes.
    """
    made: list[Claim] = []
    z, y = first.as_given()

    def losses(case: Classification) -> np.ndarray:
        return case.loss(reduction)

    def gradients(case: Classification) -> np.ndarray:
        return case.gradient(reduction)

    if softmax is not None:
        softmax = Function(softmax, "softmax", "z")
        softmax.ask(z)
        made.append(
            Claim(
                name="softmax",
                symbol="ŷ",
                functions=(softmax,),
                got=lambda case: softmax(case.z),
                right=lambda case: case.y_hat,
                binds=lambda case: True,
                mistakes=SOFTMAX,
                rtol=rtol,
                atol=atol,
            )
        )
    if cross_entropy is not None:
        cross_entropy = Function(cross_entropy, "cross_entropy", "ŷ", "y")
        cross_entropy.ask(first.y_hat, y)
        made.append(
            Claim(
                name="cross_entropy",
                symbol="L",
                functions=(cross_entropy,),
                got=lambda case: cross_entropy(case.y_hat, case.as_given()[1]),
                right=losses,
                binds=lambda case: case.representable(naive=True),
                mistakes=LOSS,
                rtol=rtol,
                atol=atol,
            )
        )
    whole: list[tuple[Function, bool]] = []
    if softmax is not None and cross_entropy is not None:
        whole.append((Chain(softmax, cross_entropy), True))
    if loss is not None:
        whole.append((Function(loss, "loss", "z", "y"), False))
    for function, naive in whole:
        function.ask(z, y)
        made += _of_whole(function, naive, losses, gradients, rtol, atol)
    if gradient is not None:
        gradient = Function(gradient, "gradient", "z", "y")
        gradient.ask(z, y)
        made.append(
            Claim(
                name="gradient",
                symbol="∂L/∂z",
                functions=(gradient,),
                got=lambda case: gradient(*case.as_given()),
                right=gradients,
                binds=lambda case: True,
                mistakes=GRADIENT,
                rtol=rtol,
                atol=atol,
            )
        )
    return made


def _of_whole(
    function: Function, naive: bool, losses: Any, gradients: Any, rtol: float, atol: float
) -> list[Claim]:
    """Return the claims of a function of the logits: its loss, and that loss's derivative."""

    def representable(case: Classification) -> bool:
        return case.representable(naive)

    def ordinary(case: Classification) -> bool:
        return bool(np.abs(case.z).max() <= _ORDINARY)

    of_nodes = function.of_nodes
    derive = gradient_by_graph if of_nodes else gradient_by_differences
    return [
        Claim(
            name=function.name,
            symbol="L",
            functions=function.parts,
            got=lambda case: function(*case.as_given()),
            right=losses,
            binds=representable,
            mistakes=LOSS,
            rtol=rtol,
            atol=atol,
        ),
        Claim(
            name=f"∂L/∂z of {function.name}",
            symbol="∂L/∂z",
            functions=function.parts,
            got=lambda case: derive(function, *case.as_given()),
            right=gradients,
            # A gradient has no need of the loss itself, but in a chain it divides by ŷ.
            binds=(representable if naive else lambda case: True) if of_nodes else ordinary,
            mistakes=GRADIENT,
            rtol=rtol if of_nodes else max(100 * rtol, 1e-6),
            atol=atol if of_nodes else max(100 * atol, 1e-6),
        ),
    ]
