"""PDF, with Graphviz, with Typst, and with neither."""

import sys

import pytest

import minigraph as mg
from minigraph.draw import pdf as pdf_module
from minigraph.draw.engine import Engine


def test_by_typst(worked, tmp_path, monkeypatch):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf_module, "find_pdf_engine", lambda dot: None)
    path = mg.draw(worked("A")).save(tmp_path / "a.pdf")
    assert path.read_bytes().startswith(b"%PDF")


def test_by_graphviz(worked, monkeypatch):
    monkeypatch.setattr(pdf_module, "find_pdf_engine", lambda dot: Engine("dot", "PATH"))
    monkeypatch.setattr(pdf_module, "run", lambda engine, source, format: b"%PDF of " + b"dot")
    assert mg.draw(worked("A")).pipe("pdf") == b"%PDF of dot"


def test_by_neither(worked, monkeypatch):
    monkeypatch.setattr(pdf_module, "find_pdf_engine", lambda dot: None)
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(mg.DrawingError, match=r"^a pdf needs .*pip install 'minigraph\[pdf\]'"):
        mg.draw(worked("A")).pipe("pdf")
