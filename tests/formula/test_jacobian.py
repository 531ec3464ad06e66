from dataclasses import dataclass

import numpy as np
import pytest
from formula.evaluate_ import jacobian
from formula.ops_ import calls, leaf

import minigraph as mg
from minigraph.formula import jacobian_formula
from minigraph.graph import topological_order

CALLS = calls()

# More compositions than the ops alone have: each is an op with a rule of that shape.
z, s = leaf("z", 3), leaf("s")
W = leaf("W", 2, 3)


@dataclass(frozen=True)
class Rule(mg.Op):
    """An op whose backward is what is given: of J's rule only the way it is written matters."""

    back: object

    def forward(self, xp, x):
        return mg.softmax(x) if isinstance(x, mg.Node) else np.exp(x) / np.exp(x).sum()

    def backward(self, xp, cotangent, output, x):
        return (self.back(xp, cotangent, output, x),)


CHAINED = {
    "a product on both sides of a matrix": lambda xp, g, p, z: 2 * (W.T @ (W @ (g * z))) * z / 3,
    "a matrix after an outer product": lambda xp, g, p, z: W.T @ (W @ (z * xp.sum(g * p))),
    "a matrix after a sum": lambda xp, g, p, z: W.T @ (W @ xp.broadcast_to(xp.sum(g * p), (3,))),
    "a matrix from the right": lambda xp, g, p, z: (g @ W.T) @ W,
    "a matrix, a diagonal one, and it again": lambda xp, g, p, z: W.T @ (W @ (g * z)),
    "the sum after a matrix": lambda xp, g, p, z: z * xp.sum(W @ g),
    "the sum of an outer product": lambda xp, g, p, z: z * xp.sum(z * xp.sum(g * p)),
    "the sum of a sum that was spread": lambda xp, g, p, z: z * xp.sum(xp.sum(g) - g),
    "a vector in place of a matrix": lambda xp, g, p, z: z * (g @ p),
    "what cancels": lambda xp, g, p, z: g * (1 + z) - g * z,
    "what cancels to nothing": lambda xp, g, p, z: g * z - g * z,
    "signs": lambda xp, g, p, z: -(xp.sum(-g) - g) * -z,
    "choices": lambda xp, g, p, z: xp.where(z > 1, 0, xp.where(z > 0.5, g, 0)),
}


def check(node, i, formula, values):
    x = node.inputs[i]
    back = x.inputs[0] if x.op is not None else x
    expected = np.reshape(mg.jacobian(node, back).value, (node.size, back.size))
    found = jacobian(formula.statement.right, values, node.size, back.size)
    np.testing.assert_allclose(np.broadcast_to(found, expected.shape), expected, 1e-9, 1e-12)


@pytest.mark.parametrize("label", CALLS)
def test_what_is_printed_is_the_jacobian(label):
    node = CALLS[label]
    values = {x.name: x.value for x in topological_order(node) if x.name}
    for i in range(len(node.inputs)):
        formula = jacobian_formula(node, i)
        if formula is not None:
            if label.startswith("matmul"):
                values = {k: v[:, None] if v.ndim == 1 else v for k, v in values.items()}
            check(node, i, formula, values)


@pytest.mark.parametrize("label", CHAINED)
def test_what_is_printed_is_the_jacobian_of_rules_that_are_chained(label):
    node = Rule(CHAINED[label])(z).named("p")
    values = {"z": z.value[:, None], "p": node.value[:, None], "W": W.value}
    formula = jacobian_formula(node, 0)
    expected = mg.jacobian(node, z).value
    found = jacobian(formula.statement.right, values, 3, 3)
    np.testing.assert_allclose(np.broadcast_to(found, (3, 3)), expected, 1e-9, 1e-12)


def written(node, i=0):
    formula = jacobian_formula(node, i)
    return formula and str(formula)


def test_the_softmax_of_one_example_and_the_loss():
    y = mg.constant([0.0, 1.0, 0.0], name="y")
    y_hat = mg.softmax(z).named("ŷ")
    assert written(y_hat) == "∂ŷ/∂z = diag(ŷ) − ŷŷᵀ"
    assert written(mg.cross_entropy(y_hat, y).named("L")) == "∂L/∂ŷ = −(y / ŷ)ᵀ"
    assert written(mg.log_softmax(z).named("a")) == "∂a/∂z = I − 𝟏(e^a)ᵀ"


def test_more_forms():
    assert written(mg.sum(z).named("f")) == "∂f/∂z = 𝟏ᵀ"
    assert written(mg.mean(z).named("f")) == "∂f/∂z = (𝟏 / 3)ᵀ"
    assert written((z + s).named("f"), 1) == "∂f/∂s = 𝟏"
    assert written((z * s).named("f"), 1) == "∂f/∂s = z"
    assert written(mg.exp(s).named("f")) == "∂f/∂s = f"
    assert written((W @ z).named("f"), 1) == "∂f/∂z = W"
    assert written(mg.exp(z)) == "∂(e^z)/∂z = diag(e^z)"


@pytest.mark.parametrize(
    "node",
    [
        mg.softmax(leaf("Z", 2, 3)),  # more than one example
        W @ leaf("Z", 3, 4),
        z[1],
        mg.prod(leaf("x", 12)),
        mg.sum(leaf("Z", 2, 3)),
        leaf("x", 2, 3) + z,
    ],
    ids=["batch", "matrices", "index", "long", "all of a matrix", "spread to a matrix"],
)
def test_none_where_it_cannot_be_read(node):
    assert written(node, len(node.inputs) - 1) is None


def test_none_for_a_leaf_and_where_nothing_flows():
    assert written(z) is None
    assert written(mg.sign(z)) is None


@pytest.mark.parametrize(
    "back",
    [
        lambda xp, g, p, z: xp.exp(g),
        lambda xp, g, p, z: g * g,
        lambda xp, g, p, z: g + z,
        lambda xp, g, p, z: xp.where(z > 1, z, g),
        lambda xp, g, p, z: xp.reshape(xp.expand_dims(g, 1) * xp.expand_dims(z, 0), (9,))[:3],
        lambda xp, g, p, z: -xp.exp(g) * z / (z * z * z + z * z * z + z * z * z + z * z * z + z),
        lambda xp, g, p, z: xp.sum(xp.exp(g)) + g,
        lambda xp, g, p, z: sum([g * i for i in range(1, 50)], g),
        lambda xp, g, p, z: W.T @ (W @ xp.exp(g)),
        lambda xp, g, p, z: xp.expand_dims(g, 1) @ xp.expand_dims(z, 0) @ z,
        lambda xp, g, p, z: g * xp.exp(xp.sin(z) * xp.cos(z) + xp.tanh(z) + xp.log(z) + xp.sqrt(z)),
    ],
)
def test_none_where_the_rule_is_no_short_sum_of_linear_maps(back):
    assert written(Rule(back)(z).named("p")) is None
