"""Why a value is held back and what was checked, in words."""

from __future__ import annotations

HELD_BACK_FR: dict[str, str] = {
    "low_confidence": "lecture peu sûre",
    "unreadable": "illisible sur le document",
    "illegible": "illisible sur le document",
    "ambiguous": "plusieurs valeurs possibles",
    "check_failed": "un contrôle a échoué",
    "checksum_failed": "clé de contrôle fausse",
    "doubtful_page": "page difficile à lire",
}

CHECKS_FR: dict[str, str] = {
    "sum_of_lines": "somme des lignes",
    "shares_add_up": "total = parts + reste à charge",
    "nir_key": "clé du numéro de sécurité sociale",
    "iban_key": "clé de l’IBAN",
    "luhn": "clé de contrôle",
    "date_order": "ordre des dates",
}


def explain_held_back(code: str) -> str:
    """Why a value is not accepted automatically; an unknown code still says that somebody must look."""
    return HELD_BACK_FR.get(code, "lecture à confirmer")


def name_check(code: str) -> str:
    """What a check looks at."""
    return CHECKS_FR.get(code, code.replace("_", " "))
