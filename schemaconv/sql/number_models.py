"""Number models taken apart: ``'$999G990D00MI'``. Oracle SQL Language Reference, "Number Format Models"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .formats import UnknownElement


@dataclass(frozen=True, slots=True)
class NumberModel:
    """What a model asks for: ``whole`` and ``decimals`` are its digits (9 and 0, the former with commas) in front of
    and behind the point; ``sign`` is S, -S (behind the digits), MI, PR or nothing; ``bare`` is FM, ``blank`` is B."""

    whole: str
    decimals: str
    point: bool
    sign: str = ""
    bare: bool = False
    blank: bool = False
    dollar: bool = False
    power: bool = False

    @property
    def digits(self) -> str:
        return self.whole.replace(",", "")

    @property
    def zeros(self) -> int:
        """How many digits stand in front of the point at least."""
        return len(self.digits) - self.digits.index("0") if "0" in self.digits else 0

    @property
    def core(self) -> str:
        """The digits alone."""
        return self.whole + ("." if self.point else "") + self.decimals

    @property
    def width(self) -> int:
        """The characters of what it prints without FM."""
        return len(self.core) + 1 + self.dollar + (self.sign == "PR")

    @property
    def grouped(self) -> bool:
        """Whether commas part the thousands, and nothing else."""
        return [len(g) for g in self.whole.split(",")[1:]] == [3] * self.whole.count(",")


_HEXADECIMAL = re.compile(r"(?P<bare>FM)?(?P<zeros>0*)(?P<digits>X+)", re.I)
_DIGITS = re.compile(r"(?P<whole>[09,G]*)(?:(?P<point>[.D])(?P<decimals>[09]*))?")


def number_model(text: str) -> NumberModel:
    """The parts of a model. Raises :class:`UnknownElement` for what is not made of digits, signs and the dollar."""
    rest = text.upper()
    bare = rest.startswith("FM")
    rest = rest[2:] if bare else rest
    sign = ""
    for mark in ("MI", "PR", "S"):
        if rest.endswith(mark):
            rest, sign = rest[: -len(mark)], "-S" if mark == "S" else mark
            break
    if rest.startswith("S") and not sign:
        rest, sign = rest[1:], "S"
    power = rest.endswith("EEEE")
    rest = rest[:-4] if power else rest
    blank, dollar = rest.count("B") == 1, rest.count("$") == 1
    rest = rest.replace("B", "", 1).replace("$", "", 1)
    match = _DIGITS.fullmatch(rest)
    if match is None or not re.search("[09]", rest) or rest[0] in ",G":
        odd = re.sub(r"[09,.DG]", "", rest)
        raise UnknownElement(odd[:2] if odd[:2] == "RN" else odd[:1] or text)
    whole = match["whole"].replace("G", ",")
    return NumberModel(whole, match["decimals"] or "", match["point"] is not None, sign, bare, blank, dollar, power)


def hexadecimal(text: str) -> tuple[int, int, bool, bool] | None:
    """Digits, zeros among them, whether bare, whether in small letters; ``None`` for another model."""
    match = _HEXADECIMAL.fullmatch(text)
    if match is None:
        return None
    zeros = len(match["zeros"])
    digits = zeros + len(match["digits"])
    return digits, digits if zeros else 0, match["bare"] is not None, "x" in match["digits"]
