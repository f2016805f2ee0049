"""What other systems are told: that a dossier's status changed. Written with the change, sent afterwards."""

from __future__ import annotations

from schemas.settings import load_settings
from schemas.statuses import EventKind
from storage.models import Dossier, Event, WebhookDelivery

STATUS_CHANGED = "dossier.status_changed"


def announce_status(dossier: Dossier, event: Event, before: str) -> WebhookDelivery | None:
    """Write what is told of a change, in the caller's transaction; None where nobody is to be told.

    It holds the dossier's reference and its statuses: no person, no care, no paper, no amount.

    Args:
        dossier: with its new status.
        event: that changed it; its number makes the key, so that each change is told once.
        before: status before; the same as now for a dossier that was just opened.
    """
    if not load_settings().webhook_url:
        return None
    opened = event.kind == EventKind.DOSSIER_OPENED.value
    return WebhookDelivery.objects.create(
        key=f"status:{event.pk}",
        dossier=dossier,
        payload={
            "type": STATUS_CHANGED,
            "timestamp": event.at.isoformat(),
            "data": {
                "dossier": str(dossier.pk),
                "reference": dossier.reference,
                "status": dossier.status,
                "previous_status": None if opened else before,
            },
        },
        created_at=event.at,
        due_at=event.at,
    )
