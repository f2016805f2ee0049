"""The insurer's rule file and its texts: which version decides, what changed, what a member would read."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dossiers.comparing import Change, compare_rules
from portal.access import SiteRequest, operator_only, supervisor_only
from portal.previewing import find_previews, name_texts
from portal.sights import note
from schemas.errors import ConfigurationError
from schemas.rules import default_rules_path, installed_rules, load_rules
from schemas.settings import load_settings
from schemas.sights import SightKind
from storage.rule_texts import find_text, list_versions, read_rules


@operator_only
@require_safe
def list_rules(request: SiteRequest) -> HttpResponseBase:
    """The version in force, those that decided before, and whether the file on the disk is another one."""
    rules = installed_rules()
    faults: tuple[str, ...] = ()
    waiting = ""
    try:
        on_disk = load_rules(load_settings().rules_file)
        waiting = on_disk.full_version if on_disk.content_hash != rules.content_hash else ""
    except ConfigurationError as error:
        faults = tuple(str(error).splitlines())
    context = {
        "section": "rules",
        "rules": rules,
        "path": str(load_settings().rules_file or default_rules_path()),
        "versions": list_versions(),
        "waiting": waiting,
        "faults": faults,
    }
    return render(request, "portal/rules.html", context)


@operator_only
@require_safe
def show_rules(request: SiteRequest, digest: str) -> HttpResponseBase:
    """The text of one version; with another one beside it, what changed from that one to this one."""
    kept = find_text(digest)
    if kept is None:
        raise Http404
    others = [one for one in list_versions() if one.kept and one.content_hash != digest]
    before = find_text(request.GET.get("depuis", ""))
    changes: tuple[Change, ...] = ()
    fault = ""
    if before is not None:
        try:
            changes = compare_rules(read_rules(before), read_rules(kept))
        except ConfigurationError:
            fault = (
                "L’une de ces versions a été écrite pour un autre logiciel que celui-ci : elles ne se comparent plus."
            )
    context = {"section": "rules", "kept": kept, "others": others, "before": before, "changes": changes,
               "fault": fault, "lines": kept.text.splitlines(), "current": installed_rules().content_hash}  # fmt: skip
    return render(request, "portal/rules_version.html", context)


@supervisor_only
@require_safe
def preview_texts(request: SiteRequest) -> HttpResponseBase:
    """The texts of the rule file, filled in with the values of a dossier: not for operators, who see none."""
    name, reference = request.GET.get("texte", ""), "".join(request.GET.get("dossier", "").replace("\0", "").split())
    dossier_id, previews = find_previews(name, reference[:40]) if reference else (None, ())
    if dossier_id is not None:
        note(request, dossier_id, SightKind.DOSSIER)  # what is filled in is of a member
    context = {"section": "texts", "names": name_texts(), "name": name, "reference": reference, "previews": previews,
               "found": dossier_id is not None}  # fmt: skip
    return render(request, "portal/texts.html", context)
