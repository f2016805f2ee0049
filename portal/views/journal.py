"""Who looked at what and who did what: for supervisors."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import SiteRequest, supervisor_only
from portal.journal import MOST_LINES, JournalFilters, find_lines, present_lines, write_csv
from storage.models import Event, Sight, StaffChange

PAGE_SIZE = 50


@supervisor_only
@require_safe
def show_journal(request: SiteRequest) -> HttpResponseBase:
    """The journal, page by page, or as a file for a spreadsheet."""
    filters = JournalFilters.from_query(request.GET.dict())
    rows = find_lines(filters)
    if request.GET.get("format") == "csv":
        answer = HttpResponse(
            "\ufeff" + write_csv(present_lines(rows[:MOST_LINES])), content_type="text/csv; charset=utf-8"
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="{filters.about.value}.csv"'
        return answer
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": "journal",
        "filters": filters,
        "page": page,
        "lines": present_lines(cast("list[Sight] | list[Event] | list[StaffChange]", page.object_list)),
        "most": MOST_LINES,
    }
    return render(request, "portal/journal.html", context)
