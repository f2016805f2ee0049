"""Taking dossiers in hand and putting them back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.access import SiteRequest, handled_dossiers, handler_only
from portal.handlers import forget_skipped, skip, skipped_in, teams_of
from portal.keeping import list_page_images
from schemas.errors import HeldByOtherError, NotReadyError
from storage.holding import hold_dossier, hold_next, release_hold, renew_hold, waiting_for

#: Pictures that are fetched ahead: the first pages of a dossier, which are seen at once.
_MOST_AHEAD = 4


@handler_only
@require_POST
def take_next(request: SiteRequest) -> HttpResponseBase:
    """The next dossier to look at, in hand; the one that was open is put back."""
    leaving, token = _read(request, "dossier"), _read(request, "bail")
    if leaving and token:
        release_hold(leaving, token)
        skip(request, leaving)
    return redirect_to_next(request)


def redirect_to_next(request: SiteRequest) -> HttpResponseBase:
    """On to the next dossier of this person, or to the list when there is none."""
    user = request.viewer.user
    assert user is not None  # noqa: S101 - handler_only
    now, today, teams = timezone.now(), timezone.localdate(), teams_of(request.viewer)
    for skipped in (skipped_in(request), []):
        hold = hold_next(user.pk, teams, now, today, supervisor=request.viewer.supervisor, skipped=skipped)
        if hold is not None:
            return redirect("review", hold.dossier_id)
        forget_skipped(request)
    messages.info(request, "Plus aucun dossier à vérifier pour le moment.")
    return redirect("queue")


@handler_only
@require_safe
def look_ahead(request: SiteRequest) -> HttpResponseBase:
    """Pictures of the dossier that "next" would most likely push, for the browser to fetch while this one is looked at.

    Nothing is reserved: another gestionnaire may be pushed it first, and then some pictures were fetched in vain. Its
    page is made when it is opened, so no page is ever older than its dossier.
    """
    user = request.viewer.user
    assert user is not None  # noqa: S101 - handler_only
    now, today = timezone.now(), timezone.localdate()
    rows = waiting_for(
        user.pk, teams_of(request.viewer), today, now=now, supervisor=request.viewer.supervisor,
        skipped=skipped_in(request),
    )  # fmt: skip
    coming = rows.first()
    pages = list_page_images(coming.pk, _MOST_AHEAD) if coming else []
    return JsonResponse({"pages": [reverse("page-image", args=page) for page in pages]})


@require_POST
def take_dossier(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Take one dossier in hand; where that cannot be, the page says why."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    user = request.viewer.user
    assert user is not None  # noqa: S101 - there are dossiers for handlers only
    try:
        hold_dossier(dossier.pk, user.pk, timezone.now())
    except (HeldByOtherError, NotReadyError) as error:
        messages.error(request, error.message_fr or "")
    return redirect("review", dossier.pk)


@require_POST
def put_back(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Put a dossier back."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    token = _read(request, "bail")
    if token:
        release_hold(dossier.pk, token)
    return redirect("queue")


@require_POST
def keep_alive(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """A sign of life of an open page: whether the dossier is still in its hand."""
    dossier = get_object_or_404(handled_dossiers(request.viewer), pk=dossier_id)
    token = _read(request, "bail")
    held = token is not None and renew_hold(dossier.pk, token, timezone.now())
    return JsonResponse({"held": held})


def _read(request: SiteRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        return None
