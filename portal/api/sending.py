"""Sending papers: a new request, or what was missing. The same functions as the site's deposit, another door."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pydantic
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from portal import deposits
from portal.api.access import ApiRequest, find_dossier
from portal.api.following import describe_message, link_to
from portal.api.problems import ApiError, FaultText, describe_fault
from portal.api.shapes import ClaimIn, SentOut
from portal.limits import load_limits
from portal.uploads import digest_file, find_file_faults
from schemas.errors import RefusedActError, UnknownMemberError, UnknownPatientError
from schemas.rules import installed_rules
from schemas.statuses import Door
from storage import talking
from storage.integrators import begin_sending, find_insured, find_patient, keep_insured, name_integrator
from storage.models import Dossier, Integrator

_KEY = re.compile(r"[\x21-\x7e]{1,100}")
if TYPE_CHECKING:  # only type checkers know it as generic
    _Files = list[UploadedFile[bytes]]


def deposit(request: ApiRequest) -> HttpResponse:
    """Open a dossier with its papers."""
    key = _read_key(request)
    files = _read_files(request, {"claim"})
    claim = _read_claim(request)

    def send(token: uuid.UUID) -> Dossier:
        integrator = request.auth
        with transaction.atomic():
            record = claim.to_member(integrator.insurer)
            member = keep_insured(integrator, record) if record else find_insured(integrator, claim.member_number)
            patient = find_patient(member, claim.patient.first, claim.patient.last, claim.patient.birth_date)
        return deposits.deposit_papers(
            member,
            claim.claim_type,
            patient,
            claim.message,
            files,
            token,
            actor=name_integrator(integrator),
            now=timezone.now(),
            door=Door.API,
        )

    return _send_once(request, key, ["deposit", claim.model_dump(mode="json")], files, send)


def complete(request: ApiRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Add papers to a dossier."""
    dossier = find_dossier(request, dossier_id)
    key = _read_key(request)
    files = _read_files(request, set())

    def send(token: uuid.UUID) -> Dossier:
        actor = name_integrator(request.auth)
        deposits.add_to_dossier(dossier, files, token, actor=actor, now=timezone.now(), door=Door.API)
        return dossier

    return _send_once(request, key, ["complete", str(dossier.pk)], files, send)


def write(request: ApiRequest, dossier_id: uuid.UUID, text: str) -> HttpResponse:
    """What a member writes to a gestionnaire, once for each key."""
    dossier = find_dossier(request, dossier_id)
    key = _read_key(request)
    integrator, now = request.auth, timezone.now()
    named = hashlib.sha256(json.dumps(["message", str(dossier.pk), text]).encode()).hexdigest()
    row = begin_sending(integrator, key, named, now)
    known: dict[str, Any] | None = row.answer
    answer = known
    if answer is None:
        actor = name_integrator(integrator)
        try:
            message = talking.write_as_member(
                dossier.pk, text, _name_sending(integrator, key), installed_rules(), actor=actor, now=now
            )
        except RefusedActError as error:
            row.delete()  # nothing was kept: the same key may come back
            fault = FaultText("text", error.code, str(error), error.message_fr or "")
            raise ApiError("invalid", [fault]) from None
        written = next(one for one in talking.list_messages(dossier.pk) if one.id == message.event_id)
        answer = row.answer = describe_message(written).model_dump(mode="json")
        row.save(update_fields=["answer"])
    return JsonResponse(answer, status=201, headers={"Idempotent-Replayed": "false" if known is None else "true"})


def _name_sending(integrator: Integrator, key: str) -> uuid.UUID:
    """The name of a sending, always the same for the same key."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"liasse:{integrator.client_id}:{key}")


def _send_once(
    request: ApiRequest, key: str, what: list[object], files: _Files, send: Callable[[uuid.UUID], Dossier]
) -> HttpResponse:
    """Send what a key names, once.

    A sending that was cut short has no answer yet. It is sent again under the same token, which adds only what is not
    there, so nobody has to wait for a lock to lapse.
    """
    digests = [digest_file(file) for file in files]
    named = json.dumps([what, [[file.name, digest] for file, digest in zip(files, digests, strict=True)]])
    integrator: Integrator = request.auth
    row = begin_sending(integrator, key, hashlib.sha256(named.encode()).hexdigest(), timezone.now())
    known: dict[str, Any] | None = row.answer
    answer = known
    if answer is None:
        try:
            dossier = send(_name_sending(integrator, key))
        except (UnknownMemberError, UnknownPatientError):
            row.delete()  # nothing was kept: the same key may come back with the mistake put right
            raise
        sent = SentOut(
            id=dossier.pk, reference=dossier.reference, received=len(files), sha256=digests, href=link_to(dossier.pk)
        )
        answer = row.answer = sent.model_dump(mode="json")
        row.save(update_fields=["answer"])
    headers = {"Location": answer["href"], "Idempotent-Replayed": "false" if known is None else "true"}
    return JsonResponse(answer, status=201, headers=headers)


def _read_key(request: ApiRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise ApiError("idempotency_key_invalid")
    return key


def _read_files(request: ApiRequest, fields: set[str]) -> _Files:
    if request.content_type != "multipart/form-data":
        raise ApiError("unsupported_media_type")
    # An unknown part is most likely a paper under a wrong name: taken silently, it would be lost.
    unknown = (set(request.POST) - fields) | (set(request.FILES) - {"files"})
    faults = [
        FaultText(name[:100], "extra_forbidden", "There is no such part.", "Cette partie n’existe pas.")
        for name in sorted(unknown)
    ]
    files: _Files = list(request.FILES.getlist("files"))
    faults += [FaultText("files", one.code, one.en, one.fr) for one in find_file_faults(files, load_limits())]
    if faults:
        raise ApiError("invalid", faults)
    return files


def _read_claim(request: ApiRequest) -> ClaimIn:
    parts = request.POST.getlist("claim")
    if len(parts) != 1:
        fault = FaultText("claim", "missing", "Send one part named 'claim'.", "Envoyez une partie nommée « claim ».")
        raise ApiError("invalid", [fault])
    try:
        return ClaimIn.model_validate_json(parts[0], strict=True)
    except pydantic.ValidationError as error:
        raise ApiError("invalid", [describe_fault(dict(one), "claim") for one in error.errors()]) from None
