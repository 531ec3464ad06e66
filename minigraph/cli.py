"""The command line: `minigraph demo`, `minigraph lecture`, `minigraph explain`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import minigraph
from minigraph.options import COMMANDS, FLAGS, RefusalError, parser

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; default: those of the process.

    Returns
    -------
    int
        The exit status: 0 when all is well, 1 when the demo's figures do not match, a picture
        cannot be drawn or a script fails, 2 for a bad argument, 130 when interrupted.

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
    except RefusalError as refusal:
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
    whole = parser()
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        raise RefusalError(f"there is no command {given[0]!r}" + _suggest(given[0], COMMANDS))
    options, unknown = whole.parse_known_args(given)
    if unknown:
        raise RefusalError(f"there is no argument {unknown[0]!r}" + _suggest(unknown[0], FLAGS))
    if options.command is None:
        whole.print_help()
        return 0
    return _demo(options) if options.command == "demo" else _walk(options)


def _demo(options: argparse.Namespace) -> int:
    _prepare(options.out)
    # Here, so that --help and a bad argument don't wait for rich.
    from minigraph.demo.run import run

    return 0 if run(options.out, options.seed) else 1


def _walk(options: argparse.Namespace) -> int:
    lecture = options.command == "lecture"
    out = options.out or Path(f"lecture-{options.example.lower()}.html" if lecture else "walk.html")
    _prepare(out.parent)
    # Here, so that --help and a bad argument don't wait for graphviz.
    from minigraph.commands import CommandError, explain_file
    from minigraph.explain.lecture import lecture_walk

    try:
        if lecture:
            walk = lecture_walk(options.example, options.language)
        else:
            walk = explain_file(options.target, options.eta, options.language)
    except CommandError as error:
        print(f"minigraph: {error}", file=sys.stderr)
        return 1
    print(f"wrote {walk.save(out)}")
    return 0


def _suggest(word: str, known: Sequence[str]) -> str:
    return "".join(f"; did you mean {close!r}?" for close in get_close_matches(word, known, 1, 0.7))


def _prepare(out: Path) -> None:
    """Make the folder, and see that it can be written to before anything is computed."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise RefusalError(f"cannot write to {str(out)!r}: {error.strerror}") from None
