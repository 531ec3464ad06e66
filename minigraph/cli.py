"""The command line: `minigraph demo`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import minigraph

__all__ = ["main"]

_COMMANDS = ("demo",)
_OUT = Path("minigraph-demo")


class _RefusalError(Exception):
    """An argument that makes no sense."""


class _Parser(argparse.ArgumentParser):
    """A parser that leaves it to `main` to say what is wrong, in one line."""

    def error(self, message: str) -> NoReturn:
        raise _RefusalError(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; default: those of the process.

    Returns
    -------
    int
        The exit status: 0 when all is well, 1 when the demo's figures do not match or a picture
        cannot be drawn, 2 for a bad argument, 130 when interrupted.

    Examples
    --------
    >>> main(["--version"])
    minigraph 0.1.0
    0
    """
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(given)
    except SystemExit as exit:  # argparse ends --help and --version so
        return exit.code if isinstance(exit.code, int) else 1
    except _RefusalError as refusal:
        print(f"minigraph: {refusal} (see minigraph --help)", file=sys.stderr)
        return 2
    except (minigraph.MinigraphError, OSError) as error:
        # One line: what was wrong; the user's own line is that of the command.
        what = error.args[0] if isinstance(error, minigraph.MinigraphError) else error
        print(f"minigraph: {what}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("minigraph: interrupted", file=sys.stderr)
        return 130


def _run(given: list[str]) -> int:
    parser = _parser()
    if given and not given[0].startswith("-") and given[0] not in _COMMANDS:
        raise _RefusalError(f"there is no command {given[0]!r}" + _suggest(given[0], _COMMANDS))
    options, unknown = parser.parse_known_args(given)
    if unknown:
        flags = ("--out", "--seed", "--help", "--version")
        raise _RefusalError(f"there is no argument {unknown[0]!r}" + _suggest(unknown[0], flags))
    if options.command is None:
        parser.print_help()
        return 0
    _prepare(options.out)
    # Here, so that --help and a bad argument don't wait for rich.
    from minigraph.demo.run import run

    return 0 if run(options.out, options.seed) else 1


def _parser() -> _Parser:
    # In ASCII: help must be readable on any terminal.
    parser = _Parser(
        prog="minigraph",
        description="The computational graph of softmax regression: computed, differentiated, "
        "drawn and trained.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"minigraph {minigraph.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
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
    return parser


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not one of 0, 1, 2, ...")
    return int(text)


def _suggest(word: str, known: Sequence[str]) -> str:
    return "".join(f"; did you mean {close!r}?" for close in get_close_matches(word, known, 1, 0.7))


def _prepare(out: Path) -> None:
    """Make the folder, and see that it can be written to before anything is computed."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise _RefusalError(f"cannot write to {str(out)!r}: {error.strerror}") from None
