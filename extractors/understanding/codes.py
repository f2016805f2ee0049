"""Codes of acts and goods: CCAM, NGAP, LPP, and the codes of hospital bills.

Forms from the domain reference: CCAM leaves out I and O; an NGAP act is a key letter with a coefficient; an LPP
code has seven digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

#: Key letters of the NGAP and of hospital bills, with those that came with the physiotherapists' reform of 2024.
_NGAP_KEYS = (
    "AMI|AIS|AMK|AMS|AMC|AMY|AMO|AMP|TMK|TER|APM|ARL|DRA|NMI|PLL|RAM|RAO|RIM|RIC|RSM|RSC|RPE|VSM|VSC|TLL|TLD|TRL|"
    "BSA|BSB|BSC|DI|MCI|MAU|MIE|IFA|IFD|IFN|IFI|IFO|IFP|IFR|IK|IKM|IKS|MD|MDD|MDE|MDN|MEG|MPC|MCS|MCG|COE|COG|"
    "CS|CNP|CPSY|CG|GS|VS|VG|TCG|TC|APC|APY|SF|SP|SPE|TO|SC|SPR|ORT|FDA|FDC|FDR|FDO|FDE|"
    "GHS|PAT|FJ|FJA|CP|CPC|FAU|FTN|FTR|PHJ|PJ|SE|ATU|FSD|FPI|HN|PH1|PH2|PH4|PH7|HDA|HDE|HD1|HD2|HD4|HD7|HG|BR|TB|PB|KB|B"
)
_CCAM = re.compile(r"(?<!\w)(?P<code>[A-HJ-NP-Z]{4}\d{3})(?:[ \t]?[-/]?[ \t]?(?P<phase>\d[ \t/-]?\d?))?(?!\w)")
_NGAP = re.compile(rf"(?<!\w)(?P<key>{_NGAP_KEYS})(?:[ \t]?(?P<coefficient>\d{{1,3}}(?:[.,]\d{{1,2}})?))?(?!\w)")
_LPP = re.compile(r"(?<![\w.,/-])(?P<code>[1-9]\d{6})(?![\w/,-])(?!\.\d)")
_LPP_WEIGHTS = (2, 3, 4, 5, 6, 7)


class CodeKind(StrEnum):
    """Which list a code belongs to."""

    CCAM = "ccam"
    NGAP = "ngap"
    LPP = "lpp"


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code in a text.

    Attributes:
        value: without phase or spaces; an NGAP act is its key letter with its coefficient ("AMI 1.5").
        checked: the LPP key is right (a soft check: the rule was fitted, not published).
    """

    start: int
    end: int
    kind: CodeKind
    value: str
    checked: bool = False


def find_codes(text: str) -> list[FoundCode]:
    """Every CCAM, LPP and NGAP code of a text, left to right."""
    found = [
        FoundCode(match.start(), match.end("code"), CodeKind.CCAM, match.group("code"))
        for match in _CCAM.finditer(text)
    ]
    found.extend(
        FoundCode(match.start(), match.end(), CodeKind.LPP, match.group(), checked=lpp_key_holds(match.group()))
        for match in _LPP.finditer(text)
    )
    for match in _NGAP.finditer(text):
        if any(match.start() < other.end and other.start < match.end() for other in found):
            continue
        coefficient = match.group("coefficient")
        value = match.group("key") + (f" {coefficient.replace(',', '.')}" if coefficient else "")
        found.append(FoundCode(match.start(), match.end(), CodeKind.NGAP, value))
    return sorted(found, key=lambda code: code.start)


#: What may stand in a place of codes although no list of ours knows it: a key letter with its coefficient, a number.
_UNKNOWN_KEY = re.compile(r"(?P<key>[A-Z]{1,4}\d?)(?:[ \t]?(?P<coefficient>\d{1,3}(?:[.,]\d{1,2})?))?")
_NUMBER = re.compile(r"\d{3,6}")


def read_code(text: str) -> str | None:
    """The code that a text is, where a heading or a name says that it is one.

    Args:
        text: nothing but the code.

    Returns:
        the code in the form of ``find_codes``; None where the text does not look like one.
    """
    known = next((code for code in find_codes(text) if code.start == 0 and code.end == len(text)), None)
    if known is not None:
        return known.value
    if re.fullmatch(r"\d{13}", text) or _NUMBER.fullmatch(text):
        return text
    match = _UNKNOWN_KEY.fullmatch(text)
    if match is None:
        return None
    coefficient = match.group("coefficient")
    return match.group("key") + (f" {coefficient.replace(',', '.')}" if coefficient else "")


def lpp_key_holds(code: str) -> bool:
    """Whether the seventh digit of an LPP code is the key of the first six (mod 11, 10 written 0)."""
    if not re.fullmatch(r"\d{7}", code):
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_LPP_WEIGHTS, code, strict=False)) % 11
    return rest % 10 == int(code[6]) if rest == 10 else rest == int(code[6])
