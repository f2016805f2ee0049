"""What the page says against what its codes say.

Three cases for each field. The same value: a passed check, and more trust. Different values: a failed check, both
values kept, and the field is held back for a person. Only in the code: the value of the code, with its source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from extractors.codes.two_d_doc import BANK_DETAILS, BIC, HOLDER, IBAN
from extractors.codes.values import FacturX, FoundCode, TwoDDoc
from schemas.geometry import Polygon
from schemas.readings import Alternative, Check, DocumentReading, FieldContent, FieldValue, LineItem, Source
from schemas.vocabulary import INVOICE_TYPES, DocumentType, FieldName

#: A code copies its value without error; what may be wrong is that it belongs to another paper.
_CODE_CONFIDENCE = 0.98
#: What is left of the doubt about a value once an independent code says the same.
_DOUBT_LEFT = 0.1
#: Where page and code differ, neither is more likely than this.
_DISPUTED = 0.5
#: Words that names of companies and people are written with or without.
_UNIMPORTANT = frozenset(
    {"m", "mr", "mme", "mlle", "monsieur", "madame", "dr", "docteur", "ou", "et", "sarl", "sas", "sasu", "selarl",
     "eurl", "sa", "sci", "scm", "selas", "ei"}
)  # fmt: skip
_LIKE_NAMES = 90.0


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the values of a code come from, and the words for it."""

    source: Source
    name: str
    page: int | None = None
    polygon: Polygon | None = None

    @property
    def agreement(self) -> str:
        return f"agrees_with_{self.name}"

    @property
    def disagreement(self) -> str:
        return f"disagrees_with_{self.name}"


def compare_with_codes(documents: Sequence[DocumentReading], codes: Sequence[FoundCode]) -> tuple[DocumentReading, ...]:
    """The papers of a file, compared with the codes of the file.

    Args:
        documents: as understood from the words of the pages.
        codes: all that were found in the file; those that are ignored change nothing.
    """
    compared = list(documents)
    for code in codes:
        if isinstance(code, FacturX):
            index = _find_invoice(compared, code)
        elif isinstance(code, TwoDDoc) and code.document_type == BANK_DETAILS:
            index = _find_bank_details(compared, code)
        else:
            continue
        if index is not None:
            compare = _compare_invoice if isinstance(code, FacturX) else _compare_bank_details
            compared[index] = compare(compared[index], code)  # type: ignore[arg-type]  # chosen by the same test
    return tuple(compared)


def _find_invoice(documents: Sequence[DocumentReading], code: FacturX) -> int | None:
    """The invoice of a file that the attached one belongs to: the only one, or the only one that says the same."""
    invoices = [i for i, document in enumerate(documents) if document.legible and document.type in INVOICE_TYPES]
    if len(invoices) <= 1:
        return invoices[0] if invoices else None
    shared = [
        (document.value_of(FieldName.TOTAL_AMOUNT) == code.grand_total)
        + 2 * _same_number(document.value_of(FieldName.DOCUMENT_NUMBER), code.number)
        for document in (documents[i] for i in invoices)
    ]
    best = max(shared)
    return invoices[shared.index(best)] if best and shared.count(best) == 1 else None


def _find_bank_details(documents: Sequence[DocumentReading], code: TwoDDoc) -> int | None:
    there = [i for i, document in enumerate(documents) if document.legible and code.page in document.pages]
    for wanted in (DocumentType.RIB, DocumentType.AUTRE):
        for index in there:
            if documents[index].type is wanted:
                return index
    return None


def _compare_invoice(document: DocumentReading, code: FacturX) -> DocumentReading:
    origin = _Origin(Source.FACTUR_X, "facturx")
    fields = dict(document.fields)
    seller = code.sellers[0] if code.sellers else None
    _settle(fields, FieldName.DOCUMENT_NUMBER, code.number, origin, _same_number)
    _settle(fields, FieldName.ISSUE_DATE, code.issue_date, origin)
    _settle(fields, FieldName.TOTAL_AMOUNT, _to_cents(code.grand_total), origin)
    _settle(
        fields,
        FieldName.PRACTITIONER_NAME,
        seller,
        origin,
        lambda read, _: any(_same_name(read, name) for name in code.sellers),
    )
    if code.siret is not None:
        _settle(fields, FieldName.SIRET, code.siret, origin)
    elif code.siren is not None:
        # Nine digits of fourteen: they confirm or deny, they do not give the value.
        _settle(fields, FieldName.SIRET, code.siren, origin, _begins_with, partial=True)
    # What is due to the seller is not always the patient's part (advances are deducted): it only confirms.
    _confirm_if_same(fields, FieldName.PATIENT_DUE, _to_cents(code.due), origin)
    return document.model_copy(
        update={"fields": _in_order(fields), "line_items": _choose_lines(document, fields, code)}
    )


def _choose_lines(
    document: DocumentReading, fields: dict[FieldName, FieldValue], code: FacturX
) -> tuple[LineItem, ...]:
    """The lines of the attached invoice where those of the page are missing or do not add up, and these do.

    Lines of an attached invoice are without VAT: they are used only where they add up to the total with VAT.
    """
    amounts = [line.amount for line in code.lines]
    total = fields.get(FieldName.TOTAL_AMOUNT)
    if not amounts or None in amounts or total is None or total.held_back == "disagrees_with_facturx":
        return document.line_items
    if sum((amount for amount in amounts if amount is not None), Decimal(0)) != total.value:
        return document.line_items
    read = [item.amount for item in document.line_items if item.amount is not None]
    if read and sum(read, Decimal(0)) == total.value:
        return document.line_items  # they say more: dates, codes, shares
    return tuple(
        LineItem(label=line.label, quantity=line.quantity, unit_price=line.unit_price, amount=_to_cents(line.amount))
        for line in code.lines
    )


def _compare_bank_details(document: DocumentReading, code: TwoDDoc) -> DocumentReading:
    origin = _Origin(Source.DATAMATRIX, "2ddoc", code.page, code.polygon)
    fields = dict(document.fields)
    _settle(fields, FieldName.IBAN, code.fields.get(IBAN), origin)
    _settle(fields, FieldName.BIC, code.fields.get(BIC), origin, _same_bank)
    holder = code.fields.get(HOLDER, "").replace("/", " ").strip()
    if HOLDER in code.truncated:
        _confirm_if_same(fields, FieldName.ACCOUNT_HOLDER, holder, origin, _same_name)
    else:
        _settle(fields, FieldName.ACCOUNT_HOLDER, holder or None, origin, _same_name)
    return document.model_copy(
        update={
            "type": DocumentType.RIB,
            "type_confidence": max(document.type_confidence, _CODE_CONFIDENCE),
            "fields": _in_order(fields),
        }
    )


def _equal(read: FieldContent, told: FieldContent) -> bool:
    return read == told


def _settle(
    fields: dict[FieldName, FieldValue],
    name: FieldName,
    told: str | date | Decimal | None,
    origin: _Origin,
    same: Callable[[FieldContent, FieldContent], bool] = _equal,
    *,
    partial: bool = False,
) -> None:
    """One field, after its code was heard; what is ``partial`` is compared with the page and never takes its place."""
    if told is None:
        return
    read = fields.get(name)
    if read is not None and read.value is not None:
        if same(read.value, told):
            _confirm_if_same(fields, name, told, origin, same)
        else:
            fields[name] = _dispute(
                read, read.value, told, origin, in_front=partial or read.source is Source.TEXT_LAYER
            )
    elif not partial:
        fields[name] = FieldValue(
            value=told,
            raw_text=str(told),
            confidence=_CODE_CONFIDENCE,
            source=origin.source,
            page=origin.page,
            polygon=origin.polygon,
            alternatives=read.alternatives if read else (),
        )


def _confirm_if_same(
    fields: dict[FieldName, FieldValue],
    name: FieldName,
    told: str | date | Decimal | None,
    origin: _Origin,
    same: Callable[[FieldContent, FieldContent], bool] = _equal,
) -> None:
    read = fields.get(name)
    if told is None or read is None or read.value is None or not same(read.value, told):
        return
    # A code that is there twice confirms the page once, and never itself.
    if read.source is not origin.source and read.held_back != origin.disagreement:
        fields[name] = _confirm(read, origin)


def _confirm(read: FieldValue, origin: _Origin) -> FieldValue:
    return read.model_copy(
        update={
            "confidence": round(1.0 - (1.0 - read.confidence) * _DOUBT_LEFT, 4),
            "checks": (*read.checks, Check(name=origin.agreement, passed=True)),
            "held_back": None if read.held_back == "low_confidence" else read.held_back,
        }
    )


def _dispute(
    read: FieldValue, printed: FieldContent, told: FieldContent, origin: _Origin, *, in_front: bool
) -> FieldValue:
    """Both values, and a person decides.

    A text layer was read without error, so the print stays in front: it is what the member sent and can see. What
    OCR read may be a slip, so the code stands in front of it. Either way nothing is accepted, and the place is that
    of the print, where the eye must go.
    """
    disputed = min(_DISPUTED, read.confidence)
    value, other = (printed, told) if in_front else (told, printed)
    return read.model_copy(
        update={
            "value": value,
            "confidence": disputed if in_front else _DISPUTED,
            "source": read.source if in_front else origin.source,
            "checks": (*read.checks, Check(name=origin.agreement, passed=False)),
            "alternatives": (
                Alternative(value=other, confidence=_DISPUTED if in_front else disputed),
                *(choice for choice in read.alternatives if choice.value not in (value, other)),
            ),
            "held_back": origin.disagreement,
        }
    )


def _in_order(fields: dict[FieldName, FieldValue]) -> dict[FieldName, FieldValue]:
    return {name: fields[name] for name in FieldName if name in fields}


def _to_cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def _same_number(read: FieldContent | None, told: FieldContent | None) -> bool:
    """Numbers of papers are printed with more or less signs between their parts."""
    plain = [re.sub(r"[^0-9A-Z]", "", str(number or "").upper()) for number in (read, told)]
    return bool(plain[0]) and plain[0] == plain[1]


def _begins_with(read: FieldContent, told: FieldContent) -> bool:
    return str(read).startswith(str(told))


def _same_bank(read: FieldContent, told: FieldContent) -> bool:
    """Eight characters name the bank; three more, XXX for the head office, its branch."""
    a, b = (str(code).upper().removesuffix("XXX") for code in (read, told))
    return a == b


def _same_name(read: FieldContent, told: FieldContent) -> bool:
    """Whether two names are one: accents, order, titles and legal forms do not count, nor do the slips of OCR."""
    a, b = (_name_words(str(name)) for name in (read, told))
    if not a or not b:
        return False
    if a <= b or b <= a:
        return True
    return fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b))) >= _LIKE_NAMES


def _name_words(name: str) -> frozenset[str]:
    decomposed = unicodedata.normalize("NFD", name.lower())
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return frozenset(re.findall(r"[a-z0-9]+", folded)) - _UNIMPORTANT
