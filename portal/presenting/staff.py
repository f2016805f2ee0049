"""What was changed about the accounts of the people who work here, in plain French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.french import capitalise, enumerate_words
from portal.staff import CONSOLE, ROLE_LABELS_FR, Role
from storage.models import StaffChange

_WHAT_FR = {
    "created": "Compte ouvert",
    "changed": "Compte modifié",
    "closed": "Compte fermé",
    "opened": "Compte rouvert",
    "invited": "Lien envoyé pour choisir un mot de passe",
}
_NAMES_FR = {"name": "nom", "email": "adresse", "role": "rôle", "queues": "files"}


@dataclass(frozen=True)
class ChangeLine:
    """One change: when, by whom, and what in one sentence."""

    at: dt.datetime
    actor: str
    sentence: str


def present_changes(changes: Iterable[StaffChange]) -> tuple[ChangeLine, ...]:
    """The changes as sentences, in their order."""
    return tuple(
        ChangeLine(one.at, "une commande d’exploitation" if one.actor == CONSOLE else one.actor, _tell(one))
        for one in changes
    )


def _tell(one: StaffChange) -> str:
    details = [
        f"{label} : {_show(key, one.after[key])}"
        if key not in one.before
        else f"{label} : de {_show(key, one.before[key])} à {_show(key, one.after[key])}"
        for key, label in _NAMES_FR.items()
        if key in one.after
    ]
    said = _WHAT_FR[one.what]
    return capitalise(f"{said} ; {' ; '.join(details)}." if details else f"{said}.")


def _show(key: str, value: Any) -> str:
    if key == "role":
        return ROLE_LABELS_FR[Role(value)]
    if key == "queues":
        return enumerate_words([name.replace("_", " ") for name in value]) if value else "toutes"
    return f"« {value} »" if value else "rien"
