"""Memory: what is used again is not written over."""

from dataclasses import dataclass

import numpy as np
from compile.compare_ import agree, both

import minigraph as mg


def test_what_is_used_again_is_not_written_over():
    # e^(z − max z) is a part of both.
    z, y = mg.parameter(np.eye(3), name="z"), mg.one_hot([0, 1, 1], 3, axis=0)
    loss = mg.softmax_cross_entropy(z, y, axis=0) + mg.sum(mg.square(mg.softmax(z, axis=0)))
    for block in (None, 0):
        values = np.arange(9.0).reshape(3, 3) / 5
        f = mg.compile(loss, [z], [z], block=block)
        agree(f(values), mg.function(loss, [z], [z])(values))
    # With more than a few logits, in the form for many.
    z, y = mg.parameter(np.ones((5, 20)), name="z"), mg.constant(np.arange(20) % 5)
    loss = mg.softmax_cross_entropy(z, y, axis=0) + mg.sum(mg.square(mg.softmax(z, axis=0)))
    both(loss, [z], [z], np.arange(100.0).reshape(5, 20) % 7)
    # A row is taken away from the rows that it is one of.
    w = mg.parameter(np.ones((2, 3)), name="w")
    a = mg.exp(w)
    both(mg.sum(mg.square(a - a[0, :]) * w), [w], [w], np.arange(6.0).reshape(2, 3))
    both(mg.sum(mg.square(a - mg.exp(w[0:1, :] * 2))), [w], [w], np.arange(6.0).reshape(2, 3))
    both(mg.sum(mg.square(mg.exp(w[0] * 2) - a)), [w], [w], np.arange(6.0).reshape(2, 3))


@dataclass(frozen=True)
class Same(mg.Op):
    notation = "{} {} {}"

    def forward(self, xp, x):
        return x

    def backward(self, xp, cotangent, output, x):
        return (cotangent,)


def test_an_op_of_ones_own_may_return_its_input():
    x = mg.parameter(np.ones((2, 3)), name="x")
    e = mg.exp(x)
    same = Same()(e)
    loss = mg.sum(mg.sin(e) * same + mg.cos(mg.sin(e)) * mg.square(same))
    both(loss, [x], [x], np.arange(6.0).reshape(2, 3) / 5)
    turned = mg.reshape(mg.exp(x).T, (1, 3, 2))
    both(mg.sum(turned * mg.sin(turned)), [x], [x], np.arange(6.0).reshape(2, 3) / 5)
    both(Same()(x), [x], None, np.ones((2, 3)))
