"""Writing down who looks at what, from the request that shows it."""

from __future__ import annotations

import uuid

from django.utils import timezone

from portal.access import SiteRequest
from portal.devices import describe_browser
from schemas.sights import SightKind
from storage import sights

#: Header by which the review screen says that it fetches a picture ahead.
AHEAD = "X-Liasse-Ahead"


def note(request: SiteRequest, dossier_id: uuid.UUID, what: SightKind) -> None:
    """Write down that a gestionnaire, or somebody who helps, sees something; a member sees their own."""
    viewer = request.viewer
    if viewer.user is None or not (viewer.handler or viewer.helps):
        return
    actor = viewer.actor if viewer.helps else viewer.user.get_username()
    now, device = timezone.now(), describe_browser(request.headers.get("User-Agent", ""))
    if what is SightKind.PICTURE:
        kind = SightKind.PRELOADED if AHEAD in request.headers else what
        sights.note_picture(dossier_id, kind, actor=actor, now=now, device=device)
    else:
        sights.note_sight(dossier_id, what, actor=actor, now=now, device=device)
