"""What the system that pays says of a dossier."""

from __future__ import annotations

import uuid

from django.utils import timezone

from portal.api.access import ApiRequest, find_dossier
from portal.api.shapes import SettlementIn, SettlementOut
from schemas.statuses import STATUS_LABELS_FR, DossierStatus
from storage.integrators import name_integrator
from storage.settling import report_settlement


def report(request: ApiRequest, dossier_id: uuid.UUID, said: SettlementIn) -> SettlementOut:
    """Write it down; 409 for a dossier that is not with those who pay."""
    dossier = find_dossier(request, dossier_id)
    actor, now = name_integrator(request.auth), timezone.now()
    dossier = report_settlement(dossier.pk, said.state, day=said.on, actor=actor, now=now)
    status = DossierStatus(dossier.status)
    return SettlementOut(status=status, status_fr=STATUS_LABELS_FR[status])
