"""The tree of text."""

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
│     └─ x (input): 2×1, [[1.0], [1.4]]; gradient –
└─ y (target): 2×1, [[1], [0]]; gradient –"""
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
