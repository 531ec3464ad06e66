"""Memory of programs: given on when nothing needs it, and constants as they are."""

import numpy as np
import pytest
from compile.loops.plain_ import alike, call, written

import minigraph as mg
from minigraph.compile.loops import memory
from minigraph.compile.loops.memory import Memory
from minigraph.compile.names import Names


def test_memory_goes_on_when_nothing_needs_it():
    x = mg.constant(np.linspace(0.1, 1, 40), name="x")
    y = x
    for _ in range(6):  # a sum between keeps them from sharing a nest
        y = mg.exp(y - mg.max(y))
    made = alike(y, [x], None, x.value)
    assert int(made.text.split("np.empty(")[1].split(",")[0]) <= 3 * 40


def test_what_was_given_away_is_not_read():
    memory = Memory(Names())
    a, b = (mg.constant(np.zeros(8), name=name) for name in "ab")
    c = mg.constant(np.zeros(8), name="c")
    assert [memory.entry(node, "i") for node in (a, b)] == ["float64s[i]", "float64s[8 + i]"]
    memory.release(c)  # it had none
    memory.release(a)
    assert memory.entry(c, "i") == "float64s[i]"
    with pytest.raises(AssertionError, match="after its memory was given away"):
        memory.entry(a, "i")
    d, single = mg.constant(np.zeros(8)), mg.constant(np.zeros(8, np.float32))
    assert not memory.takes_over(single, b)
    assert not memory.takes_over(mg.constant(np.zeros(7)), b)
    assert not memory.takes_over(d, single)
    assert memory.takes_over(d, b)
    assert memory.entry(d, "0") == "float64s[8]"
    with pytest.raises(AssertionError, match="after its memory was given away"):
        memory.entry(b, "i")


def test_what_is_needed_in_each_block_is_kept():
    w = mg.parameter(np.linspace(-1, 1, 12).reshape(3, 4), name="W")
    x = mg.constant(np.linspace(-2, 2, 27).reshape(9, 3), name="x")
    z = x @ (mg.square(w) / mg.sum(w + 3, axis=0)) + mg.max(w)
    loss = mg.softmax_cross_entropy(z, np.arange(9) % 4)
    for block in (0, 2, 4):
        alike(loss, [w, x], [w], w.value, x.value, block=block)


def constants():
    rng = np.random.default_rng(0)
    return {
        "one number": np.array(-2.5),
        "all the same": np.full((2, 3), -np.inf),
        "all nan": np.full((2, 3), np.nan),
        "nan first": np.array([np.nan, 1.0, 2.0]),
        "zeros of two signs": np.array([0.0, -0.0, 0.0]),
        "minus zeros": np.full(3, -0.0),
        "many": rng.normal(size=(2, 3)),
        "backwards": rng.normal(size=(2, 3))[:, ::-1],
        "in columns": np.asfortranarray(rng.normal(size=(2, 3))),
        "of another order of bytes": rng.normal(size=3).astype(">f8"),
        "in single precision": rng.normal(size=3).astype(np.float32),
        "integers": np.array([1, -7, 2**53 + 1]),
        "booleans": np.array([True, False, True]),
        "small integers": np.array([1, 200, 3], np.uint8),
    }


@pytest.mark.parametrize("most", [8192, 2])
@pytest.mark.parametrize("name", constants())
def test_constants(name, most, monkeypatch):
    monkeypatch.setattr(memory, "EMBEDDED", most)
    monkeypatch.setattr("minigraph.compile.loops.program.EMBEDDED", most)
    x = mg.constant(np.array([[1.0], [-3.0]]), name="x")
    value = constants()[name]
    c = mg.constant(value, name="c")
    made = alike(x * c if value.dtype.kind == "f" else x + c, [x], None, x.value)
    with np.errstate(all="ignore"):
        alike(x / (c * 1.0), [x], None, x.value)
    several = name not in ("one number", "all the same", "all nan", "minus zeros")
    assert len({**made.constants, **made.given}) == several
    assert bool(made.given) == (several and most == 2)
    for array in (*made.constants.values(), *made.given.values()):
        assert array.dtype.isnative
        assert array.flags.c_contiguous


def test_an_argument_is_not_taken_for_a_constant_of_the_same_value():
    x, c = mg.constant([1.0, 2.0], name="x"), mg.constant([1.0, 2.0], name="c")
    made = written(mg.sum(c * (x * 1.0)), [x], None, x.value)
    assert float(call(made, np.array([3.0, 4.0]))) == 11
    f = mg.compile(mg.sum(c * (x * 1.0)), [x])
    assert [float(f(value)) for value in ([1.0, 2.0], [3.0, 4.0])] == [5, 11]
