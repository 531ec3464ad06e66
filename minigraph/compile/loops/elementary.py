"""exp, log and their kin on single numbers, in steps that a compiler can do for many at once.

They are plain Python on NumPy's float64 scalars, and right to about one unit in the last place. A
library's own exp is a call, which keeps the loop around it from being vectorized.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_LOG2_E = 1.4426950408889634
# log 2 in two parts, the first with so few digits that n times it is exact.
_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
# Adding 1.5 · 2⁵² rounds to a whole number, which is then in the last bits.
_MAGIC = 6755399441055744.0
_MAGIC_BITS = np.int64(0x4338000000000000)
_ROOT_HALF_BITS = np.int64(0x3FE6A09E667F3BCD)
_TINY = 2.2250738585072014e-308


def exp(x: Any) -> Any:
    """Return eˣ = 2ⁿ eʳ, with r = x − n log 2 and the series of eʳ."""
    n, r = _split(np.float64(x))
    # In two factors, since 2ⁿ itself may be too small or too large.
    half = n >> np.int64(1)
    return (1.0 + _series(r)) * _power(half) * _power(n - half)


def expm1(x: Any) -> Any:
    """Return eˣ − 1 = 2ⁿ (eʳ − 1) + (2ⁿ − 1)."""
    x = np.float64(x)
    n, r = _split(x)
    half = n >> np.int64(1)
    rest = n - half
    scale = _power(half)
    y = (scale * _series(r) + (scale - _power(-rest))) * _power(rest)
    return x if x == 0.0 else y


def log(x: Any) -> Any:
    """Return log x = n log 2 + log u, with √½ ≤ u < √2 and the series in (u − 1)/(u + 1)."""
    x = np.float64(x)
    small = x < _TINY
    scaled = x * 18014398509481984.0 if small else x
    bits = np.float64(scaled).view(np.int64) - _ROOT_HALF_BITS
    n = bits >> np.int64(52)
    u = np.int64(np.float64(scaled).view(np.int64) - (n << np.int64(52))).view(np.float64)
    f = u - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 2.0 / 21.0
    p = p * z + 2.0 / 19.0
    p = p * z + 2.0 / 17.0
    p = p * z + 2.0 / 15.0
    p = p * z + 2.0 / 13.0
    p = p * z + 2.0 / 11.0
    p = p * z + 2.0 / 9.0
    p = p * z + 2.0 / 7.0
    p = p * z + 2.0 / 5.0
    p = p * z + 2.0 / 3.0
    halved = 0.5 * f * f
    k = float(n) - (54.0 if small else 0.0)
    y = k * _LN2_HIGH - ((halved - (s * (halved + p * z) + k * _LN2_LOW)) - f)
    y = y if x < np.inf else x  # of +∞ and nan
    y = y if x > 0.0 or x != x else -np.inf
    return y if x >= 0.0 or x != x else np.nan


def log1p(x: Any) -> Any:
    """Return log(1 + x): the logarithm of u, which 1 + x is rounded to, and what was lost by it."""
    x = np.float64(x)
    u = 1.0 + x
    lost = x - (u - 1.0) if x < 1.0 else 1.0 - (u - x)
    y = log(u) + lost / u
    y = y if u > 0.0 else log(u)
    return y if abs(x) < np.inf and x != 0.0 else x if x > -1.0 or x != x else np.nan


def tanh(x: Any) -> Any:
    """Return tanh x = t/(t + 2) with t = e²ˣ − 1, of |x|, with x's sign."""
    x = np.float64(x)
    t = expm1(2.0 * min(abs(x), 22.0))
    y = t / (t + 2.0)
    y = y if x > 0.0 else -y
    return y if x == x and x != 0.0 else x


def logaddexp(a: Any, b: Any) -> Any:
    """Return log(eᵃ + eᵇ)."""
    a, b = np.float64(a), np.float64(b)
    top = a if a > b or a != a else b
    return top + log1p(exp(-abs(a - b))) if a != b else top + 0.6931471805599453


def sign(x: Any) -> Any:
    """Return −1, 0 or 1; of nan, nan."""
    one = 1.0 if x > 0.0 else -1.0
    return one if x < 0.0 or x > 0.0 else x + 0.0  # nan, and 0 without a sign


def _split(x: Any) -> Any:
    """Return n and r of x = n log 2 + r; of nan, nan for r."""
    x = -760.0 if x < -760.0 else x
    x = 760.0 if x > 760.0 else x
    shifted = x * _LOG2_E + _MAGIC
    n = shifted - _MAGIC
    bits = np.float64(shifted).view(np.int64) - _MAGIC_BITS
    # A nan's bits are no such number; what is made of them is multiplied by nan.
    return bits, (x - n * _LN2_HIGH) - n * _LN2_LOW


def _power(n: Any) -> Any:
    """Return 2ⁿ of a whole number from −1022 to 1023, made of its bits."""
    return np.int64((n + np.int64(1023)) << np.int64(52)).view(np.float64)


def _series(r: Any) -> Any:
    """Return eʳ − 1 for |r| ≤ ½ log 2."""
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    return r + r * r * p


def inner(a: Any, i: Any, b: Any, j: Any, n: Any) -> Any:
    """Return the sum of the products of n entries of two flat arrays, from i and from j on."""
    # Numbers that may be below 0 would be looked at, as indices from the end.
    result = a.dtype.type(0)
    for p in range(n):
        result += a[np.uint64(i + p)] * b[np.uint64(j + p)]
    return result


def total(a: Any, i: Any, n: Any) -> Any:
    """Return the sum of n entries of a flat array from i on, in parts, for their digits' sake."""
    result = a.dtype.type(0)
    for start in range(0, n, 256):
        part = a.dtype.type(0)
        for p in range(start, min(start + 256, n)):
            part += a[np.uint64(i + p)]
        result += part
    return result


def fetch(array: Any, index: Any, count: Any) -> Any:
    """Do nothing: what stands for `fetching.fetch` where a program is run as plain Python."""


def product(
    rows: Any, columns: Any, inner: Any,
    a_turned: Any, a: Any, a_start: Any, a_length: Any,
    b_turned: Any, b: Any, b_start: Any, b_length: Any,
    c: Any, c_start: Any, adds: Any,
) -> Any:  # fmt: skip
    """Put the product of two matrices of flat arrays into a third, or add it to that one.

    It is `products.product`, in Python.
    """

    def matrix(n: int, m: int, turned: bool, array: Any, start: int, length: int) -> Any:
        sizes = (m, n) if turned else (n, m)
        index = start + np.arange(sizes[0])[:, None] * length + np.arange(sizes[1])
        return array[index].T if turned else array[index]

    left = matrix(rows, inner, a_turned, a, a_start, a_length)
    right = matrix(inner, columns, b_turned, b, b_start, b_length)
    found = (left @ right).reshape(-1)
    there = slice(c_start, c_start + rows * columns)
    c[there] = c[there] + found if adds else found


product_single = product
