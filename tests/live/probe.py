"""One expression and what its source engine's manual says that it gives."""

from __future__ import annotations

from typing import Any, NamedTuple


class Probe(NamedTuple):
    """``result`` is a value, or the code with which the fragment is refused."""

    page: str
    text: str
    result: Any
    mysql: Any = None  # the code, where MySQL has nothing like it
