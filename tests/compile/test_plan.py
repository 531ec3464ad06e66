"""Plans: threads, memory, layouts, and what stands in for a plan."""

import threading

import numpy as np
import pytest
from compile.compare_ import agree, both
from compile.graphs_ import regression

import minigraph as mg


def test_threads():
    loss, inputs, arrays = regression(50, 10, 300)
    f = mg.compile(loss, inputs, inputs[:1])
    g = mg.function(loss, inputs, inputs[:1])
    batches = [[arrays[0] * i, arrays[1]] for i in range(8)]
    expected = [g(*batch) for batch in batches]
    wrong = []

    def work(i):
        try:
            for _ in range(100):
                agree(f(*batches[i]), expected[i], rtol=1e-9, atol=1e-12)
        except AssertionError as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_results_in_the_plans_own_memory():
    loss, inputs, arrays = regression()
    f = mg.compile(loss, inputs, inputs[:1], copy=False)
    f(*arrays)
    first, (gradient,) = f(*arrays)
    again, (other,) = f(*arrays)
    assert np.shares_memory(gradient, other)
    assert np.shares_memory(first, again)
    agree((again, (other,)), mg.function(loss, inputs, inputs[:1])(*arrays))


def test_a_mask_that_is_given_has_no_plan():
    x = mg.parameter([1.0, 2.0, 3.0], name="x")
    f = mg.compile(mg.sum(x[x > 1.5]), [x], [x])
    for values, total in (([1.0, 2.0, 3.0], 5.0), ([4.0, 5.0, 6.0], 15.0)):
        value, (dx,) = f(values)
        assert (float(value), dx.sum()) == (total, sum(v > 1.5 for v in values))
    with pytest.raises(mg.GraphError, match="has no plan"):
        f.source  # noqa: B018
    labels = mg.constant([0, 1])
    z = mg.parameter(np.eye(2))
    computed = mg.compile(mg.softmax_cross_entropy(z, labels[::-1]), [z, labels], [z])
    for _ in range(2):
        agree(
            computed(z.value, [1, 1]),
            mg.function(mg.softmax_cross_entropy(z, labels[::-1]), [z, labels], [z])(
                z.value, [1, 1]
            ),
        )


def test_a_gradient_of_zero_times_infinity_is_zero():
    x = mg.parameter([0.0, 2.0], name="x")
    loss = mg.sum(mg.where(mg.constant([False, True]), mg.log(x), 0.0) * 1.0)
    both(loss, [x], [x], [0.0, 2.0], planned=False)
    w = mg.parameter([1.0, 1.0], name="w")
    masked = mg.sum(mg.where(x > 0, w * x, 0.0))
    both(masked, [w, x], [w], [1.0, 1.0], [np.nan, 2.0], planned=False)


def test_other_arrays_go_the_functions_way():
    x = mg.parameter([1.0, 2.0], name="x")
    f = mg.compile(mg.sum(x * x), [x], [x])
    value, (dx,) = f(mg.parameter([3.0, 4.0], name="u"))
    assert isinstance(value, mg.Node)
    assert dx.value.tolist() == [6.0, 8.0]
    f([1.0, 2.0])
    swapped = np.array([3.0, 4.0], dtype=">f8")
    value, (dx,) = f(swapped)
    assert (float(value), dx.tolist()) == (25.0, [6.0, 8.0])


@pytest.mark.parametrize(
    "change", [np.asfortranarray, lambda a: a[::-1][::-1], lambda a: np.repeat(a, 2, -1)[..., ::2]]
)
def test_any_layout_is_taken(change):
    loss, inputs, arrays = regression()
    f = mg.compile(loss, inputs, inputs[:1])
    changed = [change(a) for a in arrays]
    for array in changed:
        array.setflags(write=False)
    for _ in range(3):
        agree(f(*changed), mg.function(loss, inputs, inputs[:1])(*arrays))
