"""The closed lists of the trade, under the names that interfaces use.

French words of the trade (facture, devis, AMO, AMC) stay French, because they are what everybody here calls them.
"""

from __future__ import annotations

from enum import StrEnum


class DocumentType(StrEnum):
    """What kind of paper it is."""

    FACTURE_OPTIQUE = "facture_optique"
    FACTURE_DENTAIRE = "facture_dentaire"
    FACTURE_AUDIO = "facture_audio"
    NOTE_HONORAIRES = "note_honoraires"
    FACTURE_HOSPITALIERE = "facture_hospitaliere"
    FACTURE_PHARMACIE = "facture_pharmacie"
    FACTURE_SOINS = "facture_soins"
    DEVIS_DENTAIRE = "devis_dentaire"
    DEVIS_OPTIQUE = "devis_optique"
    DEVIS_AUDIO = "devis_audio"
    DEVIS_HONORAIRES = "devis_honoraires"
    ORDONNANCE = "ordonnance"
    DECOMPTE_AM = "decompte_am"
    FEUILLE_DE_SOINS = "feuille_de_soins"
    RIB = "rib"
    ATTESTATION_DROITS = "attestation_droits"
    AUTRE = "autre"


INVOICE_TYPES = frozenset(
    {
        DocumentType.FACTURE_OPTIQUE,
        DocumentType.FACTURE_DENTAIRE,
        DocumentType.FACTURE_AUDIO,
        DocumentType.NOTE_HONORAIRES,
        DocumentType.FACTURE_HOSPITALIERE,
        DocumentType.FACTURE_PHARMACIE,
        DocumentType.FACTURE_SOINS,
    }
)

QUOTE_TYPES = frozenset(
    {
        DocumentType.DEVIS_DENTAIRE,
        DocumentType.DEVIS_OPTIQUE,
        DocumentType.DEVIS_AUDIO,
        DocumentType.DEVIS_HONORAIRES,
    }
)

#: What a person calls each kind of paper (singular, without article).
DOCUMENT_LABELS_FR: dict[DocumentType, str] = {
    DocumentType.FACTURE_OPTIQUE: "facture d’optique",
    DocumentType.FACTURE_DENTAIRE: "facture dentaire",
    DocumentType.FACTURE_AUDIO: "facture d’audioprothèse",
    DocumentType.NOTE_HONORAIRES: "note d’honoraires",
    DocumentType.FACTURE_HOSPITALIERE: "facture d’hospitalisation",
    DocumentType.FACTURE_PHARMACIE: "facture de pharmacie",
    DocumentType.FACTURE_SOINS: "facture de soins",
    DocumentType.DEVIS_DENTAIRE: "devis dentaire",
    DocumentType.DEVIS_OPTIQUE: "devis d’optique",
    DocumentType.DEVIS_AUDIO: "devis d’audioprothèse",
    DocumentType.DEVIS_HONORAIRES: "devis d’honoraires",
    DocumentType.ORDONNANCE: "ordonnance",
    DocumentType.DECOMPTE_AM: "décompte de l’Assurance Maladie",
    DocumentType.FEUILLE_DE_SOINS: "feuille de soins",
    DocumentType.RIB: "relevé d’identité bancaire (RIB)",
    DocumentType.ATTESTATION_DROITS: "attestation de droits",
    DocumentType.AUTRE: "autre document",
}


class FieldName(StrEnum):
    """The header fields, in the order in which people want to see them."""

    DOCUMENT_NUMBER = "document_number"
    ISSUE_DATE = "issue_date"
    CARE_DATES = "care_dates"
    TOTAL_AMOUNT = "total_amount"
    AMO_AMOUNT = "amo_amount"
    AMC_AMOUNT = "amc_amount"
    PATIENT_DUE = "patient_due"
    PAID = "paid"
    PATIENT_NAME = "patient_name"
    MEMBER_NUMBER = "member_number"
    NIR = "nir"
    PRACTITIONER_NAME = "practitioner_name"
    FINESS = "finess"
    RPPS = "rpps"
    SIRET = "siret"
    IBAN = "iban"
    BIC = "bic"
    ACCOUNT_HOLDER = "account_holder"


AMOUNT_FIELDS = frozenset(
    {
        FieldName.TOTAL_AMOUNT,
        FieldName.AMO_AMOUNT,
        FieldName.AMC_AMOUNT,
        FieldName.PATIENT_DUE,
    }
)

FIELD_LABELS_FR: dict[FieldName, str] = {
    FieldName.DOCUMENT_NUMBER: "Numéro",
    FieldName.ISSUE_DATE: "Date d’émission",
    FieldName.CARE_DATES: "Dates de soins",
    FieldName.TOTAL_AMOUNT: "Montant total",
    FieldName.AMO_AMOUNT: "Part Assurance Maladie",
    FieldName.AMC_AMOUNT: "Part mutuelle",
    FieldName.PATIENT_DUE: "Reste à charge",
    FieldName.PAID: "Acquittée",
    FieldName.PATIENT_NAME: "Patient",
    FieldName.MEMBER_NUMBER: "Numéro d’adhérent",
    FieldName.NIR: "Numéro de sécurité sociale",
    FieldName.PRACTITIONER_NAME: "Professionnel ou établissement",
    FieldName.FINESS: "FINESS",
    FieldName.RPPS: "RPPS",
    FieldName.SIRET: "SIRET",
    FieldName.IBAN: "IBAN",
    FieldName.BIC: "BIC",
    FieldName.ACCOUNT_HOLDER: "Titulaire du compte",
}


class Legibility(StrEnum):
    """Can a careful person read this page?"""

    LEGIBLE = "legible"
    DOUBTFUL = "doubtful"
    ILLEGIBLE = "illegible"


class LegibilityReason(StrEnum):
    """What is wrong with the picture of a page."""

    FLOU = "flou"
    SOMBRE = "sombre"
    REFLET = "reflet"
    PAGE_COUPEE = "page_coupee"
    RESOLUTION_FAIBLE = "resolution_faible"
    PAGE_BLANCHE = "page_blanche"
    CONTRASTE_FAIBLE = "contraste_faible"


LEGIBILITY_LABELS_FR: dict[LegibilityReason, str] = {
    LegibilityReason.FLOU: "photo floue",
    LegibilityReason.SOMBRE: "photo trop sombre",
    LegibilityReason.REFLET: "reflet",
    LegibilityReason.PAGE_COUPEE: "page coupée",
    LegibilityReason.RESOLUTION_FAIBLE: "image trop petite",
    LegibilityReason.PAGE_BLANCHE: "page blanche",
    LegibilityReason.CONTRASTE_FAIBLE: "texte trop pâle",
}


class PagePart(StrEnum):
    """A sixth of an upright page."""

    TOP_LEFT = "haut_gauche"
    TOP_RIGHT = "haut_droite"
    MIDDLE_LEFT = "milieu_gauche"
    MIDDLE_RIGHT = "milieu_droite"
    BOTTOM_LEFT = "bas_gauche"
    BOTTOM_RIGHT = "bas_droite"


class ClaimType(StrEnum):
    """What the member asks for: care paid back, an answer to a quote, or something about the contract."""

    OPTIQUE = "optique"
    DENTAIRE = "dentaire"
    AUDIO = "audio"
    MEDECINE_DOUCE = "medecine_douce"
    HOSPITALISATION = "hospitalisation"
    PHARMACIE = "pharmacie"
    SOINS = "soins"
    CONSULTATION = "consultation"
    DEVIS = "devis"
    LENTILLES = "lentilles"
    ACCOMPAGNANT = "accompagnant"
    CURE = "cure"
    NAISSANCE = "naissance"
    BENEFICIAIRE = "beneficiaire"
    COMPTE_BANCAIRE = "compte_bancaire"
    DROITS = "droits"


CLAIM_LABELS_FR: dict[ClaimType, str] = {
    ClaimType.OPTIQUE: "Optique",
    ClaimType.DENTAIRE: "Dentaire",
    ClaimType.AUDIO: "Audioprothèse",
    ClaimType.MEDECINE_DOUCE: "Médecine douce",
    ClaimType.HOSPITALISATION: "Hospitalisation",
    ClaimType.PHARMACIE: "Pharmacie, laboratoire, matériel",
    ClaimType.SOINS: "Soins infirmiers ou kinésithérapie",
    ClaimType.CONSULTATION: "Consultation",
    ClaimType.DEVIS: "Devis",
    ClaimType.LENTILLES: "Lentilles non remboursées",
    ClaimType.ACCOMPAGNANT: "Lit d’accompagnant à l’hôpital",
    ClaimType.CURE: "Cure thermale",
    ClaimType.NAISSANCE: "Prime de naissance ou d’adoption",
    ClaimType.BENEFICIAIRE: "Ajout d’un bénéficiaire",
    ClaimType.COMPTE_BANCAIRE: "Changement de RIB",
    ClaimType.DROITS: "Télétransmission, caisse",
}

#: Requests that change something in the contract; nothing was cared for, and nobody was the patient of it.
CONTRACT_CLAIMS = frozenset({ClaimType.NAISSANCE, ClaimType.BENEFICIAIRE, ClaimType.COMPTE_BANCAIRE, ClaimType.DROITS})


def label_claim(claim_type: str) -> str:
    """What people read for a type of claim; papers that came without a request have none yet (an empty string)."""
    return CLAIM_LABELS_FR[ClaimType(claim_type)] if claim_type else "Documents sans demande"


class MissingPiece(StrEnum):
    """A paper that the member is asked for."""

    FACTURE = "facture"
    FACTURE_ACQUITTEE = "facture_acquittee"
    ORDONNANCE = "ordonnance"
    DECOMPTE_AM = "decompte_am"
    RIB = "rib"
    PAGE_MANQUANTE = "page_manquante"
    PIECE_ILLISIBLE = "piece_illisible"
    DEVIS = "devis"
    PRISE_EN_CHARGE = "prise_en_charge"
    ACTE_NAISSANCE = "acte_naissance"
    BULLETIN_ADHESION = "bulletin_adhesion"
    ATTESTATION_DROITS = "attestation_droits"


MISSING_LABELS_FR: dict[MissingPiece, str] = {
    MissingPiece.FACTURE: "facture détaillée",
    MissingPiece.FACTURE_ACQUITTEE: "facture acquittée",
    MissingPiece.ORDONNANCE: "ordonnance",
    MissingPiece.DECOMPTE_AM: "décompte de l’Assurance Maladie",
    MissingPiece.RIB: "RIB",
    MissingPiece.PAGE_MANQUANTE: "page manquante",
    MissingPiece.PIECE_ILLISIBLE: "document illisible à renvoyer",
    MissingPiece.DEVIS: "devis",
    MissingPiece.PRISE_EN_CHARGE: "accord de prise en charge",
    MissingPiece.ACTE_NAISSANCE: "acte de naissance, livret de famille ou jugement d’adoption",
    MissingPiece.BULLETIN_ADHESION: "bulletin d’adhésion signé",
    MissingPiece.ATTESTATION_DROITS: "attestation de droits",
}


class ReviewReason(StrEnum):
    """Why a person must look at a dossier."""

    PATIENT_MISMATCH = "patient_mismatch"
    DATE_SOINS_INCOHERENTE = "date_soins_incoherente"
    PRESCRIPTION_2_ANS = "prescription_2_ans"
    DOUBLON = "doublon"
    MONTANTS_INCOHERENTS = "montants_incoherents"
    IBAN_INVALIDE = "iban_invalide"
    MONTANT_ELEVE = "montant_eleve"
    DEPASSEMENT_HONORAIRES = "depassement_honoraires"
    LECTURE_INCERTAINE = "lecture_incertaine"


REASON_LABELS_FR: dict[ReviewReason, str] = {
    ReviewReason.PATIENT_MISMATCH: "le patient n’est pas celui de la demande",
    ReviewReason.DATE_SOINS_INCOHERENTE: "date de soins incohérente",
    ReviewReason.PRESCRIPTION_2_ANS: "soins de plus de deux ans",
    ReviewReason.DOUBLON: "déjà transmis",
    ReviewReason.MONTANTS_INCOHERENTS: "montants incohérents",
    ReviewReason.IBAN_INVALIDE: "IBAN invalide",
    ReviewReason.MONTANT_ELEVE: "montant élevé",
    ReviewReason.DEPASSEMENT_HONORAIRES: "dépassement d’honoraires élevé",
    ReviewReason.LECTURE_INCERTAINE: "lecture incertaine",
}


class DecisionKind(StrEnum):
    """What became of a dossier. The machine never refuses a claim."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    TO_REVIEW = "to_review"


DECISION_LABELS_FR: dict[DecisionKind, str] = {
    DecisionKind.COMPLETE: "complet",
    DecisionKind.INCOMPLETE: "à compléter",
    DecisionKind.TO_REVIEW: "à vérifier par un gestionnaire",
}
