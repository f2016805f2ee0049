"""The electronic invoice inside a PDF: the attached XML in the CII syntax of UN/CEFACT.

The attachment is taken out and parsed here, not by a library of the trade: those at hand parse XML with its entities
and decompress without bound, and this comes from strangers. Profiles from MINIMUM to EXTENDED share their elements;
what a profile lacks is None.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal

import pikepdf
from lxml import etree
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from extractors.codes.values import CodeKind, FacturX, IgnoredCode, IgnoredReason, InvoiceLine

#: Names of the attachment: Factur-X 1 and ZUGFeRD 2.1, ZUGFeRD 1 and 2.0, the German profile.
_NAMES = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}
#: A long invoice takes 100 kB.
_MOST_BYTES = 2_000_000
_MOST_LINES = 2000
_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_ROOT = f"{{{_NAMESPACES['rsm']}}}CrossIndustryInvoice"
#: Invoices of UNTDID 1001; credit notes, orders and pro forma are other papers.
_INVOICE_CODES = {"380", "384", "386", "389", "393", "751"}
_SIREN_SCHEME, _SIRET_SCHEME = "0002", "0009"
_SELLER = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_LINES = "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"


def read_facturx(data: bytes) -> FacturX | IgnoredCode | None:
    """The electronic invoice attached to a PDF.

    Args:
        data: of the PDF.

    Returns:
        The invoice; why it is not used; None where nothing of the kind is attached.
    """
    try:
        found = _extract(data)
    except (pikepdf.PdfError, zlib.error, RuntimeError, ValueError, KeyError, TypeError, AttributeError):
        # A file whose attachments cannot be listed still has pages: they are read elsewhere.
        return IgnoredCode(CodeKind.FACTUR_X, IgnoredReason.NOT_XML)
    if found is None or isinstance(found, IgnoredCode):
        return found
    return parse_cii(found)


def _extract(data: bytes) -> bytes | IgnoredCode | None:
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        for name, attachment in document.attachments.items():
            if name.rpartition("/")[2].lower() in _NAMES:
                return _inflate(attachment.get_file().obj)
    return None


def _inflate(stream: pikepdf.Object) -> bytes | IgnoredCode:
    """The bytes of an attached file, never more than we want: a few kilobytes can unfold to gigabytes."""
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        filters = filters[0] if len(filters) == 1 else None if len(filters) == 0 else pikepdf.Name.Unknown
    if filters is None:
        content = raw
    elif filters == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        content = zlib.decompressobj().decompress(raw, _MOST_BYTES + 1)
    else:
        return IgnoredCode(CodeKind.FACTUR_X, IgnoredReason.UNKNOWN_FILTER)
    if len(content) > _MOST_BYTES:
        return IgnoredCode(CodeKind.FACTUR_X, IgnoredReason.TOO_LARGE)
    return content


def parse_cii(xml: bytes) -> FacturX | IgnoredCode:
    """The invoice in an XML of the CII syntax, or why it is not used."""

    def ignore(reason: IgnoredReason) -> IgnoredCode:
        return IgnoredCode(CodeKind.FACTUR_X, reason)

    if len(xml) > _MOST_BYTES:
        return ignore(IgnoredReason.TOO_LARGE)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        # A bomb of entities ends here too, stopped by the parser: say what it is where that is plain.
        return ignore(IgnoredReason.FORBIDDEN_DTD if b"<!DOCTYPE" in xml else IgnoredReason.NOT_XML)
    if root.getroottree().docinfo.doctype:
        return ignore(IgnoredReason.FORBIDDEN_DTD)
    if root.tag != _ROOT:
        return ignore(IgnoredReason.UNKNOWN_SYNTAX)
    if _text(root, "rsm:ExchangedDocument/ram:TypeCode") not in _INVOICE_CODES:
        return ignore(IgnoredReason.NOT_AN_INVOICE)
    if _text(root, f"{_SETTLEMENT}/ram:InvoiceCurrencyCode") != "EUR":
        return ignore(IgnoredReason.FOREIGN_CURRENCY)
    siret, siren = _read_registers(root)
    names = (
        _text(root, f"{_SELLER}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        _text(root, f"{_SELLER}/ram:Name"),
    )
    return FacturX(
        profile=_text(root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID") or "",
        number=_text(root, "rsm:ExchangedDocument/ram:ID"),
        issue_date=_read_date(root),
        sellers=tuple(dict.fromkeys(name for name in names if name)),
        siret=siret,
        siren=siren,
        grand_total=_amount(root, f"{_SUMS}/ram:GrandTotalAmount"),
        due=_amount(root, f"{_SUMS}/ram:DuePayableAmount"),
        tax=_amount(root, f"{_SUMS}/ram:TaxTotalAmount"),
        lines=tuple(_read_lines(root)),
    )


def _read_registers(root: etree._Element) -> tuple[str | None, str | None]:
    """SIRET and SIREN of the seller; some software writes the one under the scheme of the other."""
    siret = siren = None
    for path in ("ram:SpecifiedLegalOrganization/ram:ID", "ram:GlobalID", "ram:ID"):
        for element in root.iterfind(f"{_SELLER}/{path}", _NAMESPACES):
            number = re.sub(r"\s", "", element.text or "")
            if element.get("schemeID") not in (_SIREN_SCHEME, _SIRET_SCHEME) and path != "ram:ID":
                continue
            if len(number) == 14 and stdnum_siret.is_valid(number):
                siret = siret or number
            elif len(number) == 9 and stdnum_siren.is_valid(number):
                siren = siren or number
    return siret, siren or (siret[:9] if siret else None)


def _read_date(root: etree._Element) -> dt.date | None:
    path = "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"
    element = root.find(path, _NAMESPACES)
    if element is None or element.get("format") != "102":
        return None
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", (element.text or "").strip())
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _read_lines(root: etree._Element) -> Iterator[InvoiceLine]:
    for number, line in enumerate(root.iterfind(_LINES, _NAMESPACES)):
        if number >= _MOST_LINES:
            return
        price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
        unit_price = _amount(line, f"{price}/ram:ChargeAmount")
        basis = _amount(line, f"{price}/ram:BasisQuantity")
        total = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        yield InvoiceLine(
            label=_text(line, "ram:SpecifiedTradeProduct/ram:Name"),
            quantity=_amount(line, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
            unit_price=unit_price if basis in (None, Decimal(1)) else None,
            amount=_amount(line, total),
        )


def _text(element: etree._Element, path: str) -> str | None:
    found = element.findtext(path, namespaces=_NAMESPACES)
    return " ".join(found.split()) or None if found else None


def _amount(element: etree._Element, path: str) -> Decimal | None:
    text = _text(element, path)
    if text is None or len(text) > 20 or not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return None
    return Decimal(text)
