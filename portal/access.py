"""Who is asking, and what they may see.

Every view takes its rows from here: what is not yours does not exist for you (404), so that an address tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from portal.accounts import HANDLERS, OPERATORS, SUPERVISORS
from schemas.statuses import PieceState
from storage.models import Dossier, Member, Piece

P = ParamSpec("P")


@dataclass(frozen=True)
class Viewer:
    """The person behind a request.

    Attributes:
        user: the account, None for somebody who has not signed in.
        member: the contract of this account, None for people who have none.
        handler: True for a gestionnaire.
        supervisor: True for a gestionnaire to whom dossiers are handed up.
        operator: True for somebody who runs the installation.
    """

    user: User | None
    member: Member | None
    handler: bool
    supervisor: bool = False
    operator: bool = False


class SiteRequest(HttpRequest):
    """A request that has passed ``ViewerMiddleware``."""

    viewer: Viewer


def describe_viewer(user: User | AnonymousUser) -> Viewer:
    """The roles of an account (two queries; none for somebody who has not signed in)."""
    if not isinstance(user, User):
        return Viewer(user=None, member=None, handler=False)
    groups = set(user.groups.values_list("name", flat=True))
    return Viewer(
        user=user,
        member=Member.objects.filter(user=user).first(),
        handler=HANDLERS in groups,
        supervisor={HANDLERS, SUPERVISORS} <= groups,
        operator=OPERATORS in groups,
    )


class ViewerMiddleware:
    """Sets ``request.viewer``, worked out when first asked for."""

    def __init__(self, get_response: Callable[[SiteRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponseBase:
        """Answer with the viewer at hand."""
        user = request.user
        request.viewer = SimpleLazyObject(lambda: describe_viewer(user))  # type: ignore[assignment]
        return self.get_response(request)


def member_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let members in; others get 403."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.viewer.member is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def handler_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let gestionnaires in; others get 403."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.viewer.handler:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def operator_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let operators in; others get 403."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.viewer.operator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def supervisor_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let supervisors in; others get 403."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.viewer.supervisor:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def own_dossiers(viewer: Viewer) -> QuerySet[Dossier]:
    """The dossiers of the viewer's own contract; none for anybody else."""
    if viewer.member is None:
        return Dossier.objects.none()
    return Dossier.objects.filter(member=viewer.member)


def handled_dossiers(viewer: Viewer) -> QuerySet[Dossier]:
    """Every dossier for a gestionnaire; none for anybody else."""
    return Dossier.objects.all() if viewer.handler else Dossier.objects.none()


def handled_pieces(viewer: Viewer) -> QuerySet[Piece]:
    """Every paper for a gestionnaire; none for anybody else."""
    return Piece.objects.all() if viewer.handler else Piece.objects.none()


def seen_pieces(viewer: Viewer) -> QuerySet[Piece]:
    """The papers that the viewer may look at: every one for a gestionnaire, their own for a member; none erased."""
    pieces = Piece.objects.exclude(state=PieceState.ERASED.value)
    if viewer.handler:
        return pieces
    if viewer.member is None:
        return Piece.objects.none()
    return pieces.filter(dossier__member=viewer.member)
