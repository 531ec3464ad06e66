"""The tree of text."""

import numpy as np

import minigraph as mg
from minigraph.draw.description import describe
from minigraph.draw.text import tree


def test_a_worked_example(worked):
    assert str(mg.draw(worked("A"), precision=3)) == (
        """\
L = CrossEntropy(axis=0): scalar, 0.486; ∂L/∂L 1
├─ ŷ = Softmax(axis=0): 2×1, [[0.615], [0.385]]; ∂L/∂ŷ [[−1.625], [0.000]]
│  └─ z = MatMul: 2×1, [[0.38], [−0.09]]; ∂L/∂z [[−0.385], [0.385]]
│     ├─ θᵀ = MatrixTranspose: 2×2, [[0.10, 0.20], [0.05, −0.10]]; \
∂L/∂θᵀ [[−0.385, −0.538], [0.385, 0.538]]
│     │  └─ θ (parameter): 2×2, [[0.10, 0.05], [0.20, −0.10]]; \
∂L/∂θ [[−0.385, 0.385], [−0.538, 0.538]]
│     └─ x (input): 2×1, [[1.0], [1.4]]; no gradient
└─ y (target): 2×1, [[1], [0]]; no gradient"""
    )


def test_shared_nodes_are_written_once():
    x = mg.parameter(1.0, name="x")
    for _ in range(60):  # 2⁶⁰ paths
        x = x + x
    lines = str(mg.draw(x)).splitlines()
    assert len(lines) == 101
    assert sum("Add" in line for line in lines) == 60
    assert lines[-1] == "…"


def test_the_second_use_is_marked():
    x = mg.parameter(1.0, name="x")
    assert str(mg.draw(x + x)).splitlines()[1:] == [
        "├─ x (parameter): scalar, 1; gradient –",
        "└─ x ↑",
    ]


def test_long_graphs_are_cut():
    x = mg.parameter(1.0, name="x")
    for _ in range(120):
        x = mg.exp(x * 0.1)
    lines = str(mg.draw(x, limit=1000)).splitlines()
    assert len(lines) == 101
    assert lines[-1].startswith("… and ")
    assert lines[-1].endswith(" more nodes")


def test_hostile_names_keep_to_their_line():
    x = mg.parameter(1.0, name="a\nb\u202e\x1b[31m" + "x" * 1000)
    (line,) = str(mg.draw(x)).splitlines()
    assert line.isprintable()
    assert len(line) < 120


def test_a_mark_is_said_in_words():
    x = mg.parameter(3.0, name="x")
    y = (x * x).named("y")
    described = describe(y, mark={y: "wrong backward"})
    assert tree(described).startswith("[wrong backward] y = Multiply")


def test_a_gradient_that_is_a_sum_says_of_what():
    x = mg.parameter(3.0, name="x")
    y = (x * x - x).named("y")
    y.backward()
    assert "x (parameter): scalar, 3; ∂y/∂x 5 = 3 + 3 + (−1)" in str(mg.draw(y))
    w = mg.parameter([1.0, 2.0], name="w")
    z = mg.sum(w * w).named("z")
    z.backward()
    assert "∂z/∂w [2, 4], the sum of 2 parts" in str(mg.draw(z))


def test_a_large_array_is_told_by_its_range():
    x = mg.constant(np.arange(100.0), name="x")
    assert str(mg.draw(x)) == "x (input): 100, 0.0 to 99.0, mean 49.5; no gradient"


def test_folded_parts_are_told():
    x = mg.parameter([1.0, 2.0], name="x")
    h = x
    for i in range(5):
        h = mg.tanh(h * mg.parameter([2.0, 0.5], name=f"w{i}"))
    lines = str(mg.draw(h.named("y"), fold=True)).splitlines()
    assert [line.partition(": 2, ")[0] for line in lines] == [
        "y = Tanh",
        "└─ v₁ × w4 = Multiply",
        "   ├─ v₁ by 4 × (Multiply → Tanh), 12 nodes, with w0, w1, w2, w3",
        "   │  └─ x (parameter)",
        "   └─ w4 (parameter)",
    ]


def test_a_folded_part_of_several_values_is_a_line_of_its_own():
    parts = [mg.exp(mg.parameter(1.0, name=f"x{i}")) for i in range(9)]
    top = mg.stack(parts)
    assert str(mg.draw(mg.sum(top) + parts[0], fold=True)).splitlines()[2:] == [
        "│  └─ top = Stack(axis=0): 9, [2.7183, 2.7183, …, 2.7183]; gradient –",
        "│     └─ 9 × (Exp), 18 nodes, with x0, x1, …, x8",
        "└─ 9 × (Exp), 18 nodes ↑",
    ]
