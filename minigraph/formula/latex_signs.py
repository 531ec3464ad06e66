"""What LaTeX calls letters, signs and words, and how it is told to show any text as text."""

from __future__ import annotations

from minigraph.formula.names import visible

_SMALL = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon varphi chi psi omega"
)
_CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"

GREEK = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", _SMALL.split(), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", _CAPITAL.split(), strict=True)),
    "ϕ": "phi",
    "ϵ": "epsilon",
    "ℓ": "ell",
    "∇": "nabla",
}

ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{c: "\\" + c for c in "{}$&#%_"},
}

SIGNS = {"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", ">": ">", "≥": r"\ge"}

# What an op's notation may have between its arguments.
PIECES = {
    "+": "+",
    "−": "-",
    "-": "-",
    "×": r"\times",
    "·": r"\cdot",
    "/": "/",
    "∘": r"\circ",
    "⊙": r"\odot",
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    ",": ",",
    ":": r"{:}",
    "ᵀ": r"^{\mathsf T}",
    "…": r"\dots ",
    "∞": r"\infty ",
    **{c: c for c in "0123456789"},
}

WORDS = {"Σ": r"\sum", "Π": r"\prod", "log": r"\log", "sin": r"\sin", "cos": r"\cos"}
WORDS |= {"tanh": r"\tanh", "max": r"\max", "min": r"\min"}


def escape(text: str) -> str:
    r"""Return a text that LaTeX shows as it is.

    Examples
    --------
    >>> print(escape(r"\input{x} $5"))
    \textbackslash{}input\{x\} \$5
    """
    return "".join(ESCAPES.get(c, c) for c in visible(text))
