"""The page that describes the API, made on the server: the site's policy, without a script, holds for it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.api.problems import KINDS
from portal.limits import load_limits
from schemas.settings import load_settings


@dataclass(frozen=True)
class ValueView:
    """A parameter, or a member of a model."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class OperationView:
    """One operation."""

    anchor: str
    method: str
    address: str
    title: str
    description: str
    values: tuple[ValueView, ...]
    answer: str
    errors: tuple[int, ...]


@dataclass(frozen=True)
class ModelView:
    """One model."""

    name: str
    description: str
    values: tuple[ValueView, ...]
    choices: tuple[str, ...]


@login_not_required
@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    """The description of the API, for whoever writes a client."""
    from portal.api.addresses import api

    schema = api.get_openapi_schema()
    context = {
        "title": schema["info"]["title"],
        "summary": schema["info"]["description"],
        "operations": _describe_operations(schema["paths"]),
        "models": _describe_models(schema["components"]["schemas"]),
        "problems": KINDS.items(),
        "limits": load_limits(),
        "settings": load_settings(),
        "minutes": load_settings().api_token_seconds // 60,
    }
    return render(request, "portal/api_docs.html", context)


def _describe_operations(paths: Mapping[str, Any]) -> tuple[OperationView, ...]:
    return tuple(
        OperationView(
            anchor=operation["operationId"],
            method=method.upper(),
            address=address,
            title=operation["summary"],
            description=operation.get("description", ""),
            values=tuple(_describe_values(operation)),
            answer=_find_answer(operation["responses"]),
            errors=tuple(sorted(int(code) for code in operation["responses"] if int(code) >= 400)),
        )
        for address, methods in paths.items()
        for method, operation in methods.items()
    )


def _describe_values(operation: Mapping[str, Any]) -> list[ValueView]:
    values = [
        ValueView(one["name"], _name_kind(one["schema"]), bool(one.get("required")), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    for body in operation.get("requestBody", {}).get("content", {}).values():
        values += _describe_members(body["schema"])
    return values


def _describe_members(schema: Mapping[str, Any]) -> list[ValueView]:
    required = schema.get("required", ())
    return [
        ValueView(name, _name_kind(one), name in required, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def _describe_models(models: Mapping[str, Any]) -> tuple[ModelView, ...]:
    return tuple(
        ModelView(
            name=name,
            description=model.get("description", "") if "properties" in model else "",
            values=tuple(_describe_members(model)),
            choices=tuple(model.get("enum", ())),
        )
        for name, model in sorted(models.items())
    )


def _find_answer(responses: Mapping[Any, Any]) -> str:
    for code, answer in responses.items():
        if int(code) < 300:
            return f"{code} {_name_kind(answer['content']['application/json']['schema'])}"
    return ""


def _name_kind(schema: Mapping[str, Any]) -> str:
    """A short name of a type: the model, or the JSON type with its format."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_name_kind(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"{_name_kind(schema.get('items', {}))}[]"
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
