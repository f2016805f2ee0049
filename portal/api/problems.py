"""Errors of the API: problem+json (RFC 9457), a stable code, a title in English, a sentence in French or English."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import AuthenticationError, ValidationError

from schemas.errors import (
    IdempotencyConflictError,
    LiasseError,
    NotHandedOverError,
    StorageError,
    UnknownMemberError,
    UnknownPatientError,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Every address of the API begins so.
PREFIX = "/api/"
DOCS_PATH = "/api/v1/docs"


@dataclass(frozen=True)
class Kind:
    """One sort of error.

    Attributes:
        title: in English, the same every time.
        en, fr: what is said of it where nothing more precise is known.
    """

    status: int
    title: str
    en: str
    fr: str


#: Every code that a client may meet.
KINDS: dict[str, Kind] = {
    "bad_request": Kind(
        400, "Bad request", "The request cannot be understood.", "Cette demande ne peut pas être comprise."
    ),
    "idempotency_key_invalid": Kind(
        400,
        "Idempotency-Key missing or invalid",
        "Send an Idempotency-Key header: 1 to 100 visible ASCII characters, another one for each sending.",
        "Envoyez un en-tête Idempotency-Key : de 1 à 100 caractères ASCII visibles, différents pour chaque envoi.",
    ),
    "unauthorized": Kind(
        401,
        "Not authenticated",
        "Show a valid token, as POST /api/v1/token gives one.",
        "Présentez un jeton valable, obtenu par POST /api/v1/token.",
    ),
    "insufficient_scope": Kind(
        403,
        "Insufficient scope",
        "This token does not allow this operation.",
        "Ce jeton ne permet pas cette opération.",
    ),
    "not_found": Kind(
        404,
        "Not found",
        "There is nothing here that this integrator may see.",
        "Il n’y a rien ici que cet intégrateur puisse voir.",
    ),
    "method_not_allowed": Kind(
        405,
        "Method not allowed",
        "This address does not take this method.",
        "Cette adresse n’accepte pas cette méthode.",
    ),
    "too_large": Kind(413, "Too large", "The request is too large.", "Cet envoi est trop lourd."),
    "unsupported_media_type": Kind(
        415,
        "Unsupported media type",
        "Send multipart/form-data.",
        "Envoyez les données en multipart/form-data.",
    ),
    "invalid": Kind(
        422,
        "Invalid request",
        "Something in the request is not as it should be; see 'errors'.",
        "Un élément de la demande n’est pas conforme ; voyez « errors ».",
    ),
    "unknown_member": Kind(
        422,
        "Unknown member",
        "No contract of this insurer has this member number.",
        UnknownMemberError.message_fr or "",
    ),
    "unknown_patient": Kind(
        422,
        "Unknown patient",
        "The person is not among those known to be covered by the contract.",
        UnknownPatientError.message_fr or "",
    ),
    "idempotency_key_reused": Kind(
        409,
        "Idempotency-Key reused",
        "This Idempotency-Key already names another request. Take a new one.",
        IdempotencyConflictError.message_fr or "",
    ),
    "not_handed_over": Kind(
        409,
        "Not handed over",
        "This dossier is not, or is no longer, with those who pay.",
        NotHandedOverError.message_fr or "",
    ),
    "rate_limited": Kind(
        429,
        "Too many requests",
        "Too many requests; wait as long as Retry-After says.",
        "Trop de demandes ; attendez le temps indiqué par Retry-After.",
    ),
    "server_error": Kind(
        500,
        "Server error",
        "The server met a problem. Send the same request again in a few minutes.",
        "Le serveur a rencontré un problème. Renvoyez la même demande dans quelques minutes.",
    ),
    "not_kept": Kind(
        503,
        "Not kept",
        "Not every paper may be safe. Send the same request again, with the same Idempotency-Key.",
        "Tous les documents n’ont peut-être pas été enregistrés. Renvoyez la même demande, avec la même clé.",
    ),
}

_BY_STATUS = {400: "bad_request", 403: "not_found", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class Fault(TypedDict):
    """One thing that is wrong in a request."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class FaultText:
    """The same before a language is chosen."""

    field: str
    code: str
    en: str
    fr: str


class ApiError(LiasseError):
    """Ends a request with a problem.

    Args:
        code: one of ``KINDS``.
        faults: what is wrong, for ``invalid``.
        headers: to be sent with it.
    """

    def __init__(self, code: str, faults: Sequence[FaultText] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(KINDS[code].en, message_fr=KINDS[code].fr)
        self.code = code
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


class OAuthFault(JsonResponse):
    """An error of the token endpoint, in the form of RFC 6749; it stays as it is."""


def speaks_english(request: HttpRequest) -> bool:
    """Whether the sender would rather read English than French; French where neither is named."""
    for language, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if language.partition("-")[0] in ("fr", "en"):
            return language.startswith("en")
    return False


def answer_problem(request: HttpRequest, error: ApiError) -> HttpResponse:
    """The answer that tells of an error."""
    kind, english = KINDS[error.code], speaks_english(request)
    body: dict[str, Any] = {
        "type": f"{DOCS_PATH}#{error.code}",
        "title": kind.title,
        "status": kind.status,
        "code": error.code,
        "detail": kind.en if english else kind.fr,
    }
    if error.faults:
        body["errors"] = [
            Fault(field=one.field, code=one.code, detail=one.en if english else one.fr) for one in error.faults
        ]
    headers = {"Content-Language": "en" if english else "fr", "Vary": "Accept-Language", **error.headers}
    if kind.status == 401:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="liasse"')
    return JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE, headers=headers)


def translate(error: Exception) -> ApiError:
    """The problem that an exception comes to; those that nobody foresaw are logged."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, AuthenticationError):
        return ApiError("unauthorized")
    if isinstance(error, ValidationError):
        return ApiError("invalid", [describe_fault(one) for one in error.errors])
    if isinstance(error, LiasseError) and error.code in KINDS:
        return ApiError(error.code)
    if isinstance(error, StorageError):
        log.exception("a sending could not be kept")
        return ApiError("not_kept", headers={"Retry-After": "10"})
    if isinstance(error, RequestDataTooBig):
        return ApiError("too_large")
    if isinstance(error, MultiPartParserError | BadRequest | SuspiciousOperation | UnreadablePostError):
        return ApiError("bad_request")
    log.exception("the API failed")
    return ApiError("server_error")


#: French for the faults that people make most; what pydantic says of the others is in English only.
_FAULTS_FR = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas.",
    "enum": "Cette valeur ne fait pas partie des valeurs possibles.",
    "string_too_long": "Ce texte est trop long.",
    "string_too_short": "Ce texte est trop court.",
    "json_invalid": "Ce n’est pas du JSON.",
}


def describe_fault(error: Mapping[str, Any], parent: str = "") -> FaultText:
    """What is wrong with a value; the value itself is not repeated.

    Args:
        error: as pydantic tells it.
        parent: where the value came from, before its own place.
    """
    place = [str(part) for part in error["loc"] if part not in ("query", "path", "header", "form", "body")]
    code = str(error["type"])
    french = _FAULTS_FR.get(code, "Cette valeur n’est pas acceptée.")
    return FaultText(".".join([parent, *place] if parent else place), code, str(error["msg"]), french)


class ProblemMiddleware:
    """Gives what the site itself refuses under ``/api/`` (too large a request, for example) the form of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or tell the problem."""
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX) or response.status_code < 400 or isinstance(response, OAuthFault):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        code = _BY_STATUS.get(response.status_code, "server_error" if response.status_code >= 500 else "bad_request")
        headers = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
        return answer_problem(request, ApiError(code, headers=headers))
