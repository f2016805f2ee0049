"""The review screen: what holds a dossier up, and what can be done with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from portal.access import Viewer
from portal.dossier_pages import DossierPage
from portal.french import typeset
from portal.moves import MoveView, list_moves
from portal.presenting.findings import FindingView, load_decision
from portal.presenting.papers import DocumentView, FieldRow, PaperView, absent_row
from portal.presenting.points import Point, find_points
from schemas.handling import ACT_LABELS_FR, REFUSAL_REASONS_FR, SECOND_LOOK_FR, Act, SecondLook
from schemas.messages import HandlerTemplate
from schemas.rules import installed_rules
from schemas.statuses import DossierStatus
from schemas.texts import render
from schemas.vocabulary import MISSING_LABELS_FR, DecisionKind, MissingPiece
from storage.holding import holder_id, owner_of, read_version
from storage.models import Handling


@dataclass(frozen=True)
class PointView:
    """One thing to look at, ready to be shown: a value, a type, or a finding.

    Attributes:
        row: the value, None for a type or a finding.
        document: the paper, None for a finding.
        because: what it holds up, in the rule's words.
    """

    paper: PaperView | None
    document: DocumentView | None
    row: FieldRow | None
    finding: FindingView | None
    because: str

    @property
    def anchor(self) -> str:
        """Identifier in the page."""
        if self.row:
            return self.row.anchor
        if self.document:
            return self.document.anchor
        return f"controle-{self.finding.code}" if self.finding else ""


@dataclass(frozen=True)
class ProposalView:
    """What a colleague proposes, for a second person to agree to."""

    act: str
    act_fr: str
    by: str
    mine: bool
    why: str
    because: tuple[str, ...]
    reason: str
    text: str


@dataclass(frozen=True)
class AskView:
    """A paper that may be asked for, and the sentence that asks for it."""

    code: str
    label: str
    sentence: str
    checked: bool


@dataclass(frozen=True)
class TemplateView:
    """A text to begin with, filled in; ``reason`` of a refusal for which it is proposed, else empty."""

    name: str
    text: str
    reason: str


@dataclass(frozen=True)
class Desk:
    """All that the review screen adds to the page of a dossier.

    Attributes:
        token: proof of the hold; empty when the dossier is not in this person's hand.
        version: of the dossier, to be shown with whatever is written.
        holder: who else has it in hand, empty when nobody has.
        reviewable: it may be taken in hand.
        points: what to look at before anything else.
        pointed: anchors of the points, not to be shown a second time.
        suggestion: "accept", "ask" or "look": what the last decision leads to; "attach" for papers without a request.
        asks: papers that may be asked for.
        ask_text: message to the member, to be edited.
        moves: where papers may go, for a dossier in this hand.
        asking, refusing, answering: texts of the insurer to begin with.
        message_token: names the next message to the member, so that it is sent once.
    """

    token: str
    version: int
    holder: str
    reviewable: bool
    points: tuple[PointView, ...]
    pointed: frozenset[str]
    suggestion: str
    open_reasons: bool
    asks: tuple[AskView, ...]
    ask_text: str
    refusals: tuple[tuple[str, str], ...]
    refusal_text: str
    proposal: ProposalView | None
    handling: Handling | None
    assignee: str
    moves: tuple[MoveView, ...] = ()
    message_token: str = ""
    asking: tuple[TemplateView, ...] = ()
    refusing: tuple[TemplateView, ...] = ()
    answering: tuple[TemplateView, ...] = ()


#: The text of a refusal is the gestionnaire's; this is what every refusal must say beside it.
_REFUSAL_TEXT_FR = (
    "Bonjour,\n\nNous avons étudié votre demande et ne pouvons pas y donner suite : [motif].\n\n"
    "Si vous n’êtes pas d’accord, répondez depuis votre espace en ajoutant les documents utiles : "
    "votre dossier sera étudié de nouveau. Vous pouvez aussi adresser une réclamation à votre mutuelle, "
    "puis saisir le médiateur de la Mutualité française."
)


def gather_desk(page: DossierPage, viewer: Viewer, now: dt.datetime) -> Desk:
    """What the review screen shows of a dossier to one person (four queries)."""
    assert viewer.user is not None  # noqa: S101 - handlers have signed in
    dossier, user = page.dossier, viewer.user
    handling = Handling.objects.select_related("assignee").filter(dossier=dossier).first()
    held_by = holder_id(dossier, now)
    mine = held_by == user.pk
    holder = User.objects.filter(pk=held_by).first() if held_by and not mine else None
    in_hand = mine and dossier.lease_owner == owner_of(user.pk)
    points = _present_points(page)
    last = load_decision(page.record) if page.record else None
    kind = last.decision if last else None
    messages = installed_rules().messages
    busy = page.status.moving or dossier.settled_after is not None
    return Desk(
        token=str(dossier.lease_token) if in_hand else "",
        version=read_version(dossier.pk),
        holder=name_of(holder) if holder else "",
        reviewable=not busy and not holder,
        points=points,
        pointed=frozenset(point.anchor for point in points),
        suggestion=_suggest(kind, points) if dossier.claim_type else "attach",
        open_reasons=kind is not DecisionKind.COMPLETE,
        asks=_list_asks(page, last.missing if last else ()),
        ask_text=_write_ask(page),
        refusals=tuple((reason.value, label) for reason, label in REFUSAL_REASONS_FR.items()),
        refusal_text=_REFUSAL_TEXT_FR,
        proposal=_present_proposal(handling, user),
        handling=handling,
        assignee=name_of(handling.assignee) if handling and handling.assignee else "",
        moves=list_moves(page) if in_hand else (),
        message_token=str(uuid.uuid4()),
        asking=_fill(page, messages.asking),
        refusing=_fill(page, messages.refusing),
        answering=_fill(page, messages.answering),
    )


def _fill(page: DossierPage, texts: Sequence[HandlerTemplate]) -> tuple[TemplateView, ...]:
    values = {
        "reference": page.dossier.reference,
        "claim": page.claim_label,
        "patient": str(page.dossier.patient) if page.dossier.patient else "la personne concernée",
        "insurer": installed_rules().name,
    }
    return tuple(
        TemplateView(one.name, typeset(render(one.text, values)), one.reason.value if one.reason else "")
        for one in texts
    )


def name_of(user: User) -> str:
    """As colleagues call somebody."""
    return user.get_full_name() or user.get_username()


def _suggest(kind: DecisionKind | None, points: Sequence[PointView]) -> str:
    if kind is None or points:
        return "look"
    return {DecisionKind.COMPLETE: "accept", DecisionKind.INCOMPLETE: "ask"}.get(kind, "look")


def _present_points(page: DossierPage) -> tuple[PointView, ...]:
    if page.record is None or page.status.code != DossierStatus.TO_REVIEW.value:
        return ()
    papers = {str(paper.id): paper for paper in page.papers}
    findings = {finding.code: finding for finding in (page.last.findings if page.last else ())}
    found = (
        _present_point(point, papers, findings) for point in find_points(load_decision(page.record), page.readings)
    )
    return tuple(point for point in found if point is not None)


def _present_point(
    point: Point, papers: Mapping[str, PaperView], findings: Mapping[str, FindingView]
) -> PointView | None:
    finding = findings.get(point.finding)
    because = finding.sentence if finding else ""
    if not point.file:
        return PointView(None, None, None, finding, because) if finding else None
    paper = papers.get(point.file)
    if paper is None or point.document >= len(paper.documents):
        return None
    document = paper.documents[point.document]
    if point.field is None:
        return PointView(paper, document, None, None, because)
    row = next((row for row in document.rows if row.name is point.field), None)
    if row is None:
        row = absent_row(paper.id, document.index, point.field, document.pages[0] if document.pages else None)
    return PointView(paper, document, row, None, because)


def _present_proposal(handling: Handling | None, user: User) -> ProposalView | None:
    if handling is None or not handling.proposed_act:
        return None
    said = handling.proposal
    act = Act(handling.proposed_act)
    return ProposalView(
        act=act.value,
        act_fr=ACT_LABELS_FR[act],
        by=said.get("name", ""),
        mine=handling.proposed_by_id == user.pk,
        why=said.get("why", ""),
        because=tuple(SECOND_LOOK_FR[SecondLook(code)] for code in said.get("because", ())),
        reason=said.get("reason", ""),
        text=said.get("text", ""),
    )


def _list_asks(page: DossierPage, missing: Sequence[MissingPiece]) -> tuple[AskView, ...]:
    texts = installed_rules().messages.pieces
    said = {view.code: view.sentence for view in (page.last.missing if page.last else ())}
    views = []
    for piece in MissingPiece:
        label = MISSING_LABELS_FR[piece]
        usual = typeset(render(texts[piece], {"kind": label, "claim": page.claim_label}))
        views.append(AskView(piece.value, label, said.get(piece.value) or usual, checked=piece in missing))
    return tuple(views)


def _write_ask(page: DossierPage) -> str:
    if page.last and page.last.missing:
        return page.last.message
    return (
        "Bonjour,\n\nNous étudions votre demande et avons besoin d’une précision de votre part :\n\n\n"
        "Vous pouvez ajouter un document à votre demande depuis votre espace."
    )
