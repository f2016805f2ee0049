"""Depositing papers: what a form holds, handed over to storage once."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from portal.uploads import digest_file
from schemas.advice import SenderWarning
from schemas.errors import KeyConflictError
from schemas.statuses import Door
from schemas.vocabulary import ClaimType
from storage.assembling import open_unattached
from storage.intake import open_dossier, receive_piece
from storage.models import Dossier, Member, Person, Piece

#: Letters and digits that nobody mistakes for one another on the telephone.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

#: While the files of one sending are being put away, the dossier is not decided on the first of them. Should the
#: site die in between, the dossier is decided on what arrived after this time.
_WHILE_SENDING = dt.timedelta(minutes=5)


def deposit_papers(
    member: Member,
    claim_type: ClaimType | None,
    patient: Person | None,
    message: str,
    files: Sequence[UploadedFile[bytes]],
    token: uuid.UUID,
    *,
    actor: str,
    now: dt.datetime,
    door: Door = Door.SITE,
    warnings: Mapping[str, SenderWarning] | None = None,
) -> Dossier:
    """Open a dossier with its papers; the same sending received again gives the same dossier, nothing doubled.

    Args:
        member: whose dossier it is.
        claim_type: what is asked for; None where the member does not know: the papers then join an open dossier that
            they surely belong to, or a person looks (``storage.assembling``).
        patient: who is concerned, one of the member's people; None only where nothing is known to be asked for.
        message: what the member wrote.
        files: at least one, each within the limits.
        token: names the sending; a sending that asks for something else is another one, whatever its token.
        actor: who sends, for the events: an identifier that names nobody.
        now: with time zone.
        door: where it came in.
        warnings: as in ``add_to_dossier``.

    Raises:
        StorageError: some papers may not be safe; sending the same form again completes the dossier.
    """
    today = timezone.localdate(now)
    for attempt in range(10):
        reference = _derive_reference(today, member, claim_type, patient, token, attempt)
        try:
            if claim_type is None:
                number = member.member_number
                dossier = open_unattached(reference, number, today, now=now, message=message, actor=actor)
            else:
                dossier = open_dossier(
                    reference,
                    claim_type,
                    today,
                    member=member,
                    patient=patient,
                    now=now,
                    message=message,
                    actor=actor,
                )
        except KeyConflictError:  # another member's reference: one chance in hundreds of thousands of millions
            continue
        add_to_dossier(dossier, files, token, actor=actor, now=now, door=door, warnings=warnings)
        return dossier
    raise KeyConflictError("no free reference was found for a deposit")


def add_to_dossier(
    dossier: Dossier,
    files: Sequence[UploadedFile[bytes]],
    token: uuid.UUID,
    *,
    actor: str,
    now: dt.datetime,
    door: Door = Door.SITE,
    warnings: Mapping[str, SenderWarning] | None = None,
) -> None:
    """Add papers to a dossier; the same sending received again adds nothing.

    A file is named by the sending and its content, not by its rank: after a failure the sender may have changed
    the list, and no paper may be taken for another.

    Args:
        dossier: of the sender.
        files: at least one, each within the limits.
        token: names the sending.
        actor: who sends, for the events.
        now: with time zone.
        door: where it came in.
        warnings: by SHA-256 of a file, what its sender had been told is wrong with it (``portal.first_look``).

    Raises:
        StorageError: some papers may not be safe; sending the same form again adds the rest.
    """
    for rank, file in enumerate(files, start=1):
        digest = digest_file(file)
        receive_piece(
            dossier,
            file,  # type: ignore[arg-type]  # UploadedFile reads like a binary file without being one for the typer
            file.name or "",
            door,
            f"{dossier.pk}/{token}/{digest}",
            now,
            actor=actor,
            settle=None if rank == len(files) else _WHILE_SENDING,
            warning=(warnings or {}).get(digest),
        )


def find_sent(dossier: Dossier, token: uuid.UUID) -> list[Piece]:
    """The papers of a sending, in the order in which they came."""
    return list(
        Piece.objects.filter(dossier=dossier, door_key__startswith=f"{dossier.pk}/{token}/").order_by("received_at")
    )


def _derive_reference(
    today: dt.date, member: Member, claim_type: ClaimType | None, patient: Person | None, token: uuid.UUID, attempt: int
) -> str:
    """A reference like those of ``storage.intake.make_reference``, always the same for the same sending."""
    asked = f"{claim_type.value if claim_type else ''}/{patient.pk if patient else ''}"
    seed = f"{member.pk}/{asked}/{token}/{attempt}"
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    signs = ""
    for _ in range(8):
        number, index = divmod(number, len(_SIGNS))
        signs += _SIGNS[index]
    return f"{today.year}-{signs[:4]}-{signs[4:]}"
