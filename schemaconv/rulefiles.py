"""Find and read ``rules/``: the knowledge that an expert who is no programmer may correct.

Depends on nothing else in the package. Files are read once per process and folder, when first asked for.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any


class RuleError(Exception):
    """A rule file that cannot be used: its text names the file, the row and the cure."""


@lru_cache(maxsize=1)
def root() -> Path:
    """The folder of the shipped rules: inside the wheel, or the checkout's own."""
    shipped = Path(str(resources.files("schemaconv"))) / "_rules"
    if shipped.is_dir():
        return shipped
    checkout = Path(__file__).resolve().parent.parent / "rules"
    if checkout.is_dir():
        return checkout
    raise RuleError("the rules folder is missing from this installation; install schemaconv again")


@cache
def load(relative: str, folder: Path | None = None) -> dict[str, Any]:
    """One TOML file below ``folder`` (the shipped rules when ``None``); an absent file reads as empty there."""
    path = (folder or root()) / relative
    if folder is not None and not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: cannot be read ({error.strerror})") from None
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: {error}") from None


@lru_cache(maxsize=1)
def code_files() -> dict[str, Path]:
    """The page of every code, by code: ``{"SC2104": .../SC2104-number-without-precision.md}``."""
    found: dict[str, Path] = {}
    for path in sorted((root() / "codes").glob("SC[0-9][0-9][0-9][0-9]-*.md")):
        code = path.name[:6]
        if code in found:
            raise RuleError(f"{path.name}: code {code} has two pages, also {found[code].name}")
        found[code] = path
    return found
