"""The lecture's symbols for single entries: ŷ₁, z₂⁽³⁾, ∂L/∂w₁₂."""

__all__ = ["parameter_symbol", "subscript", "superscript"]

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def subscript(number: int) -> str:
    """Write a number as a subscript.

    Examples
    --------
    >>> "ŷ" + subscript(12)
    'ŷ₁₂'
    """
    return str(number).translate(_SUBSCRIPTS)


def superscript(number: int) -> str:
    """Write a number as the lecture marks an example: raised, in brackets.

    Examples
    --------
    >>> "x" + superscript(3)
    'x⁽³⁾'
    """
    return "⁽" + str(number).translate(_SUPERSCRIPTS) + "⁾"


def parameter_symbol(row: int, label: int, features: int) -> str:
    """Name an entry of θ: a bias in row 0, the weights below it.

    Parameters
    ----------
    row
        The row of θ.
    label
        The class that the column belongs to.
    features
        How many features there are; with a single one a weight needs no second index.

    Examples
    --------
    >>> parameter_symbol(0, 3, features=2), parameter_symbol(2, 3, features=2)
    ('b₃', 'w₃₂')
    >>> parameter_symbol(1, 0, features=1)
    'w₀'
    """
    if row == 0:
        return "b" + subscript(label)
    return "w" + subscript(label) + (subscript(row) if features > 1 else "")
