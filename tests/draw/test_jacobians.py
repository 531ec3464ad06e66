"""Local derivatives, against closed forms and finite differences."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import minigraph as mg
from minigraph.draw.jacobians import local_jacobians, symbolic_jacobians


def p(value: Any, name: str | None = None) -> mg.Node:
    return mg.parameter(value, name)


def names(*nodes: mg.Node) -> dict[mg.Node, np.ndarray]:
    return {
        node: np.array([f"{letter}{i}" for i in range(node.size)], object).reshape(node.shape)
        for node, letter in zip(dict.fromkeys(nodes), "xyzw", strict=False)
    }


def test_the_softmax_s_is_diag_minus_outer():
    z = p([0.28, -0.05, 0.02])
    y_hat = mg.softmax(z)
    (found,) = local_jacobians(y_hat).values()
    v = y_hat.value
    assert found.values == pytest.approx(np.diag(v) - np.outer(v, v), abs=1e-15)
    assert found.present.all()
    assert not found.moved


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda x: mg.relu(x), np.eye(2)),
        (lambda x: mg.max(x), np.ones((1, 2))),
        (lambda x: mg.maximum(x, 0.0), np.eye(2)),
        (lambda x: mg.clip(x, 0.0, 1.0), np.eye(2)),
        (lambda x: mg.where(x > 0, x, 0.0), np.eye(2)),
        (lambda x: x[0] * 1.0, [[1]]),
        (lambda x: mg.sum(x * np.array([0.0, 1.0])), np.ones((1, 2))),
    ],
)
def test_what_could_flow_is_there_with_its_0_and_what_could_not_is_absent(made, expected):
    x = p([-1.0, -2.0])
    node = made(x)
    (found,) = [
        j for j in local_jacobians(node).values() if j.values.shape[1] == np.shape(expected)[1]
    ][:1]
    assert found.present.tolist() == np.array(expected, bool).tolist()


def test_a_derivative_of_0_by_data_is_there():
    loss = mg.cross_entropy(p([0.6, 0.4]), mg.constant([1.0, 0.0]))
    found = local_jacobians(loss)[loss.inputs[0]]
    assert found.values.tolist() == [[-1 / 0.6, 0.0]]
    assert found.present.all()


@pytest.mark.parametrize(
    ("made", "moved"),
    [
        (lambda x: x.T, True),
        (lambda x: mg.reshape(x, (-1,)), True),
        (lambda x: x[0], True),
        (lambda x: mg.expand_dims(x, axis=0), True),
        (lambda x: mg.broadcast_to(x, (3, 2, 2)), True),
        (lambda x: mg.stack([x, x]), True),
        (lambda x: x + 0.0, True),
        (lambda x: x + mg.constant(0.0), False),  # which may be another number the next time
        (lambda x: mg.relu(x), False),
        (lambda x: mg.where(x > 0, x, 0.0), False),
        (lambda x: mg.where(np.array([True, False]), x, 0.0), True),  # it holds whatever x is
        (lambda x: -x, False),
        (lambda x: mg.sum(x), False),
    ],
)
def test_what_only_moves_entries_about_is_told_from_what_does_not(made, moved):
    x = p([[1.0, 2.0], [3.0, 4.0]])
    assert local_jacobians(made(x))[x].moved is moved


@dataclass(frozen=True)
class Cube(mg.Op):
    """A user's op that refuses what it does not know."""

    def forward(self, xp: Any, x: Any) -> Any:
        if np.any(x < 0.99):
            raise RuntimeError("only from 1 on")
        return x**3

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (3 * x * x * cotangent,)


@dataclass(frozen=True)
class Shorter(mg.Op):
    """An op whose shape depends on the numbers."""

    def forward(self, xp: Any, x: Any) -> Any:
        return x[x > 1]

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        g = xp.zeros_like(x)
        g[x > 1] = cotangent
        return (g,)


def test_an_op_that_takes_no_other_numbers_is_judged_by_these():
    x = p([1.0, 2.0])
    found = local_jacobians(Cube()(x))[x]
    assert found.values.tolist() == [[3, 0], [0, 12]]
    assert (found.present == (found.values != 0)).all()
    assert local_jacobians(Shorter()(x))[x].values.tolist() == [[0, 1]]


def test_labels_have_none():
    z = p([[0.1, 0.2]])
    assert list(local_jacobians(mg.softmax_cross_entropy(z, [1]))) == [z]


@pytest.mark.parametrize(
    ("made", "texts"),
    [
        (lambda x: mg.exp(x), "x0"),
        (lambda x: mg.log(x), "1/y0"),
        (lambda x: x**2.0, "2y0"),
        (lambda x: x * x, "2y0"),
        (lambda x: mg.sin(x), "cos(y0)"),
        (lambda x: mg.sqrt(x), "1/(2x0)"),
        (lambda x: mg.sqrt(mg.constant(4.0)) + x, "1"),
    ],
)
def test_symbols_are_read_off_the_rule(made, texts):
    x = p([0.5])
    node = made(x)
    symbols = symbolic_jacobians(
        node,
        names(node, *(n for n in node.inputs if n.kind != "scalar"))
        | {n: np.full(n.shape, "s", object) for n in node.inputs if n.kind == "scalar"},
    )
    assert symbols[x][0, 0].text == texts
    assert symbols[x][0, 0].value == pytest.approx(local_jacobians(node)[x].values[0, 0])


def test_a_scalar_node_and_one_that_saves_have_symbols_too():
    x = p(3.0)
    y = x * x
    assert symbolic_jacobians(y, names(y, x))[x][0, 0].text == "2y0"
    z = p([0.1, 0.2])
    loss = mg.softmax_cross_entropy(z, 1)
    found = symbolic_jacobians(loss, names(loss, z, loss.inputs[1]))[z]
    assert [entry.text for entry in found[0]] == [None, None]  # it is of what the op saved
    assert [entry.value for entry in found[0]] == pytest.approx(local_jacobians(loss)[z].values[0])


@dataclass(frozen=True)
class Foreign(mg.Op):
    """An op that arrays of objects are no good for; it saves what is no float."""

    saves = True

    def forward(self, xp: Any, x: Any) -> Any:
        return x + 0.5, np.array(3)

    def backward(self, xp: Any, cotangent: Any, output: Any, x: Any) -> tuple[Any, ...]:
        return (np.linalg.solve(np.eye(len(x)), cotangent),)


def test_an_op_that_cannot_run_on_symbols_has_none():
    x = p([0.5, 1.0])
    node = Foreign()(x)
    assert symbolic_jacobians(node, names(node, x)) == {}
    assert local_jacobians(node)[x].values.tolist() == [[1, 0], [0, 1]]
