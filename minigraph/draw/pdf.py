"""PDF: from Graphviz itself where it is, else from the SVG by way of Typst."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from minigraph.draw.engine import find_pdf_engine, run
from minigraph.errors import DrawingError

_PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n'


def pdf(source: str, svg: Callable[[], str], dot: str | os.PathLike[str] | None = None) -> bytes:
    """Return a picture as PDF, of one page of its own size.

    Parameters
    ----------
    source : str
        Its DOT.
    svg : callable
        Its SVG, asked for only if it is needed.
    dot : path, optional
        The engine that was asked for.

    Raises
    ------
    DrawingError
        If there is neither Graphviz nor Typst.
    """
    engine = find_pdf_engine(dot)
    if engine is not None:
        return run(engine, source, "pdf")
    try:
        import typst
    except ImportError:
        raise DrawingError(
            "a pdf needs Typst or Graphviz: pip install 'minigraph[pdf]' (svg and png need neither)"
        ) from None
    with TemporaryDirectory() as folder:
        Path(folder, "picture.svg").write_text(svg(), encoding="utf-8")
        page = Path(folder, "page.typ")
        page.write_text(_PAGE, encoding="utf-8")
        return typst.compile(str(page))
