"""Rooms: packages that are named after their main function, and are called like it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def make_callable(package: str, function: Callable[..., Any]) -> None:
    """Let a package be called as its main function: ``mg.draw(loss)``.

    Parameters
    ----------
    package : str
        Its ``__name__``; it is being imported.
    function : callable
    """

    class Room(ModuleType):
        """A module that is its main function too, so that it has the name of what it does."""

        def __call__(self, *arguments: Any, **options: Any) -> Any:
            return function(*arguments, **options)

    Room.__call__.__doc__ = function.__doc__
    sys.modules[package].__class__ = Room
