"""Change the engine's and the ops' rules in small ways, and see whether the tests notice.

    PYTHONPATH=tests python -m mutation.run [--module ops/arithmetic] [--only ID] [--list]

A mutant that no test notices shows that a test is missing, or it is equivalent: nothing that it
does differs. Those are listed in equivalent.toml, each with the reason. The exit status is 1 if a
survivor is not listed, or if the list names what does not exist (any more) or is noticed.

First all mutants meet few examples of each property test, then the survivors that are not listed
meet as many as in the suite. It needs processes that fork: Linux or macOS.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from mutation.mutants import Mutant, find

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")

# What is mutated: the ops' rules, and all of the engine but the look of its messages (errors).
MODULES = (
    "ops/*",
    "graph",
    "sweep",
    "autodiff",
    "tidy",
    "jacobian",
    "finite",
    "functions",
    "node",
    "op",
    "leaves",
    "arrays",
    "namespace",
)
# What has to notice: the engine's tests and its examples, without what only looks at pictures.
TESTS = (
    "tests/ops",
    "tests/test_*.py",
    "tests/draw/test_description.py",
    "minigraph/ops",
    "minigraph/*.py",
)
NOT_TESTS = ("*/test_cli.py", "*/test_examples.py", "*/cli.py", "*/__main__.py")

FEW_EXAMPLES = 15


def modules() -> list[Path]:
    """Return the files that are mutated."""
    package = ROOT / "minigraph"
    found = [path for pattern in MODULES for path in sorted(package.glob(f"{pattern}.py"))]
    return [path for path in found if path.name != "__init__.py"]


def tests() -> list[str]:
    """Return what pytest is to collect."""
    paths = [str(path) for pattern in TESTS for path in sorted(ROOT.glob(pattern))]
    return [path for path in paths if not any(fnmatch(path, other) for other in NOT_TESTS)]


def mirror(mutant: Mutant) -> list[str]:
    """Return the test file of a mutant's module and the module's own examples, or all tests."""
    module = Path(mutant.module)
    test = ROOT / "tests" / module.parent / f"test_{module.name}.py"
    return [str(test), str(mutant.path)] if test.exists() else tests()


def results(mutants: list[Mutant], jobs: int, examples: int | None) -> Iterator[tuple]:
    """Try the mutants, and yield what the session tells (see `Session`)."""
    # Here, so that listing the mutants takes no time; after this, forks find all imported.
    import hypothesis.extra.numpy  # noqa: F401
    import mpmath  # noqa: F401
    import pytest
    from mutation import session

    at_import = session.in_child(session.lines_at_import)
    receiver, sender = session.FORK.Pipe(duplex=False)

    def run() -> None:
        with tempfile.TemporaryFile("w+") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            status = -1
            try:
                tell = lambda *result: sender.send(result)  # noqa: E731
                plugin = session.Session(mutants, jobs, examples, at_import, tell)
                status = pytest.main(
                    session.arguments(*tests(), few=examples is not None), plugins=[plugin]
                )
            except BaseException:
                traceback.print_exc(file=log)
            log.seek(0)
            sender.send(("ended", int(status), log.read()))

    process = session.FORK.Process(target=run)
    process.start()
    sender.close()
    by_id = {mutant.id: mutant for mutant in mutants}
    left, seconds, failing = [], {}, []
    while (told := receiver.recv())[0] != "ended":
        if told[0] == "tests":
            seconds, failing = told[1:]
        if told[1] is None:
            left.append(by_id[told[0]])
        else:
            yield told
    process.join()
    if told[1] not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit(f"the tests cannot be collected:\n{told[2]}")

    total = sum(seconds.values())

    def trials(chosen) -> Iterator:
        for mutant in left:
            work = partial(session.import_and_try, mutant, chosen(mutant), failing, examples, total)
            yield session.Trial(mutant.id, work)

    if left:
        work = partial(session.import_and_try, None, tests(), failing, examples, total)
        yield from session.outcomes(iter([session.Trial(session.CONTROL, work)]), jobs)
        alive = set()
        for result in session.outcomes(trials(mirror), jobs):
            if result[1] == session.SURVIVED:
                alive.add(result[0])
            else:
                yield result
        left = [mutant for mutant in left if mutant.id in alive]
        yield from session.outcomes(trials(lambda mutant: tests()), jobs)


class Report:
    """What is printed of the results.

    Parameters
    ----------
    mutants : list of Mutant
    listed : dict of str to str
        The equivalent mutants' ids, and what each changes.
    killers : bool
        Whether to print each result, with the test that noticed.
    """

    def __init__(self, mutants: list[Mutant], listed: dict[str, str], killers: bool) -> None:
        self.mutants = mutants
        self.killers = killers
        self.start = time.monotonic()
        self.outcome: dict[str, str] = {}
        self.failing: set[str] = set()
        self.unclear: dict[str, str] = {}
        by_id = {mutant.id: mutant for mutant in mutants}
        self.equivalent = {
            id for id, text in listed.items() if id in by_id and by_id[id].change == text
        }
        self.stale = [
            f"{id}: there is no such mutant, or it changes something else"
            for id in listed
            if id not in self.equivalent
        ]

    def follow(self, told: Iterator[tuple]) -> None:
        """Take in results as they come, and print the progress."""
        for name, *result in told:
            if name == "tests":
                self.failing.update(result[1])
                print(f"{len(result[0])} tests, {self._spent():.0f} s", flush=True)
                continue
            if name == "control":
                if result[0] != "survived":
                    self.failing.add(f"{result[1]} (run alone, or in another order)")
                continue
            self.outcome[name] = result[0]
            self.unclear.pop(name, None)
            if result[0] == "unclear":
                self.unclear[name] = f"    {result[1].rstrip()}\n"
            if self.killers:
                print(name, *result)
            if sys.stdout.isatty():
                print(f"{self._progress()}  ", end="\r", flush=True)
            elif len(self.outcome) % 100 == 0:
                print(self._progress(), flush=True)

    def survivors(self) -> list[Mutant]:
        """Return those that no test noticed, and that are not listed."""
        return [
            mutant for mutant in self.mutants if self._kind(mutant.id) in ("survived", "unclear")
        ]

    def finish(self) -> int:
        """Print the table and the survivors; return the exit status."""
        spent = self._spent()
        kinds = ("killed", "timed out", "unclear", "survived", "equivalent")
        row = "{:<20}" + "{:>12}" * (1 + len(kinds))
        print("\n\n" + row.format("module", "mutants", *kinds))
        for name in [*dict.fromkeys(mutant.module for mutant in self.mutants), "all"]:
            ids = [mutant.id for mutant in self.mutants if name in (mutant.module, "all")]
            counts = Counter(map(self._kind, ids))
            print(row.format(name, len(ids), *(counts[kind] for kind in kinds)))
        print(f"{spent:.0f} s, {spent / max(len(self.mutants), 1):.2f} s a mutant")
        alive = self.survivors()
        for mutant in alive:
            print(f"\n{mutant.path.relative_to(ROOT)}:{mutant.line}  {mutant.id}")
            print(self.unclear.get(mutant.id, ""), end="")
            print(f"    {mutant.change}\n  - {mutant.before}\n  + {mutant.after}")
        noticed = [id for id in self.equivalent if self.outcome[id] != "survived"]
        self.stale += [f"{id}: a test notices it" for id in sorted(noticed)]
        for text in self.stale:
            print(f"\nequivalent.toml: {text}")
        for test in sorted(self.failing):
            print(f"\nfails without any mutant: {test}")
        return 1 if alive or self.stale or self.failing else 0

    def _kind(self, id: str) -> str:
        outcome = self.outcome[id]
        return "equivalent" if outcome == "survived" and id in self.equivalent else outcome

    def _progress(self) -> str:
        counts = Counter(self.outcome.values())
        text = ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
        return f"{len(self.outcome)}/{len(self.mutants)}: {text}, {self._spent():.0f} s"

    def _spent(self) -> float:
        return time.monotonic() - self.start


def main() -> int:
    """Try all mutants, or those chosen, and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--module", action="append", help="only of this module: ops/arithmetic")
    parser.add_argument("--only", action="append", metavar="ID", help="only this one")
    parser.add_argument("--list", action="store_true", help="list the mutants, try none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--quick", action="store_true", help="few examples will do")
    parser.add_argument("--killers", action="store_true", help="say which test noticed each")
    options = parser.parse_args()

    mutants = []
    for path in modules():
        name = path.relative_to(ROOT / "minigraph").with_suffix("").as_posix()
        if not options.module or name in options.module:
            mutants += find(path, name)
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", ())
    listed = {id: change for entry in entries for id, change in entry["mutants"].items()}
    if options.module:
        listed = {id: text for id, text in listed.items() if id.partition(":")[0] in options.module}
    if options.only:
        mutants = [mutant for mutant in mutants if mutant.id in options.only]
        listed = {id: text for id, text in listed.items() if id in options.only}
    if not mutants:
        parser.error("there is no such mutant: see --list")
    if options.list:
        for mutant in mutants:
            print(f"{mutant.id}  line {mutant.line}: {mutant.change}")
        print(f"{len(mutants)} mutants")
        return 0

    # One thread each: the mutants share the machine.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    report = Report(mutants, listed, options.killers)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = temporary
        report.follow(results(mutants, options.jobs, FEW_EXAMPLES))
        if (survivors := report.survivors()) and not options.quick:
            print(f"\n{len(survivors)} survivors meet more examples", flush=True)
            report.follow(results(survivors, options.jobs, None))
    return report.finish()


if __name__ == "__main__":
    raise SystemExit(main())
