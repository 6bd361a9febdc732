"""How deep what is read may nest: the limit of the interpreter's recursion, raised for a while."""

from __future__ import annotations

import sys

#: Frames for the readers: some 900 blocks of stored code inside of each other.
READING = 4_000
#: Frames for what is made of that: rewrites and printers take more for a block than the reader.
MAKING = 20_000


class deep:
    """Lets trees nest deeply inside a ``with`` block: at least ``frames`` calls.

    The limit is only ever raised and put back to what it was; two threads that overlap can at worst keep it high.
    """

    def __init__(self, frames: int = MAKING) -> None:
        self.frames = frames

    def __enter__(self) -> None:
        self.before = sys.getrecursionlimit()
        if self.before < self.frames:
            sys.setrecursionlimit(self.frames)

    def __exit__(self, *_: object) -> None:
        sys.setrecursionlimit(self.before)
