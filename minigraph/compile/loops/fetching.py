"""Asking for memory before it is needed: one instruction, which numba has no name for."""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

_LINE = 64  # bytes of a cache line


@intrinsic
def _prefetch(context: Any, address: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        name = "llvm.prefetch.p0"
        function = builder.module.globals.get(name) or ir.Function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [pointer, number, number, number]),
            name,
        )
        at = builder.inttoptr(arguments[0], pointer)
        # To be read (0), into the second level of the cache (2), as data (1).
        builder.call(function, [at, number(0), number(2), number(1)])
        return context.get_dummy_value()

    return types.void(types.int64), generate


@numba.njit(nogil=True)
def fetch(array: Any, index: int, count: int) -> None:  # pragma: no cover  (machine code)
    """Ask for entries of a flat array; what lies beyond its end does no harm."""
    address = array.ctypes.data + index * array.itemsize
    for offset in range(0, count * array.itemsize, _LINE):
        _prefetch(address + offset)  # pyright: ignore[reportCallIssue]
