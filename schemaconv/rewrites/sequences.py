"""What the rewrites of sequences share."""

from __future__ import annotations

from typing import Final

#: The largest number of a 64-bit counter.
LIMIT: Final = 9223372036854775807
