"""What a member can expect: the usual delay of such requests, in words."""

from __future__ import annotations

import datetime as dt
import math

from django.core.cache import cache

from portal.french import NBSP, count
from schemas.vocabulary import ClaimType
from storage.delays import ExpectedDelay, measure_delay

#: Seconds for which a measured delay is shown before it is measured again.
_FRESH = 600


def tell_usual_delay(claim_type: ClaimType, now: dt.datetime) -> str:
    """One sentence on how long such requests take, from those of the last months; empty where too few are settled."""
    delay = find_usual_delay(claim_type, now)
    return say_delay(delay) if delay else ""


def find_usual_delay(claim_type: ClaimType, now: dt.datetime) -> ExpectedDelay | None:
    """The same as figures, measured every few minutes at most."""
    key = f"usual-delay:{claim_type.value}"
    known: tuple[ExpectedDelay | None] | None = cache.get(key)
    if known is None:  # in a tuple, so that "too few to tell" is remembered too
        known = (measure_delay(claim_type, now),)
        cache.set(key, known, _FRESH)
    return known[0]


def say_delay(delay: ExpectedDelay) -> str:
    """The median and what nine in ten take, with how many dossiers that rests on."""
    half, most = _say_days(delay.median), _say_days(delay.ninety)
    usual = f"Pour ce type de demande, la réponse vient d’habitude {half}"
    if most != half:
        usual += f", et neuf fois sur dix {most}"
    return (
        f"{usual} (calculé sur {count(delay.dossiers, 'dossier', 'dossiers')} des six derniers mois, "
        "sans les jours où un document manquait)."
    )


def _say_days(days: float) -> str:
    whole = math.ceil(days)
    return "dans la journée" if whole <= 1 else f"en {whole}{NBSP}jours au plus"
