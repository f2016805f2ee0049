"""Who asks, what they may do, and what they looked at."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from portal.api.problems import ApiError
from portal.api.tokens import check_rate, read_token
from schemas.sights import SightKind
from storage import sights
from storage.integrators import Scope, find_integrator, insured_dossiers, name_integrator
from storage.models import Dossier, Integrator


class ApiRequest(HttpRequest):
    """A request that has shown a token."""

    auth: Integrator


class Token(HttpBearer):
    """A token that allows one scope; every request with a good token is counted."""

    openapi_type = "oauth2"
    openapi_flows = {  # noqa: RUF012 - read by ninja from the class
        "clientCredentials": {
            "tokenUrl": "/api/v1/token",
            "scopes": {
                Scope.READ.value: "Suivre les dossiers de son assureur",
                Scope.WRITE.value: "Déposer et compléter des dossiers",
                Scope.SETTLE.value: "Dire où en est le règlement",
            },
        }
    }

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_security_schema.pop("scheme", None)

    def authenticate(self, request: HttpRequest, token: str) -> Integrator | None:  # noqa: ARG002 - ninja's signature
        """The integrator behind a token; None for a token that is worth nothing.

        Raises:
            ApiError: it asked too often, or may not do this.
        """
        said = read_token(token)
        integrator = find_integrator(said[0]) if said else None
        if said is None or integrator is None:
            return None
        check_rate(integrator)
        # a scope that was taken away since counts no more
        if self.scope.value not in said[1] or self.scope.value not in integrator.scopes:
            challenge = f'Bearer realm="liasse", error="insufficient_scope", scope="{self.scope.value}"'
            raise ApiError("insufficient_scope", headers={"WWW-Authenticate": challenge})
        return integrator


def find_dossier(request: ApiRequest, dossier_id: uuid.UUID) -> Dossier:
    """A dossier of the asker's insurer; what is not theirs does not exist for them.

    Raises:
        ApiError: there is none.
    """
    rows = insured_dossiers(request.auth).select_related("member", "patient", "handling")
    dossier = rows.filter(pk=dossier_id).first()
    if dossier is None:
        raise ApiError("not_found")
    return dossier


def note_sight(request: ApiRequest, dossier_id: uuid.UUID, what: SightKind) -> None:
    """Write down who looked at what."""
    sights.note_sight(dossier_id, what, actor=name_integrator(request.auth), now=timezone.now())
