"""The systems that use the API: made, recognised, counted, shut out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet

from schemas import claims
from schemas.errors import ConfigurationError, IdempotencyConflictError, UnknownMemberError, UnknownPatientError
from storage.intake import fold_text, keep_member
from storage.integrator_models import IdempotencyKey, Integrator
from storage.models import Dossier, Member, Person

#: Length of time over which requests are counted.
WINDOW = timedelta(minutes=1)


class Scope(StrEnum):
    """What an integrator may do."""

    READ = "dossiers:read"
    WRITE = "dossiers:write"
    SETTLE = "settlement:write"


def name_integrator(integrator: Integrator) -> str:
    """How an integrator is named in events and logs."""
    return f"integrator:{integrator.client_id}"


def add_integrator(name: str, insurer: str, scopes: Collection[Scope], *, now: datetime) -> tuple[Integrator, str]:
    """A new integrator, and its secret, which is kept nowhere.

    Raises:
        ConfigurationError: a name or an insurer is empty or too long, or there is no scope.
    """
    name, insurer = name.strip(), insurer.strip()
    if not 0 < len(name) <= 80 or not 0 < len(insurer) <= 120:
        raise ConfigurationError("an integrator needs a name (80 characters at most) and an insurer (120 at most)")
    if not scopes:
        raise ConfigurationError("an integrator needs a scope")
    secret = secrets.token_urlsafe(32)
    integrator = Integrator.objects.create(
        client_id=f"esp-{secrets.token_hex(8)}",
        secret_hash=_hash(secret),
        name=name,
        insurer=insurer,
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
    )
    return integrator, secret


def revoke_integrator(client_id: str, *, now: datetime) -> Integrator:
    """Refuse an integrator from now on, its tokens included; doing it again changes nothing.

    Raises:
        ConfigurationError: there is none of this identifier.
    """
    integrator = Integrator.objects.filter(client_id=client_id).first()
    if integrator is None:
        raise ConfigurationError("no integrator has this client id")
    Integrator.objects.filter(pk=integrator.pk, disabled_at__isnull=True).update(disabled_at=now)
    integrator.refresh_from_db()
    return integrator


def recognise(client_id: str, secret: str) -> Integrator | None:
    """The integrator that shows its secret, None for anybody else."""
    integrator = find_integrator(client_id)
    known = integrator.secret_hash if integrator else _hash("")
    return integrator if secrets.compare_digest(known, _hash(secret)) else None


def find_integrator(client_id: str) -> Integrator | None:
    """The integrator of an identifier, unless it is shut out."""
    if "\0" in client_id:  # databases refuse to look for a NUL
        return None
    return Integrator.objects.filter(client_id=client_id, disabled_at__isnull=True).first()


def count_request(integrator: Integrator, limit: int, now: datetime) -> int:
    """Count one more request, in the database, so that every process of the site counts the same.

    Returns:
        0 when it may be answered, else the seconds to wait.
    """
    rows = Integrator.objects.filter(pk=integrator.pk)
    # One statement each, without reading first: two requests at once are both counted.
    if rows.filter(window_at__gt=now - WINDOW, asked__lt=limit).update(asked=F("asked") + 1):
        return 0
    if rows.exclude(window_at__gt=now - WINDOW).update(window_at=now, asked=1):
        return 0
    begun = rows.values_list("window_at", flat=True).get()
    return max(1, -int((now - WINDOW - begun).total_seconds() // 1)) if begun else 1


def insured_dossiers(integrator: Integrator) -> QuerySet[Dossier]:
    """The dossiers that an integrator may know of: of its insurer's contracts, and not erased."""
    return Dossier.objects.filter(member__mutuelle=integrator.insurer, erased_at__isnull=True)


def find_insured(integrator: Integrator, number: str) -> Member:
    """The contract of a number at the integrator's insurer.

    Raises:
        UnknownMemberError: there is none; the same for a number of another insurer.
    """
    member = Member.objects.filter(member_number=number, mutuelle=integrator.insurer).first()
    if member is None:
        raise UnknownMemberError("no contract of this insurer has this member number")
    return member


def keep_insured(integrator: Integrator, member: claims.Member) -> Member:
    """Write down what the insurer knows of a member, or bring it up to date.

    Raises:
        UnknownMemberError: the number belongs to a contract of another insurer.
    """
    with transaction.atomic():
        # Held before it is looked at: the same number may be written down for another insurer at this moment.
        Member.objects.get_or_create(member_number=member.member_number, defaults={"mutuelle": integrator.insurer})
        row = Member.objects.select_for_update(of=("self",)).get(member_number=member.member_number)
        if row.mutuelle != integrator.insurer:
            raise UnknownMemberError("no contract of this insurer has this member number")
        return keep_member(member.model_copy(update={"mutuelle": integrator.insurer}))


def find_patient(member: Member, first: str, last: str, birth_date: date | None) -> Person:
    """The person of a contract who has this name, whatever its accents and capitals, and this birth date, if given.

    Raises:
        UnknownPatientError: there is none, or more than one.
    """
    wanted = fold_text(f"{first} {last}")
    found = [person for person in member.people.all() if fold_text(f"{person.first} {person.last}") == wanted]
    if birth_date is not None:
        found = [person for person in found if person.birth_date in (birth_date, None)]
        found = [person for person in found if person.birth_date] or found
    if len(found) != 1:
        raise UnknownPatientError("nobody covered by the contract, or more than one, has this name and birth date")
    return found[0]


def begin_sending(integrator: Integrator, key: str, fingerprint: str, now: datetime) -> IdempotencyKey:
    """The row of a sending, written down when it is new.

    Raises:
        IdempotencyConflictError: the key already names something else.
    """
    row, _ = IdempotencyKey.objects.get_or_create(
        integrator=integrator, key=key, defaults={"fingerprint": fingerprint, "begun_at": now}
    )
    if row.fingerprint != fingerprint:
        raise IdempotencyConflictError("this idempotency key already names another request")
    return row


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
