"""Sphinx's settings."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

project = "minigraph"
author = "minigraph contributors"
version = release = installed_version("minigraph")

# Headings can be pointed at.
myst_heading_anchors = 3
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "minigraph"
autodoc_typehints = "none"
napoleon_google_docstring = False
nitpicky = False


def setup(app):
    """Make the figures before the pages are read."""
    sys.path.insert(0, str(Path(__file__).parent))
    import figures

    app.connect("builder-inited", lambda _: figures.write())
