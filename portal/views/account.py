"""What people see and change of their own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import second_factor
from portal.access import SiteRequest, holder_only
from portal.entering import end_obligation
from portal.locking import is_locked
from portal.sessions import after_password_change, end_session, list_sign_ins
from portal.views.opening import PasswordForm
from schemas.alerts import ALERT_LABELS_FR, COMPULSORY, AlertKind
from storage import alerts
from storage.helping import list_helped
from storage.models import Member, SignIn, TrustedDevice

_SECRET = "second_factor_secret"  # noqa: S105 - the name of a place in the session


class OwnPasswordForm(forms.Form):
    """Whoever finds a browser open must not change how the account is protected."""

    current = forms.CharField(
        label="Votre mot de passe actuel",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Remplissez ce champ."},
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_current(self) -> str:
        """The password, if it is theirs; a wrong one counts like one at sign-in."""
        password: str = self.cleaned_data["current"]
        name = self.request.user.get_username()
        is_locked(self.request, name)  # names the account for the page that says for how long
        if authenticate(self.request, username=name, password=password) is None:
            raise forms.ValidationError("Ce n’est pas votre mot de passe actuel.")
        return password


class EnrolmentForm(OwnPasswordForm):
    """The first code of an application."""

    code = forms.CharField(
        label="Code que montre l’application",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Écrivez le code."},
    )
    field_order = ("code", "current")


@require_safe
def show_account(request: SiteRequest) -> HttpResponse:
    """How the account is protected, where it is signed in, and who signed in lately."""
    user = _user(request)
    page = {
        "section": "account",
        "ways": second_factor.find_ways(user),
        "must_have_one": second_factor.must_have_one(user),
        "codes_left": second_factor.count_recovery_codes(user),
        "sign_ins": list_sign_ins(user, request.session.session_key),
        "alerts": _list_alerts(request.viewer.holder),
        "helped": list_helped(user, timezone.localdate()),
        "devices": TrustedDevice.objects.filter(user=user, until__gt=timezone.now()),
    }
    return render(request, "portal/account.html", page)


@holder_only
@require_POST
def choose_alerts(request: SiteRequest) -> HttpResponseBase:
    """What the member wants to be told by e-mail."""
    member = request.viewer.holder
    assert member is not None  # noqa: S101 - holder_only
    named = set(request.POST.getlist("alerte"))
    alerts.choose_alerts(member, [kind for kind in AlertKind if kind.value in named])
    messages.success(request, "Vos choix sont enregistrés.")
    return redirect(f"{reverse('account')}#alertes")


def _list_alerts(member: Member | None) -> list[tuple[str, str, bool, bool]]:
    """Each kind of alert: code, words, whether it goes by e-mail, and whether that can be changed."""
    if member is None:
        return []
    wanted = alerts.list_wanted(member)
    return [(kind.value, label, kind in wanted, kind not in COMPULSORY) for kind, label in ALERT_LABELS_FR.items()]


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: SiteRequest) -> HttpResponse:
    """Another password; other browsers are signed out."""
    user = _user(request)
    data = request.POST if request.method == "POST" else None
    proof, form = OwnPasswordForm(request, data), PasswordForm(user, data)
    if proof.is_valid() and form.is_valid():
        form.save()
        after_password_change(request, user)
        messages.success(request, "Votre mot de passe a changé ; les autres appareils ont été déconnectés.")
        return redirect("account")
    page = {
        "title": "Changer de mot de passe",
        "intro": "Vos autres appareils seront déconnectés.",
        "forms": (proof, form),
        "button": "Changer",
    }
    return _show_form(request, page)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_second_factor(request: SiteRequest) -> HttpResponse:
    """Set up an application; the recovery codes are shown once."""
    user = _user(request)
    if second_factor.find_ways(user).application:
        end_obligation(request)  # it was set up in another browser
        return redirect("account")
    secret = request.session.setdefault(_SECRET, second_factor.draw_secret())
    form = EnrolmentForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        codes = second_factor.add_second_factor(user, secret, form.cleaned_data["code"])
        if codes:
            del request.session[_SECRET]
            end_obligation(request)
            return render(request, "portal/recovery_codes.html", {"codes": codes})
        form.add_error("code", "Ce code n’est pas le bon. Attendez le suivant, puis réessayez.")
    page = {
        "form": form,
        "enrolment": second_factor.describe_enrolment(user, secret),
        "must_have_one": second_factor.must_have_one(user),
    }
    return render(request, "portal/second_factor.html", page, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_factor(request: SiteRequest) -> HttpResponseBase:
    """Ask for no codes any more; not for those who must have a second factor."""
    user = _user(request)
    if second_factor.must_have_one(user):
        raise PermissionDenied
    if not second_factor.has_second_factor(user):
        return redirect("account")
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        second_factor.remove_second_factor(user)
        messages.success(request, "La double authentification est retirée.")
        return redirect("account")
    page = {
        "title": "Retirer la double authentification",
        "intro": "Votre mot de passe suffira pour vous connecter.",
        "forms": (form,),
        "button": "Retirer",
    }
    return _show_form(request, page)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: SiteRequest) -> HttpResponseBase:
    """New recovery codes, shown once."""
    user = _user(request)
    if not second_factor.has_second_factor(user):
        return redirect("account")
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return render(request, "portal/recovery_codes.html", {"codes": second_factor.renew_recovery_codes(user)})
    page = {
        "title": "Nouveaux codes de secours",
        "intro": "Les codes précédents ne serviront plus.",
        "forms": (form,),
        "button": "Obtenir des codes",
    }
    return _show_form(request, page)


@require_POST
def close_session(request: SiteRequest, number: int) -> HttpResponseBase:
    """Sign another browser out."""
    row = get_object_or_404(SignIn, pk=number, user=_user(request))
    end_session(row)
    messages.success(request, "Cet appareil est déconnecté.")
    return redirect("account")


@require_POST
def forget_device(request: SiteRequest, number: int) -> HttpResponseBase:
    """Ask for the code on a browser that was trusted."""
    get_object_or_404(TrustedDevice, pk=number, user=_user(request)).delete()
    messages.success(request, "Un code sera de nouveau demandé sur cet appareil.")
    return redirect("account")


def _user(request: SiteRequest) -> User:
    user = request.viewer.user
    if user is None:  # LoginRequiredMiddleware lets nobody through; this is for the types
        raise PermissionDenied
    return user


def _show_form(request: SiteRequest, page: dict[str, Any]) -> HttpResponse:
    return render(request, "portal/account_form.html", page, status=422 if request.method == "POST" else 200)
