"""One door to all paper makers."""

from __future__ import annotations

import datetime as dt
from random import Random

from samples.papers.care import make_care_bill, make_hospital_bill, make_pharmacy_bill
from samples.papers.dental import make_dental_bill
from samples.papers.devices import make_hearing_bill, make_optical_bill
from samples.papers.documents import (
    draw_prescribing,
    make_bank_slip,
    make_care_sheet,
    make_prescription,
    make_rights,
    make_statement,
)
from samples.papers.fees import make_fee_note, make_fee_quote
from samples.papers.others import make_other
from samples.papers.request import Request
from samples.papers.values import Bill, Paper
from schemas.vocabulary import DocumentType


def make_bill(rng: Random, document_type: DocumentType, request: Request) -> Bill:
    """An invoice, a fee note, a quote or a feuille de soins.

    Raises:
        KeyError: the type is not one of them.
    """
    match document_type:
        case DocumentType.FACTURE_OPTIQUE | DocumentType.DEVIS_OPTIQUE:
            return make_optical_bill(rng, request, quote=document_type is DocumentType.DEVIS_OPTIQUE)
        case DocumentType.FACTURE_AUDIO | DocumentType.DEVIS_AUDIO:
            return make_hearing_bill(rng, request, quote=document_type is DocumentType.DEVIS_AUDIO)
        case DocumentType.FACTURE_DENTAIRE | DocumentType.DEVIS_DENTAIRE:
            return make_dental_bill(rng, request, quote=document_type is DocumentType.DEVIS_DENTAIRE)
        case DocumentType.NOTE_HONORAIRES:
            return make_fee_note(rng, request)
        case DocumentType.DEVIS_HONORAIRES:
            return make_fee_quote(rng, request)
        case DocumentType.FACTURE_HOSPITALIERE:
            return make_hospital_bill(rng, request)
        case DocumentType.FACTURE_PHARMACIE:
            return make_pharmacy_bill(rng, request)
        case DocumentType.FACTURE_SOINS:
            return make_care_bill(rng, request)
        case DocumentType.FEUILLE_DE_SOINS:
            return make_care_sheet(rng, request)
    raise KeyError(document_type)


def make_paper(rng: Random, document_type: DocumentType, request: Request) -> Paper:
    """A paper of any of the 17 types."""
    match document_type:
        case DocumentType.ORDONNANCE:
            kind = rng.choice(("optique", "audio", "soins", "pharmacie", "pharmacie"))
            day = request.day - dt.timedelta(days=rng.randint(0, 40))
            return make_prescription(rng, draw_prescribing(rng, kind), request.patient, day, kind)
        case DocumentType.DECOMPTE_AM:
            return make_statement(rng, request.member, request.patient, request.day)
        case DocumentType.RIB:
            return make_bank_slip(rng, request.member, request.day)
        case DocumentType.ATTESTATION_DROITS:
            return make_rights(rng, request.member, request.patient, request.day)
        case DocumentType.AUTRE:
            return make_other(rng, request.member, request.day)
    return make_bill(rng, document_type, request)
