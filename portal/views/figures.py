"""The team's dashboard: for supervisors."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, supervisor_only
from portal.presenting.figures import present_charts, present_tables, write_tables
from portal.presenting.operations import say_quality
from schemas.rules import installed_rules
from storage.figures import measure_team
from storage.queries import measure_queues

_WEEKS = (4, 12, 26)


@supervisor_only
@require_safe
def show_figures(request: SiteRequest) -> HttpResponseBase:
    """How the reading and the team do, by week; as a file for a spreadsheet where asked."""
    rules, today = installed_rules(), timezone.localdate()
    asked = request.GET.get("semaines", "")
    weeks = int(asked) if asked in map(str, _WEEKS) else 12
    queue = request.GET.get("file", "")
    queues = [queue] if queue in rules.queues else []
    figures = measure_team(rules.thresholds, today=today, weeks=weeks, queues=queues)
    tables = present_tables(figures)
    if request.GET.get("format") == "csv":
        answer = HttpResponse("\ufeff" + write_tables(tables), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="tableau.csv"'
        return answer
    context = {
        "section": "figures",
        "charts": present_charts(figures),
        "tables": tables,
        "quality": say_quality(figures.quality),
        "weeks": weeks,
        "weeks_choices": _WEEKS,
        "queue": queue if queues else "",
        "loads": measure_queues(rules.queues, timezone.now(), today),
    }
    return render(request, "portal/figures.html", context)
