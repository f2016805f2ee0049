"""Which gestionnaire asks: teams, and the ticket that a page shows."""

from __future__ import annotations

import uuid

from django.http import Http404

from portal.access import SiteRequest, Viewer
from portal.desk import name_of
from storage.holding import Ticket
from storage.models import TeamMember

#: Dossiers put aside in this session, so that "next" does not come back to them at once.
_SKIPPED = "skipped"
_MOST_SKIPPED = 50


def teams_of(viewer: Viewer) -> tuple[str, ...]:
    """The queues that a gestionnaire works on; empty for all of them."""
    if viewer.user is None:
        return ()
    return tuple(TeamMember.objects.filter(user=viewer.user).order_by("queue").values_list("queue", flat=True))


def read_ticket(request: SiteRequest, dossier_id: uuid.UUID) -> Ticket:
    """The ticket that a form carries.

    Raises:
        Http404: the form carries none.
    """
    user = request.viewer.user
    try:
        token, version = uuid.UUID(request.POST.get("bail", "")), int(request.POST.get("version", ""))
    except ValueError:
        raise Http404 from None
    assert user is not None  # noqa: S101 - handler_only
    return Ticket(dossier_id, token, version, user.pk, user.get_username(), name_of(user))


def skipped_in(request: SiteRequest) -> list[uuid.UUID]:
    """Dossiers that the person put aside in this session."""
    return [uuid.UUID(one) for one in request.session.get(_SKIPPED, [])]


def skip(request: SiteRequest, dossier_id: uuid.UUID) -> None:
    """Do not push this dossier again before the others were seen."""
    request.session[_SKIPPED] = [*request.session.get(_SKIPPED, []), str(dossier_id)][-_MOST_SKIPPED:]


def forget_skipped(request: SiteRequest) -> None:
    """Begin again with the most pressing."""
    request.session[_SKIPPED] = []
