"""Formula: one formula, as text, as LaTeX and as MathML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from minigraph.formula.latex import Latex
from minigraph.formula.mathml import mathml
from minigraph.formula.text import statement
from minigraph.formula.tree import Statement


@dataclass(frozen=True)
class Formula:
    r"""A formula of a graph, in every format.

    Attributes
    ----------
    statement : Statement
        The formula as a tree, which all formats are printed from.

    Examples
    --------
    >>> import minigraph as mg
    >>> from minigraph.formula import equation
    >>> theta = mg.parameter([[0.1], [0.2]], name="θ")
    >>> x = mg.constant([[1.0], [1.4]], name="x")
    >>> formula = equation((theta.T @ x).named("z"))
    >>> print(formula)
    z = θᵀ x
    >>> print(formula.latex)
    z = \theta^{\mathsf T}\, x
    """

    statement: Statement

    @cached_property
    def text(self) -> str:
        """The formula in Unicode, on one line."""
        return statement(self.statement)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX, without dollars around it; names are escaped."""
        return Latex().statement(self.statement)

    @cached_property
    def mathml(self) -> str:
        """The formula as a ``math`` element, which is well-formed XML.

        Raises
        ------
        PackageError
            If the package latex2mathml is not installed.
        """
        return mathml(self.statement)

    @property
    def left(self) -> Formula | None:
        """What is on the left of the equals sign, as a formula; None if there is none."""
        left = self.statement.left
        return None if left is None else Formula(Statement(None, left))

    @property
    def right(self) -> Formula:
        """What is on the right of the equals sign, as a formula."""
        return Formula(Statement(None, self.statement.right, self.statement.where))

    @property
    def assigned(self) -> Formula:
        """The same with ←: the left side becomes what is on the right."""
        return Formula(replace(self.statement, sign="←"))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Formula: {self.text}>"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"
