"""The walk as text: as it was looked at and found good."""

from pathlib import Path

import pytest

from minigraph.explain.lecture import lecture_walk
from minigraph.explain.text import WIDTH
from minigraph.lecture import EXAMPLES

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_example_a_is_as_it_was(language):
    golden = (GOLDEN / f"A.{language}.txt").read_text(encoding="utf-8")
    assert str(lecture_walk("A", language)) + "\n" == golden


@pytest.mark.parametrize("key", sorted(EXAMPLES))
def test_no_line_is_wider_than_the_page_and_none_ends_in_blanks(key):
    text = str(lecture_walk(key))
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


def test_all_is_there():
    walk = lecture_walk("C", "vi")
    text = str(walk)
    assert text.startswith("Ví dụ C: ")
    for phase in ("1  Chọn một mẫu", "2  Tính output", "3  Tính loss", "4  Tính đạo hàm"):
        assert f"\n\n{phase}\n\n" in text
    assert "\n\n5  Cập nhật tham số\n\n" in text
    assert text.count("sai phân hữu hạn = ") == 4
    for number, step in enumerate(walk.steps, 1):
        assert f"\n{number:3}  {step.sentences['vi'][:20]}" in text
