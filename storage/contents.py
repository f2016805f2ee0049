"""What an event says of a person, kept beside it so that it can be erased; the event itself holds identifiers alone.

Values, places and what people wrote go into ``EventContent``; who, when, which paper and which field stay in the event
(docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.statuses import EventKind
from storage.events import append_event
from storage.models import Dossier, Event, EventContent, Piece

_PRIVATE = frozenset({"value", "raw_text", "polygon", "why", "text", "sentence", "papers", "other_name"})


def append_saying(
    dossier: Dossier,
    kind: EventKind,
    *,
    at: datetime,
    actor: str,
    said: Mapping[str, Any],
    was: Mapping[str, Any] | None = None,
    piece: Piece | None = None,
    also: tuple[str, ...] = (),
) -> Event:
    """Add an event that says something of a person (see ``storage.events.append_event``).

    Args:
        dossier: held by the caller.
        kind: what happened.
        at: when, with time zone.
        actor: user name.
        said: what it says; what is private of it goes beside the event.
        was: what it takes the place of, in the same way.
        piece: the paper it is about.
        also: names of further fields of the dossier that the caller has changed.
    """
    (open_said, private_said), (open_was, private_was) = _part(said), _part(was or {})
    event = append_event(
        dossier, kind, at=at, actor=actor, piece=piece, detail=open_said, was=open_was, also=also
    )  # fmt: skip
    if private_said or private_was:
        EventContent.objects.create(event=event, before=private_was, after=private_said)
    return event


def read_said(event: Event) -> dict[str, Any]:
    """All that an event says; what was erased of it is not there."""
    content = getattr(event, "content", None)
    return {**(event.after or {}), **(content.after if content else {})}


def read_was(event: Event) -> dict[str, Any]:
    """All that an event says of what was before."""
    content = getattr(event, "content", None)
    return {**(event.before or {}), **(content.before if content else {})}


def _part(said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    private = {key: value for key, value in said.items() if key in _PRIVATE and value not in (None, "")}
    return {key: value for key, value in said.items() if key not in _PRIVATE}, private
