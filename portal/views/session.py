"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from portal.devices import find_device
from portal.entering import begin_session, enter, find_pending
from portal.locking import answer_locked, count_failure, is_locked
from portal.second_factor import check_code, find_ways, trust
from portal.single_sign_on import is_offered
from schemas.settings import load_settings


class SignInForm(AuthenticationForm):
    """Username and password; a failure never says which of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = "Identifiant ou mot de passe incorrect. Vérifiez les deux, puis réessayez."
        self.error_messages = {"invalid_login": wrong, "inactive": wrong}
        self.fields["username"].label = "Identifiant"
        self.fields["password"].label = "Mot de passe"
        self.fields["username"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        )


class SignIn(LoginView):
    """The sign-in page; somebody already signed in goes on to their own pages."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page, with the other way in where there is one."""
        name = load_settings().oidc_name if is_offered() else ""
        return {**super().get_context_data(**kwargs), "sso_name": name}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """On to the code where one is asked for, else in."""
        return enter(self.request, form.get_user(), self.get_success_url())


class CodeForm(forms.Form):
    """The second proof."""

    code = forms.CharField(
        label="Code à usage unique",
        max_length=20,
        help_text="Celui que montre votre application ou que dit notre e-mail, ou l’un de vos codes de secours.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
        error_messages={"required": "Écrivez le code."},
    )
    trust = forms.BooleanField(required=False, label="Ne plus demander de code sur cet appareil")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_code(request: HttpRequest) -> HttpResponseBase:
    """Ask whoever has shown a password for the code; wrong ones count like wrong passwords."""
    pending = find_pending(request)
    if pending is None:
        return redirect("home" if request.user.is_authenticated else "sign-in")
    user, way_on = pending
    name = user.get_username()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if is_locked(request, name):
        return answer_locked(request)
    if form.is_valid():
        if check_code(user, form.cleaned_data["code"]):
            device = find_device(request)
            if form.cleaned_data["trust"]:
                trust(user, device.hash, device.label)
            return begin_session(request, user, way_on, device)
        count_failure(request, name)
        form.add_error("code", "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez.")
    status = 422 if request.method == "POST" else 200
    page = {"form": form, "days": load_settings().trust_days, "ways": find_ways(user)}
    return render(request, "portal/code.html", page, status=status)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Signing out, by POST only, so that no other site can do it by a link."""
