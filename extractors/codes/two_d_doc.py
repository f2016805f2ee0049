"""The message of a 2D-Doc, taken apart.

Structure and sizes of fields from the public specification of the ANTS (France Titres), versions 2.0.1 to 3.3.9: a
header of fixed length, fields named by two characters, US, a signature in base 32. A field of variable length ends
with GS, with RS where it was cut, or without a sign where it has its greatest length.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re

from stdnum import iban

from extractors.codes.values import CodeKind, IgnoredCode, IgnoredReason, SignatureState, TwoDDoc
from schemas.geometry import Polygon

_GS, _RS, _US = "\x1d", "\x1e", "\x1f"
#: Length of the header by version.
_HEADER_LENGTHS = {2: 22, 3: 24, 4: 26}
_HEADER = re.compile(r"DC(?P<version>\d\d)(?P<ca>[0-9A-Z]{4})(?P<certificate>[0-9A-Z]{4})"
                     r"(?P<issued>[0-9A-F]{4})(?P<signed>[0-9A-F]{4})(?P<type>[0-9A-Z]{2})")  # fmt: skip
_FIRST_DAY = dt.date(2000, 1, 1)
_NO_DATE = "FFFF"
#: The perimeter of the types that the ANTS itself defines; the others define their own fields.
_PERIMETER = "01"

#: Bank details, and the only type that a dossier needs.
BANK_DETAILS = "03"
HOLDER, IBAN, BIC = "30", "31", "32"
#: Least and greatest length of the fields that bank details may carry; None where there is no bound.
_SIZES: dict[str, tuple[int, int | None]] = {
    "01": (0, None), "02": (0, None), "03": (0, None), "04": (0, None), "05": (0, None), "06": (6, 6), "07": (6, 6),
    "08": (4, 4), "09": (4, 4), "0A": (9, 9), "0B": (9, 9), "0C": (0, None),
    HOLDER: (0, 140), IBAN: (14, 38), BIC: (8, 11), "33": (0, 30), "34": (2, 2), "35": (14, 34),
}  # fmt: skip
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
#: Bytes of an ECDSA signature on the curves that the specification allows.
_SIGNATURE_LENGTHS = {64, 96, 132}
_BINARY_MARK = b"\xdc"


def is_2d_doc(message: bytes) -> bool:
    """Whether a DataMatrix claims to be a 2D-Doc, of the text or the binary form."""
    return re.match(rb"DC\d\d", message) is not None or message[:1] == _BINARY_MARK


def parse_2d_doc(message: bytes, *, page: int = 1, polygon: Polygon | None = None) -> TwoDDoc | IgnoredCode:
    """A 2D-Doc, or why it is not used.

    Args:
        message: what the DataMatrix holds.
        page: where it is, from 1.
        polygon: around it, in the received frame.
    """

    def ignore(reason: IgnoredReason) -> IgnoredCode:
        return IgnoredCode(CodeKind.TWO_D_DOC, reason, page)

    try:
        text = message.decode("utf-8")
    except UnicodeDecodeError:
        text = message.decode("latin-1")
    match = _HEADER.match(text)
    if match is None:
        known = re.match(r"DC0[234]", text)
        return ignore(IgnoredReason.BAD_HEADER if known else IgnoredReason.UNKNOWN_VERSION)
    version = int(match["version"])
    length = _HEADER_LENGTHS.get(version)
    if length is None:
        return ignore(IgnoredReason.UNKNOWN_VERSION)
    if len(text) < length:
        return ignore(IgnoredReason.BAD_HEADER)
    if version >= 3 and text[22:24] != _PERIMETER:
        return ignore(IgnoredReason.UNKNOWN_PERIMETER)
    body, separator, signature = text[length:].partition(_US)
    if not separator:
        return ignore(IgnoredReason.NO_SIGNATURE)
    fields: dict[str, str] = {}
    cut: set[str] = set()
    if match["type"] == BANK_DETAILS:
        if not _read_fields(body, fields, cut) or not all(value.isprintable() for value in fields.values()):
            return ignore(IgnoredReason.BAD_FIELDS)
        if IBAN not in fields or not _BIC.fullmatch(fields.get(BIC, "") or "AAAAFRAA"):
            return ignore(IgnoredReason.BAD_FIELDS)
        if IBAN in cut or not iban.is_valid(fields[IBAN]):
            return ignore(IgnoredReason.BAD_CHECK_DIGITS)
    return TwoDDoc(
        version=version,
        document_type=match["type"],
        issuer=(match["ca"], match["certificate"]),
        issue_date=_read_day(match["issued"]),
        signature_date=_read_day(match["signed"]),
        fields=fields,
        truncated=frozenset(cut),
        signature=_judge_signature(signature.partition(_GS)[0]),
        page=page,
        polygon=polygon,
    )


def _read_fields(body: str, fields: dict[str, str], cut: set[str]) -> bool:
    """Fill in the fields of a message; False where it is not built as it should be."""
    position = 0
    while position < len(body):
        name = body[position : position + 2]
        if name not in _SIZES or name in fields:
            return False
        least, most = _SIZES[name]
        start = position + 2
        limit = len(body) if most is None else min(len(body), start + most)
        end = next((i for i in range(start, limit) if body[i] in (_GS, _RS)), limit)
        value = body[start:end]
        if end < len(body) and body[end] == _RS:
            cut.add(name)
        elif len(value) < least:
            return False
        # A field of the greatest length may still be closed by a sign.
        position = end + 1 if end < len(body) and body[end] in (_GS, _RS) else end
        fields[name] = value.strip()
    return True


def _read_day(days: str) -> dt.date | None:
    return None if days == _NO_DATE else _FIRST_DAY + dt.timedelta(days=int(days, 16))


def _judge_signature(text: str) -> SignatureState:
    padded = text.strip() + "=" * (-len(text.strip()) % 8)
    try:
        signature = base64.b32decode(padded)
    except (binascii.Error, ValueError):
        return SignatureState.MALFORMED
    return SignatureState.NOT_VERIFIED if len(signature) in _SIGNATURE_LENGTHS else SignatureState.MALFORMED
