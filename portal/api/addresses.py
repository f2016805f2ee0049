"""The addresses of the API, first version."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query
from ninja.openapi.schema import OpenAPISchema

from portal.api import described, following, sending, settling
from portal.api.access import ApiRequest, Token
from portal.api.problems import ApiError, answer_problem, translate
from portal.api.shapes import (
    DossierOut,
    MessageIn,
    MessageListOut,
    MessageOut,
    MissingListOut,
    Number,
    OAuthErrorOut,
    PageOut,
    PageSize,
    ProblemOut,
    SentOut,
    SettlementIn,
    SettlementOut,
    Since,
    TokenOut,
)
from portal.api.tokens import give_token
from schemas import claims
from schemas.statuses import DossierStatus
from schemas.vocabulary import ClaimType
from storage.integrators import Scope


class DescribedAPI(NinjaAPI):
    """The API with its whole description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI description."""
        schema = super().get_openapi_schema(path_prefix=path_prefix or "/api/v1/", path_params=path_params)
        return cast("OpenAPISchema", described.finish(schema))


api = DescribedAPI(
    title=described.TITLE,
    version="1",
    description=described.SUMMARY_FR,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)


@api.exception_handler(Exception)
def tell(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Every error leaves as a problem."""
    return answer_problem(request, translate(cast("Exception", error)))


for _known in tuple(api._exception_handlers):  # ninja's own handlers would answer in their own form
    api.add_exception_handler(_known, tell)

_READING: dict[int, Any] = dict.fromkeys((401, 403, 404, 422, 429, 500), ProblemOut)
_SENDING: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503), ProblemOut)


@api.post(
    "/token",
    auth=None,
    url_name="token",
    operation_id="token",
    summary="Obtenir un jeton",
    tags=["Jetons"],
    response={200: TokenOut, 400: OAuthErrorOut, 401: OAuthErrorOut, 429: ProblemOut, 500: ProblemOut},
    openapi_extra=described.TOKEN_EXTRA,
)
def token(request: HttpRequest) -> HttpResponse:
    """Échange l’identifiant et le secret d’un intégrateur contre un jeton de courte durée (RFC 6749, 4.4)."""
    return give_token(request)


@api.get(
    "/dossiers",
    auth=Token(Scope.READ),
    url_name="dossiers",
    operation_id="listDossiers",
    summary="Lister les dossiers",
    tags=["Suivi"],
    response={200: PageOut, **{code: shape for code, shape in _READING.items() if code != 404}},
)
def list_dossiers(
    request: HttpRequest,
    status: DossierStatus | None = None,
    claim_type: ClaimType | None = None,
    member_number: Number | None = None,
    reference: claims.ClaimId | None = None,
    changed_since: Since | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: PageSize = 20,
) -> PageOut:
    """Les dossiers de l’assureur, du plus récent au plus ancien. next donne le curseur de la page suivante."""
    return following.list_page(
        cast("ApiRequest", request),
        status=status,
        claim_type=claim_type,
        member_number=member_number,
        reference=reference,
        changed_since=changed_since,
        cursor=cursor,
        limit=limit,
    )


@api.post(
    "/dossiers",
    auth=Token(Scope.WRITE),
    url_name="dossiers",
    operation_id="depositDossier",
    summary="Déposer une demande",
    tags=["Dépôt"],
    response={201: SentOut, **{code: shape for code, shape in _SENDING.items() if code != 404}},
    openapi_extra=described.describe_sending(claim=True),
)
def deposit_dossier(request: HttpRequest) -> HttpResponse:
    """Ouvre un dossier avec ses documents. claim est du JSON ; files est répété pour chaque document."""
    return sending.deposit(cast("ApiRequest", request))


@api.get(
    "/dossiers/{uuid:dossier_id}",
    auth=Token(Scope.READ),
    url_name="dossier",
    operation_id="showDossier",
    summary="Suivre un dossier",
    tags=["Suivi"],
    response={200: DossierOut, **_READING},
)
def show_dossier(request: HttpRequest, dossier_id: uuid.UUID) -> DossierOut:
    """Où en est le dossier, qui doit agir, le délai habituel et la version des règles qui l’ont décidé."""
    return following.show_one(cast("ApiRequest", request), dossier_id)


@api.get(
    "/dossiers/{uuid:dossier_id}/missing",
    auth=Token(Scope.READ),
    url_name="missing",
    operation_id="listMissing",
    summary="Lister les pièces manquantes",
    tags=["Suivi"],
    response={200: MissingListOut, **_READING},
)
def list_missing(request: HttpRequest, dossier_id: uuid.UUID) -> MissingListOut:
    """Ce qui est demandé à l’adhérent en ce moment, avec les phrases à lui montrer."""
    return following.show_missing(cast("ApiRequest", request), dossier_id)


@api.post(
    "/dossiers/{uuid:dossier_id}/papers",
    auth=Token(Scope.WRITE),
    url_name="papers",
    operation_id="addPapers",
    summary="Compléter un dossier",
    tags=["Dépôt"],
    response={201: SentOut, **_SENDING},
    openapi_extra=described.describe_sending(claim=False),
)
def add_papers(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Ajoute des documents à un dossier, qui est alors étudié de nouveau."""
    return sending.complete(cast("ApiRequest", request), dossier_id)


@api.get(
    "/dossiers/{uuid:dossier_id}/messages",
    auth=Token(Scope.READ),
    url_name="messages",
    operation_id="listMessages",
    summary="Lire les messages",
    tags=["Messages"],
    response={200: MessageListOut, **_READING},
)
def list_messages(
    request: HttpRequest,
    dossier_id: uuid.UUID,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: PageSize = 50,
) -> MessageListOut:
    """Ce que l’adhérent et les gestionnaires se sont écrit, du plus ancien au plus récent."""
    return following.list_messages(cast("ApiRequest", request), dossier_id, after=after, limit=limit)


@api.post(
    "/dossiers/{uuid:dossier_id}/messages",
    auth=Token(Scope.WRITE),
    url_name="messages",
    operation_id="writeMessage",
    summary="Écrire au gestionnaire",
    tags=["Messages"],
    response={201: MessageOut, **{code: shape for code, shape in _SENDING.items() if code not in (413, 415, 503)}},
    openapi_extra=described.describe_key(),
)
def write_message(request: HttpRequest, dossier_id: uuid.UUID, body: MessageIn) -> HttpResponse:
    """Ce que l’adhérent écrit ; les documents qui vont avec s’envoient par /papers."""
    return sending.write(cast("ApiRequest", request), dossier_id, body.text)


@api.post(
    "/dossiers/{uuid:dossier_id}/settlement",
    auth=Token(Scope.SETTLE),
    url_name="settlement",
    operation_id="reportSettlement",
    summary="Dire où en est le règlement",
    tags=["Règlement"],
    response={200: SettlementOut, 400: ProblemOut, 409: ProblemOut, **_READING},
)
def report_settlement(request: HttpRequest, dossier_id: uuid.UUID, body: SettlementIn) -> SettlementOut:
    """Ce que dit le système qui paie : décompte attendu, règlement repris, ou payé. Le redire ne change rien."""
    return settling.report(cast("ApiRequest", request), dossier_id, body)


@login_not_required
@csrf_exempt
def refuse_unknown(request: HttpRequest) -> HttpResponseBase:
    """Nothing is at this address."""
    return answer_problem(request, ApiError("not_found"))


_patterns, _app, _namespace = api.urls
#: To be mounted under ``api/v1/``. ninja's front page is left out: it only leads to a page of its own.
_addresses = [one for one in _patterns if isinstance(one, URLPattern) and one.name != "api-root"]
for _address in _addresses:  # tokens are checked by the API itself: nobody is led to the page for signing in
    _view = require_safe(_address.callback) if _address.name == "openapi-json" else _address.callback
    _address.callback = login_not_required(_view)
urls = (_addresses, _app, _namespace)
