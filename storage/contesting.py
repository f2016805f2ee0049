"""A member does not accept a decision: it is decided again, by a person, and not by the one who decided."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.calendar import add_months
from schemas.errors import RefusedActError
from schemas.rules import InsurerRules
from schemas.statuses import HANDED_OVER, DossierStatus, EventKind
from storage.contents import append_saying
from storage.deciding import schedule_decision
from storage.events import lock_dossier
from storage.models import Contest, Dossier, Event
from storage.talking import LONGEST

_DECIDING = (EventKind.DECIDED.value, EventKind.HANDLER_ACCEPTED.value, EventKind.HANDLER_REFUSED.value)
_DECIDED = HANDED_OVER | {DossierStatus.REFUSED}


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a member can do about a decision.

    Attributes:
        until: last day on which the site takes a contest; None where none can be made.
        open_since: the contest that is being looked at, None for none.
        passed: there was a time, and it is over.
    """

    until: date | None = None
    open_since: datetime | None = None
    passed: bool = False


def find_remedy(dossier: Dossier, rules: InsurerRules, today: date) -> Remedy:
    """What the member of a dossier can do about its decision, in two queries at most."""
    if rules.contests is None or not dossier.claim_type:
        return Remedy()
    running = Contest.objects.select_related("event").filter(dossier=dossier, settled_at=None).first()
    if running is not None:
        return Remedy(open_since=running.event.at)
    if DossierStatus(dossier.status) not in _DECIDED:
        return Remedy()
    last = _find_decision(dossier)
    if last is None or last.at.date() < rules.contests.effective_from:
        return Remedy()
    until = add_months(last.at.date(), rules.contests.within_months)
    return Remedy(until=until) if today <= until else Remedy(passed=True)


def contest(
    dossier_id: uuid.UUID, why: str, token: uuid.UUID, rules: InsurerRules, *, actor: str, now: datetime, today: date
) -> Contest:
    """Have a decision looked at again.

    Args:
        dossier_id: of a dossier of theirs.
        why: in the member's words; compulsory.
        token: names the sending: sent again, it gives the contest of the first time.
        rules: of the insurer.
        actor: who contests, for the event.
        now: with time zone.
        today: on the site's clock.

    Raises:
        RefusedActError: no reason, nothing to contest, or too late.
    """
    why = why.replace("\r\n", "\n").strip()
    with transaction.atomic():
        dossier = lock_dossier(dossier_id)
        known = Contest.objects.filter(token=token, dossier=dossier).first()
        if known is not None:
            return known
        if not why or len(why) > LONGEST:
            raise RefusedActError(
                "no reason, or too long a one",
                message_fr=f"Dites pourquoi vous n’êtes pas d’accord, en {LONGEST} caractères au plus.",
            )
        if find_remedy(dossier, rules, today).until is None:
            raise RefusedActError(
                "nothing to contest",
                message_fr="Cette décision ne peut pas, ou ne peut plus, être contestée sur le site.",
            )
        decision = _find_decision(dossier)
        decider = User.objects.filter(username=decision.actor).first() if decision else None
        said = {"text": why, "event": decision.pk if decision else None}
        event = append_saying(dossier, EventKind.CONTESTED, at=now, actor=actor, said=said)
        made = Contest.objects.create(dossier=dossier, event=event, token=token, decided_by=decider)
        schedule_decision(dossier_id, now)
    return made


def refuse_own_decision(dossier: Dossier, user_id: int) -> None:
    """Keep whoever took a contested decision from taking the next one.

    Raises:
        RefusedActError: they did.
    """
    if Contest.objects.filter(dossier=dossier, settled_at=None, decided_by=user_id).exists():
        raise RefusedActError(
            "the decision contested is theirs",
            message_fr="L’adhérent conteste votre décision : une autre personne doit étudier ce dossier.",
        )


def settle_contest(dossier: Dossier, now: datetime) -> None:
    """Somebody has decided again."""
    Contest.objects.filter(dossier=dossier, settled_at=None).update(settled_at=now)


def _find_decision(dossier: Dossier) -> Event | None:
    """The decision that counts: the last one of the machine or of a gestionnaire."""
    return Event.objects.filter(dossier=dossier, kind__in=_DECIDING).order_by("-pk").first()
