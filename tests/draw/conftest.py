"""The graphs that the drawing tests share."""

from collections.abc import Callable

import pytest

import minigraph as mg
from minigraph.lecture import EXAMPLES


@pytest.fixture
def worked() -> Callable[..., mg.Node]:
    """Build a worked example's loss, with gradients."""

    def build(key: str, fused: bool = False, backward: bool = True) -> mg.Node:
        example = EXAMPLES[key]
        theta = mg.parameter(example.theta, name="θ")
        x = mg.constant(example.x, name="x")
        y = mg.one_hot(example.labels, classes=example.classes, axis=0, name="y")
        z = (theta.T @ x).named("z")
        if fused:
            loss = mg.softmax_cross_entropy(z, y, axis=0).named("L")
        else:
            y_hat = mg.softmax(z, axis=0).named("ŷ")
            loss = mg.cross_entropy(y_hat, y, axis=0).named("L")
        if backward:
            loss.backward()
        return loss

    return build


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no drawing engine to be found."""
    monkeypatch.delenv("MINIGRAPH_DOT", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("minigraph.draw.engine._graphviz_pure", lambda: None)
