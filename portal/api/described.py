"""What the OpenAPI description says beyond what the models say: headers, multipart bodies, the form of errors."""

from __future__ import annotations

from typing import Any

from portal.api.problems import KINDS, MEDIA_TYPE
from portal.api.shapes import ClaimIn
from portal.limits import load_limits
from storage.integrators import Scope

TITLE = "API de Liasse"
SUMMARY_FR = (
    "Dépôt et suivi de dossiers pour l’espace client d’un assureur. Chaque intégrateur ne voit que les dossiers de son "
    "assureur. Les erreurs suivent la RFC 9457."
)

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Nomme cet envoi : le même envoi répété sous la même clé ne compte qu’une fois.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}
_FILES = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "format": "binary", "minLength": 1},
    "description": "Les documents ; formats et tailles comme sur le site.",
}
TOKEN_EXTRA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": {"type": "string", "description": "Droits demandés, séparés par des espaces."},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                    },
                }
            }
        },
    },
    "security": [{"Client": []}, {}],
}


def describe_key() -> dict[str, Any]:
    """The header that names a sending."""
    return {"parameters": [_KEY]}


def describe_sending(*, claim: bool) -> dict[str, Any]:
    """The header and the multipart body of a sending."""
    properties: dict[str, Any] = {"files": _FILES}
    content: dict[str, Any] = {
        "schema": {
            "type": "object",
            "required": ["files"],
            "properties": properties,
            "additionalProperties": False,
        }
    }
    if claim:
        properties["claim"] = {"$ref": "#/components/schemas/ClaimIn"}
        content["schema"]["required"] = ["claim", "files"]
        content["encoding"] = {"claim": {"contentType": "application/json"}}
    return {"parameters": [_KEY], "requestBody": {"required": True, "content": {"multipart/form-data": content}}}


def finish(schema: dict[str, Any]) -> dict[str, Any]:
    """The description as it is published: errors have their media type, and models that only bodies name are there."""
    components = schema.setdefault("components", {})
    models = components.setdefault("schemas", {})
    claim = ClaimIn.model_json_schema(ref_template="#/components/schemas/{model}")
    models.update(claim.pop("$defs", {}))
    models["ClaimIn"] = claim
    components.setdefault("securitySchemes", {})["Client"] = {"type": "http", "scheme": "basic"}
    files = {**_FILES, "maxItems": load_limits().files}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            if operation.get("security") == [{"Token": []}]:  # ninja leaves the scopes out
                scope = Scope.READ if method == "get" else Scope.WRITE
                operation["security"] = [{"Token": [scope.value]}]
            body = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
            if body:
                body["schema"]["properties"]["files"] = files
            for status, answer in operation["responses"].items():
                _finish_answer(address, str(status), answer)
    return schema


def _finish_answer(address: str, status: str, answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if int(status) < 400 or "application/json" not in content:
        return
    if address.endswith("/token") and status in ("400", "401"):
        content[MEDIA_TYPE] = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    else:
        content[MEDIA_TYPE] = content.pop("application/json")
    titles = [kind.title for kind in KINDS.values() if kind.status == int(status)]
    answer["description"] = ", ".join(titles) or "Error"
    if status == "429":
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Secondes à attendre."}}
