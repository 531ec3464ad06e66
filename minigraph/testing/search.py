"""Searching for a smallest case with hypothesis: always the same way, and leaving no files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import Phase, Verbosity, configuration, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy


def smallest(strategy: SearchStrategy, wanted: Callable[[Any], bool], *, examples: int) -> Any:
    """Return the simplest example found for which ``wanted`` is true; None if there is none.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from minigraph.testing.search import smallest
    >>> smallest(st.integers(0, 100), lambda n: n > 17, examples=50)
    18
    """
    how = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        verbosity=Verbosity.quiet,
    )
    with _no_files():
        try:
            return find(strategy, wanted, settings=how)
        except NoSuchExample:
            return None


@contextmanager
def _no_files() -> Iterator[None]:
    """Send what hypothesis caches on disk even without a database to a folder that goes away."""
    place = configuration.storage_directory("constants")
    home = getattr(place, "home_directory", None) or getattr(place, "parent", None)
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(home)
