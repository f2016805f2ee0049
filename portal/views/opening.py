"""Opening an account, and getting back into one: ask for a link by e-mail, then choose a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import describe_account, open_account
from portal.asking import ask_for_activation, ask_for_recovery, may_ask
from portal.entering import enter
from portal.links import find_activated, find_recovered
from portal.sessions import end_others, tell_password_changed
from portal.views.errors import too_many_demands
from schemas.errors import ConfigurationError

_REQUIRED = {"required": "Remplissez ce champ."}
_EMAIL = {**_REQUIRED, "invalid": "Écrivez une adresse complète, par exemple nom@exemple.fr."}


class ActivationForm(forms.Form):
    """Who asks for an account."""

    number = forms.CharField(
        label="Numéro d’adhérent",
        max_length=48,
        help_text="Il figure sur votre carte de tiers payant.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages=_REQUIRED,
    )
    birth_date = forms.DateField(
        label="Date de naissance de l’adhérent",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        error_messages={**_REQUIRED, "invalid": "Écrivez une date, par exemple 17/05/1984."},
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Celle que votre mutuelle connaît.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=_EMAIL,
    )


class RecoveryForm(forms.Form):
    """Who forgot a password."""

    name = forms.CharField(
        label="Identifiant ou numéro d’adhérent",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages=_REQUIRED,
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Celle que votre mutuelle connaît.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=_EMAIL,
    )


if TYPE_CHECKING:  # generic for the checker alone
    _SetPasswordForm = SetPasswordForm[User]
else:
    _SetPasswordForm = SetPasswordForm


class PasswordForm(_SetPasswordForm):
    """A new password, typed twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "Mot de passe", "Le même, une seconde fois"
        first.help_text = (
            "De 12 à 128 caractères, par exemple quelques mots sans lien entre eux ; ni trop courant, ni proche de "
            "votre nom, ni déjà utilisé ici."
        )
        second.help_text = ""
        first.error_messages = second.error_messages = {"required": "Remplissez ce champ."}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest) -> HttpResponseBase:
    """Ask for the link that opens an account."""
    form = ActivationForm(request.POST if request.method == "POST" else None)
    page = {"title": "Activer mon compte", "forms": (form,), "intro": _ACTIVATE_FR, "button": "Recevoir le lien"}
    return _ask(
        request,
        page,
        "number",
        lambda data: ask_for_activation(data["number"], data["birth_date"], data["email"]),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponseBase:
    """Ask for the link that changes a forgotten password."""
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    page = {"title": "Mot de passe oublié", "forms": (form,), "intro": _RECOVER_FR, "button": "Recevoir le lien"}
    return _ask(request, page, "name", lambda data: ask_for_recovery(data["name"], data["email"]))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activate_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Choose the password of a new account; whoever did is signed in."""
    member = find_activated(token)
    if member is None:
        return _stale(request, "activate")
    account = describe_account(member)
    form = PasswordForm(account, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = open_account(member, form.cleaned_data["new_password1"])
        except ConfigurationError:  # the same link, used at the same time
            return _stale(request, "activate")
        return enter(request, user)
    intro = f"Votre identifiant sera votre numéro d’adhérent : {account.username}"
    return _show(
        request, {"title": "Choisir mon mot de passe", "forms": (form,), "intro": intro, "button": "Continuer"}
    )


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recover_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Choose another password; whoever did is signed in, and every other session ends."""
    user = find_recovered(token)
    if user is None:
        return _stale(request, "recover")
    form = PasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        end_others(user, None)
        tell_password_changed(user)
        return enter(request, user)
    intro = f"Votre identifiant est : {user.get_username()}"
    return _show(request, {"title": "Nouveau mot de passe", "forms": (form,), "intro": intro, "button": "Continuer"})


_ACTIVATE_FR = (
    "Dites-nous qui vous êtes : nous vous envoyons un lien par e-mail, à l’adresse que votre mutuelle connaît. Il sert "
    "à choisir votre mot de passe."
)
_RECOVER_FR = (
    "Nous vous envoyons un lien par e-mail, à l’adresse que votre mutuelle connaît. Il sert à en choisir un autre."
)
_SENT_FR = (
    "Si ces informations sont bien celles que votre mutuelle connaît, un message part à l’instant. Le lien qu’il "
    "contient sert une seule fois et reste valable un jour.",
    "Rien n’arrive dans le quart d’heure ? Regardez parmi les indésirables, puis contactez votre mutuelle : elle seule "
    "peut vérifier ou changer l’adresse e-mail, le numéro ou la date de naissance qu’elle connaît.",
)
_STALE_FR = ("Ce lien a déjà servi, ou il a plus d’un jour. Vous pouvez en demander un autre.",)


def _ask(
    request: HttpRequest, page: dict[str, Any], name: str, ask: Callable[[dict[str, Any]], None]
) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect("home")
    (form,) = page["forms"]
    assert isinstance(form, forms.Form)  # noqa: S101 - built above
    if request.method != "POST" or not form.is_valid():
        return _show(request, page)
    if not may_ask(request.path, form.cleaned_data[name]):
        return too_many_demands(request)
    ask(form.cleaned_data)
    return render(request, "portal/told.html", {"title": "Regardez vos e-mails", "sentences": _SENT_FR})


def _show(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    return render(request, "portal/account_form.html", page, status=422 if request.method == "POST" else 200)


def _stale(request: HttpRequest, again: str) -> HttpResponse:
    page = {"title": "Lien expiré", "sentences": _STALE_FR, "again": again}
    return render(request, "portal/told.html", page, status=404)
