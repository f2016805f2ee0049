"""The people who work here: for those who run the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import SiteRequest, operator_only
from portal.inviting import invite_colleague
from portal.presenting.staff import ChangeLine, present_changes
from portal.staff import (
    ROLE_LABELS_FR,
    Colleague,
    Role,
    add_colleague,
    change_colleague,
    describe_colleague,
    list_changes,
    staff_accounts,
)
from portal.templatetags.liasse_tags import queue_name
from schemas.errors import ConfigurationError, RefusedActError
from schemas.rules import installed_rules

PAGE_SIZE = 25
_REQUIRED = {"required": "Remplissez ce champ."}
_EMAIL = {**_REQUIRED, "invalid": "Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr."}


@dataclass(frozen=True)
class PersonLine:
    """One line of the list."""

    number: int
    person: Colleague
    role_fr: str
    user: User


class PersonForm(forms.Form):
    """Somebody who works here."""

    name = forms.CharField(label="Prénom et nom", max_length=150, error_messages=_REQUIRED)
    email = forms.EmailField(label="Adresse e-mail", max_length=254, error_messages=_EMAIL)
    role = forms.ChoiceField(
        label="Rôle", choices=[(role.value, label.capitalize()) for role, label in ROLE_LABELS_FR.items()]
    )
    queues = forms.MultipleChoiceField(label="Files", required=False, widget=forms.CheckboxSelectMultiple)
    active = forms.BooleanField(label="Compte ouvert", required=False)

    def __init__(self, *args: Any, known: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted({*installed_rules().queues, *known})
        cast("forms.MultipleChoiceField", self.fields["queues"]).choices = [(name, queue_name(name)) for name in names]

    def read(self, username: str) -> Colleague:
        """What was filled in."""
        said = self.cleaned_data
        return Colleague(
            username=username,
            name=" ".join(said["name"].split()),
            email=said["email"],
            role=Role(said["role"]),
            queues=tuple(sorted(said["queues"])),
            active=said["active"],
        )


class NewPersonForm(PersonForm):
    """Somebody who is to work here."""

    username = forms.CharField(
        label="Identifiant",
        max_length=150,
        help_text="Ce que la personne écrit pour se connecter ; il ne change plus.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages=_REQUIRED,
        validators=[UnicodeUsernameValidator(message="Des lettres, des chiffres et les signes @ . + - _ seulement.")],
    )
    field_order = ("username", "name", "email", "role", "queues")


@operator_only
@require_safe
def list_people(request: SiteRequest) -> HttpResponseBase:
    """Everybody who works here, with a search."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    wanted = request.GET.get("role", "")
    role = Role(wanted) if wanted in set(Role) else None
    page = Paginator(staff_accounts(text, role), PAGE_SIZE).get_page(request.GET.get("page"))
    people = [(user, describe_colleague(user)) for user in page.object_list]
    context = {
        "section": "people",
        "page": page,
        "text": text,
        "role": role,
        "roles": [(one.value, label) for one, label in ROLE_LABELS_FR.items()],
        "lines": [PersonLine(user.pk, one, ROLE_LABELS_FR[one.role], user) for user, one in people],
    }
    return render(request, "portal/people.html", context)


@operator_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: SiteRequest) -> HttpResponseBase:
    """Open an account, and send the link that chooses its password."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, initial={"active": True})
    if form.is_valid():
        wanted = form.read(form.cleaned_data["username"])
        try:
            user = add_colleague(
                wanted.username, name=wanted.name, email=wanted.email, role=wanted.role, queues=wanted.queues,
                actor=_actor(request),
            )  # fmt: skip
        except ConfigurationError as error:
            form.add_error("username", error.message_fr or str(error))
        else:
            invite_colleague(user, actor=_actor(request))
            messages.success(request, f"Compte ouvert. Un lien part à l’adresse {user.email}.")
            return redirect("person", user.pk)
    return _show(request, form, None)


@operator_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_person(request: SiteRequest, number: int) -> HttpResponseBase:
    """One account: change it, close it, and what was changed before."""
    user = get_object_or_404(staff_accounts(), pk=number)
    now = describe_colleague(user)
    initial = {"name": now.name, "email": now.email, "role": now.role.value, "queues": now.queues, "active": now.active}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial, known=now.queues)
    if form.is_valid():
        try:
            changed = change_colleague(user, form.read(now.username), actor=_actor(request))
        except RefusedActError as error:
            form.add_error(None, error.message_fr or str(error))
        else:
            messages.success(request, "Compte modifié." if changed else "Rien n’a changé.")
            return redirect("person", user.pk)
    return _show(request, form, user)


@operator_only
@require_POST
def invite_person(request: SiteRequest, number: int) -> HttpResponseBase:
    """Send another link that chooses a password."""
    user = get_object_or_404(staff_accounts(), pk=number)
    if invite_colleague(user, actor=_actor(request)):
        messages.success(request, f"Un lien part à l’adresse {user.email}. Il sert une fois, pendant un jour.")
    else:
        messages.error(request, "Aucun lien n’est envoyé : le compte est fermé, ou il n’a pas d’adresse.")
    return redirect("person", user.pk)


def _show(request: SiteRequest, form: PersonForm, user: User | None) -> HttpResponseBase:
    changes: tuple[ChangeLine, ...] = () if user is None else present_changes(list_changes(user.get_username()))
    context = {"section": "people", "form": form, "person": user, "changes": changes}
    return render(request, "portal/person.html", context, status=422 if form.is_bound else 200)


def _actor(request: SiteRequest) -> str:
    assert request.viewer.user is not None  # noqa: S101 - operators have signed in
    return request.viewer.user.get_username()
