"""The comparison: which entries are wrong, which are at a kink, and by which slopes."""

import numpy as np
import pytest
from wrong_ops_ import HalfSwish

import minigraph as mg
from minigraph.testing import GradientMismatch, check_gradient

rng = np.random.default_rng(7)
X = rng.normal(size=(5, 3))


@pytest.mark.parametrize("relative", [1e-2, 1e-4, 1e-5])
@pytest.mark.parametrize("entry", range(4))
@pytest.mark.parametrize("real", [False, True], ids=["complex step", "central differences"])
def test_an_entry_off_by_little_is_seen(real, entry, relative):
    x = np.array([-1.5, 0.3, 0.8, 2.0])

    def f(x):
        return float(np.sum(np.sin(x))) if real else np.sum(np.sin(x))

    def gradient(x):
        g = np.cos(x)
        g[entry] *= 1 + relative
        return g

    check_gradient(f, x, gradient=np.cos)
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(f, x, gradient=gradient)
    assert caught.value.index == (entry,)


def test_a_kink_close_by_is_no_mistake():
    assert check_gradient(mg.relu, [-1e-6, 1e-7, 3e-8, -1e-9]).error > 0.1
    assert check_gradient(lambda x: mg.exp(mg.abs(x)), [-2.7e-8, 3e-8]).error > 0.1
    with pytest.raises(GradientMismatch):
        check_gradient(lambda x: mg.relu(x) + HalfSwish()(x), [-1e-6, 1e-7, 0.3])


@pytest.mark.parametrize("method", ["abs", "float()"])
def test_these_take_central_differences(method):
    f = {"abs": lambda x: np.sum(np.abs(x)), "float()": lambda x: sum(map(float, x))}[method]
    gradient = {"abs": np.sign, "float()": np.ones_like}[method]
    check = check_gradient(f, X[0], gradient=gradient)
    assert check.inputs[0].method == "central differences"


def test_a_large_input_is_moved_along_directions_and_the_wrong_entry_is_found_by_halving():
    x = rng.normal(size=2000)

    def gradient(x):
        g = np.cos(x)
        g[1234] += 0.5
        return g

    check = check_gradient(lambda x: np.sum(np.sin(x)), x, gradient=np.cos)
    assert check.inputs[0].directions
    for f in (lambda x: np.sum(np.sin(x)), lambda x: sum(map(float, np.sin(x)))):
        with pytest.raises(GradientMismatch) as caught:
            check_gradient(f, x, gradient=gradient)
        assert caught.value.index == (1234,)
        assert caught.value.yours - caught.value.expected == pytest.approx(0.5, abs=1e-6)


def test_a_small_error_everywhere_has_no_single_entry():
    # Each entry's error is below what may be allowed of it, all together are not.
    x = rng.normal(size=3000) + 3
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(
            lambda x: np.sum(x * x), x, gradient=lambda x: 2 * x + 1e-6 * (x > 0), atol=4e-6, rtol=0
        )
    assert caught.value.index is None
    assert "is wrong along a random direction" in str(caught.value)


def test_a_kink_among_many_is_found_and_named():
    x = rng.normal(size=900)
    x[77] = 0
    with pytest.raises(GradientMismatch) as caught:
        check_gradient(
            lambda x: np.sum(np.abs(x)), x, gradient=lambda x: np.where(x >= 0, 1.0, -1.0)
        )
    assert caught.value.index == (77,)
    assert caught.value.kink
    assert "the slope is -1 on the left and 1 on the right; yours lies between" in str(caught.value)


def test_where_a_kink_and_a_mistake_meet_the_mistake_is_told():
    def gradient(x):
        return np.where(x == 0, 5.0, np.where(x == 2, 1.01, np.sign(x)))

    with pytest.raises(GradientMismatch) as caught:
        check_gradient(lambda x: np.sum(np.abs(x)), [0.0, -1.0, 2.0], gradient=gradient)
    assert caught.value.index == (2,)
    assert not caught.value.kink


def test_a_kink_where_the_gradient_is_the_mean_of_both_slopes_is_noted():
    check = check_gradient(lambda x: np.sum(np.abs(x)), np.zeros(5), gradient=np.sign)
    assert check.inputs[0].kinks == ((0,), (1,), (2,), (3,), (4,))
    check = check_gradient(lambda x: np.sum(np.abs(x)), np.arange(-1.0, 4.0), gradient=np.sign)
    assert check.inputs[0].kinks == ((1,),)
    assert "kinks at (1,)" in str(check)


def test_a_step_of_ones_own_is_taken_as_it_is():
    (part,) = check_gradient(np.abs, [1e6, -1e6], vjp=lambda v, x: v * np.sign(x), step=2.0).inputs
    assert part.step == 2.0
    (part,) = check_gradient(np.sin, X, vjp=lambda v, x: v * np.cos(x), step=1e-4).inputs
    assert part.error < 1e-8
