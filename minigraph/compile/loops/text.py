"""The text of loops."""

from __future__ import annotations

from collections.abc import Sequence


def looped(place: Sequence[str], sizes: Sequence[int], body: Sequence[str]) -> list[str]:
    """Put lines into a nest of loops; an axis of one entry needs none.

    Examples
    --------
    >>> print(*looped(("i0", "0"), (3, 1), ["a[i0] = 0"]), sep=chr(10))
    for i0 in range(3):
        a[i0] = 0
    """
    lines = []
    for i, size in zip(place, sizes, strict=True):
        if i != "0":
            lines.append(f"{'    ' * len(lines)}for {i} in range({size}):")
    return lines + [f"{'    ' * len(lines)}{line}" for line in body]
