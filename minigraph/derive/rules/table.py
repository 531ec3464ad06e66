"""The table of all rules, in the order in which they are tried."""

from __future__ import annotations

from minigraph.derive.rule import Rule
from minigraph.derive.rules import guards, quotients, shapes, signs, softmax

RULES: tuple[Rule, ...] = (
    shapes.SHAPES,
    shapes.FACTORS_OF_SHAPES,
    guards.GUARD,
    softmax.SOFTMAX,
    softmax.CAREFUL_SUM,
    softmax.LOG1P,
    softmax.LOG_SUM_EXP,
    softmax.LOG_SOFTMAX,
    softmax.SHIFT,
    softmax.SIGMOID,
    softmax.EXP_LOG,
    softmax.SIGMOID_MINUS,
    shapes.TRANSPOSE,
    signs.ARITHMETIC,
    signs.MINUS_OUT,
    signs.TWO_MINUSES,
    signs.NUMBERS_OUT,
    quotients.CANCEL,
    quotients.SUM_TO_ONE,
    quotients.MULTIPLY_OUT,
    quotients.COMMON_FACTOR,
)
"""All rules: the first that applies is applied wherever it does, then all are tried anew."""

_STAGES = {"loss": "the loss", "gradient": "the gradient", "both": "both"}


def rules_table() -> str:
    """Return the table of the rules as Markdown, for the docs.

    Examples
    --------
    >>> print(rules_table().splitlines()[0])
    | rule | what | becomes | if | because | in |
    """
    lines = ["| rule | what | becomes | if | because | in |", "|---|---|---|---|---|---|"]
    for rule in RULES:
        name = rule.name + (" (not shown as a step)" if rule.silent else "")
        cells = (name, rule.before, rule.after, rule.condition or "–", rule.reason)
        lines.append(f"| {' | '.join(cells)} | {_STAGES[rule.stage]} |")
    return "\n".join(lines) + "\n"
