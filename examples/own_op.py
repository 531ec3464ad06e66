"""An op of your own: ten lines, and values, gradients and gradients of gradients follow."""

from dataclasses import dataclass

import minigraph as mg


@dataclass(frozen=True)
class Swish(mg.Op):
    """x · σ(x)."""

    def forward(self, xp, x):
        return x / (1 + xp.exp(-x))

    def backward(self, xp, cotangent, output, x):
        gate = 1 / (1 + xp.exp(-x))
        return (cotangent * (gate + output * (1 - gate)),)


x = mg.parameter([-1.0, 0.0, 2.0], name="x")
y = mg.sum(Swish()(x)).named("y")
dx = mg.grad(y, x)
print("y      =", float(y))
print("dy/dx  =", dx.value.round(4))
print("d²y/dx²=", mg.grad(mg.sum(dx), x).value.round(4))
