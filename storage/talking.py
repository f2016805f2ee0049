"""Member and gestionnaire write to each other about a dossier.

A message changes nothing of the dossier itself: it waits to be read by the other side (``Handling``), and stands in the
history. Papers that come with it are papers of the dossier, taken in as any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from dossiers.complaints import start_clocks
from dossiers.message_words import find_words
from schemas.errors import RefusedActError
from schemas.rules import InsurerRules
from schemas.statuses import CLOSED, DossierStatus, EventKind
from storage.contents import append_saying, read_said
from storage.events import append_event, lock_dossier
from storage.models import Dossier, Event, Handling, Message, Piece
from storage.notices import write_message_notice

#: Characters of one message, and messages of one member about one dossier in a day.
LONGEST, MOST_A_DAY = 5000, 20
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Written:
    """One message as it is shown.

    Attributes:
        author: user name of whoever wrote it.
        text: empty once it was erased.
        papers: names of the papers that came with it.
        complaint: its words are those of a complaint.
        urgent: its words are those of somebody who cannot wait.
        acknowledge_by: ISO day by which a complaint must be acknowledged, empty where none is due.
    """

    id: int
    at: datetime
    from_member: bool
    author: str
    text: str
    papers: tuple[str, ...]
    complaint: bool
    urgent: bool
    acknowledge_by: str


def write_as_member(
    dossier_id: uuid.UUID,
    text: str,
    token: uuid.UUID,
    rules: InsurerRules,
    *,
    actor: str,
    now: datetime,
    papers: Sequence[Piece] = (),
) -> Message:
    """Keep what a member writes; a gestionnaire will read it.

    Words of complaint start the days that the insurer has to acknowledge it, words of haste let the dossier come
    sooner; neither decides anything.

    Args:
        dossier_id: of a dossier of theirs.
        text: what they wrote.
        token: names the sending: sent again, it gives the message of the first time.
        rules: of the insurer.
        actor: who writes, for the event.
        now: with time zone.
        papers: that came with it.

    Raises:
        RefusedActError: there is nothing to read, it is too long, or too many were written in a day.
    """
    text = _check(text)
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        known = Message.objects.filter(token=token, dossier=dossier, from_member=True).first()
        if known is not None:
            return known
        lately = Message.objects.filter(dossier=dossier, from_member=True, written_at__gt=now - _DAY)
        if lately.count() >= MOST_A_DAY:
            raise RefusedActError(
                "too many messages in a day",
                message_fr=f"Vous avez déjà écrit {MOST_A_DAY} messages aujourd’hui pour ce dossier : attendez demain, "
                "ou appelez votre mutuelle.",
            )
        complaint, urgent = find_words(text, rules.words.complaint), find_words(text, rules.words.urgent)
        clocks = start_clocks(rules, now.date()) if complaint else ()
        said = {
            "text": text,
            "pieces": [str(piece.pk) for piece in papers],
            "complaint": bool(complaint),
            "urgent": bool(urgent),
            "acknowledge_by": clocks[0].due.isoformat() if clocks else "",
        }
        if DossierStatus(dossier.status) not in CLOSED and (complaint or urgent):
            dossier.priority = 1
            dossier.due = min(filter(None, [dossier.due, *(clock.due for clock in clocks)]), default=None)
        event = append_saying(
            dossier, EventKind.MEMBER_WROTE, at=now, actor=actor, said=said, also=("priority", "due")
        )  # fmt: skip
        handling = _lock_handling(dossier)
        handling.unread_messages += 1
        handling.save(update_fields=["unread_messages"])
        return _keep(dossier, event, token, now, from_member=True)


def write_as_handler(dossier_id: uuid.UUID, text: str, token: uuid.UUID, *, actor: str, now: datetime) -> Message:
    """Keep what a gestionnaire writes, and tell the member that something is there to read.

    What the member wrote before counts as read.

    Raises:
        RefusedActError: there is nothing to read, or nobody who could.
    """
    text = _check(text)
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        known = Message.objects.filter(token=token, dossier=dossier, from_member=False).first()
        if known is not None:
            return known
        if dossier.member is None:
            raise RefusedActError("no member", message_fr="On ne sait pas encore de quel adhérent est ce dossier.")
        event = append_saying(dossier, EventKind.HANDLER_WROTE, at=now, actor=actor, said={"text": text})
        handling = _lock_handling(dossier)
        handling.unread_messages = 0
        handling.unread_answers += 1
        handling.save(update_fields=["unread_messages", "unread_answers"])
        write_message_notice(dossier, f"message:{event.pk}", now=now)
        return _keep(dossier, event, token, now, from_member=False)


def mark_seen_by_handler(dossier_id: uuid.UUID, *, actor: str, now: datetime) -> bool:
    """A gestionnaire has read what the member wrote, and sees nothing to answer; False where nothing was unread."""
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        handling = _lock_handling(dossier)
        if not handling.unread_messages:
            return False
        handling.unread_messages = 0
        handling.save(update_fields=["unread_messages"])
        append_event(dossier, EventKind.MESSAGES_SEEN, at=now, actor=actor)
    return True


def mark_seen_by_member(dossier_id: uuid.UUID) -> None:
    """The member has the messages before them."""
    Handling.objects.filter(dossier=dossier_id, unread_answers__gt=0).update(unread_answers=0)


def list_messages(dossier_id: uuid.UUID) -> tuple[Written, ...]:
    """What was written about a dossier, oldest first, in two queries."""
    rows = list(Message.objects.filter(dossier=dossier_id).select_related("event__content").order_by("event"))
    named = {key for row in rows for key in (row.event.after or {}).get("pieces", ())}
    names = (
        {str(pk): name for pk, name in Piece.objects.filter(pk__in=named).values_list("pk", "name")} if named else {}
    )
    return tuple(_show(row, names) for row in rows)


def _show(row: Message, names: dict[str, str]) -> Written:
    said = read_said(row.event)
    return Written(
        id=row.event_id,
        at=row.written_at,
        from_member=row.from_member,
        author=row.event.actor,
        text=str(said.get("text", "")),
        papers=tuple(names[key] for key in said.get("pieces", ()) if key in names),
        complaint=bool(said.get("complaint")),
        urgent=bool(said.get("urgent")),
        acknowledge_by=str(said.get("acknowledge_by", "")),
    )


def _check(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise RefusedActError("nothing to read", message_fr="Écrivez votre message.")
    if len(text) > LONGEST:
        raise RefusedActError("too long", message_fr=f"Votre message est trop long : {LONGEST} caractères au plus.")
    return text


def _lock_handling(dossier: Dossier) -> Handling:
    """How the dossier stands among gestionnaires; whoever holds the dossier holds it too."""
    return Handling.objects.get_or_create(dossier=dossier)[0]


def _keep(dossier: Dossier, event: Event, token: uuid.UUID, now: datetime, *, from_member: bool) -> Message:
    return Message.objects.create(
        dossier=dossier, event=event, token=token, from_member=from_member, written_at=now
    )  # fmt: skip
