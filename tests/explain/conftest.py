"""What the tests of pages share: walks, their pages on disk, and a browser."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import minigraph as mg
from minigraph.explain import Walk
from minigraph.lecture import EXAMPLES, graph


@functools.cache
def lecture_walk(key: str, language: str = "en") -> Walk:
    """Walk through a worked example of the lecture."""
    example = EXAMPLES[key]
    loss = graph(example.theta, example.x, example.labels, example.classes).loss
    return mg.explain(loss, update=example.eta, language=language)


@pytest.fixture(scope="session")
def walk_of() -> Callable[..., Walk]:
    return lecture_walk


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Save the page of a worked example, once."""
    folder = tmp_path_factory.mktemp("pages")

    @functools.cache
    def page(key: str) -> Path:
        return lecture_walk(key).save(folder / f"{key}.html")

    return page


class Visit:
    """A page, open in a browser; what it must not do is written down."""

    def __init__(self, browser, path: Path, step: int = 1, **context) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **context}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url, path))
        self.page.goto(f"{path.as_uri()}#step={step}")

    def _asked(self, url: str, path: Path) -> None:
        if url.partition("#")[0] != path.as_uri():
            self.problems.append(f"asked for {url}")

    @property
    def step(self) -> int:
        """The number of the step that is on show."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.step')].findIndex(s => s.offsetParent) + 1"
        )

    def close(self) -> None:
        self.context.close()
        assert self.problems == []


@pytest.fixture
def visit(browser, pages) -> Iterator[Callable[..., Visit]]:
    """Open the page of a worked example; at the end nothing has gone wrong in it."""
    visits: list[Visit] = []

    def open_page(key: str | Path, step: int = 1, **context) -> Visit:
        path = key if isinstance(key, Path) else pages(key)
        visits.append(Visit(browser, path, step, **context))
        return visits[-1]

    yield open_page
    for opened in visits:
        opened.close()
