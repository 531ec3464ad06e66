"""The rules, one family a file, and the table of them all."""

from minigraph.derive.rules.table import RULES, rules_table

__all__ = ["RULES", "rules_table"]
