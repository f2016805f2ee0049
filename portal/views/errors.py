"""Error pages: what happened, and what the person can do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from portal.limits import load_limits


def _answer(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"errors": [sentence]}, status=status)
    # Without the request's context: an error page must come up whatever is broken (database included).
    body = render_to_string("portal/error.html", {"status": status, "title": title, "sentence": sentence})
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400."""
    return _answer(
        request, 400, "Demande non comprise", "Votre navigateur a envoyé une demande que le site ne comprend pas."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: signed in, but this part of the site is for others."""
    return _answer(
        request,
        403,
        "Page réservée",
        "Votre compte ne donne pas accès à cette partie du site. Si cela vous étonne, contactez votre mutuelle.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: the form is too old or does not come from this site."""
    return _answer(
        request,
        403,
        "Formulaire expiré",
        "Ce formulaire n’est plus valable. Revenez à la page précédente, actualisez-la, puis recommencez.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404: nothing here, or nothing that this person may know of."""
    return _answer(
        request, 404, "Page introuvable", "Cette page n’existe pas, ou elle ne fait pas partie de vos dossiers."
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    return _answer(request, 413, "Envoi trop lourd", load_limits().too_heavy_fr)


def too_many_tries(request: HttpRequest, wait: str) -> HttpResponse:
    """429: a name is locked after failures to sign in."""
    return _answer(
        request,
        429,
        "Trop d’essais",
        "L’identifiant ou le mot de passe était faux trop souvent. Par sécurité, la connexion avec cet identifiant est "
        f"bloquée, {wait} au plus ; elle se rouvre toute seule. Si ce n’était pas vous, prévenez votre mutuelle.",
    )


def too_many_demands(request: HttpRequest) -> HttpResponse:
    """429: links were asked for too often in one name."""
    return _answer(
        request,
        429,
        "Trop de demandes",
        "Un lien a été demandé trop souvent pour cet identifiant. Réessayez dans une heure, ou contactez votre "
        "mutuelle.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(
        request,
        500,
        "Le site a rencontré un problème",
        "Ce que vous avez déjà déposé est conservé. Réessayez dans quelques minutes.",
    )
