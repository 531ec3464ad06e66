"""The arguments of the command line: which there are, and what they may be."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

import minigraph

__all__ = ["COMMANDS", "FLAGS", "Parser", "RefusalError", "parser"]

COMMANDS = ("demo", "lecture", "explain")
FLAGS = ("--out", "--seed", "--eta", "--language", "--help", "--version")
_OUT = Path("minigraph-demo")
_SUFFIXES = (".html", ".txt")


class RefusalError(Exception):
    """An argument that makes no sense."""


class Parser(argparse.ArgumentParser):
    """A parser that leaves it to `minigraph.cli.main` to say what is wrong, in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with an argument."""
        raise RefusalError(message)


def parser() -> Parser:
    """Return the parser of the command line."""
    # In ASCII: help must be readable on any terminal.
    whole = Parser(
        prog="minigraph",
        description="The computational graph of softmax regression: computed, differentiated, "
        "drawn and trained.",
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"minigraph {minigraph.__version__}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    demo = commands.add_parser(
        "demo",
        help="work through the lecture, confirm its derivative, train on iris, draw the pictures",
        description="Work through the lecture's examples figure by figure, confirm that the loss "
        "has the derivative that it says, train softmax regression on iris in three ways, and draw "
        "the pictures. The exit status is 1 if anything does not agree.",
        allow_abbrev=False,
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=_OUT,
        metavar="DIR",
        help=f"the folder for the pictures (default: {_OUT})",
    )
    demo.add_argument(
        "--seed",
        type=_seed,
        default=0,
        metavar="N",
        help="decides all that is random: 0, 1, 2, ... (default: 0)",
    )
    lecture = commands.add_parser(
        "lecture",
        help="write one of the lecture's worked examples as a page to step through",
        description="Write one of the lecture's worked examples as a page to step through, in the "
        "lecture's five steps: one file that needs no network.",
        allow_abbrev=False,
    )
    lecture.add_argument("example", type=_example, metavar="A..E", help="which example")
    _add_page(lecture, "lecture-a.html and the like")
    explain = commands.add_parser(
        "explain",
        help="run a script, and write the graph of its loss as a page to step through",
        description="Run a Python script, take the Node that one of its variables holds, and "
        "write its graph as a page to step through: one file that needs no network.",
        allow_abbrev=False,
    )
    explain.add_argument("target", metavar="FILE.py:NAME", help="the script, and the variable")
    explain.add_argument(
        "--eta",
        type=_rate,
        metavar="RATE",
        help="the learning rate of an update at the end (default: no update)",
    )
    _add_page(explain, "walk.html")
    return whole


def _add_page(command: argparse.ArgumentParser, default: str) -> None:
    command.add_argument(
        "--out",
        type=_page,
        metavar="FILE",
        help=f"where to write: a name in .html, or in .txt for plain text (default: {default})",
    )
    command.add_argument(
        "--language",
        choices=("en", "vi"),
        default="en",
        help="English or Vietnamese; a page has both (default: en)",
    )


def _example(text: str) -> str:
    if text.upper() not in ("A", "B", "C", "D", "E"):
        raise argparse.ArgumentTypeError(f"{text!r} is not one of A, B, C, D, E")
    return text.upper()


def _page(text: str) -> Path:
    if Path(text).suffix.lower() not in _SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .html or .txt")
    return Path(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return rate


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not one of 0, 1, 2, ...")
    return int(text)
