"""Members let somebody help them, and those who help choose whose dossiers they look at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import HELPING, SiteRequest, holder_only
from portal.entering import enter
from portal.links import find_invited, make_helper_token
from portal.mailing import address_of, send_later
from portal.views.opening import PasswordForm
from schemas.errors import RefusedActError
from storage.helping import accept_help, end_help, invite_helper, list_helped, list_helpers
from storage.models import Helper, Person

#: For how long somebody may help before they are asked anew, in months.
_MONTHS = {"3": "3 mois", "6": "6 mois", "12": "un an"}
_DAYS_A_MONTH = 30
_REQUIRED = {"required": "Remplissez ce champ."}
_SUBJECT_FR = "Une personne vous demande de l’aider"
_BODY_FR = """Bonjour {name},

{member} vous demande de l’aider à suivre ses demandes auprès de sa mutuelle.

Pour accepter, ouvrez ce lien : {link}

Il sert une seule fois et reste valable un jour. Vous pourrez arrêter quand vous voudrez.

Si vous ne connaissez pas cette personne, ne faites rien.

Ce message est envoyé automatiquement, merci de ne pas y répondre.
"""
_STALE_FR = (
    "Cette invitation a déjà servi, a été retirée, ou elle a plus d’un jour.",
    "Demandez à la personne qui vous a invité d’en envoyer une autre.",
)


class HelperForm(forms.Form):
    """Whom a member lets help."""

    name = forms.CharField(label="Son nom", max_length=80, error_messages=_REQUIRED)
    email = forms.EmailField(
        label="Son adresse e-mail",
        help_text="Un lien y est envoyé, à ouvrir dans la journée.",
        error_messages={**_REQUIRED, "invalid": "Écrivez une adresse complète, par exemple nom@exemple.fr."},
    )
    patients = forms.ModelMultipleChoiceField(
        label="Les dossiers de qui ?",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une personne."},
    )
    rights = forms.MultipleChoiceField(
        label="En plus de voir ces dossiers, cette personne peut",
        choices=[("send", "déposer des documents"), ("write", "écrire au gestionnaire et contester une décision")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    months = forms.ChoiceField(label="Pendant", choices=list(_MONTHS.items()), initial="6")

    def __init__(self, people: QuerySet[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["patients"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        field.queryset = people

    def clean_name(self) -> str:
        """The name, on one line: it stands in a message."""
        return " ".join(self.cleaned_data["name"].split())


@holder_only
@require_http_methods(["GET", "HEAD", "POST"])
def list_own_helpers(request: SiteRequest) -> HttpResponseBase:
    """Who helps the member, and the form that invites somebody."""
    member = request.viewer.holder
    assert member is not None  # noqa: S101 - holder_only
    form = HelperForm(member.people.all(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        try:
            helper = invite_helper(
                member,
                data["name"],
                data["email"],
                list(data["patients"]),
                may_send="send" in data["rights"],
                may_write="write" in data["rights"],
                until=timezone.localdate() + dt.timedelta(days=_DAYS_A_MONTH * int(data["months"])),
                now=now,
            )
        except RefusedActError as error:
            form.add_error(None, error.message_fr or "")
        else:
            _send_invitation(helper, _name_member(request))
            messages.success(request, f"Une invitation est envoyée à {helper.email}.")
            return redirect("helpers")
    page = {"section": "account", "form": form, "helpers": list_helpers(member, timezone.localdate())}
    return render(request, "portal/helpers.html", page, status=422 if form.is_bound else 200)


@holder_only
@require_POST
def remove_helper(request: SiteRequest, number: int) -> HttpResponseBase:
    """Let somebody help no longer, at once."""
    member = request.viewer.holder
    assert member is not None  # noqa: S101 - holder_only
    if not end_help(Helper.objects.filter(member=member), number, now=timezone.now()):
        raise Http404
    messages.success(request, "Cette personne ne voit plus vos dossiers.")
    return redirect("helpers")


@require_POST
def choose_helped(request: SiteRequest) -> HttpResponseBase:
    """Look at the dossiers of somebody whom one helps, or at one's own again."""
    number = request.POST.get("aide", "")
    if not number:
        request.session.pop(HELPING, None)
        return redirect("home")
    helped = _find_helped(request, number)
    request.session[HELPING] = helped.pk
    return redirect("dossiers")


@require_POST
def stop_helping(request: SiteRequest, number: int) -> HttpResponseBase:
    """Help somebody no longer."""
    helped = _find_helped(request, str(number))
    end_help(Helper.objects.filter(user=request.viewer.user), helped.pk, now=timezone.now())
    if request.session.get(HELPING) == helped.pk:
        del request.session[HELPING]
    messages.success(request, "C’est fait : vous ne voyez plus ces dossiers.")
    return redirect("account")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def accept_by_link(request: SiteRequest, token: str) -> HttpResponseBase:
    """Accept to help; who has no account chooses a password first."""
    helper = find_invited(token)
    if helper is None:
        expired = {"title": "Invitation expirée", "sentences": _STALE_FR}
        return render(request, "portal/told.html", expired, status=404)
    user = request.viewer.user
    posted = request.POST if request.method == "POST" else None
    fresh = User(username=helper.email.casefold(), email=helper.email)
    known = User.objects.filter(username=fresh.username).exists()
    form = None if user or known else PasswordForm(fresh, posted)
    fault = ""
    if posted is not None and (user or (form is not None and form.is_valid())):
        try:
            with transaction.atomic():
                helping = user or (form.save() if form is not None else fresh)
                accept_help(helper, helping, now=timezone.now())
        except (RefusedActError, ValidationError) as error:
            fault = getattr(error, "message_fr", None) or "Cette invitation ne vaut plus."
        except IntegrityError:  # the same link, used at the same time
            return redirect("accept-helping", token)
        else:
            if user is None:
                return enter(request, helping)
            request.session[HELPING] = helper.pk
            return redirect("dossiers")
    page = {
        "helper": helper,
        "patients": [str(person) for person in helper.patients.all()],
        "form": form,
        "known": known and user is None,
        "fault": fault,
        "sign_in": f"{reverse('sign-in')}?next={request.path}",
    }
    return render(request, "portal/accept_helping.html", page, status=422 if posted is not None else 200)


def _find_helped(request: SiteRequest, number: str) -> Helper:
    user = request.viewer.user
    rows = list_helped(user, timezone.localdate()) if user else Helper.objects.none()
    found = rows.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise Http404
    return found


def _name_member(request: SiteRequest) -> str:
    user = request.viewer.user
    return (user.get_full_name() or user.get_username()) if user else ""


def _send_invitation(helper: Helper, member: str) -> None:
    link = address_of(reverse("accept-helping", args=[make_helper_token(helper)]))
    send_later(helper.email, _SUBJECT_FR, _BODY_FR.format(name=helper.name, member=member, link=link))
