"""The table of rules in the docs is that of the code."""

from pathlib import Path

from minigraph.derive import RULES, rules_table

DOCS = Path(__file__).parents[2] / "docs" / "derivation.md"


def test_docs_have_the_table_of_the_code():
    assert rules_table() in DOCS.read_text(encoding="utf-8")


def test_table_has_a_line_a_rule_with_as_many_cells():
    lines = rules_table().splitlines()
    assert len(lines) == 2 + len(RULES)
    assert {line.count("|") for line in lines} == {7}


def test_rules_say_all_about_themselves():
    for rule in RULES:
        assert rule.name
        assert rule.before
        assert rule.after
        assert len(rule.reason.splitlines()) == 1
        assert rule.stage in ("loss", "gradient", "both")
