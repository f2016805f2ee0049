"""Everything that is kept of a member, as one file that other programs can read (RGPD art. 15 and 20)."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.db.models import Model

from schemas.statuses import PieceState
from storage.holds import name_member
from storage.models import Dossier, Event, Member, Person, Piece, SignIn, TrustedDevice
from storage.objects import ObjectStore
from storage.upkeep import record_upkeep

#: Columns that tell of the machinery, not of the member.
_MACHINERY = {"lease_owner", "lease_token", "lease_until", "attempts", "search_text", "words_key", "page_keys", "user"}


def export_member(
    member: Member, store: ObjectStore, file: Path, *, actor: str, now: datetime, person: Person | None = None
) -> int:
    """Write everything that is kept of a member into a ZIP file, for its reader alone (0600).

    ``donnees.json`` holds the member, the people, the sign-ins, and each dossier with its papers, readings, decisions,
    events and messages; ``documents/<reference>/`` holds the papers as they were received.

    Args:
        member: whose data.
        store: where papers are kept.
        file: replaced if it is there.
        actor: who exports, for the record.
        now: with time zone.
        person: only this one of the contract, with the dossiers of their care: nothing of the others, of the account
            or of the contract but its number.

    Returns:
        How many papers it holds.
    """
    dossiers = Dossier.objects.filter(member=member).order_by("opened_at", "reference")
    people = member.people.order_by("pk")
    if person is not None:
        dossiers, people = dossiers.filter(patient=person), people.filter(pk=person.pk)
    draft = file.with_name(f".{file.name}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    papers = 0
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        described = []
        for dossier in dossiers.prefetch_related(
            "pieces__reading", "decisions", "events__content", "messages", "sights"
        ):
            described.append(_describe_dossier(dossier))
            for number, piece in enumerate(dossier.pieces.all(), start=1):
                if piece.state != PieceState.ERASED.value:
                    archive.writestr(_name_file(dossier, number, piece), store.get_original(piece.original_id))
                    papers += 1
        data = {
            "exported_at": now.isoformat(),
            "member": _describe(member) if person is None else {"member_number": member.member_number},
            "people": [_describe(one) for one in people],
            "dossiers": described,
            "account": _describe_account(member) if person is None else {},
            "helpers": [_describe(helper) for helper in member.helpers.all()] if person is None else [],
        }
        archive.writestr("donnees.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
    draft.replace(file)
    detail = {"dossiers": len(described), "papers": papers, "person": person.pk if person else None}
    record_upkeep("export", actor=actor, now=now, subject=name_member(member), detail=detail)
    return papers


def _describe_account(member: Member) -> dict[str, Any]:
    """Who signed in to the account, from what, and which browsers it trusts; no key and no hash."""
    if member.user_id is None:
        return {}
    return {
        "sign_ins": list(SignIn.objects.filter(user_id=member.user_id).values("at", "label")),
        "trusted_devices": list(
            TrustedDevice.objects.filter(user_id=member.user_id).values("label", "trusted_at", "until")
        ),
    }


def _describe_dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        **_describe(dossier),
        "papers": [
            {
                **_describe(piece),
                "file": _name_file(dossier, number, piece) if piece.state != PieceState.ERASED.value else None,
                "reading": _describe(piece.reading) if hasattr(piece, "reading") else None,
            }
            for number, piece in enumerate(dossier.pieces.all(), start=1)
        ],
        "decisions": [_describe(record) for record in dossier.decisions.all()],
        "events": [_describe_event(event) for event in dossier.events.all()],
        "messages": [_describe(message) for message in dossier.messages.all()],
        # When and what, not which colleague: that is the colleague's own data.
        "sights": [{"at": sight.at, "what": sight.what} for sight in dossier.sights.all()],
    }


def _describe_event(event: Event) -> dict[str, Any]:
    """An event with what it says of a person, which is kept beside it."""
    content = getattr(event, "content", None)
    return {**_describe(event), "said": content.after if content else {}, "was": content.before if content else {}}


def _describe(row: Model) -> dict[str, Any]:
    """The columns of a row by name."""
    return {
        field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in _MACHINERY
    }


def _name_file(dossier: Dossier, number: int, piece: Piece) -> str:
    """A name within the archive that is safe wherever it is unpacked."""
    suffix = PurePosixPath(piece.name).suffix[:10]
    return f"documents/{dossier.reference.replace('/', '-')}/{number:02d}{suffix}"
