"""Which engine draws, in which order, and what is said when there is none."""

import shutil
import stat
import sys
from importlib import metadata

import pytest

import minigraph as mg
from minigraph.draw import engine
from minigraph.draw.engine import Engine, find_engine, find_pdf_engine, run

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fakes are shell scripts")


@pytest.fixture
def fake(tmp_path):
    """Make a program that answers as told."""

    def make(name, script="cat"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


@posix
def test_the_order_is_argument_environment_package_path(fake, monkeypatch, tmp_path):
    argument, environment = fake("argument"), fake("environment")
    package, path = fake("package"), fake("bin/dot")
    monkeypatch.setenv("MINIGRAPH_DOT", environment)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(engine, "_graphviz_pure", lambda: package)
    assert find_engine(argument) == Engine(argument, "argument")
    assert find_engine("dot") == Engine(path, "argument")
    assert find_engine() == Engine(environment, "environment")
    monkeypatch.delenv("MINIGRAPH_DOT")
    assert find_engine() == Engine(package, "graphviz-pure")
    monkeypatch.setattr(engine, "_graphviz_pure", lambda: None)
    assert find_engine() == Engine(path, "PATH")


def test_without_any_the_remedies_are_named(no_engine):
    with pytest.raises(mg.DrawingError, match="no drawing engine") as caught:
        find_engine()
    for remedy in ("pip install graphviz-pure", "graphviz.org", "MINIGRAPH_DOT", "dot="):
        assert remedy in str(caught.value)


def test_a_choice_that_does_not_exist_is_an_error_and_not_passed_over(monkeypatch):
    with pytest.raises(mg.DrawingError, match="dot='/no/such'"):
        find_engine("/no/such")
    monkeypatch.setenv("MINIGRAPH_DOT", "/no/such")
    with pytest.raises(mg.DrawingError, match="MINIGRAPH_DOT='/no/such'"):
        find_engine()


class _File:
    def __init__(self, stem, suffix, path):
        self.stem, self.suffix, self.path = stem, suffix, path

    def locate(self):
        return self.path


@posix
@pytest.mark.parametrize("suffix", ["", ".exe"])
def test_the_package_s_program_is_among_its_files(fake, monkeypatch, suffix):
    program = fake(f"graphviz-pure{suffix}")
    files = [_File("METADATA", "", "nowhere"), _File("graphviz-pure", suffix, program)]
    monkeypatch.setattr(metadata, "files", lambda name: files)
    assert engine._graphviz_pure() == program
    monkeypatch.setattr(metadata, "files", lambda name: files[:1])
    assert engine._graphviz_pure() is None
    monkeypatch.setattr(metadata, "files", lambda name: None)
    assert engine._graphviz_pure() is None


def test_the_package_may_be_missing(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    assert engine._graphviz_pure() is None


@posix
def test_pdf_needs_another_engine_than_graphviz_pure(fake, monkeypatch, tmp_path):
    pure, dot = fake("graphviz-pure"), fake("bin/dot")
    monkeypatch.delenv("MINIGRAPH_DOT", raising=False)
    monkeypatch.setenv("PATH", "")
    assert find_pdf_engine() is None
    assert find_pdf_engine(pure) is None
    assert find_pdf_engine(dot) == Engine(dot, "argument")
    monkeypatch.setenv("MINIGRAPH_DOT", dot)
    assert find_pdf_engine() == Engine(dot, "environment")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_pdf_engine(pure) == Engine(dot, "PATH")


@posix
def test_an_engine_that_fails_is_named_with_what_it_said(fake):
    silent, loud = fake("silent", "true"), fake("loud", "echo no >&2; exit 3")
    for path, said in ((silent, "exit status 0"), (loud, "no"), ("/no/such", "No such file")):
        with pytest.raises(mg.DrawingError, match=said) as caught:
            run(Engine(path, "argument"), "digraph {}", "svg")
        assert path in str(caught.value)


@posix
def test_warnings_of_an_engine_do_not_matter(fake):
    path = fake("warns", "echo width >&2; cat; echo $@")
    out = run(Engine(path, "argument"), "digraph {}", "svg", "-Gdpi=9")
    assert out == b"digraph {}-Kdot -Tsvg -Gdpi=9\n"


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no system Graphviz")
def test_the_system_s_graphviz_draws_the_same_graph(worked):
    mg.draw(worked("C"), dot="dot").svg()
