"""`minigraph lecture` and `minigraph explain`: walks from the command line."""

import sys

import pytest

import minigraph as mg
from minigraph.cli import main
from minigraph.commands import explain_file
from minigraph.explain.lecture import lecture_walk

SCRIPT = """
import sys
import minigraph as mg
import beside_it

if __name__ == "__main__":
    weight = mg.parameter(3.0)
    loss = weight * beside_it.two
    number = 3
    arguments = list(sys.argv)
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Write a script and what it imports; return its path, with its folder the working one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beside_it.py").write_text("two = 2.0\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(SCRIPT, encoding="utf-8")
    yield "mine.py"
    sys.modules.pop("beside_it", None)


def test_a_script_is_run_as_python_runs_it(script):
    argv, path = list(sys.argv), list(sys.path)
    walk = explain_file(f"{script}:loss", 0.1, "en")
    assert [node.name for node in walk.description.nodes] == ["weight", "2", "loss"]
    assert walk.steps[-1].kind == "after"
    assert (sys.argv, sys.path) == (argv, path)
    assert explain_file(f"{script}:loss", None, "vi").steps[-1].kind == "backward"


def test_a_page_is_written(script, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("minigraph.explain.page.page", lambda walk: f"<p>{walk.title}</p>")
    assert main(["explain", f"{script}:loss"]) == 0
    assert capsys.readouterr().out == "wrote walk.html\n"
    assert (tmp_path / "walk.html").read_text(encoding="utf-8") == "<p>loss, step by step</p>"
    command = ["explain", f"{script}:loss", "--out", "a/b.txt", "--eta", "0.5", "--language", "vi"]
    assert main(command) == 0
    text = (tmp_path / "a" / "b.txt").read_text(encoding="utf-8")
    assert text.startswith("loss, từng bước một\n")
    assert "η = 0.5" in " ".join(text.split())


def test_the_lectures_examples(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("minigraph.explain.page.page", lambda walk: walk.title)
    for key in "abcdE":
        assert main(["lecture", key]) == 0
        page = tmp_path / f"lecture-{key.lower()}.html"
        assert page.read_text(encoding="utf-8") == lecture_walk(key.upper()).title
    assert main(["lecture", "C", "--language", "vi", "--out", "c.txt"]) == 0
    text = (tmp_path / "c.txt").read_text(encoding="utf-8")
    assert text == f"{lecture_walk('C', 'vi')}\n"
    assert capsys.readouterr().out.splitlines()[-1] == "wrote c.txt"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("los", "mine.py has no variable 'los'; did you mean 'loss'?"),
        ("xyz", "mine.py has no variable 'xyz'; its nodes are weight, loss"),
        ("number", "'number' in mine.py is no Node but a int"),
    ],
)
def test_what_is_not_in_the_script(name, message, script, capsys):
    assert main(["explain", f"{script}:{name}"]) == 1
    assert capsys.readouterr().err == f"minigraph: {message}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\n1 / 0\n", "bad.py:2: ZeroDivisionError: division by zero"),
        ("def f():\n    raise ValueError()\nf()\n", "bad.py:2: ValueError: "),
        ("raise KeyError(3)\n", "bad.py:1: KeyError: 3"),
        ("import minigraph as mg\nmg.log('x')\n", "bad.py:2: "),
        ("(\n", "bad.py:1: SyntaxError: '(' was never closed"),
        ("raise SystemExit(0)\n", "bad.py ends itself before its graph can be taken"),
        ("x = 1\n", "bad.py has no variable 'loss'"),
        ("import minigraph as mg\nloss = mg.constant(1.0)\n", "a walk needs something to differ"),
    ],
)
def test_a_script_that_fails(text, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    assert main(["explain", "bad.py:loss"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"minigraph: {message}")
    assert error.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["bad.py"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lecture", "F"], "argument A..E: 'F' is not one of A, B, C, D, E"),
        (["lecture"], "the following arguments are required: A..E"),
        (
            ["lecture", "A", "--out", "a.pdf"],
            "argument --out: 'a.pdf' does not end in .html or .txt",
        ),
        (["explain", "x.py:y", "--eta", "0"], "argument --eta: '0' is not a positive number"),
        (["explain", "x.py:y", "--eta", "inf"], "argument --eta: 'inf' is not a positive number"),
        (["explain", "x.py:y", "--eta", "a"], "argument --eta: 'a' is not a positive number"),
        (["explain", "x.py:y", "--lang", "vi"], "there is no argument '--lang'"),
    ],
)
def test_bad_arguments(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"minigraph: {message}")
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nofile.py:loss", "there is no file 'nofile.py'"),
        ("nofile.py", "'nofile.py' is no script and variable: write it FILE.py:loss"),
        ("nofile.py:", "'nofile.py:' is no script and variable: write it FILE.py:loss"),
        ("nofile.py:a.b", "'nofile.py:a.b' is no script and variable: write it FILE.py:loss"),
    ],
)
def test_no_script(target, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["explain", target]) == 1
    assert capsys.readouterr().err == f"minigraph: {message}\n"


def test_the_language_is_one_of_two(capsys):
    assert main(["lecture", "A", "--language", "fr"]) == 2
    assert "invalid choice: 'fr'" in capsys.readouterr().err
    with pytest.raises(mg.OptionError):
        mg.explain(mg.parameter(1.0), language="fr")
