"""States of errors that authors declare without a number."""

from __future__ import annotations

import zlib

from ..ir.catalog import Routine
from ..ir.names import Name


def own_state(found: Routine, name: Name) -> str:
    """The state of an exception without a number: of a class that no server uses, the same in every run, and hardly
    that of another routine's exception."""
    digits, value = "", zlib.crc32(f"{found.name}.{name.text}".encode()) % 46656
    for _ in range(3):
        value, digit = divmod(value, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return "UE" + digits
