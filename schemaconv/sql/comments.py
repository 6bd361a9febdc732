"""The author's comments inside a fragment, hung on its tokens."""

from __future__ import annotations

from .pieces import Piece
from .tree import Token


def place(text: str, notes: list[Piece], stream: list[Token], keep: bool) -> list[tuple[str, int]]:
    """Hang each comment on the token before it on its line, else on the next one; hints are set aside, and returned
    with their code."""
    hints: list[tuple[str, int]] = []
    at = 0
    for note in notes:
        if note.text[2:3] == "+":
            hints.append(("SC4252", note.start))
            continue
        if not keep:
            continue
        while at < len(stream) and stream[at].start < note.start:
            at += 1
        body = note.text[2:] if note.text.startswith("--") else note.text[2:-2]
        before = at > 0 and "\n" not in text[stream[at - 1].end + 1 : note.start]
        holder = stream[at - 1] if before or at == len(stream) else stream[at]
        holder.comments.append(f" {body.strip()} ")
    return hints
