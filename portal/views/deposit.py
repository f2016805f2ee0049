"""Sending papers: a new request, or what was missing. Works without JavaScript; with it, progress is shown."""

from __future__ import annotations

import base64
import logging
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal import deposits, first_look, site_reader
from portal.access import SiteRequest, own_dossiers, sender_only
from portal.forms import DepositForm, PapersForm
from portal.french import count, typeset
from portal.limits import load_limits
from portal.uploads import find_file_faults
from portal.views.member import render_dossier
from schemas.advice import SenderWarning
from schemas.errors import StorageError

log = logging.getLogger(__name__)

NOT_KEPT_FR = (
    "Vos documents n’ont pas tous pu être enregistrés. Envoyez-les de nouveau : ceux qui sont déjà arrivés ne seront "
    "pas comptés deux fois."
)


@sender_only
@require_http_methods(["GET", "HEAD", "POST"])
def deposit_papers(request: SiteRequest) -> HttpResponseBase:
    """The deposit page."""
    viewer = request.viewer
    assert viewer.member is not None  # noqa: S101 - sender_only
    limits = load_limits()
    if request.method != "POST":
        site_reader.warm_up()
        return _show_form(request, DepositForm(viewer.people, limits))
    form = DepositForm(viewer.people, limits, request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            dossier = deposits.deposit_papers(
                viewer.member,
                data["claim_type"],
                data["patient"],
                data["message"],
                data["files"],
                data["token"],
                actor=viewer.actor,
                now=timezone.now(),
                warnings=read_warnings(request),
            )
        except StorageError:
            log.exception("a deposit could not be kept")
            form.add_error(None, NOT_KEPT_FR)
        else:
            return answer_kept(request, reverse("dossier", args=[dossier.pk]), _say_kept(len(data["files"])))
    if wants_json(request):
        return answer_faults(form)
    return _show_form(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def add_papers(request: SiteRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Papers added to one's own dossier."""
    viewer = request.viewer
    dossier = get_object_or_404(own_dossiers(viewer), pk=dossier_id)
    if not viewer.may_send:
        raise PermissionDenied
    if request.method != "POST":  # back from signing in again, for example
        return redirect(f"{reverse('dossier', args=[dossier.pk])}#ajouter")
    form = PapersForm(load_limits(), request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            deposits.add_to_dossier(
                dossier,
                data["files"],
                data["token"],
                actor=viewer.actor,
                now=timezone.now(),
                warnings=read_warnings(request),
            )
        except StorageError:
            log.exception("papers could not be kept for dossier %s", dossier.pk)
            form.add_error(None, NOT_KEPT_FR)
        else:
            return answer_kept(request, reverse("dossier", args=[dossier.pk]), _say_kept(len(data["files"])))
    if wants_json(request):
        return answer_faults(form)
    return render_dossier(request, dossier.pk, form, status=422)


@sender_only
@require_POST
def look(request: SiteRequest) -> HttpResponseBase:
    """A quick look at one file that a member is about to send; it is not kept."""
    files = request.FILES.getlist("files")
    faults = find_file_faults(files, load_limits())
    if faults or len(files) != 1:
        return JsonResponse({"errors": [fault.fr for fault in faults]}, status=422)
    found = first_look.look_at(files[0], previews=bool(request.POST.get("montrer")))
    return JsonResponse(
        {
            "looked": found.looked,
            "legible": found.legible,
            "sentences": [typeset(sentence) for sentence in found.sentences],
            "token": found.token,
            "pages": [base64.b64encode(page.jpeg).decode() for page in found.pages],
        }
    )


def read_warnings(request: SiteRequest) -> dict[str, SenderWarning]:
    """What the sender was told of the files before, and answered."""
    return first_look.read_warnings(request.POST.getlist("prevenu"), request.POST.getlist("confirme"))


def _show_form(request: SiteRequest, form: DepositForm, *, status: int = 200) -> HttpResponseBase:
    context = {"form": form, "limits": load_limits(), "section": "deposit"}
    return render(request, "portal/deposit.html", context, status=status)


def wants_json(request: SiteRequest) -> bool:
    """Whether the script of the page asks, which shows answers itself."""
    return "application/json" in request.headers.get("Accept", "")


def _say_kept(number: int) -> str:
    verb = "est bien arrivé" if number < 2 else "sont bien arrivés"
    return f"{count(number, 'document', 'documents')} {verb}. Vous pouvez fermer cette page."


def answer_kept(request: SiteRequest, address: str, said: str) -> HttpResponseBase:
    """On to a page that says that everything is kept; to a script, where it is."""
    messages.success(request, said)
    if wants_json(request):
        return JsonResponse({"location": address}, status=201)
    return redirect(address)


def answer_faults(form: PapersForm) -> JsonResponse:
    """What is wrong with a form, as sentences."""
    return JsonResponse({"errors": [message for faults in form.errors.values() for message in faults]}, status=422)
