"""The table of the compiler's rules: a derivation's that keep digits, and its own."""

from __future__ import annotations

from minigraph.compile.gradient_rules import GRADIENT, LAST, LOWERING
from minigraph.compile.stable import FORWARD
from minigraph.derive.rule import Rule
from minigraph.derive.rules import RULES

COMPILED: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("the output", FORWARD),
    ("the gradient", GRADIENT),
    ("the gradient, last", LAST),
    ("both, last", LOWERING),
)
"""The compiler's rules by what they are applied to, in the order in which they are."""

OWN: tuple[Rule, ...] = tuple(
    dict.fromkeys(rule for _, rules in COMPILED for rule in rules if rule not in RULES)
)
"""The rules that no derivation has."""


def compiler_table() -> str:
    """Return the table of the compiler's rules as Markdown, for the docs.

    Examples
    --------
    >>> print(compiler_table().splitlines()[0])
    | rule | what | becomes | if | because | in | a derivation's, too |
    """
    heads = ["rule", "what", "becomes", "if", "because", "in", "a derivation's, too"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for where, rules in COMPILED:
        for rule in rules:
            cells = [rule.name, rule.before, rule.after, rule.condition or "–", rule.reason, where]
            lines.append(
                f"| {' | '.join(cells)} | {'yes' if rule in RULES else 'no'} |".replace(
                    "|z|", "∣z∣"
                )
            )
    return "\n".join(lines) + "\n"
