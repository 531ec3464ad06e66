"""Sphinx's settings."""

from importlib.metadata import version as installed_version

project = "minigraph"
author = "minigraph contributors"
version = release = installed_version("minigraph")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "minigraph"
autodoc_typehints = "none"
napoleon_google_docstring = False
nitpicky = False
