"""The drawing engine: which `dot` lays pictures out, and running it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from minigraph.errors import DrawingError

VARIABLE = "MINIGRAPH_DOT"

_REMEDIES = (
    "pip install graphviz-pure, or install Graphviz (https://graphviz.org/download/), "
    f"or name a dot in the environment variable {VARIABLE} or as mg.draw(..., dot=path)"
)


@dataclass(frozen=True)
class Engine:
    """A program that lays graphs out.

    Attributes
    ----------
    path : str
    found : {"argument", "environment", "graphviz-pure", "PATH"}
        Where it comes from.
    """

    path: str
    found: str


def find_engine(dot: str | os.PathLike[str] | None = None) -> Engine:
    """Find the program to use: the one given, the environment's, graphviz-pure's, or PATH's.

    Nothing is remembered or set for the process.

    Parameters
    ----------
    dot : path, optional
        An explicit choice; a name without a folder is looked up on PATH.

    Raises
    ------
    DrawingError
        If there is none, or the explicit choice does not exist.
    """
    for choice, found in ((dot, "argument"), (os.environ.get(VARIABLE), "environment")):
        if choice:
            path = shutil.which(choice)
            if path is None:
                where = "dot=" if found == "argument" else f"{VARIABLE}="
                raise DrawingError(
                    f"{where}{os.fspath(choice)!r} is no program that can be run",
                    fix="give the path of Graphviz's dot, or leave it out",
                )
            return Engine(path, found)
    pure = _graphviz_pure()
    if pure is not None:
        return Engine(pure, "graphviz-pure")
    system = shutil.which("dot")
    if system is not None:
        return Engine(system, "PATH")
    raise DrawingError("no drawing engine was found", fix=_REMEDIES)


def find_pdf_engine(dot: str | os.PathLike[str] | None = None) -> Engine | None:
    """Find a program that writes pdf, which graphviz-pure does not; None if there is none."""
    candidates = [] if dot is None and not os.environ.get(VARIABLE) else [find_engine(dot)]
    system = shutil.which("dot")
    candidates += [Engine(system, "PATH")] if system else []
    return next((e for e in candidates if "graphviz-pure" not in Path(e.path).name), None)


def _graphviz_pure() -> str | None:
    """Return the path of the program that the package graphviz-pure brings."""
    try:
        files = metadata.files("graphviz-pure")
    except metadata.PackageNotFoundError:
        return None
    for file in files or ():
        if file.stem == "graphviz-pure" and file.suffix in ("", ".exe"):
            return shutil.which(str(file.locate()))
    return None


def run(engine: Engine, source: str, format: str, *options: str) -> bytes:
    """Lay DOT out.

    Parameters
    ----------
    engine : Engine
    source : str
        DOT.
    format : str
        "svg", "png", ...
    *options : str
        Further ones of the command line.

    Raises
    ------
    DrawingError
        If the program fails or cannot be started. Its warnings do not matter: they are about
        the widths of letters that it does not know.
    """
    command = [engine.path, "-Kdot", f"-T{format}", *options]
    try:
        done = subprocess.run(
            command, input=source.encode("utf-8", "replace"), capture_output=True, check=False
        )
        problem = done.stderr.decode("utf-8", "replace").strip()
    except OSError as error:
        raise _failed(engine, str(error)) from None
    if done.returncode != 0 or not done.stdout:
        raise _failed(engine, problem or f"exit status {done.returncode}")
    return done.stdout


def _failed(engine: Engine, problem: str) -> DrawingError:
    return DrawingError(
        f"the drawing engine {engine.path} (from {engine.found}) failed: {problem}",
        fix="try another one: " + _REMEDIES,
    )
