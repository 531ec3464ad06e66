"""Products of matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minigraph.op import Op


@dataclass(frozen=True)
class MatMul(Op):
    """The matrix product: a @ b.

    For matrices ∂L/∂a = g bᵀ and ∂L/∂b = aᵀ g; batches of matrices and vectors likewise.

    Parameters
    ----------
    a : array_like, shape (..., n, k) or (k,)
    b : array_like, shape (..., k, m) or (k,)
        A vector is a row on the left and a column on the right; leading axes broadcast.

    Raises
    ------
    ShapeError
        If the inner lengths k differ, or one of the two is a scalar.

    Notes
    -----
    The lecture's z = θᵀx (slide "Forward computation").

    Examples
    --------
    >>> import minigraph as mg
    >>> theta = mg.parameter([[0.1, 0.05], [0.2, -0.1]], name="θ")
    >>> x = mg.constant([[1.0], [1.4]], name="x")
    >>> mg.matmul(theta.T, x).value
    array([[ 0.38],
           [-0.09]])
    """

    __slots__ = ()
    notation = "{} {}"

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return a @ b

    def backward(self, xp: Any, cotangent: Any, output: Any, a: Any, b: Any) -> tuple[Any, ...]:
        if a.ndim > 1 and b.ndim > 1:
            return lambda: cotangent @ b.mT, lambda: a.mT @ cotangent
        # Make a row of a vector on the left and a column of one on the right; summing the extra
        # axes of a's cotangent away again is what the engine does for any broadcast input.
        if a.ndim == 1:
            cotangent = xp.expand_dims(cotangent, axis=-2 if b.ndim > 1 else -1)
        if b.ndim == 1:
            cotangent = xp.expand_dims(cotangent, axis=-1)
        rows = xp.expand_dims(a, axis=0) if a.ndim == 1 else a
        columns = xp.expand_dims(b, axis=1) if b.ndim == 1 else b
        return (
            lambda: cotangent @ columns.mT,
            lambda: (
                xp.squeeze(rows.mT @ cotangent, axis=-1) if b.ndim == 1 else rows.mT @ cotangent
            ),
        )

    def mismatch(self, *shapes: tuple[int, ...]) -> tuple[str, str] | None:
        a, b = shapes
        if not a or not b:
            return f"{a} @ {b} has a scalar in it", "multiply by a scalar with *"
        k, rows = a[-1], b[-2:][0]
        if k != rows:
            fix = "the last axis of the first input and the last but one of the second must match"
            if len(a) > 1 and a[-2] == rows:
                fix = "with the first input transposed they would fit: a.mT @ b"
            elif k == b[-1]:
                fix = "with the second input transposed they would fit: a @ b.mT"
            return f"{a} @ {b}: the inner lengths {k} and {rows} differ", fix
        return super().mismatch(a[:-2], b[:-2])
