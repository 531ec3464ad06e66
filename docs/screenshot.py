"""The picture of the stepping page, taken in the system's Chromium."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import minigraph as mg
from minigraph.lecture import EXAMPLES, graph

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def take(path: Path, key: str = "A", step: int = 10) -> Path:
    """Take a picture of a step of a worked example; return its file."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        sys.exit("needs Chromium: apt-get install chromium")
    example = EXAMPLES[key]
    loss = graph(example.theta, example.x, example.labels, example.classes).loss
    walk = mg.explain(loss, update=example.eta)
    # The sandbox is not for root.
    flags = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = walk.save(Path(folder) / "walk.html")
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(
            viewport={"width": 1280, "height": 900},
            device_scale_factor=1.25,
            reduced_motion="reduce",
        )
        page.goto(f"{file.as_uri()}#step={step}")
        # As tall as the step, so that nothing stands behind the buttons.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 1280, "height": height})
        page.locator(".step.current table[data-origin] td[data-i]").first.hover()
        page.screenshot(path=path)
        browser.close()
    return path


if __name__ == "__main__":
    print("wrote", take(IMAGES / "stepping-page.png"))
