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
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.accounts import HANDLERS, OPERATORS, SUPERVISORS
from schemas.statuses import PieceState
from storage.helping import list_helped, name_helper
from storage.holds import name_member
from storage.models import Dossier, Helper, Member, Person, Piece

P = ParamSpec("P")
#: Where the session keeps whom somebody helps just now.
HELPING = "helping"


@dataclass(frozen=True)
class Viewer:
    """The person behind a request.

    Attributes:
        user: the account, None for somebody who has not signed in.
        member: the contract that is looked at: of this account, or of somebody whom its owner helps; None for people
            who have none.
        handler: True for a gestionnaire.
        supervisor: True for a gestionnaire to whom dossiers are handed up.
        operator: True for somebody who runs the installation.
        helps: as what the contract of somebody else is looked at, None for one's own.
    """

    user: User | None
    member: Member | None
    handler: bool
    supervisor: bool = False
    operator: bool = False
    helps: Helper | None = None

    @property
    def holder(self) -> Member | None:
        """The viewer's own contract, where it is the one looked at."""
        return self.member if self.helps is None else None

    @property
    def may_send(self) -> bool:
        """Whether papers may be deposited, and readings of them corrected."""
        return self.member is not None and (self.helps is None or self.helps.may_send)

    @property
    def may_write(self) -> bool:
        """Whether gestionnaires may be written to, and decisions contested."""
        return self.member is not None and (self.helps is None or self.helps.may_write)

    @property
    def people(self) -> QuerySet[Person]:
        """The people whose dossiers are shown."""
        if self.member is None:
            return Person.objects.none()
        return self.member.people.all() if self.helps is None else self.helps.patients.all()

    @property
    def actor(self) -> str:
        """How the viewer is named in records of what a member does.

        Raises:
            PermissionDenied: there is no contract.
        """
        if self.member is None:
            raise PermissionDenied
        return name_member(self.member) if self.helps is None else name_helper(self.helps.pk)


class SiteRequest(HttpRequest):
    """A request that has passed ``ViewerMiddleware``."""

    viewer: Viewer


def describe_viewer(user: User | AnonymousUser, helping: int | None = None) -> Viewer:
    """The roles of an account (two queries; none for somebody who has not signed in).

    Args:
        user: whoever asks.
        helping: as what they chose to look at a contract, None for their own. Who has no contract and works nowhere
            here sees the first of those whom they help.
    """
    if not isinstance(user, User):
        return Viewer(user=None, member=None, handler=False)
    groups = set(user.groups.values_list("name", flat=True))
    member = Member.objects.filter(user=user).first()
    helps = None
    if helping is not None or (member is None and not groups):
        helped = list_helped(user, timezone.localdate())
        helps = helped.filter(pk=helping).first() if helping is not None else None
        helps = helps or (helped.first() if member is None else None)
    return Viewer(
        user=user,
        member=helps.member if helps else member,
        helps=helps,
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
        user, session = request.user, request.session
        request.viewer = SimpleLazyObject(lambda: describe_viewer(user, session.get(HELPING)))  # type: ignore[assignment]
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


def sender_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let in whoever may deposit papers; others get 403, those who have no contract before them too."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.viewer.may_send:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def holder_only(
    view: Callable[Concatenate[SiteRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """Let members in to what is theirs alone; those who help get 403."""

    @wraps(view)
    def guarded(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.viewer.holder is None:
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
    """The dossiers of the viewer's own contract, or of those whom they help; none for anybody else."""
    if viewer.member is None:
        return Dossier.objects.none()
    rows = Dossier.objects.filter(member=viewer.member)
    return rows if viewer.helps is None else rows.filter(patient__in=viewer.people)


def handled_dossiers(viewer: Viewer) -> QuerySet[Dossier]:
    """Every dossier for a gestionnaire; none for anybody else."""
    return Dossier.objects.all() if viewer.handler else Dossier.objects.none()


def handled_pieces(viewer: Viewer) -> QuerySet[Piece]:
    """Every paper for a gestionnaire; none for anybody else."""
    return Piece.objects.all() if viewer.handler else Piece.objects.none()


def seen_pieces(viewer: Viewer) -> QuerySet[Piece]:
    """The papers that the viewer may look at: every one for a gestionnaire, those of their dossiers; none erased."""
    pieces = Piece.objects.exclude(state=PieceState.ERASED.value)
    if viewer.handler:
        return pieces
    if viewer.member is None:
        return Piece.objects.none()
    pieces = pieces.filter(dossier__member=viewer.member)
    return pieces if viewer.helps is None else pieces.filter(dossier__patient__in=viewer.people)
