"""What all tests share: how hypothesis searches, what coverage need not see, and a browser."""

import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No deadline: the first example of a test also pays for imports, and a busy machine for others.
# The same examples each time, so that it is the change that fails; with HYPOTHESIS_RANDOM=1 others.
settings.register_profile(
    "minigraph",
    deadline=None,
    max_examples=60,
    derandomize="HYPOTHESIS_RANDOM" not in os.environ,
)
settings.load_profile("minigraph")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "untraced: run without coverage, which takes longer than all that it looks at"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator:
    """Keep coverage out of the tests that run the same lines very often: others run them once."""
    trace = sys.gettrace()
    if item.get_closest_marker("untraced"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(trace)


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Chromium asks the network for nothing, and has no graphics card to look for.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Start the system's Chromium, once for all tests of a process."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # The sandbox is not for root.
    flags = FLAGS + ["--no-sandbox"] * (getattr(os, "geteuid", lambda: 1)() == 0)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()
