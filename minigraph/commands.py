"""What the command `minigraph explain` does: run a user's script, and walk through its graph."""

from __future__ import annotations

import runpy
import sys
import traceback
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from minigraph.explain.build import walk_of
from minigraph.explain.walk import Walk
from minigraph.node import Node

__all__ = ["CommandError", "explain_file"]


class CommandError(Exception):
    """Why there is no walk of what was asked for, in one line."""


def explain_file(target: str, eta: float | None, language: str) -> Walk:
    """Run a user's script, and return the walk of a node that it made.

    Parameters
    ----------
    target : str
        "FILE.py:name": the script, and the variable that holds the loss.
    eta : float or None
        The learning rate; None for no update.
    language : {"en", "vi"}

    Raises
    ------
    CommandError
        If there is no such script or variable, or the script fails.
    """
    file, colon, name = target.rpartition(":")
    if not (colon and name.isidentifier()):
        raise CommandError(f"{target!r} is no script and variable: write it FILE.py:loss")
    if not Path(file).is_file():
        raise CommandError(f"there is no file {file!r}")
    variables = _run(file)
    if name not in variables:
        nodes = [known for known, value in variables.items() if isinstance(value, Node)]
        close = get_close_matches(name, nodes, 1, 0.5)
        hint = f"; did you mean {close[0]!r}?" if close else f"; its nodes are {', '.join(nodes)}"
        raise CommandError(f"{file} has no variable {name!r}" + (hint if nodes else ""))
    if not isinstance(variables[name], Node):
        kind = type(variables[name]).__name__
        raise CommandError(f"{name!r} in {file} is no Node but a {kind}")
    return walk_of(variables[name], eta, language, (variables,))


def _run(file: str) -> Mapping[str, Any]:
    """Run a script as Python itself would; return its variables."""
    argv, path = sys.argv, list(sys.path)
    sys.argv = [file]
    sys.path.insert(0, str(Path(file).resolve().parent))
    try:
        return runpy.run_path(file, run_name="__main__")
    except SystemExit:
        raise CommandError(f"{file} ends itself before its graph can be taken") from None
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
        if isinstance(error, SyntaxError) and error.filename == file:
            lines.append(error.lineno)
        where = f"{file}:{lines[-1]}" if lines else file
        what = str(error.args[0] if error.args else "").partition("\n")[0]
        raise CommandError(f"{where}: {type(error).__name__}: {what}") from None
    finally:
        sys.argv, sys.path[:] = argv, path
