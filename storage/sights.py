"""Who looked at which dossier, when: written down once for each page, searched by those who answer for it.

A member's own looks are not written down: the sign-ins say when they were here.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from schemas.sights import SightKind
from storage.models import Sight

#: Pictures and words belong to a page that was opened before; on their own they are a look of their own.
_SAME_LOOK = timedelta(minutes=30)


def note_sight(dossier_id: uuid.UUID, what: SightKind, *, actor: str, now: datetime, device: str = "") -> None:
    """Write down that somebody saw something of a dossier (one insertion).

    Args:
        dossier_id: of the dossier.
        what: was shown.
        actor: user name, or the integrator's.
        now: with time zone.
        device: the browser, as people name it.
    """
    Sight.objects.create(dossier_id=dossier_id, at=now, actor=actor[:80], what=what.value, device=device[:80])


def note_picture(dossier_id: uuid.UUID, what: SightKind, *, actor: str, now: datetime, device: str = "") -> None:
    """Write down that a picture or words were fetched, unless the same person had opened something of it lately.

    What a browser fetched ahead is told apart, and is no opening: a picture that is looked at afterwards is one.
    """
    lately = Sight.objects.filter(dossier=dossier_id, actor=actor[:80], at__gte=now - _SAME_LOOK)
    if what is not SightKind.PRELOADED:
        lately = lately.exclude(what=SightKind.PRELOADED.value)
    if not lately.exists():
        note_sight(dossier_id, what, actor=actor, now=now, device=device)
