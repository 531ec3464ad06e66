"""Strategies for hypothesis: shapes, arrays of ordinary numbers, and leaves of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minigraph.errors import OptionError
from minigraph.leaves import constant, parameter
from minigraph.node import Node

Shape = tuple[int, ...]
ShapeLike = int | Shape | st.SearchStrategy


def shapes(
    *, min_dims: int = 0, max_dims: int = 3, max_side: int = 3, empty: bool = False
) -> st.SearchStrategy[Shape]:
    """Draw shapes; the simplest is ``()``.

    Parameters
    ----------
    min_dims, max_dims : int
        The least and the largest number of axes.
    max_side : int
        The longest axis.
    empty : bool
        Also axes of length 0.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.shapes(), lambda shape: len(shape) == 2)
    (1, 1)
    """
    return hnp.array_shapes(
        min_dims=min_dims, max_dims=max_dims, min_side=0 if empty else 1, max_side=max_side
    )


def broadcastable_shapes(
    number: int, *, min_dims: int = 0, max_dims: int = 3, max_side: int = 3, empty: bool = False
) -> st.SearchStrategy[tuple[Shape, ...]]:
    """Draw shapes that broadcast together, scalars among them.

    Parameters
    ----------
    number : int
        How many shapes.
    min_dims, max_dims : int
        The least and the largest number of axes.
    max_side : int
        The longest axis.
    empty : bool
        Also axes of length 0.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.broadcastable_shapes(2), lambda drawn: drawn[0] != drawn[1])
    ((1,), ())
    """
    return hnp.mutually_broadcastable_shapes(
        num_shapes=number,
        min_dims=min_dims,
        max_dims=max_dims,
        min_side=0 if empty else 1,
        max_side=max_side,
    ).map(lambda drawn: drawn.input_shapes)


@st.composite
def separated_arrays(
    draw: st.DrawFn,
    shapes: Sequence[Shape] | st.SearchStrategy,
    *,
    low: float = -2.0,
    high: float = 2.0,
    dtype: Any = np.float64,
) -> tuple[np.ndarray, ...]:
    """Draw arrays for finite differences: no entry equals another, of any of them, nor 0.

    So no step crosses the kink of a maximum, of relu or of abs. The entries are multiples of a
    power of ½, and the simplest are 1.0 and 2.0.

    Parameters
    ----------
    shapes : sequence of tuple of int, or a strategy for one
        One shape an array; `broadcastable_shapes` draws such.
    low, high : float
        Where the entries lie, ends included.
    dtype : dtype
        A floating dtype.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.separated_arrays([(2,), ()]), lambda drawn: True)
    (array([1., 2.]), array(-1.))
    """
    drawn = draw(shapes) if isinstance(shapes, st.SearchStrategy) else shapes
    if not low < high:
        raise OptionError(f"there are no numbers between low={low} and high={high}")
    sizes = [math.prod(shape) for shape in drawn]
    grid = _grid(sum(sizes), low, high)
    entries = draw(
        st.lists(st.sampled_from(grid), min_size=sum(sizes), max_size=sum(sizes), unique=True)
    )
    parts = np.split(np.array(entries, dtype=dtype), np.cumsum(sizes)[:-1]) if sizes else []
    return tuple(part.reshape(shape) for part, shape in zip(parts, drawn, strict=True))


def _grid(size: int, low: float, high: float) -> list[float]:
    """Return enough numbers of one spacing between low and high, without 0, the simplest first."""
    # Twice as many as needed and at least 32, so that the numbers of one example vary.
    spacing = 2.0 ** math.floor(math.log2((high - low) / max(2 * size, 32)))
    steps = np.arange(math.ceil(low / spacing), math.floor(high / spacing) + 1)
    grid = [float(step * spacing) for step in steps if step]

    def simplicity(x: float) -> tuple[int, bool, float]:
        return x.as_integer_ratio()[1], x < 0, abs(x)

    return sorted(grid, key=simplicity)


@st.composite
def arrays(
    draw: st.DrawFn,
    shape: ShapeLike | None = None,
    *,
    low: float = -2.0,
    high: float = 2.0,
    dtype: Any = np.float64,
) -> np.ndarray:
    """Draw an array of ordinary numbers, no two of them equal and none 0.

    Two arrays drawn apart may share entries; `separated_arrays` draws several that do not.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        Default: any of `shapes`.
    low, high : float
        Where the entries lie, ends included.
    dtype : dtype
        A floating dtype.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.arrays((2, 2)), lambda x: True).tolist()
    [[1.0, 2.0], [-1.0, -2.0]]
    """
    drawn = drawn_shape(draw, shapes() if shape is None else shape)
    return draw(separated_arrays([drawn], low=low, high=high, dtype=dtype))[0]


def drawn_shape(draw: st.DrawFn, shape: ShapeLike) -> Shape:
    """Return a shape, given as what draws it or as it is."""
    drawn = draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    return (drawn,) if isinstance(drawn, int) else tuple(drawn)


def parameters(
    shape: ShapeLike | None = None, *, name: str | None = None, **options: Any
) -> st.SearchStrategy[Node]:
    """Draw parameters: leaves of ordinary numbers, to which gradients flow.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        Default: any of `shapes`.
    name : str, optional
    **options
        ``low``, ``high`` and ``dtype``, as in `arrays`.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.parameters((2,), name="θ"), lambda node: True)
    <Node 'θ': parameter → [1., 2.]>
    """
    return arrays(shape, **options).map(lambda value: parameter(value, name=name))


def constants(
    shape: ShapeLike | None = None, *, name: str | None = None, **options: Any
) -> st.SearchStrategy[Node]:
    """Draw constants: leaves of ordinary numbers, to which no gradient flows.

    Parameters
    ----------
    shape : int, tuple of int, or a strategy for one
        Default: any of `shapes`.
    name : str, optional
    **options
        ``low``, ``high`` and ``dtype``, as in `arrays`.

    Examples
    --------
    >>> from hypothesis import find
    >>> from minigraph.testing import strategies
    >>> find(strategies.constants((), name="x"), lambda node: True)
    <Node 'x': constant → 1.>
    """
    return arrays(shape, **options).map(lambda value: constant(value, name=name))
