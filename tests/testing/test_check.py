"""check_gradient: right gradients pass, of every sort of function, at any order."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_ import arrays, broadcastable

import minigraph as mg
from minigraph.testing import GradientCheck, GradientMismatch, check_gradient

rng = np.random.default_rng(0)
Z, LABELS = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])

UNARY = [mg.exp, mg.tanh, mg.sigmoid, mg.softplus, mg.softmax, mg.log_softmax, mg.logsumexp, mg.sin]


@pytest.mark.parametrize("op", UNARY, ids=lambda op: getattr(op, "__name__", None) or op.label)
@given(x=arrays(st.sampled_from([(3,), (2, 3), (2, 1, 2)])))
def test_right_ops_pass(op, x):
    assert check_gradient(op, x).error < 1e-8


@given(data=st.data())
def test_right_ops_of_two_inputs_pass_whatever_broadcasts(data):
    shapes = data.draw(broadcastable(2))
    a, b = (data.draw(arrays(shape, low=0.5)) for shape in shapes)
    for op in (mg.add, mg.multiply, mg.divide, mg.pow, mg.maximum):
        check_gradient(op, a, b)


@given(x=arrays((2, 3)), order=st.integers(2, 3))
def test_right_ops_pass_to_higher_orders(x, order):
    check = check_gradient(mg.tanh, x, order=order)
    assert [part.name for part in check.inputs] == ["x"] + ["x", "cotangent"] * (order - 1)


def test_a_loss_with_labels_passes_and_says_what_was_compared():
    check = check_gradient(mg.softmax_cross_entropy, Z, LABELS)
    (part,) = check.inputs
    assert (part.name, part.shape, part.dtype) == ("z", (4, 3), "float64")
    assert (part.comparisons, part.directions, part.method) == (12, False, "central differences")
    assert part.step == 2.0**-17
    assert 0 < part.largest < 1
    assert part.error == check.error < 1e-9
    assert check.skipped == ("y",)
    assert (check.function, check.order) == ("softmax_cross_entropy", 1)


def test_nodes_may_be_given_and_keep_their_names():
    theta = mg.constant(rng.normal(size=(3, 2)), name="θ")
    x = mg.one_hot([0, 1, 2], name="x")
    check = check_gradient(lambda a, b: mg.tanh(b @ a), theta, x)
    assert [part.name for part in check.inputs] == ["θ", "x"]


@pytest.mark.parametrize("wrt", ["y_hat", 0, ["y_hat"], (0,)])
def test_wrt_chooses_what_is_compared(wrt):
    check = check_gradient(mg.cross_entropy, mg.softmax(Z).value, np.eye(3)[LABELS], wrt=wrt)
    assert [part.name for part in check.inputs] == ["y_hat"]
    assert check.skipped == ("y",)


def test_float32_is_moved_in_float64_so_that_its_few_digits_do_not_matter():
    check = check_gradient(mg.softmax_cross_entropy, Z.astype(np.float32), LABELS, order=2)
    assert check.inputs[0].dtype == "float32"
    assert check.inputs[0].step == 2.0**-17
    assert check.error < 1e-6


def test_large_inputs_are_moved_along_random_directions():
    (part,) = check_gradient(mg.exp, rng.normal(size=(60, 60)), directions=5).inputs
    assert part.directions
    assert part.comparisons == 5
    (part,) = check_gradient(mg.exp, rng.normal(size=4), coordinates=3).inputs
    assert part.directions


def test_small_losses_are_checked_to_their_own_scale():
    assert check_gradient(mg.softmax_cross_entropy, [0.0, -40.0], 0).error < 1e-24

    def without_gradient(z):
        return mg.softmax_cross_entropy(mg.constant(z.value), 0) + 0.0 * mg.sum(z)

    with pytest.raises(GradientMismatch):
        check_gradient(without_gradient, [0.0, -40.0])


def test_masked_logits_are_left_where_they_are():
    check = check_gradient(mg.softmax_cross_entropy, [0.0, 1.0, -np.inf], 0)
    assert check.inputs[0].comparisons == 2


def test_a_step_that_leaves_the_domain_is_made_smaller():
    assert check_gradient(mg.log, [1e-7, 2.0, 1e3]).error > 0
    assert check_gradient(mg.sqrt, [1e-9, 2.0]).order == 1


def test_inputs_of_any_size_and_none():
    assert check_gradient(mg.sum, 3.0).inputs[0].comparisons == 1
    assert check_gradient(mg.sum, np.zeros((0, 3))).inputs[0].comparisons == 0
    assert check_gradient(mg.square, [1e150, 1e-150]).order == 1


def test_the_gradient_of_a_step_is_0_to_every_order():
    check = check_gradient(mg.sign, [-1.0, 2.0], order=3)
    assert all(part.largest == 0 for part in check.inputs)
    assert "all 0" in str(check)


def test_seeds_give_other_cotangents_and_the_same_seed_the_same():
    first, again, other = (check_gradient(mg.exp, Z, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.inputs[0].largest != other.inputs[0].largest


def test_a_function_that_branches_on_values_is_followed():
    def absolute(x):
        return x if float(x) > 0 else -x

    check_gradient(absolute, -2.0)
    with pytest.raises(GradientMismatch, match="kink"):
        check_gradient(absolute, 0.0)


def test_tolerances_are_taken_as_they_are_given():
    x = np.array([0.5])
    slightly = {"gradient": lambda x: (2 + 1e-8) * x}
    assert check_gradient(lambda x: np.sum(x * x), x, **slightly).error < 2e-8
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: np.sum(x * x), x, **slightly, rtol=1e-10, atol=1e-12)
    assert caught.value.tolerance == pytest.approx(1e-10 + 1e-12)
    loose = {"gradient": lambda x: 2.1 * x, "rtol": 0.1, "atol": 0}
    assert check_gradient(lambda x: np.sum(x * x), [1.0], **loose).error > 0.09


# Bad calls


def test_importing_the_room_costs_nothing_but_itself():
    code = (
        "import sys, minigraph.testing; assert 'hypothesis' not in sys.modules; "
        "from minigraph.testing import check_gradient; "
        "assert 'hypothesis' not in sys.modules and 'graphviz' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_room_lists_what_it_has():
    import minigraph.testing as room

    assert dir(room) == sorted(room.__all__)
    assert room.GradientCheck is GradientCheck
    assert room.strategies.__name__ == "minigraph.testing.strategies"
    with pytest.raises(AttributeError, match="no attribute 'checks'"):
        room.checks  # noqa: B018


BAD_CALLS = {
    "a class": (mg.GraphError, lambda: check_gradient(mg.Op, 1.0), "give an op: Op()"),
    "no function": (
        mg.GraphError,
        lambda: check_gradient(3.0, 1.0),
        "f is no function but a float",
    ),
    "a gradient that is an array": (
        mg.GraphError,
        lambda: check_gradient(np.sum, [1.0], gradient=np.ones(1)),
        "pass the function itself, without calling it: gradient, not gradient(...)",
    ),
    "both": (
        mg.OptionError,
        lambda: check_gradient(np.sum, [1.0], gradient=np.sum, vjp=np.sum),
        "both gradient and vjp are given",
    ),
    "order 0": (mg.OptionError, lambda: check_gradient(mg.exp, 1.0, order=0), "it is 1, 2, ..."),
    "a plain function's second order": (
        mg.OptionError,
        lambda: check_gradient(np.sum, [1.0], gradient=np.ones_like, order=2),
        "order=2 cannot be checked for a plain function",
    ),
    "no inputs": (mg.InputError, lambda: check_gradient(mg.exp), "no input holds floats"),
    "integers": (
        mg.InputError,
        lambda: check_gradient(mg.exp, [1, 2], "a"),
        "there is nothing to differentiate Exp by: no input holds floats\n"
        "  x  shape (2,), int64\n  input 1  str",
    ),
    "nan": (mg.InputError, lambda: check_gradient(mg.exp, [np.nan]), "x holds nan"),
    "an unknown wrt": (
        mg.OptionError,
        lambda: check_gradient(mg.add, 1.0, 2.0, wrt="c"),
        "it is the name or the position of one: 'a' (0), 'b' (1)",
    ),
    "a wrt of integers": (
        mg.OptionError,
        lambda: check_gradient(mg.softmax_cross_entropy, Z, LABELS, wrt="y"),
        "wrt='y' is none of the inputs of floats",
    ),
    "a negative step": (
        mg.OptionError,
        lambda: check_gradient(mg.exp, 1.0, step=-1e-3),
        "step=-0.001 is not a positive number",
    ),
    "no step": (mg.OptionError, lambda: check_gradient(mg.exp, 1.0, step=0), "step=0 is not"),
    "a tolerance of nan": (
        mg.OptionError,
        lambda: check_gradient(mg.exp, 1.0, rtol=np.nan),
        "rtol=nan is not a positive number",
    ),
    "no directions": (
        mg.OptionError,
        lambda: check_gradient(mg.exp, 1.0, directions=0),
        "leave nothing to compare",
    ),
    "no Node": (
        mg.GraphError,
        lambda: check_gradient(lambda x: x.value, [1.0]),
        "f returned a ndarray, not a Node",
    ),
    "a Node of booleans": (
        mg.GraphError,
        lambda: check_gradient(lambda x: x > 0, [1.0]),
        "f returned bool: there is no gradient of integers",
    ),
    "not finite": (
        mg.InputError,
        lambda: check_gradient(mg.log, [1.0, -1.0]),
        "Log is nan at this point (entry (1,) of its output)\n  x  shape (2,), float64",
    ),
    "not finite, of one number": (
        mg.InputError,
        lambda: check_gradient(mg.log, 0.0),
        "Log is -inf at this point\n",
    ),
    "random": (
        mg.InputError,
        lambda: check_gradient(lambda x: x * rng.random(), [1.0]),
        "f is not deterministic: two calls at the same point differ",
    ),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_bad_call_is_a_lesson(name):
    kind, call, words = BAD_CALLS[name]
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
    assert "test_check.py" in str(caught.value)
