"""The command line, in this process and in one of its own."""

import runpy
import subprocess
import sys
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import pytest

import minigraph as mg
from minigraph.cli import main
from minigraph.demo import figures
from minigraph.demo.training import train
from minigraph.lecture import EXAMPLES, Entries


@pytest.fixture
def demo(monkeypatch):
    """Replace the demo by a list of the calls that it gets."""
    calls = []

    def run(*arguments):
        calls.append(arguments)
        return True

    monkeypatch.setattr("minigraph.demo.run.run", run)
    return calls


def test_the_demo_gets_its_arguments(demo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["demo"]) == 0
    assert main(["demo", "--out", "a/b", "--seed", "7"]) == 0
    (first, first_seed), (second, second_seed) = demo
    assert (str(first), first_seed, second_seed) == ("minigraph-demo", 0, 7)
    assert first.is_dir()
    assert second.is_dir()
    assert list(second.iterdir()) == []


def test_a_wrong_figure_fails(monkeypatch, tmp_path, capsys):
    b = EXAMPLES["B"]
    printed = b.quantities["ŷ"].printed.copy()
    printed[0, 0] = "0.4015"
    wrong = replace(
        b,
        quantities=MappingProxyType(
            {**b.quantities, "ŷ": Entries(printed, b.quantities["ŷ"].exact)}
        ),
    )
    monkeypatch.setattr(figures, "EXAMPLES", {**EXAMPLES, "B": wrong})
    monkeypatch.setattr("minigraph.demo.run.train", partial(train, epochs=1))
    assert main(["demo", "--out", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert text.rstrip().endswith("✗ Example B: ŷ₁ is 0.401610, and the lecture prints 0.4015")


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"minigraph {mg.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["demo", "--help"]])
def test_help(arguments, capsys):
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: minigraph")
    assert "demo" in text
    assert text.isascii()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dmeo"], "there is no command 'dmeo'; did you mean 'demo'?"),
        (["xyz"], "there is no command 'xyz'"),
        (["--quiet"], "there is no argument '--quiet'"),
        (["demo", "--ot", "x"], "there is no argument '--ot'; did you mean '--out'?"),
        (["demo", "extra"], "there is no argument 'extra'"),
        (["demo", "--seed", "-1"], "argument --seed: '-1' is not one of 0, 1, 2, ..."),
        (["demo", "--seed", "²"], "argument --seed: '²' is not one of 0, 1, 2, ..."),
        (["demo", "--seed"], "argument --seed: expected one argument"),
    ],
)
def test_a_bad_argument_gets_one_line(arguments, message, demo, capsys):
    assert main(arguments) == 2
    output, error = capsys.readouterr()
    assert output == ""
    assert error == f"minigraph: {message} (see minigraph --help)\n"
    assert demo == []


def test_a_folder_that_cannot_be_written(demo, tmp_path, capsys):
    file = tmp_path / "file"
    file.touch()
    for out in (file, file / "below"):
        assert main(["demo", "--out", str(out)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"minigraph: cannot write to {str(out)!r}: ")
        assert error.count("\n") == 1
    assert demo == []


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (mg.GraphError("no engine draws this"), 1, "minigraph: no engine draws this"),
        (OSError("disk full"), 1, "minigraph: disk full"),
        (KeyboardInterrupt(), 130, "minigraph: interrupted"),
        (SystemExit("stop"), 1, ""),
    ],
)
def test_what_goes_wrong_on_the_way(error, status, message, monkeypatch, tmp_path, capsys):
    def run(*arguments):
        raise error

    monkeypatch.setattr("minigraph.demo.run.run", run)
    assert main(["demo", "--out", str(tmp_path)]) == status
    assert capsys.readouterr().err.strip() == message


def test_the_module_is_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["minigraph", "--version"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("minigraph", run_name="__main__")
    assert capsys.readouterr().out.startswith("minigraph ")


def test_in_a_process_of_its_own():
    command = [sys.executable, "-m", "minigraph", "dmeo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("minigraph: there is no command 'dmeo'")


def test_help_waits_for_nothing():
    code = (
        "import sys; from minigraph.cli import main; main(['--help'])\n"
        "sys.exit(any(name in sys.modules for name in ('rich', 'graphviz')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
