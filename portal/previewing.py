"""The texts of the rule file as the member of a dossier would read them. Nothing is sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from dossiers.previewing import list_texts, preview_text
from schemas.errors import UnattachedError
from schemas.rules import installed_rules
from storage.deciding import load_dossier
from storage.models import Dossier
from storage.notices import link_to
from storage.replay import find_decided


@dataclass(frozen=True)
class TextPreview:
    """One text of the rule file, filled in."""

    name: str
    text: str


def name_texts() -> tuple[str, ...]:
    """The names of the texts of the rule file."""
    return list_texts(installed_rules())


def find_previews(name: str, reference: str) -> tuple[uuid.UUID | None, tuple[TextPreview, ...]]:
    """A text, or all of them, with the values of a dossier.

    Args:
        name: of a text; anything else shows all.
        reference: of a decided dossier.

    Returns:
        The dossier, None where no decided one has the reference; and the texts.
    """
    found = next(find_decided(1, reference), None)
    if found is None:
        return None, ()
    rules = installed_rules()
    try:
        loaded = load_dossier(found.id, rules)
    except UnattachedError:
        return None, ()
    link = link_to(Dossier.objects.get(pk=found.id))
    known = list_texts(rules)
    return found.id, tuple(
        TextPreview(one, preview_text(one, loaded.dossier, rules, loaded.history, today=found.decided_on, link=link))
        for one in ((name,) if name in known else known)
    )
