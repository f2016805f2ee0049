"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.utils.decorators import method_decorator


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


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Signing out, by POST only, so that no other site can do it by a link."""
