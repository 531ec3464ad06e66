"""A walk in a notebook: its page, in a sandboxed frame."""

from html.parser import HTMLParser


class Frames(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "iframe":
            self.found.append(dict(attrs))
        else:
            self.others.append(tag)


def test_a_notebook_shows_the_page_in_a_sandboxed_frame(walk_of):
    walk = walk_of("A")
    frames = Frames()
    frames.feed(walk._repr_html_())
    (frame,) = frames.found
    assert frames.others == []
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == walk.title
    assert frame["srcdoc"] == walk.html()


def test_the_page_runs_in_the_frame(browser, walk_of, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(
        f"<!DOCTYPE html><html><body>{walk_of('A')._repr_html_()}</body></html>", encoding="utf-8"
    )
    page = browser.new_page()
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    # There is no address to write the step to, and the page works all the same.
    frame.get_by_role("button", name="Next step").click()
    assert frame.locator(".place").inner_text() == "2 / 14"
    frame.get_by_role("link", name="Compute the derivative").click()
    assert frame.locator(".place").inner_text() == "8 / 14"
    assert problems == []
    page.close()
