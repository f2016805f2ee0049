"""What codes say, as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from schemas.geometry import Polygon


class CodeKind(StrEnum):
    """Which machine-readable content it is."""

    FACTUR_X = "factur_x"
    TWO_D_DOC = "2d_doc"


class IgnoredReason(StrEnum):
    """Why a code that is there says nothing to us."""

    TOO_LARGE = "too_large"
    UNKNOWN_FILTER = "unknown_filter"
    NOT_XML = "not_xml"
    FORBIDDEN_DTD = "forbidden_dtd"
    UNKNOWN_SYNTAX = "unknown_syntax"
    NOT_AN_INVOICE = "not_an_invoice"
    FOREIGN_CURRENCY = "foreign_currency"
    UNKNOWN_VERSION = "unknown_version"
    BAD_HEADER = "bad_header"
    UNKNOWN_PERIMETER = "unknown_perimeter"
    BAD_FIELDS = "bad_fields"
    NO_SIGNATURE = "no_signature"
    BAD_CHECK_DIGITS = "bad_check_digits"


class SignatureState(StrEnum):
    """What is known of the signature of a code.

    No certificate is installed with Liasse, so none is ever verified: a code is believed because it agrees with the
    page, never because it is signed.
    """

    NOT_VERIFIED = "not_verified"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class IgnoredCode:
    """A code that is there and is not used.

    Attributes:
        kind: what it would have been.
        reason: why it is not used.
        page: where it is, from 1; None for an attached file.
    """

    kind: CodeKind
    reason: IgnoredReason
    page: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an electronic invoice; amounts without VAT, None where the line does not say."""

    label: str | None
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class FacturX:
    """The invoice in the XML that a PDF carries (Factur-X 1, ZUGFeRD 2, XRechnung in CII syntax).

    Attributes:
        profile: the identifier of its guideline, such as "urn:factur-x.eu:1p0:minimum".
        number: of the invoice.
        issue_date: day of issue.
        sellers: names of the seller, the trading name first where there is one.
        siret: fourteen digits, where they are given.
        siren: nine digits, where they are given (the beginning of the SIRET).
        grand_total: with VAT.
        due: what remains to be paid, advances deducted.
        tax: VAT in the total.
        lines: empty in the profiles that have none.
    """

    profile: str
    number: str | None
    issue_date: dt.date | None
    sellers: tuple[str, ...]
    siret: str | None
    siren: str | None
    grand_total: Decimal | None
    due: Decimal | None
    tax: Decimal | None
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class TwoDDoc:
    """A 2D-Doc.

    Attributes:
        version: of the format: 2, 3 or 4.
        document_type: two characters; "03" is bank details.
        issuer: identifiers of the authority and of the certificate.
        issue_date: of the document, None where the type has none.
        signature_date: of the code.
        fields: by identifier of two characters; empty for types that no paper of a dossier has.
        truncated: identifiers of the fields that were cut to fit.
        signature: what is known of it.
        page: number in the file, from 1.
        polygon: of the code, in the received frame.
    """

    version: int
    document_type: str
    issuer: tuple[str, str]
    issue_date: dt.date | None
    signature_date: dt.date | None
    fields: Mapping[str, str] = field(default_factory=dict)
    truncated: frozenset[str] = frozenset()
    signature: SignatureState = SignatureState.NOT_VERIFIED
    page: int = 1
    polygon: Polygon | None = None


#: Anything that ``find_codes`` may come back with.
FoundCode = FacturX | TwoDDoc | IgnoredCode
