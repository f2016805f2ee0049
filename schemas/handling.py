"""What a gestionnaire may do with a dossier, and why."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What ends a dossier for the gestionnaire who has it in hand."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


ACT_LABELS_FR: dict[Act, str] = {Act.ACCEPTED: "accepter", Act.REFUSED: "refuser"}


class RefusalReason(StrEnum):
    """Why a person refuses a claim; never the machine."""

    NOT_COVERED = "not_covered"
    TOO_LATE = "too_late"
    ALREADY_PAID = "already_paid"
    CEILING_REACHED = "ceiling_reached"
    NOT_ENTITLED = "not_entitled"
    OTHER = "other"


REFUSAL_REASONS_FR: dict[RefusalReason, str] = {
    RefusalReason.NOT_COVERED: "soins non couverts par le contrat",
    RefusalReason.TOO_LATE: "demande hors délai",
    RefusalReason.ALREADY_PAID: "soins déjà remboursés",
    RefusalReason.CEILING_REACHED: "plafond de la garantie atteint",
    RefusalReason.NOT_ENTITLED: "personne non couverte à la date des soins",
    RefusalReason.OTHER: "autre motif",
}


class SecondLook(StrEnum):
    """Why one person is not enough."""

    AMOUNT = "amount"
    BANK_DETAILS = "bank_details"
    REFUSAL = "refusal"


SECOND_LOOK_FR: dict[SecondLook, str] = {
    SecondLook.AMOUNT: "montant élevé",
    SecondLook.BANK_DETAILS: "nouvelles coordonnées bancaires",
    SecondLook.REFUSAL: "refus",
}
