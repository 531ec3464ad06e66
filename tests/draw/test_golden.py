"""The DOT of each kind of picture, against golden files.

After a wanted change, write them anew and look at the difference:

    MINIGRAPH_GOLDEN=write python -m pytest tests/draw/test_golden.py
"""

import os
from pathlib import Path

import numpy as np
import pytest

import minigraph as mg

GOLDEN = Path(__file__).parent / "golden"


def used_twice(worked):
    x = mg.parameter(3.0, name="x")
    y = (x * x - x).named("y")
    y.backward()
    return mg.draw(y)


def used_twice_matrix(worked):
    w = mg.parameter([[1.0, -2.0], [0.5, 0.0]], name="W")
    s = mg.sum(w @ w + mg.tanh(w)).named("s")
    s.backward()
    return mg.draw(s)


def layers(count):
    h = mg.constant([[1.0, -1.0], [0.5, 2.0]], name="x")
    for i in range(count):
        w = mg.parameter([[0.5, -0.25], [1.0, 0.5]], name=f"W{i + 1}")
        h = mg.relu(h @ w + mg.parameter([0.1, 0.2], name=f"b{i + 1}"))
    loss = mg.sum(h).named("L")
    loss.backward()
    return loss


def folded(worked):
    return mg.draw(layers(12), fold=True)


def folded_of_several(worked):
    parts = [mg.exp(mg.parameter(0.25 * i, name=f"x{i}")) for i in range(9)]
    y = mg.sum(mg.stack(parts)).named("y")
    y.backward()
    return mg.draw(y, fold=True)


def large(worked):
    x = mg.constant(np.linspace(-1.0, 2.0, 400).reshape(100, 4), name="X")
    v = mg.parameter([[0.5], [-1.0], [0.25], [1.0]], name="v")
    loss = mg.mean(mg.square(x @ v)).named("L")
    loss.backward()
    return mg.draw(loss)


def dark(worked):
    return mg.draw(worked("A"), theme="dark")


def before_backward(worked):
    return mg.draw(worked("A", backward=False))


def marked(worked):
    loss = worked("A")
    return mg.draw(loss, mark={loss.inputs[0]: "look here"})


def zoom_primitive(worked):
    return mg.draw(worked("A"), zoom="primitive")


def zoom_component(worked):
    return mg.draw(worked("A"), zoom="component")


def rules(worked):
    return mg.draw(worked("A"), rules=True)


def gradient(worked):
    loss = worked("A")
    return mg.draw(mg.grad(loss, loss.inputs[0].inputs[0]))


def beside(worked):
    loss = worked("A")
    return mg.draw(loss, gradients=loss.inputs[0].inputs[0])


KINDS = [
    used_twice,
    used_twice_matrix,
    folded,
    folded_of_several,
    large,
    dark,
    before_backward,
    marked,
    zoom_primitive,
    zoom_component,
    rules,
    gradient,
    beside,
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_is_drawn_as_its_golden_file_says(worked, kind):
    picture = kind(worked)
    path = GOLDEN / f"{kind.__name__.replace('_', '-')}.dot"
    if os.environ.get("MINIGRAPH_GOLDEN") == "write":
        path.write_text(picture.source, encoding="utf-8")
    assert picture.source == path.read_text(encoding="utf-8")
    # The same again, byte for byte; and the engine takes it, with every node and edge.
    assert kind(worked).source == picture.source
    assert picture.svg()
