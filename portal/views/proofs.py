"""Second proofs besides the application: passkeys, and codes by e-mail; set up on the account, given at sign-in."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal import email_codes, passkeys, second_factor
from portal.access import SiteRequest
from portal.asking import email_of
from portal.devices import find_device
from portal.entering import begin_session, end_obligation, find_pending
from portal.locking import answer_locked, count_failure, is_locked
from portal.views.account import OwnPasswordForm
from schemas.errors import RefusedActError

#: Where the session keeps until when passkeys may be added, and what they will be called.
_ADDING = "adding_passkey"
_PATIENCE_SECONDS = 300


class PasskeyForm(OwnPasswordForm):
    """A passkey about to be made."""

    name = forms.CharField(
        label="Nom de cette clé",
        max_length=40,
        initial="Mon téléphone",
        help_text="Pour la reconnaître : « Mon téléphone », « Clé du bureau »…",
        error_messages={"required": "Donnez un nom à cette clé."},
    )
    field_order = ("name", "current")


class MailedCodeForm(forms.Form):
    """A code that came by e-mail."""

    code = forms.CharField(
        label="Code reçu par e-mail",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Écrivez le code."},
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def list_passkeys(request: SiteRequest) -> HttpResponseBase:
    """The account's passkeys; a password and a name, by script, lead to what the browser needs to make another."""
    user = _user(request)
    form = PasskeyForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[_ADDING] = {"until": time.time() + _PATIENCE_SECONDS, "name": form.cleaned_data["name"]}
        return JsonResponse(passkeys.begin_adding(user))
    if form.is_bound:
        faults = [str(fault) for found in form.errors.values() for fault in found]
        return JsonResponse({"errors": faults}, status=422)
    page = {"section": "account", "form": form, "passkeys": passkeys.list_passkeys(user)}
    return render(request, "portal/passkeys.html", page)


@require_POST
def add_passkey(request: SiteRequest) -> HttpResponseBase:
    """Keep the passkey that a browser made; with the first second proof come the recovery codes, shown once."""
    user, adding = _user(request), request.session.pop(_ADDING, None)
    if adding is None or adding["until"] < time.time():
        messages.error(request, "Le temps est passé : recommencez.")
        return redirect("passkeys")
    first = not second_factor.has_second_factor(user)
    try:
        passkeys.add_passkey(user, adding["name"], request.POST.get("credential", ""))
    except RefusedActError as error:
        messages.error(request, error.message_fr or "")
        return redirect("passkeys")
    end_obligation(request)
    if first:
        return render(request, "portal/recovery_codes.html", {"codes": second_factor.renew_recovery_codes(user)})
    messages.success(request, "La clé est ajoutée.")
    return redirect("passkeys")


@require_POST
def remove_passkey(request: SiteRequest, number: int) -> HttpResponseBase:
    """Forget a passkey, not the last proof of those who must have one."""
    user = _user(request)
    _keep_one(user, second_factor.find_ways(user).passkeys == 1)
    if not passkeys.remove_passkey(user, number):
        raise Http404
    second_factor.tidy_up(user)
    messages.success(request, "La clé est retirée.")
    return redirect("passkeys")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_email_code(request: SiteRequest) -> HttpResponseBase:
    """Send a first code to whoever shows the password; once it is typed, such codes are asked for."""
    user = _user(request)
    posted = request.POST if request.method == "POST" else None
    address = email_of(user)
    page: dict[str, Any] = {"section": "account", "address": address, "ways": second_factor.find_ways(user)}
    if posted is None or not address:
        return render(request, "portal/email_code.html", page | {"form": OwnPasswordForm(request)})
    if "code" not in posted:
        proof = OwnPasswordForm(request, posted)
        if not proof.is_valid():
            return render(request, "portal/email_code.html", page | {"form": proof}, status=422)
        if not email_codes.send_code(user):
            proof.add_error(None, "Trop de codes ont été demandés : réessayez dans une heure.")
            return render(request, "portal/email_code.html", page | {"form": proof}, status=422)
        return render(request, "portal/email_code.html", page | {"form": MailedCodeForm(), "sent": True})
    form, first = MailedCodeForm(posted), not second_factor.has_second_factor(user)
    if form.is_valid() and email_codes.turn_on(user, form.cleaned_data["code"]):
        end_obligation(request)
        if first:
            return render(request, "portal/recovery_codes.html", {"codes": second_factor.renew_recovery_codes(user)})
        messages.success(request, "Un code par e-mail pourra vous être demandé.")
        return redirect("account")
    if form.is_valid():
        form.add_error("code", "Ce code n’est pas le bon, ou il a plus de dix minutes.")
    return render(request, "portal/email_code.html", page | {"form": form, "sent": True}, status=422)


@require_POST
def remove_email_code(request: SiteRequest) -> HttpResponseBase:
    """Send no codes any more, unless it is the last proof of those who must have one."""
    user = _user(request)
    _keep_one(user, second_factor.find_ways(user).email)
    email_codes.turn_off(user)
    second_factor.tidy_up(user)
    messages.success(request, "Aucun code ne vous sera plus envoyé par e-mail.")
    return redirect("account")


@login_not_required
@require_POST
def mail_code(request: HttpRequest) -> HttpResponseBase:
    """Send a code to whoever has shown a password and still owes a proof."""
    pending = find_pending(request)
    if pending is None:
        return redirect("sign-in")
    user, _ = pending
    if is_locked(request, user.get_username()):
        return answer_locked(request)
    if not second_factor.find_ways(user).email:
        raise Http404
    if email_codes.send_code(user):
        messages.success(request, "Un code vous est envoyé par e-mail. Il est valable 10 minutes.")
    else:
        messages.error(request, "Trop de codes ont été demandés : réessayez dans une heure.")
    return redirect("sign-in-code")


@login_not_required
@require_POST
def begin_passkey(request: HttpRequest) -> HttpResponseBase:
    """What the browser of whoever owes a proof needs to have a passkey sign."""
    pending = find_pending(request)
    if pending is None:
        return JsonResponse({"errors": ["Le temps est passé : reconnectez-vous."]}, status=403)
    user, _ = pending
    if not second_factor.find_ways(user).passkeys:
        return JsonResponse({"errors": ["Ce compte n’a pas de clé."]}, status=404)
    return JsonResponse(passkeys.begin_proof(user))


@login_not_required
@require_POST
def prove_by_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in whoever owed a proof, if a passkey of theirs signed; a wrong one counts like a wrong password."""
    pending = find_pending(request)
    if pending is None:
        return redirect("sign-in")
    user, way_on = pending
    name = user.get_username()
    if is_locked(request, name):
        return answer_locked(request)
    if not passkeys.check_proof(user, request.POST.get("credential", "")):
        count_failure(request, name)
        messages.error(request, "Cette clé n’a pas répondu comme attendu. Recommencez.")
        return redirect("sign-in-code")
    device = find_device(request)
    if request.POST.get("trust"):
        second_factor.trust(user, device.hash, device.label)
    return begin_session(request, user, way_on, device)


def _keep_one(user: User, is_last_of_kind: bool) -> None:
    ways = second_factor.find_ways(user)
    kinds = sum((ways.application, ways.passkeys > 0, ways.email))
    if second_factor.must_have_one(user) and is_last_of_kind and kinds == 1:
        raise PermissionDenied


def _user(request: SiteRequest) -> User:
    user = request.viewer.user
    if user is None:  # LoginRequiredMiddleware lets nobody through; this is for the types
        raise PermissionDenied
    return user
