"""The scenarios, by name: each makes one claim, or two when the second is a duplicate of the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from samples.claims import THRESHOLDS, Parcel, PlannedClaim
from samples.degrade import Piece, Recipe
from samples.dossiers import (
    Desk,
    add_other,
    add_quote,
    ask,
    doubt,
    shows_care_dates,
    start_claim,
    stranger,
    under_birth_name,
)
from samples.papers.documents import make_bank_slip, make_care_sheet
from schemas.vocabulary import ClaimType as C
from schemas.vocabulary import DocumentType as T
from schemas.vocabulary import MissingPiece as M
from schemas.vocabulary import ReviewReason as R

Scenario = Callable[[Desk], list[PlannedClaim]]
_SETTLED = {"teletransmission": True, "rib_on_file": True}
_REIMBURSED = (C.OPTIQUE, C.DENTAIRE, C.AUDIO, C.MEDECINE_DOUCE, C.HOSPITALISATION, C.PHARMACIE, C.SOINS)
_QUOTES = (T.DEVIS_DENTAIRE, T.DEVIS_OPTIQUE, T.DEVIS_AUDIO, T.DEVIS_HONORAIRES)


def plain(kind: C) -> Scenario:
    """A complete claim of a kind."""
    return lambda desk: [start_claim(desk, "plain", kind).claim]


def child(desk: Desk) -> list[PlannedClaim]:
    """Complete, for a child."""
    return [start_claim(desk, "child", desk.rng.choice((C.OPTIQUE, C.MEDECINE_DOUCE, C.SOINS)), child=True).claim]


def consultation(desk: Desk) -> list[PlannedClaim]:
    """A visit without télétransmission, with its statement."""
    return [start_claim(desk, "statement_sent", C.CONSULTATION).claim]


def quote_request(desk: Desk) -> list[PlannedClaim]:
    """A quote, for an agreement."""
    draft = start_claim(desk, "quote_request", C.DEVIS)
    add_quote(desk, draft, desk.rng.choice(_QUOTES))
    return [draft.claim]


def rib_sent(desk: Desk) -> list[PlannedClaim]:
    """Complete: no bank details on file, a RIB is sent."""
    return [start_claim(desk, "rib_sent", C.MEDECINE_DOUCE, own={"rib_on_file": False}).claim]


def statement_sent(desk: Desk) -> list[PlannedClaim]:
    """Complete: no télétransmission, the statement is sent."""
    kind = desk.rng.choice((C.DENTAIRE, C.OPTIQUE, C.HOSPITALISATION))
    return [start_claim(desk, "statement_sent", kind, own={"teletransmission": False, "rib_on_file": True}).claim]


def birth_name(desk: Desk) -> list[PlannedClaim]:
    """Complete: the invoice bears the patient's birth name."""
    while True:
        draft = start_claim(desk, "birth_name", C.DENTAIRE, own=_SETTLED, paper_patient=under_birth_name)
        if draft.claim.patient.birth_name:
            return [draft.claim]


def with_noise(desk: Desk) -> list[PlannedClaim]:
    """Complete, with papers that nobody asked for."""
    draft = start_claim(desk, "with_noise", desk.rng.choice((C.OPTIQUE, C.PHARMACIE)), own=_SETTLED)
    add_other(desk, draft, desk.rng.choice(("mutuelle_card", "card_slip", "letter")))
    return [draft.claim]


def bundled(desk: Desk) -> list[PlannedClaim]:
    """Complete, all papers in one PDF, a blank page between them."""
    draft = start_claim(desk, "bundled", desk.rng.choice((C.OPTIQUE, C.PHARMACIE, C.AUDIO)), own=_SETTLED)
    pieces = [piece for parcel in draft.claim.parcels for piece in parcel.pieces]
    if desk.rng.random() < 0.5:
        pieces.insert(1, Piece(None))
    channel = desk.rng.choice(("bundle_scan", "bundle_scan", "bundle_text"))
    draft.claim.parcels = [Parcel(tuple(pieces), Recipe(channel, "clean" if channel == "bundle_text" else "usual"))]
    return [draft.claim]


def two_on_photo(desk: Desk) -> list[PlannedClaim]:
    """Complete, invoice and prescription on one photo."""
    while True:
        draft = start_claim(desk, "two_on_photo", C.PHARMACIE, own=_SETTLED, pages=1)
        if all(len(p.printed.sizes) == 1 for parcel in draft.claim.parcels for p in parcel.pieces if p.printed):
            break
    pieces = tuple(piece for parcel in draft.claim.parcels for piece in parcel.pieces)
    draft.claim.parcels = [Parcel(pieces, Recipe("photo_two", "usual"))]
    return [draft.claim]


def no_prescription(desk: Desk) -> list[PlannedClaim]:
    """The prescription was forgotten."""
    kind = desk.rng.choice((C.OPTIQUE, C.AUDIO, C.PHARMACIE))
    draft = start_claim(desk, "no_prescription", kind, own=_SETTLED, skip=frozenset({"prescription"}))
    return ask(draft, M.ORDONNANCE, "R3", f"{kind.value}: no prescription")


def no_rib(desk: Desk) -> list[PlannedClaim]:
    """No bank details are known, and none are sent."""
    own = {"teletransmission": True, "rib_on_file": False}
    draft = start_claim(
        desk, "no_rib", desk.rng.choice((C.MEDECINE_DOUCE, C.DENTAIRE)), own=own, skip=frozenset({"rib"})
    )
    return ask(draft, M.RIB, "R5", "no bank details on file")


def no_statement(desk: Desk) -> list[PlannedClaim]:
    """No télétransmission and no statement."""
    kind = desk.rng.choice((C.DENTAIRE, C.SOINS, C.HOSPITALISATION))
    own = {"teletransmission": False, "rib_on_file": True}
    draft = start_claim(desk, "no_statement", kind, own=own, skip=frozenset({"statement"}))
    return ask(draft, M.DECOMPTE_AM, "R4", "no télétransmission and no statement")


def care_sheet_instead(desk: Desk) -> list[PlannedClaim]:
    """A care sheet was sent where the statement is needed."""
    draft = start_claim(
        desk,
        "care_sheet_instead",
        C.CONSULTATION,
        own={"teletransmission": False, "rib_on_file": True},
        skip=frozenset({"statement"}),
    )
    draft.claim.parcels.append(desk.parcel(desk.print(make_care_sheet(desk.rng, draft.request))))
    return ask(draft, M.DECOMPTE_AM, "R4", "a care sheet does not replace the statement")


def no_invoice(desk: Desk) -> list[PlannedClaim]:
    """Only the prescription was sent."""
    draft = start_claim(
        desk, "no_invoice", desk.rng.choice((C.OPTIQUE, C.PHARMACIE)), own=_SETTLED, skip=frozenset({"invoice"})
    )
    return ask(draft, M.FACTURE, "R1", "no invoice")


def quote_instead(desk: Desk) -> list[PlannedClaim]:
    """A quote was sent instead of the invoice."""
    kind, quote = desk.rng.choice(
        ((C.DENTAIRE, T.DEVIS_DENTAIRE), (C.OPTIQUE, T.DEVIS_OPTIQUE), (C.AUDIO, T.DEVIS_AUDIO))
    )
    draft = start_claim(desk, "quote_instead", kind, own=_SETTLED, skip=frozenset({"invoice"}))
    add_quote(desk, draft, quote)
    return ask(draft, M.FACTURE, "R1", "a quote was sent instead of the invoice")


def slip_instead(desk: Desk) -> list[PlannedClaim]:
    """A card slip was sent instead of the invoice."""
    draft = start_claim(desk, "slip_instead", C.OPTIQUE, own=_SETTLED, skip=frozenset({"invoice"}))
    add_other(desk, draft, "card_slip")
    return ask(draft, M.FACTURE, "R1", "a card slip does not replace the invoice")


def invoice_for_quote(desk: Desk) -> list[PlannedClaim]:
    """An agreement is asked for and no quote is sent."""
    draft = start_claim(desk, "invoice_for_quote", C.DEVIS)
    add_other(desk, draft, "letter")
    return ask(draft, M.DEVIS, "R1", "no quote")


def not_paid(status: str) -> Scenario:
    """The invoice says nothing of a payment ("silent"), or that an amount is due ("due")."""

    def scenario(desk: Desk) -> list[PlannedClaim]:
        kind = desk.rng.choice((C.DENTAIRE, C.OPTIQUE, C.MEDECINE_DOUCE, C.HOSPITALISATION))
        draft = start_claim(desk, "not_paid", kind, own=_SETTLED, settlement=status)
        return ask(
            draft, M.FACTURE_ACQUITTEE, "R2", "no mention of payment" if status == "silent" else "amount still due"
        )

    return scenario


def page_missing(desk: Desk) -> list[PlannedClaim]:
    """Page 1/2 without page 2/2."""
    draft = start_claim(
        desk,
        "page_missing",
        desk.rng.choice((C.DENTAIRE, C.SOINS)),
        own=_SETTLED,
        pages=2,
        printed_ok=lambda printed: printed.page_numbers[0] == (1, 2),
    )
    assert draft.printed is not None
    draft.claim.parcels[0] = desk.parcel(draft.printed, pages=(1,))
    return ask(draft, M.PAGE_MANQUANTE, "R6", "page 2 of 2 is not there")


def illegible_invoice(desk: Desk) -> list[PlannedClaim]:
    """The invoice cannot be read."""
    kind = desk.rng.choice((C.OPTIQUE, C.DENTAIRE, C.HOSPITALISATION))
    draft = start_claim(desk, "illegible", kind, own=_SETTLED)
    assert draft.printed is not None
    draft.claim.parcels[0] = desk.spoil(draft.printed)
    return ask(draft, M.PIECE_ILLISIBLE, "R7", "the invoice is there but cannot be read")


def illegible_prescription(desk: Desk) -> list[PlannedClaim]:
    """The prescription cannot be read."""
    draft = start_claim(desk, "illegible", desk.rng.choice((C.OPTIQUE, C.AUDIO)), own=_SETTLED)
    assert draft.prescription is not None
    draft.claim.parcels[1] = desk.spoil(draft.prescription)
    return ask(draft, M.PIECE_ILLISIBLE, "R7", "the prescription is there but cannot be read")


def wrong_patient(desk: Desk) -> list[PlannedClaim]:
    """The invoice is somebody else's."""
    draft = start_claim(
        desk,
        "wrong_patient",
        desk.rng.choice((C.DENTAIRE, C.MEDECINE_DOUCE)),
        own=_SETTLED,
        size=1,
        paper_patient=stranger(desk),
    )
    return doubt(draft, R.PATIENT_MISMATCH, "R8", "the invoice names another person")


def care_after_invoice(desk: Desk) -> list[PlannedClaim]:
    """Care dated after the invoice."""
    draft = start_claim(
        desk,
        "care_date",
        desk.rng.choice((C.DENTAIRE, C.MEDECINE_DOUCE)),
        own=_SETTLED,
        issued_before_care=True,
        printed_ok=shows_care_dates,
    )
    return doubt(draft, R.DATE_SOINS_INCOHERENTE, "R9", "care after the invoice")


def care_after_upload(desk: Desk) -> list[PlannedClaim]:
    """Care dated after the day on which the papers were sent."""
    draft = start_claim(desk, "care_date", C.MEDECINE_DOUCE, own=_SETTLED, printed_ok=shows_care_dates)
    draft.claim.upload = draft.request.day - dt.timedelta(days=6)
    return doubt(draft, R.DATE_SOINS_INCOHERENTE, "R9", "care after the upload")


def too_old(desk: Desk) -> list[PlannedClaim]:
    """Care more than two years before."""
    draft = start_claim(
        desk,
        "too_old",
        desk.rng.choice((C.DENTAIRE, C.MEDECINE_DOUCE, C.SOINS)),
        own=_SETTLED,
        age_days=800,
        printed_ok=shows_care_dates,
    )
    draft.claim.upload = draft.claim.upload + dt.timedelta(days=800)
    return doubt(draft, R.PRESCRIPTION_2_ANS, "R10", "care more than two years before the upload")


def duplicate(how: str) -> Scenario:
    """Sent twice: the same file ("exact"), a new scan ("rescan"), or printed anew ("same_number")."""

    def scenario(desk: Desk) -> list[PlannedClaim]:
        kind = desk.rng.choice((C.DENTAIRE, C.MEDECINE_DOUCE, C.SOINS, C.HOSPITALISATION))
        draft = start_claim(desk, f"first_of_{how}", kind, own=_SETTLED, accept=lambda bill: bill.number is not None)
        first, printed = draft.claim, draft.printed
        assert printed is not None
        assert draft.invoice is not None
        if not any(mark.field == "document_number" for mark in printed.marks):
            return scenario(desk)
        later = first.upload + dt.timedelta(days=desk.rng.randint(15, 40))
        if how == "exact":
            parcel = replace(first.parcels[0], same_as=0)
        elif how == "rescan":
            parcel = desk.parcel(
                printed, recipe=Recipe(desk.rng.choice(("scan_200", "photo_jpg", "photocopy")), "usual")
            )
        else:
            other = desk.printer.print(desk.rng, draft.invoice, split=desk.split)
            parcel = desk.parcel(other)
        second = replace(
            first, scenario=f"duplicate_{how}", upload=later, parcels=[parcel], missing=[], reasons=[], duplicate_of=-1
        )
        second.reasons.append((R.DOUBLON, "R11", f"same invoice as before ({how})"))
        return [first, second]

    return scenario


def sums_wrong(fault: str) -> Scenario:
    """Lines do not add up ("sums"), or shares do not ("shares")."""

    def scenario(desk: Desk) -> list[PlannedClaim]:
        kind = desk.rng.choice((C.DENTAIRE, C.OPTIQUE, C.HOSPITALISATION, C.SOINS))
        draft = start_claim(
            desk, "sums_wrong", kind, own=_SETTLED, fault=fault, accept=lambda bill: fault in bill.faults
        )
        return doubt(draft, R.MONTANTS_INCOHERENTS, "R12", f"{fault} do not add up")

    return scenario


def bad_iban(desk: Desk) -> list[PlannedClaim]:
    """The RIB's IBAN fails its check digits."""
    own = {"teletransmission": True, "rib_on_file": False}
    draft = start_claim(desk, "bad_iban", C.MEDECINE_DOUCE, own=own, skip=frozenset({"rib"}))
    slip = make_bank_slip(desk.rng, draft.claim.member, draft.claim.upload - dt.timedelta(days=3), broken=True)
    draft.claim.parcels.append(desk.parcel(desk.print(slip), recipe=Recipe("pdf_text", "clean")))
    return doubt(draft, R.IBAN_INVALIDE, "R13", "check digits of the IBAN")


def very_high(desk: Desk) -> list[PlannedClaim]:
    """A total above the threshold."""
    kind = desk.rng.choice((C.OPTIQUE, C.AUDIO, C.DENTAIRE, C.PHARMACIE))
    draft = start_claim(desk, "very_high", kind, own=_SETTLED, minimum=Decimal(THRESHOLDS[kind]))
    return doubt(draft, R.MONTANT_ELEVE, "R14", f"total above {THRESHOLDS[kind]}")


def excess_fees(desk: Desk) -> list[PlannedClaim]:
    """A quote whose excess is above the base."""
    draft = start_claim(desk, "excess_fees", C.DEVIS)
    add_quote(desk, draft, T.DEVIS_HONORAIRES, excess_percent=(112, 210))
    return doubt(draft, R.DEPASSEMENT_HONORAIRES, "R15", "excess above 100 % of the base")


def two_missing(desk: Desk) -> list[PlannedClaim]:
    """Prescription and RIB are missing."""
    own = {"teletransmission": True, "rib_on_file": False}
    draft = start_claim(desk, "two_missing", C.OPTIQUE, own=own, skip=frozenset({"prescription", "rib"}))
    ask(draft, M.ORDONNANCE, "R3", "optique: no prescription")
    return ask(draft, M.RIB, "R5", "no bank details on file")


def missing_and_doubt(desk: Desk) -> list[PlannedClaim]:
    """No payment mention, and somebody else's name."""
    draft = start_claim(
        desk, "missing_and_doubt", C.DENTAIRE, own=_SETTLED, size=1, settlement="silent", paper_patient=stranger(desk)
    )
    ask(draft, M.FACTURE_ACQUITTEE, "R2", "no mention of payment")
    return doubt(draft, R.PATIENT_MISMATCH, "R8", "the invoice names another person")


#: In the order in which they are dealt: a short list already shows every family.
SCENARIOS: tuple[Scenario, ...] = (
    plain(C.OPTIQUE),
    no_prescription,
    plain(C.MEDECINE_DOUCE),
    wrong_patient,
    plain(C.PHARMACIE),
    illegible_invoice,
    duplicate("exact"),
    plain(C.HOSPITALISATION),
    not_paid("silent"),
    consultation,
    quote_instead,
    plain(C.DENTAIRE),
    page_missing,
    bundled,
    sums_wrong("sums"),
    plain(C.SOINS),
    no_rib,
    quote_request,
    too_old,
    duplicate("rescan"),
    plain(C.AUDIO),
    no_statement,
    birth_name,
    bad_iban,
    rib_sent,
    very_high,
    child,
    two_on_photo,
    care_after_invoice,
    excess_fees,
    statement_sent,
    slip_instead,
    with_noise,
    duplicate("same_number"),
    not_paid("due"),
    care_sheet_instead,
    illegible_prescription,
    two_missing,
    sums_wrong("shares"),
    no_invoice,
    missing_and_doubt,
    invoice_for_quote,
    care_after_upload,
)

REIMBURSED_KINDS = _REIMBURSED
