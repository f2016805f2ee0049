"""What a gestionnaire does with a dossier: accept, ask, refuse, put off, hand up, hand on.

Each act is an event with who, when and why, written in one transaction with what follows from it; the dossier then
leaves the hand. Where the insurer asks for four eyes, the first person only proposes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dossiers.second_look import find_second_look
from dossiers.wording import say_day
from schemas.decisions import Decision
from schemas.errors import RefusedActError, UnattachedError
from schemas.handling import Act, RefusalReason, SecondLook
from schemas.rules import InsurerRules
from schemas.statuses import EventKind
from schemas.texts import render
from schemas.vocabulary import CLAIM_LABELS_FR, ClaimType, DecisionKind, MissingPiece
from storage.contents import append_saying
from storage.contesting import refuse_own_decision, settle_contest
from storage.deciding import load_dossier
from storage.events import append_event, lock_dossier
from storage.holding import Ticket, lock_held, put_down
from storage.models import DecisionRecord, Dossier, Event, Handling
from storage.notices import write_notice, write_refusal_notice
from storage.reviewing import next_number

_TEXT, _WHY = 5000, 1000


def accept(ticket: Ticket, rules: InsurerRules, now: datetime, *, why: str = "") -> tuple[SecondLook, ...]:
    """Send a dossier to settlement.

    Args:
        ticket: of the page.
        rules: of the insurer.
        now: with time zone.
        why: compulsory where the last decision is not "complete".

    Returns:
        Why a second person must agree: then it is only proposed. Empty when it is done.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: a reason is lacking, or the second person is the first one.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        last = _last_decision(dossier)
        refuse_own_decision(dossier, ticket.user_id)
        handling = _handling_of(dossier)
        agreed = _agrees(handling, Act.ACCEPTED, ticket)
        why = why.strip()[:_WHY] or (handling.proposal.get("why", "") if agreed else "")
        if last.decision != DecisionKind.COMPLETE.value and not why:
            raise RefusedActError(
                "acceptance against the decision without a reason",
                message_fr="Des points restent ouverts : dites pourquoi le dossier est accepté malgré eux.",
            )
        needed = find_second_look(load_dossier(dossier.pk, rules).dossier, Act.ACCEPTED, rules.four_eyes)
        if needed and not agreed:
            _propose(dossier, handling, ticket, Act.ACCEPTED, needed, {"why": why}, now)
            return needed
        message = _write_acceptance(dossier, last, rules)
        record = _record(dossier, last, ticket, now, DecisionKind.COMPLETE, (), message)
        detail = {
            "number": record.number,
            "why": why,
            "despite": {"missing": last.missing, "reasons": last.reasons},
            "proposed_by": handling.proposal.get("actor") if agreed else None,
        }
        _finish(dossier, handling, ticket, EventKind.HANDLER_ACCEPTED, now, detail)
        settle_contest(dossier, now)
        write_notice(dossier, record, now=now)
    return ()


def ask_member(ticket: Ticket, missing: Sequence[MissingPiece], text: str, now: datetime) -> None:
    """Ask the member for papers or an answer.

    Args:
        ticket: of the page.
        missing: papers asked for; none for a question.
        text: what the member reads on the site.
        now: with time zone.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: there is nothing to read.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        if not text.strip():
            raise RefusedActError("no text for the member", message_fr="Écrivez le message à l’adhérent.")
        handling = _handling_of(dossier)
        last = _last_decision(dossier)
        record = _record(dossier, last, ticket, now, DecisionKind.INCOMPLETE, missing, text.strip()[:_TEXT])
        detail = {"number": record.number, "missing": [piece.value for piece in missing]}
        _finish(dossier, handling, ticket, EventKind.HANDLER_ASKED, now, detail)
        write_notice(dossier, record, now=now)


def refuse(ticket: Ticket, rules: InsurerRules, reason: RefusalReason, why: str, text: str,
           now: datetime) -> tuple[SecondLook, ...]:  # fmt: skip
    """Refuse a claim.

    Args:
        ticket: of the page.
        rules: of the insurer.
        reason: compulsory.
        why: for colleagues; compulsory.
        text: what the member reads on the site; compulsory.
        now: with time zone.

    Returns:
        Why a second person must agree: then it is only proposed. Empty when it is done.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: something compulsory is lacking, or the second person is the first one.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        why, text = why.strip()[:_WHY], text.strip()[:_TEXT]
        if not why or not text:
            raise RefusedActError(
                "refusal without reason or text",
                message_fr="Un refus doit être motivé : écrivez la raison pour le dossier et le message à l’adhérent.",
            )
        refuse_own_decision(dossier, ticket.user_id)
        handling = _handling_of(dossier)
        needed = find_second_look(load_dossier(dossier.pk, rules).dossier, Act.REFUSED, rules.four_eyes)
        agreed = _agrees(handling, Act.REFUSED, ticket)
        said = {"reason": reason.value, "why": why, "text": text}
        if needed and not agreed:
            _propose(dossier, handling, ticket, Act.REFUSED, needed, said, now)
            return needed
        detail = {**said, "proposed_by": handling.proposal.get("actor") if agreed else None}
        event = _finish(dossier, handling, ticket, EventKind.HANDLER_REFUSED, now, detail)
        settle_contest(dossier, now)
        write_refusal_notice(dossier, f"refused:{dossier.pk}:{event.pk}", now=now)
    return ()


def decline_proposal(ticket: Ticket, why: str, now: datetime) -> None:
    """Do not agree with what a colleague proposed: the dossier goes back to them.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: no reason was given, or nothing is proposed.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        handling = _handling_of(dossier)
        if not why.strip() or not handling.proposed_act:
            raise RefusedActError("no reason", message_fr="Dites pourquoi vous n’êtes pas d’accord.")
        detail = {"act": handling.proposed_act, "why": why.strip()[:_WHY]}
        handling.assignee_id = handling.proposed_by_id
        _leave(dossier, handling, ticket, EventKind.SECOND_LOOK_DECLINED, now, detail)


def postpone(ticket: Ticket, until: date, why: str, now: datetime, today: date) -> None:
    """Put a dossier off until a day.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: the day has passed, or no reason was given.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        if until <= today or not why.strip():
            raise RefusedActError("no later day, or no reason", message_fr="Indiquez un jour à venir et la raison.")
        handling = _handling_of(dossier)
        handling.postponed_until = until
        handling.assignee_id = handling.assignee_id or ticket.user_id
        detail = {"until": until.isoformat(), "why": why.strip()[:_WHY]}
        _leave(dossier, handling, ticket, EventKind.POSTPONED, now, detail, keep_proposal=True)


def escalate(ticket: Ticket, why: str, now: datetime) -> None:
    """Hand a dossier up to a supervisor.

    Raises:
        LeaseLostError, StalePageError: nothing was written.
        RefusedActError: no reason was given.
    """
    with transaction.atomic():
        dossier = lock_held(ticket)
        if not why.strip():
            raise RefusedActError("no reason", message_fr="Dites ce que le responsable doit regarder.")
        handling = _handling_of(dossier)
        handling.escalated, handling.assignee_id = True, None
        _leave(dossier, handling, ticket, EventKind.ESCALATED, now, {"why": why.strip()[:_WHY]}, keep_proposal=True)


def assign(dossier_ids: Sequence[uuid.UUID], user_id: int | None, name: str, actor: str, now: datetime) -> int:
    """Give dossiers to a colleague, or back to the team (None).

    Returns:
        How many changed hands.
    """
    changed = 0
    with transaction.atomic():
        for dossier_id in sorted(dossier_ids):
            dossier = lock_dossier(dossier_id)
            handling = _handling_of(dossier)
            if handling.assignee_id == user_id:
                continue
            was = {"assignee": handling.assignee_id}
            handling.assignee_id = user_id
            handling.save(update_fields=["assignee"])
            detail = {"assignee": user_id, "name": name}
            append_event(dossier, EventKind.ASSIGNED, at=now, actor=actor, detail=detail, was=was)
            changed += 1
    return changed


def _last_decision(dossier: Dossier) -> DecisionRecord:
    if not dossier.claim_type:
        raise UnattachedError(f"dossier {dossier.pk} holds papers without a request")
    last = dossier.decisions.order_by("-number").first()
    if last is None:
        raise RefusedActError("no decision yet", message_fr="Ce dossier n’a pas encore été examiné par la machine.")
    return last


def _handling_of(dossier: Dossier) -> Handling:
    return Handling.objects.get_or_create(dossier=dossier)[0]


def _agrees(handling: Handling, act: Act, ticket: Ticket) -> bool:
    """Whether this is the second person's yes to what the first one proposed."""
    if handling.proposed_act != act.value:
        return False
    if handling.proposed_by_id == ticket.user_id:
        raise RefusedActError(
            "the second person must be another one",
            message_fr="Vous l’avez proposé vous-même : une autre personne doit donner son accord.",
        )
    return True


def _propose(
    dossier: Dossier,
    handling: Handling,
    ticket: Ticket,
    act: Act,
    needed: Sequence[SecondLook],
    said: Mapping[str, Any],
    now: datetime,
) -> None:
    handling.proposed_act, handling.proposed_by_id = act.value, ticket.user_id
    handling.proposal = {**said, "actor": ticket.actor, "name": ticket.name, "because": [one.value for one in needed]}
    handling.assignee_id = None
    handling.postponed_until = None
    handling.save()
    detail = {"act": act.value, "because": [one.value for one in needed], **said}
    append_saying(dossier, EventKind.SECOND_LOOK_ASKED, at=now, actor=ticket.actor, said=detail, also=put_down(dossier))


def _record(
    dossier: Dossier,
    last: DecisionRecord,
    ticket: Ticket,
    now: datetime,
    kind: DecisionKind,
    missing: Sequence[MissingPiece],
    message: str,
) -> DecisionRecord:
    """The person's decision, on the findings of the machine's last one."""
    known = {key: value for key, value in last.line.items() if key in Decision.model_fields}
    changes = {"decision": kind, "missing": tuple(missing), "reasons": (), "message_fr": message}
    line = Decision.model_validate(known).model_copy(update=changes).to_line()
    return DecisionRecord.objects.create(
        dossier=dossier,
        number=next_number(dossier),
        line=line,
        decision=kind.value,
        missing=line["missing"],
        reasons=[],
        rules_version=last.rules_version,
        rules_hash=last.rules_hash,
        reader_version=last.reader_version,
        worker=ticket.actor[:80],
        decided_at=now,
    )


def _finish(
    dossier: Dossier, handling: Handling, ticket: Ticket, kind: EventKind, now: datetime, detail: Mapping[str, Any]
) -> Event:
    handling.escalated, handling.postponed_until = False, None
    return _leave(dossier, handling, ticket, kind, now, detail)


def _leave(
    dossier: Dossier,
    handling: Handling,
    ticket: Ticket,
    kind: EventKind,
    now: datetime,
    detail: Mapping[str, Any],
    *,
    keep_proposal: bool = False,
) -> Event:
    if not keep_proposal:
        handling.proposed_act, handling.proposed_by_id, handling.proposal = "", None, {}
    handling.save()
    return append_saying(dossier, kind, at=now, actor=ticket.actor, said=detail, also=put_down(dossier))


def _write_acceptance(dossier: Dossier, last: DecisionRecord, rules: InsurerRules) -> str:
    """What the member reads on the site: the insurer's text for a complete dossier."""
    values = {
        "due": say_day(date.fromisoformat(last.line["due"]), weekday=True),
        "claim": CLAIM_LABELS_FR[ClaimType(dossier.claim_type)],
        "pieces": [],
        "notes": [],
        "reference": dossier.reference,
        "insurer": rules.name,
    }
    return render(rules.messages.of(DecisionKind.COMPLETE), values)
