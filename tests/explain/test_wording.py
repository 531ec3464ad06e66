"""The words: the same in both languages, and names are text in them."""

from string import Template

import pytest

import minigraph as mg
from minigraph.explain.walk import PHASES
from minigraph.explain.wording import LANGUAGES, check_language, joined, say, words
from minigraph.lecture import STEPS, VIETNAMESE


def flat(table, lead=""):
    """Return all texts of a table by their whole key."""
    found = {}
    for key, value in table.items():
        found |= flat(value, f"{lead}{key}.") if isinstance(value, dict) else {lead + key: value}
    return found


def test_both_languages_say_the_same_things():
    english, vietnamese = (flat(words(language)) for language in ("en", "vi"))
    assert list(english) == list(vietnamese)
    for key, text in english.items():
        mine, theirs = (set(Template(t).get_identifiers()) for t in (text, vietnamese[key]))
        assert mine == theirs, key
        assert Template(text).is_valid(), key
        assert Template(vietnamese[key]).is_valid(), key
        assert text.strip(), key
        assert vietnamese[key].strip(), key


def test_they_are_two_languages():
    english, vietnamese = (flat(words(language)) for language in ("en", "vi"))
    same = {key for key, text in english.items() if text == vietnamese[key]}
    assert not {key for key in same if key.startswith(("sentences", "rules", "phases", "text"))}


def test_the_steps_are_the_lectures():
    assert tuple(words("en")["phases"]) == PHASES
    for number, phase in enumerate(PHASES, 1):
        # The lecture goes on to say of what: "Compute the output ŷ", "Tính loss (cross-entropy)".
        assert STEPS[number].startswith(words("en")["phases"][phase])
        if number in VIETNAMESE:
            assert VIETNAMESE[number].startswith(words("vi")["phases"][phase])


def test_names_are_text():
    for name in ("$shape", "${x}", "{0} {name}", "%s", "$$"):
        for language in LANGUAGES:
            text = say("sentences", "constant", name=name, shape="2×1")[language]
            assert name in text
            assert "2×1" in text


def test_texts_are_joined_by_language():
    assert joined({"en": "A.", "vi": "B."}, {"en": "C.", "vi": "D."}) == {
        "en": "A. C.",
        "vi": "B. D.",
    }


@pytest.mark.parametrize("language", ["", "EN", "vn", None, 3, ["en"]])
def test_a_language_that_is_not_known(language):
    with pytest.raises(mg.OptionError, match="is not known"):
        check_language(language)
    assert check_language("vi") is None
