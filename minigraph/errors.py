"""The errors and the warning of minigraph, and the place in the user's code that they name."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Iterable, Mapping
from types import CodeType, FrameType, MappingProxyType
from typing import Any

import numpy as np

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep

# Code of ours that is in no file: what `minigraph.compile` writes.
_OWN = (_PACKAGE, "<minigraph.")

# What NumPy calls back (as in np.sum(node)) was called by the user, not by NumPy.
_WITH_NUMPY = (*_OWN, os.path.dirname(os.path.abspath(np.__file__)) + os.sep)

Site = tuple[CodeType, int]


class MinigraphError(Exception):
    """Anything that minigraph refuses to do; each kind is a builtin error too.

    Its text is a lesson: what was wrong, on which nodes, at which line of the user's, what to do.

    Parameters
    ----------
    what : str
        What was wrong.
    fix : str
        What to do about it.
    nodes : iterable of Node or str
        The nodes that it is about (or lines about them).
    site : Site, optional
        Where. Default: the user's line that is being run.
    """

    def __init__(
        self, what: str, fix: str = "", *, nodes: Iterable[Any] = (), site: Site | None = None
    ) -> None:
        super().__init__(what, fix)
        frame = user_frame()
        variables = {**frame.f_globals, **frame.f_locals}
        self.text = lesson(what, fix, nodes, user_site() if site is None else site, variables)

    def __str__(self) -> str:
        return self.text


class ShapeError(MinigraphError, ValueError):
    """The shapes of an op's inputs do not fit together."""


class AxisError(MinigraphError, ValueError, IndexError):
    """An axis, or an entry along one, that the array does not have."""


class DTypeError(MinigraphError, TypeError):
    """A dtype that the op, or a gradient, cannot take."""


class LabelError(MinigraphError, ValueError):
    """Class labels that are out of range, negative, or not integers."""


class GraphError(MinigraphError, TypeError):
    """Something that is not a Node stands where a Node of this graph is needed, or the reverse."""


class MissingError(MinigraphError, AttributeError):
    """A method that Nodes do not have, since minigraph has it as a function."""


class GradientError(MinigraphError, ValueError):
    """A gradient that cannot be taken, or an op whose backward breaks its contract."""


class PackageError(MinigraphError, ImportError):
    """A package that is needed for this, and is not installed."""


class InputError(MinigraphError, ValueError):
    """Values that an op cannot take, although their shapes and dtypes fit."""


class OptionError(MinigraphError, ValueError):
    """An option with a value that is not known."""


class DrawingError(MinigraphError, RuntimeError):
    """A picture that cannot be laid out or written: no drawing engine, or one that failed."""


class NonFiniteWarning(RuntimeWarning):
    """A value that is inf or nan arose from finite inputs."""


def user_frame() -> FrameType:
    """Return the frame of the user's code that runs now, outside minigraph and NumPy."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.startswith(_WITH_NUMPY) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def user_site(depth: int = 2) -> Site:
    """Return where the user's code stands now.

    It is kept on every node, so it must cost next to nothing: a code object and an offset,
    from which `locate` works out file and line when somebody asks.

    Parameters
    ----------
    depth : int
        How many frames up it may be at the earliest: a frame that is looked at costs an object.
    """
    frame = sys._getframe(depth)
    code = frame.f_code
    while code.co_filename.startswith(_OWN) and frame.f_back is not None:
        frame = frame.f_back
        code = frame.f_code
    return code, frame.f_lasti


def numpy_user_site() -> Site:
    """Return where the user's code stands, when NumPy called minigraph."""
    frame = user_frame()
    return frame.f_code, frame.f_lasti


def locate(site: Site) -> tuple[str, int]:
    """Return the file and the line of a site."""
    code, offset = site
    line = code.co_firstlineno
    for start, end, number in code.co_lines():
        if start <= offset < end and number is not None:
            line = number
    return code.co_filename, line


def at(site: Site) -> str:
    """Return the line of an error message that shows the user's own line."""
    file, line = locate(site)
    text = linecache.getline(file, line).strip()
    return f"  at {_shown(file)}:{line}" + (f": {text}" if text else "")


def _shown(file: str) -> str:
    """Return a path from where the user is, if it lies below."""
    try:
        near = os.path.relpath(file)
    except (OSError, ValueError):  # the working directory is gone, or on another drive
        return file
    return near if os.path.exists(near) and not near.startswith(os.pardir) else file


def describe(node: Any, value: Any = None) -> str:
    """Return the line of a message that names a node, its shape and its dtype."""
    value = node.value if value is None else value
    shape, dtype = getattr(value, "shape", ()), getattr(value, "dtype", type(value).__name__)
    rule = f" for {node.source.label}" if node.name is None and node.source is not None else ""
    return f"{node.label}{rule}  shape {tuple(shape)}, {dtype}"


def lesson(
    what: str,
    fix: str,
    nodes: Iterable[Any],
    site: Site,
    variables: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Put a message together: what was wrong, on which nodes, where, and what to do.

    A node without a name goes by the name of the user's variable that holds it, if one does.
    """
    known = {id(value): name for name, value in variables.items() if not name.startswith("_")}
    lines = []
    for node in nodes:
        line = node if isinstance(node, str) else describe(node)
        if getattr(node, "name", "") is None and id(node) in known:
            line = f"{known[id(node)]} = {line}"
        lines.append("  " + line)
    return "\n".join([what, *lines, at(site), *([f"  To mend it: {fix}"] if fix else [])])
