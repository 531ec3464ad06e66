"""How a notebook shows a walk: its page, in a frame of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minigraph.explain.walk import Walk

HEIGHT = 820
"""Of the frame, in pixels; a page that is longer scrolls inside it."""


def frame(walk: Walk) -> str:
    """Return the page of a walk in an ``iframe``, as HTML for a notebook.

    The frame keeps the page's style and script apart from the notebook's, and its sandbox keeps
    the page from everything but its own script. Jupyter, marimo, VS Code and MyST-NB run it.

    Parameters
    ----------
    walk : Walk

    Returns
    -------
    str

    Examples
    --------
    >>> import minigraph as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> frame(mg.explain((x * x).named("L")))[:48]
    '<iframe title="L, step by step" sandbox="allow-s'
    """
    return (
        f'<iframe title="{escape(walk.title)}" sandbox="allow-scripts" loading="lazy" '
        f'style="width:100%;height:{HEIGHT}px;border:1px solid #7b849466;border-radius:8px" '
        f'srcdoc="{escape(walk.html())}"></iframe>'
    )
