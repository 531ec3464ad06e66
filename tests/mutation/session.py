"""Mutants under test: one pytest session, forked for each mutant.

The session collects the tests once. Then each mutant gets a process of its own, forked from it,
in which the code of the one function that differs is swapped (or its defaults, or a class's
attributes), and the tests that reach the changed line run, the quickest first, until one fails.
What else runs when a module is imported is changed before the import, in a process where minigraph
was not imported yet.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import itertools
import multiprocessing
import operator
import os
import signal
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import SourceFileLoader
from multiprocessing import connection
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from hypothesis import HealthCheck, Phase, settings
from mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "minigraph"
TESTS = ROOT / "tests"
# Where there is no fork, this can be imported, but not run.
FORK = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)

# The time that a test may take with a mutant: so many seconds, and so many times what it takes
# without.
SECONDS, TIMES = 10, 5
MEMORY = 6 * 2**30

KILLED, TIMED_OUT, SURVIVED = "killed", "timed out", "survived"
# It did not survive, but no test said so: this is for a person to look at.
UNCLEAR = "unclear"
# The name of the trial without a mutant.
CONTROL = "control"


class Profile:
    """A pytest plugin: hypothesis searches as in the suite, but the same way for each mutant.

    Parameters
    ----------
    examples : int, optional
        How many examples of each test, if not as many as in the suite.
    """

    def __init__(self, examples: int | None = None) -> None:
        self.examples = examples

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        # Before hypothesis loads it (see `arguments`), and after tests/conftest.py made its own.
        suite = settings.get_profile("minigraph")
        settings.register_profile(
            "mutants",
            parent=suite,
            max_examples=self.examples or suite.max_examples,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            # A slow mutant is not a wrong one.
            suppress_health_check=list(HealthCheck),
        )

    def pytest_collection_finish(self) -> None:
        assert settings.get_current_profile_name() == "mutants"


# Slow, and what they notice mostly shows elsewhere too: not among the few examples.
SLOW = ("jax", "torch", "test_scale", "long_chain")


def arguments(*tests: str, few: bool, without: Iterable[str] = ()) -> list[str]:
    """Return pytest's arguments for a run of these tests.

    Parameters
    ----------
    *tests : str
        What is collected.
    few : bool
        Leave the slow tests out.
    without : iterable of str
        Tests to leave out.
    """
    return [
        "-qq",
        "--capture=no",
        "-pno:cacheprovider",
        "-Wignore::pytest.PytestAssertRewriteWarning",
        "--hypothesis-profile=mutants",
        *(["-knot " + " and not ".join(SLOW)] if few else []),
        *(f"--deselect={test}" for test in without),
        *tests,
    ]


class Session(Profile):
    """A pytest plugin that tries mutants in the place of running the tests once.

    Parameters
    ----------
    mutants : list of Mutant
    jobs : int
        How many at a time.
    examples : int, optional
        As for `Profile`.
    at_import : set of (str, int)
        The files and lines that run when minigraph is imported.
    tell : callable
        Told of each result, as (id, outcome, the test that failed), of each mutant left for a
        process without the import, as (id, None, None), and once of the tests as they are without
        mutants, as ("tests", seconds of each, those that fail).
    """

    def __init__(
        self,
        mutants: list[Mutant],
        jobs: int,
        examples: int | None,
        at_import: set[tuple[str, int]],
        tell: Callable,
    ) -> None:
        super().__init__(examples)
        self.mutants = mutants
        self.jobs = jobs
        self.at_import = at_import
        self.tell = tell
        self.failed: str | None = None

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session) -> bool:
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        seconds, failing, reaching = in_child(functools.partial(self._measure, session.items))
        self.tell("tests", seconds, failing)
        items = sorted(
            (item for item in session.items if item.nodeid not in failing),
            key=lambda item: seconds[item.nodeid],
        )

        def trials() -> Iterator[Trial]:
            # In this order too, all pass without a mutant: what fails then is the mutant's doing.
            yield Trial(CONTROL, functools.partial(self._try, None, items, seconds))
            for mutant in self.mutants:
                span = range(mutant.line, mutant.last_line + 1)
                lines = reaching.get(str(mutant.path), {})
                tests = set().union(*(lines.get(line, ()) for line in span))
                swap = _swap(mutant)
                # What runs when a module is imported is reached by the tests that use it, and not
                # by the one that happens to import it.
                if swap is None or not self.at_import.isdisjoint(
                    (str(mutant.path), line) for line in span
                ):
                    self.tell(mutant.id, None, None)
                elif not tests:
                    self.tell(mutant.id, SURVIVED, "no test reaches it")
                else:
                    chosen = [item for item in items if item.nodeid in tests]
                    yield Trial(mutant.id, functools.partial(self._try, swap, chosen, seconds))

        for result in outcomes(trials(), self.jobs):
            self.tell(*result)
        return True

    def _run(self, item, following) -> bool:
        """Run one test; return whether it passed."""
        self.failed = None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.failed is None

    def _measure(self, items) -> tuple[dict, list, dict]:
        """Return how long each test takes, which fail, and which reach which line."""
        recorder = coverage.Coverage(data_file=None, config_file=False, include=[f"{PACKAGE}/*"])
        seconds, failing = {}, []
        recorder.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            recorder.switch_context(item.nodeid)
            start = time.perf_counter()
            if not self._run(item, following):
                failing.append(item.nodeid)
            seconds[item.nodeid] = time.perf_counter() - start
        recorder.stop()
        data = recorder.get_data()
        return seconds, failing, {f: data.contexts_by_lineno(f) for f in data.measured_files()}

    def _try(self, swap: Callable[[], None] | None, items, seconds) -> str | None:
        """Run the tests with a mutant; return the one that fails."""
        try:
            if swap:
                swap()
        except Exception as error:
            return f"the import: {error!r}"
        for item, following in zip(items, [*items[1:], None], strict=True):
            set_alarm(seconds[item.nodeid])
            if not self._run(item, following):
                return item.nodeid
        return None


def _swap(mutant: Mutant) -> Callable[[], None] | None:
    """Return what makes a mutant of the imported module; None if it takes a new import."""
    if mutant.owner is None:
        return functools.partial(_swap_defaults, mutant) if mutant.qualname else None
    live: object = importlib.import_module(module_name(mutant.path))
    for name in mutant.owner.split("."):
        live = vars(live).get(name)
    if isinstance(live, property):
        live = live.fget
    live = getattr(live, "__wrapped__", getattr(live, "__func__", live))
    if not isinstance(live, FunctionType):
        return None
    for code in _codes(mutant.compile()):
        if (code.co_qualname, code.co_firstlineno) == (
            mutant.owner,
            live.__code__.co_firstlineno,
        ) and len(code.co_freevars) == len(live.__code__.co_freevars):
            return functools.partial(setattr, live, "__code__", code)
    return None


def _swap_defaults(mutant: Mutant) -> None:
    """Run the mutant's module apart, and take the defaults and class attributes from there."""
    live: Any = importlib.import_module(module_name(mutant.path))
    new: Any = types.ModuleType(live.__name__)
    new.__dict__.update(__file__=live.__file__, __package__=live.__package__)
    exec(mutant.compile(), vars(new))
    changed = operator.attrgetter(mutant.qualname)(new)
    if not isinstance(changed, type):
        _copy_defaults(changed, operator.attrgetter(mutant.qualname)(live))
        return
    # A subclass that is a dataclass too has taken over the defaults.
    for kind in vars(new).values():
        if isinstance(kind, type) and issubclass(kind, changed):
            for name, value in vars(kind).items():
                there = getattr(live, kind.__name__)
                if isinstance(value, FunctionType):
                    _copy_defaults(value, vars(there)[name])
                elif name == "__dataclass_fields__" or (
                    value is None or isinstance(value, bool | int | float | slice)
                ):
                    setattr(there, name, value)


def _copy_defaults(new: Any, live: Any) -> None:
    live.__defaults__, live.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def in_child(function: Callable[[], Any]) -> Any:
    """Return what a function returns in a process of its own, of which nothing else remains."""
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=lambda: sender.send(function()))
    child.start()
    sender.close()
    result = receiver.recv()
    child.join()
    return result


def set_alarm(seconds: float) -> None:
    """Let this process die if it takes much longer than what it does takes without a mutant."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS + TIMES * seconds)


class Trial:
    """A mutant's name, and what tries it, to be run in a process of its own.

    Parameters
    ----------
    name : str
    work : callable
        Returns the test that noticed, None if none did.
    """

    def __init__(self, name: str, work: Callable[[], str | None]) -> None:
        self.name = name
        self.receiver, self.sender = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=self._body, args=(work,))

    def start(self) -> None:
        self.process.start()
        self.sender.close()

    def _body(self, work: Callable[[], str | None]) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            self.sender.send((KILLED if (test := work()) else SURVIVED, test or ""))
        except BaseException:
            self.sender.send((UNCLEAR, traceback.format_exc()))

    def outcome(self) -> tuple[str, str, str]:
        """Return (name, outcome, the test that noticed), once the process has ended."""
        self.process.join()
        try:
            return self.name, *self.receiver.recv()
        except EOFError:
            if self.process.exitcode == -signal.SIGALRM:
                return self.name, TIMED_OUT, ""
            return self.name, UNCLEAR, f"the process ended with {self.process.exitcode}"
        finally:
            self.receiver.close()


def outcomes(trials: Iterator[Trial], jobs: int) -> Iterator[tuple[str, str, str]]:
    """Run trials, some at a time; yield the outcome of each as it comes."""
    running: dict[object, Trial] = {}
    while True:
        for trial in itertools.islice(trials, jobs - len(running)):
            trial.start()
            running[trial.process.sentinel] = trial
        if not running:
            return
        for sentinel in connection.wait([trial.process.sentinel for trial in running.values()]):
            yield running.pop(sentinel).outcome()


class _Loader(SourceFileLoader):
    """Loads a module as its mutant."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(module_name(mutant.path), str(mutant.path))
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return self.mutant.compile()

    def find_spec(self, name: str, path=None, target=None):
        if name == self.name:
            return importlib.util.spec_from_file_location(name, self.path, loader=self)
        return None


def lines_at_import() -> set[tuple[str, int]]:
    """Import minigraph, and return the files and lines that this runs."""
    assert PACKAGE.name not in sys.modules
    recorder = coverage.Coverage(data_file=None, config_file=False, include=[f"{PACKAGE}/*"])
    with recorder.collect():
        importlib.import_module(PACKAGE.name)
    data = recorder.get_data()
    return {(file, line) for file in data.measured_files() for line in data.lines(file) or ()}


def import_and_try(
    mutant: Mutant | None,
    tests: list[str],
    without: list[str],
    examples: int | None,
    seconds: float,
) -> str | None:
    """Import the mutant and run the tests; return a word on the failure, if one failed."""
    assert PACKAGE.name not in sys.modules
    set_alarm(seconds)
    if mutant is not None:
        sys.meta_path.insert(0, _Loader(mutant))
        try:
            importlib.import_module(module_name(mutant.path))
        except Exception as error:
            return f"the import: {error!r}"
    options = arguments("-x", *tests, few=examples is not None, without=without)
    status = pytest.main(options, [Profile(examples)])
    if status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return None
    # A mutant may also break a test as it is imported.
    if status in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        return "a test"
    raise RuntimeError(f"pytest ended with {status!r}")
