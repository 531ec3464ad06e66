"""Products of matrices that lie anywhere in flat arrays, by the BLAS that SciPy brings."""

from __future__ import annotations

import ctypes
from typing import Any

import numba
import numpy as np
import scipy.linalg.cython_blas  # noqa: F401  (where the addresses below are from)
from numba.extending import get_cython_function_address

_KIND = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 13)
_dgemm = _KIND(get_cython_function_address("scipy.linalg.cython_blas", "dgemm"))
_sgemm = _KIND(get_cython_function_address("scipy.linalg.cython_blas", "sgemm"))


def _product_by(gemm: Any, dtype: Any) -> Any:
    size = np.dtype(dtype).itemsize

    @numba.njit(nogil=True)
    def product(  # pragma: no cover  (machine code)
        rows: int, columns: int, inner: int,
        a_turned: bool, a: Any, a_start: int, a_length: int,
        b_turned: bool, b: Any, b_start: int, b_length: int,
        c: Any, c_start: int, adds: bool,
    ) -> float:  # fmt: skip
        # BLAS counts along columns: what it takes for B and A, and returns, are the transposes.
        whole = np.empty(6, np.int32)
        whole[0], whole[1], whole[2] = columns, rows, inner
        whole[3], whole[4], whole[5] = b_length, a_length, columns
        real = np.empty(2, dtype)
        real[0], real[1] = 1, 1 if adds else 0
        turned = np.empty(2, np.int8)
        turned[0] = 84 if b_turned else 78  # T or N
        turned[1] = 84 if a_turned else 78
        w, r, t = whole.ctypes.data, real.ctypes.data, turned.ctypes.data
        gemm(
            t, t + 1, w, w + 4, w + 8, r,
            b.ctypes.data + b_start * size, w + 12,
            a.ctypes.data + a_start * size, w + 16,
            r + size, c.ctypes.data + c_start * size, w + 20,
        )  # fmt: skip
        # What they point to must not be given back before this.
        return whole[0] + real[0] + turned[0]

    return product


product = _product_by(_dgemm, np.float64)
product_single = _product_by(_sgemm, np.float32)
