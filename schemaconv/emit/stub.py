"""What waits for a person: text behind comment marks, under its code."""

from __future__ import annotations

import textwrap

from ..ir.catalog import Item
from .printer import WIDTH


def stub(item: Item, text: str) -> str:
    """The commented block of an item: code, object and message, then every line of ``text``.

    That is the source where a person must write the object, or the finished statement of a held item, which
    only waits for something outside the script.
    """
    kind = item.object.kind.replace("_", " ")
    head = f"{item.stub}: {' '.join(f'{kind} {item.object.name}'.split())}"
    if not item.held:
        head += " needs a person"
    message = " ".join(item.stub_message.split())
    lines = textwrap.wrap(f"{head}: {message}" if message else head, WIDTH - 3, break_on_hyphens=False)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if text.strip():
        lines += ["", *text.split("\n")]
    return "\n".join([f"-- {line}".rstrip() for line in lines])
