"""The source: it runs by itself, and reads as the graph does."""

import re
import subprocess
import sys

import numpy as np
import pytest
from compile.compare_ import agree
from compile.graphs_ import regression

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph


@pytest.mark.parametrize("form", ["fused", "separate"])
@pytest.mark.parametrize("block", [0, 32])
def test_the_source_runs_by_itself(form, block, tmp_path):
    loss, inputs, arrays = regression(form=form, labels_given=True)
    f = mg.compile(loss, inputs, inputs[:1], block=block)
    value, (gradient,) = f(*arrays)
    np.savez(tmp_path / "arrays.npz", *arrays)
    np.savez(tmp_path / "constants.npz", **f.constants)
    use = (
        'arrays = np.load("arrays.npz")\n'
        'step = plan(**np.load("constants.npz"))\n'
        'loss, (gradient,) = step(*(arrays[f"arr_{i}"] for i in range(3)))\n'
        "print(float(loss).hex(), gradient.tobytes().hex())\n"
    )
    (tmp_path / "source.py").write_text(f.source + "\n\n" + use, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "source.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [float(value).hex(), gradient.tobytes().hex()]


def test_the_source_reads_as_the_graph_does():
    example = EXAMPLES["C"]
    g = graph(example.theta, example.x, example.labels, example.classes)
    source = mg.compile(g.loss, [g.theta, g.x], [g.theta]).source
    assert "    def step(θ, x):\n        np.dot(θ.T, x, out=z)  # z = θᵀ x\n" in source
    assert "        dL_dθ = np.dot(x, dL_dz_T)  # ∂L/∂θ = x (∂L/∂z)ᵀ\n" in source
    assert source.endswith("        return L, (dL_dθ,)\n\n    return step\n")


def test_a_source_that_nobody_reads_has_no_comments():
    x = mg.parameter([1.0, 2.0], name="x")
    y = x
    for _ in range(1500):
        y = mg.sin(y)
    f = mg.compile(mg.sum(y), [x])
    agree(f([1.0, 2.0]), mg.function(mg.sum(y), [x])([1.0, 2.0]))
    assert "# sin" not in f.source
    assert f.source.count("np.sin") == 1500


def test_a_long_source_takes_its_memory_as_parameters():
    x, a = mg.parameter([1.0, 2.0], name="x"), mg.parameter([0.999, 1.001], name="a")
    y = x
    for _ in range(1200):
        y = y * a
    f = mg.compile(mg.sum(y), [x, a], [x, a])
    arrays = np.array([1.0, 2.0]), np.array([0.999, 1.001])
    agree(f(*arrays), mg.function(mg.sum(y), [x, a], [x, a])(*arrays), rtol=1e-10)
    assert "def step(x, a, *, product=product, " in f.source


def test_numbers_are_called_by_what_they_are():
    x = mg.parameter(np.ones((3, 2)), name="x")
    n = mg.constant(np.full((3, 2), 0.25), name=None)
    loss = mg.sum((1 - x) * 2 * mg.exp(x / 3) * n + x * 1234567.5 + (0.5 - x) * x**2)
    f = mg.compile(loss, [x], [x])
    arrays = [np.array([[1.0, 2.0]] * 3)]
    agree(f(*arrays), mg.function(loss, [x], [x])(*arrays))
    for text in ("one = np.array(1.0)", "two = np.array(2.0)", "share = np.array(0.5)"):
        assert text in f.source
    assert "= 1 − x" in f.source
    # Somebody's data are no shares, whatever they are.
    assert re.search(r"\bc(_\d)? = np\.full\(\(3, 2\), 0\.25\)", f.source)


def test_what_goes_by_the_same_name_is_told_apart():
    x = mg.parameter([1.0, 2.0], name="x")
    y = mg.exp(mg.sin(x).named("x")).named("x")
    source = mg.compile(mg.sum(y * x), [x]).source
    assert "np.sin(x, out=x_2)  # x_2 = sin x" in source
    assert "# x_3 = e^x_2" in source
