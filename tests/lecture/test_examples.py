"""The worked examples against the closed forms in 40 digits, and against what is printed."""

from decimal import Decimal

import numpy as np
import pytest
from mpmath import exp, log, mp, mpf

from minigraph.lecture import EXAMPLES, QUANTITIES, TABLES, Example

ENTRIES = [
    pytest.param(example, figure, id=f"{key}-{figure.symbol}-{figure.step}")
    for key, example in EXAMPLES.items()
    for figure in example.figures()
]
PRINTED = [entry for entry in ENTRIES if entry.values[1].printed is not None]


def closed_form(example: Example) -> dict[str, object]:
    """Compute every quantity as the lecture defines it, entry by entry, in 40 digits."""
    with mp.workdps(40):
        # Through the shortest decimal, so that 0.1 is a tenth and not the binary number near it.
        theta = [[mpf(repr(float(entry))) for entry in row] for row in example.theta]
        x = [[mpf(repr(float(entry))) for entry in row] for row in example.x]
        rows, classes, batch = range(example.n + 1), range(example.k), range(example.m)
        target = [example.classes.index(label) for label in example.labels]

        z = [[sum(theta[j][i] * x[j][u] for j in rows) for u in batch] for i in classes]
        total = [sum(exp(z[i][u]) for i in classes) for u in batch]
        y_hat = [[exp(z[i][u]) / total[u] for u in batch] for i in classes]
        logs = [log(y_hat[target[u]][u]) for u in batch]
        by_z = [[y_hat[i][u] - (target[u] == i) for u in batch] for i in classes]
        by_theta = [
            [sum(x[j][u] * by_z[i][u] for u in batch) / example.m for i in classes] for j in rows
        ]
        eta = mpf(repr(example.eta))
        return {
            "z": z,
            "ŷ": y_hat,
            "log ŷ_y": logs,
            "L": -sum(logs) / example.m,
            "∂L⁽ᵘ⁾/∂z": by_z,
            "∂L/∂b": by_theta[0],
            "∂L/∂w": by_theta[1:],
            "∂L/∂θ": by_theta,
            "θ − ηL'_θ": [[theta[j][i] - eta * by_theta[j][i] for i in classes] for j in rows],
        }


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_full_precision_is_the_closed_form(example):
    forms = closed_form(example)
    for name, values in example.quantities.items():
        recomputed = np.array(forms[name], dtype=object).astype(np.float64)
        assert recomputed.shape == values.exact.shape
        np.testing.assert_allclose(values.exact, recomputed, rtol=1e-15, atol=0, err_msg=name)


@pytest.mark.parametrize(("example", "figure"), PRINTED)
def test_every_printed_figure_matches(example, figure):
    assert figure.matches(figure.exact)


@pytest.mark.parametrize(("example", "figure"), PRINTED)
def test_a_wrong_last_digit_does_not_match(example, figure):
    printed = Decimal(figure.printed)
    for wrong in (printed + figure.unit, printed - figure.unit):
        assert not figure.matches(float(wrong))


@pytest.mark.parametrize(("example", "figure"), ENTRIES)
def test_a_figure_says_where_it_stands(example, figure):
    values = example.quantities[figure.quantity]
    assert values.exact[figure.index] == figure.exact
    assert values.printed[figure.index] == figure.printed
    assert figure.step == QUANTITIES[figure.quantity].step


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_shapes(example):
    n, k, m = example.n, example.k, example.m
    assert example.theta.shape == (n + 1, k)
    assert example.x.shape == (n + 1, m)
    assert np.all(example.x[0] == 1)
    assert set(example.labels) <= set(example.classes)
    sizes = {"n": n, "n+1": n + 1, "k": k, "m": m}
    for name, values in example.quantities.items():
        axes = [axis for axis in QUANTITIES[name].shape.strip("()").split(", ") if axis]
        shape = tuple(sizes[axis.strip(",")] for axis in axes)
        assert values.exact.shape == values.printed.shape == shape
    names = list(example.quantities)
    assert names == [name for name in QUANTITIES if name in names]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_sample_is_picked_from_its_table(example):
    table = TABLES[example.table]
    labels = table.labels_from_1 if example.convention == "δ(i, y)" else table.labels_from_0
    assert labels is not None
    assert set(labels) == set(example.classes)
    rows = {(*row, label) for row, label in zip(table.x.tolist(), labels, strict=True)}
    for column, label in zip(example.x.T.tolist(), example.labels, strict=True):
        assert (*column[1:], label) in rows


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_nobody_can_write_the_data(example):
    arrays = [example.theta, example.x]
    arrays += [values.exact for values in example.quantities.values()]
    arrays += [values.printed for values in example.quantities.values()]
    for array in arrays:
        assert not array.flags.writeable
    with pytest.raises(TypeError):
        example.quantities["L"] = None


def test_how_many_figures_the_lecture_prints():
    counts = {key: len(list(item.figures(printed=True))) for key, item in EXAMPLES.items()}
    # A and D: 2 ŷ, 2 ∂z, 2 ∂b, 2 ∂w, 4 θ. B: 3 z, 3 ŷ, L, 6 ∂θ. C: 9 z, 9 ŷ, 3 logs, L, 9 ∂θ, 9 θ.
    # E: 2 ŷ₀, 2 ∂z₀, ∂b₀, ∂w₀.
    assert counts == {"A": 12, "B": 13, "C": 40, "D": 12, "E": 6}


def test_d_is_a_counted_from_0():
    a, d = EXAMPLES["A"], EXAMPLES["D"]
    assert (a.labels, a.classes) == ((1,), (1, 2))
    assert (d.labels, d.classes) == ((0,), (0, 1))
    assert [figure.printed for figure in a.figures()] == [figure.printed for figure in d.figures()]


def test_symbols():
    def symbols(key, quantity):
        return [figure.symbol for figure in EXAMPLES[key].figures(quantity=quantity)]

    assert symbols("A", "ŷ") == ["ŷ₁", "ŷ₂"]
    assert symbols("A", "∂L⁽ᵘ⁾/∂z") == ["∂L/∂z₁", "∂L/∂z₂"]
    assert symbols("A", "∂L/∂w") == ["∂L/∂w₁", "∂L/∂w₂"]
    assert symbols("B", "θ − ηL'_θ")[:4] == ["b₁", "b₂", "b₃", "w₁₁"]
    assert symbols("B", "∂L/∂θ")[-1] == "∂L/∂w₃₂"
    assert symbols("C", "log ŷ_y") == ["log ŷ₁⁽¹⁾", "log ŷ₂⁽²⁾", "log ŷ₃⁽³⁾"]
    assert symbols("C", "L") == ["L"]
    assert symbols("D", "∂L/∂b") == ["∂L/∂b₀", "∂L/∂b₁"]
    assert symbols("E", "∂L⁽ᵘ⁾/∂z")[:2] == ["∂L⁽⁰⁾/∂z₀⁽⁰⁾", "∂L⁽¹⁾/∂z₀⁽¹⁾"]


def test_figures_by_step():
    example = EXAMPLES["C"]
    by_step = [figure for step in range(1, 6) for figure in example.figures(step=step)]
    assert by_step == list(example.figures())
    assert list(example.figures(step=1)) == []
    assert {figure.quantity for figure in example.figures(step=3)} == {"log ŷ_y", "L"}
