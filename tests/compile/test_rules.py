"""The table of the compiler's rules in the docs is that of the code."""

from pathlib import Path

from minigraph.compile.rules import COMPILED, OWN, compiler_table

DOCS = Path(__file__).parents[2] / "docs" / "compile.md"


def test_docs_have_the_table_of_the_code():
    assert compiler_table() in DOCS.read_text(encoding="utf-8")


def test_table_has_a_line_a_rule_with_as_many_cells():
    lines = compiler_table().splitlines()
    assert len(lines) == 2 + sum(len(rules) for _, rules in COMPILED)
    assert {line.count("|") for line in lines} == {8}


def test_rules_say_all_about_themselves():
    for rule in OWN:
        assert rule.name
        assert rule.before
        assert rule.after
        assert len(rule.reason.splitlines()) == 1
        assert rule.exact
