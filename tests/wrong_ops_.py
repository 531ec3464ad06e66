"""Ops whose gradients are wrong, each in its own way."""

from dataclasses import dataclass

import minigraph as mg


@dataclass(frozen=True)
class Swish(mg.Op):
    """x · σ(x), and right: the others are measured by it."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x))

    def backward(self, xp, cotangent, output, x):
        gate = 1 / (1 + xp.exp(-x))
        return (cotangent * (gate + output * (1 - gate)),)


class HalfSwish(Swish):
    """The second term of the product rule is missing."""

    def backward(self, xp, cotangent, output, x):
        return (cotangent / (1 + xp.exp(-x)),)


@dataclass(frozen=True)
class Square(mg.Op):
    """x², and right."""

    def forward(self, xp, x):
        return x * x

    def backward(self, xp, cotangent, output, x):
        return (2 * x * cotangent,)


class HalfSquare(Square):
    def backward(self, xp, cotangent, output, x):
        return (x * cotangent,)


class NegativeSquare(Square):
    def backward(self, xp, cotangent, output, x):
        return (-2 * x * cotangent,)


class SquareWithoutCotangent(Square):
    def backward(self, xp, cotangent, output, x):
        return (2 * x,)


class SquareOfNothing(Square):
    def backward(self, xp, cotangent, output, x):
        return (0 * cotangent,)


class SquareOfNoOne(Square):
    def backward(self, xp, cotangent, output, x):
        return (None,)


class OddSquare(Square):
    def backward(self, xp, cotangent, output, x):
        return (1.75 * x * cotangent,)


class SquareOff(Square):
    def backward(self, xp, cotangent, output, x):
        return (2 * x * cotangent + 1,)


class FrozenSquare(Square):
    """Right on arrays and on Nodes; but as a graph it takes x for a constant."""

    def backward(self, xp, cotangent, output, x):
        return (2 * getattr(x, "value", x) * cotangent,)


class TwofacedSquare(Square):
    """Right on arrays; twice as much on Nodes."""

    def backward(self, xp, cotangent, output, x):
        return ((4 if isinstance(x, mg.Node) else 2) * x * cotangent,)


class FickleSquare(Square):
    """Another gradient each time."""

    calls = [0]  # noqa: RUF012

    def backward(self, xp, cotangent, output, x):
        self.calls[0] += 1
        return (2 * x * cotangent * (1 + self.calls[0] * 1e-15),)


class GreedySquare(Square):
    """Writes to the cotangent."""

    def backward(self, xp, cotangent, output, x):
        if not isinstance(x, mg.Node):
            cotangent *= 2
            return (x * cotangent,)
        return (2 * x * cotangent,)


class VandalSquare(Square):
    """Writes to its input."""

    def backward(self, xp, cotangent, output, x):
        if not isinstance(x, mg.Node):
            x *= 2
        return (x * cotangent,)


class SquareOfNaN(Square):
    def backward(self, xp, cotangent, output, x):
        return (2 * x * cotangent * (x / x),)


class TransposedMatMul(mg.Op):
    """A square matrix times its own transpose... differentiated the wrong way round."""

    def forward(self, xp, a, b):
        return a @ b

    def backward(self, xp, cotangent, output, a, b):
        return ((cotangent @ b.mT).mT, a.mT @ cotangent)


class Reversed(mg.Op):
    """Entry by entry weights, whose gradient stands in reverse order."""

    def forward(self, xp, x):
        return x * xp.arange(x.shape[0])

    def backward(self, xp, cotangent, output, x):
        weights = xp.arange(x.shape[0])
        return ((cotangent * weights)[::-1],)


class Coarse(Square):
    """x² computed in float32, whatever it is given."""

    def forward(self, xp, x):
        x = xp.astype(x, xp.float32)
        return x * x

    def backward(self, xp, cotangent, output, x):
        return (2 * x * cotangent,)
