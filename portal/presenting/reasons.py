"""Why a value is held back and what was checked, in words."""

from __future__ import annotations

CHECKS_FR: dict[str, str] = {
    "sum_of_lines": "somme des lignes",
    "total_is_sum_of_shares": "total = parts + reste à charge",
    "proved_by_sums": "montant retrouvé par l’addition",
    "check_digits": "clé de contrôle",
    "printed_twice": "imprimé deux fois à l’identique",
    "form": "forme",
    "not_struck_out": "pas de rature",
    "care_before_issue": "soins avant l’émission",
    "entry_before_exit": "entrée avant la sortie",
    "agrees_with_facturx": "accord avec les données Factur-X du fichier",
    "agrees_with_2ddoc": "accord avec le code 2D-Doc de la page",
}

_HELD_BACK_FR: dict[str, str] = {
    "low_confidence": "lecture peu sûre",
    "unreadable": "illisible sur le document",
    "not_struck_out": "raturé sur le document",
    "regrouped": "à relire sur la page : le document a été découpé ou réuni depuis la lecture",
    "disagrees_with_facturx": "le document et les données Factur-X du fichier ne disent pas la même chose",
    "disagrees_with_2ddoc": "le document et son code 2D-Doc ne disent pas la même chose",
}


def explain_held_back(code: str) -> str:
    """Why a value is not accepted automatically.

    Args:
        code: a reason, or ``check_failed:`` with the name of the check; an unknown one still says that somebody
            must look.
    """
    kind, _, check = code.partition(":")
    if kind == "check_failed" and check:
        return _HELD_BACK_FR.get(check) or f"contrôle faux : {name_check(check)}"
    return _HELD_BACK_FR.get(kind, "lecture à confirmer")


def name_check(code: str) -> str:
    """What a check looks at."""
    return CHECKS_FR.get(code, code.replace("_", " "))
