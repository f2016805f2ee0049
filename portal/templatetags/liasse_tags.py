"""Filters and tags that every template has at hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal import french
from portal.asking import HOLDER_ROLE
from storage.models import Member

register = template.Library()

#: Drawings on a 16 x 16 grid, in the colour of the text. Every state has its own outline, not only its own colour.
_ICONS: dict[str, str] = {
    # statuses
    "received": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    "processing": (
        '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>'
        '<path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>'
    ),
    "incomplete": (
        '<path d="M8 1.5 15 14H1z" fill="currentColor"/>'
        '<path d="M8 6v4M8 11.3v1.4" stroke="var(--sheet)" stroke-width="1.6"/>'
    ),
    "joined": '<path d="M2 8h8M7 4.5 10.5 8 7 11.5M13 2v12" fill="none" stroke="currentColor" stroke-width="2"/>',
    "to_review": (
        '<path d="M8 1 15 8 8 15 1 8z" fill="none" stroke="currentColor" stroke-width="2"/>'
        '<circle cx="8" cy="8" r="2" fill="currentColor"/>'
    ),
    "complete": (
        '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
        '<path d="m4.6 8.2 2.4 2.4 4.4-5" fill="none" stroke="var(--sheet)" stroke-width="1.8"/>'
    ),
    "waiting_amo": (
        '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
        '<path d="M8 4.5V8l2.6 1.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    ),
    "paid": (
        '<rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor"/>'
        '<path d="m4.6 8.2 2.4 2.4 4.4-5" fill="none" stroke="var(--sheet)" stroke-width="1.8"/>'
    ),
    "refused": (
        '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
        '<path d="M3.5 12.5l9-9" stroke="currentColor" stroke-width="2"/>'
    ),
    # who says that a value is right: the machine, or a person
    "machine": '<path d="M9 1 3.5 9H8l-1 6 5.5-8H8z" fill="currentColor"/>',
    "human": (
        '<circle cx="8" cy="4.5" r="3" fill="currentColor"/><path d="M2.5 15a5.5 5.5 0 0 1 11 0z" fill="currentColor"/>'
    ),
    "turn": ('<path d="M13 8a5 5 0 1 1-1.6-3.7M13 1.5v3.3H9.7" fill="none" stroke="currentColor" stroke-width="1.8"/>'),
    # grades of a value
    "sure": (
        '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
        '<path d="m4.6 8.2 2.4 2.4 4.4-5" fill="none" stroke="var(--sheet)" stroke-width="1.8"/>'
    ),
    "check": (
        '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<path d="M8 6v4M8 11.2v1.4" stroke="currentColor" stroke-width="1.6"/>'
    ),
    "doubtful": (
        '<rect x="1.5" y="1.5" width="13" height="13" fill="currentColor"/>'
        '<path d="m5 5 6 6m0-6-6 6" stroke="var(--sheet)" stroke-width="1.8"/>'
    ),
    # steps
    "done": '<path d="m3 8.4 3.4 3.4L13 4.6" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "current": '<circle cx="8" cy="8" r="4" fill="currentColor"/>',
    "yours": '<path d="M8 3v6M8 11v2.2" stroke="currentColor" stroke-width="2.4"/>',
    "todo": '<circle cx="8" cy="8" r="3" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    # outcomes of findings
    "passed": '<path d="m3 8.4 3.4 3.4L13 4.6" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "failed": '<path d="m4 4 8 8m0-8-8 8" stroke="currentColor" stroke-width="2.2"/>',
    "inconclusive": (
        '<path d="M5.4 6a2.6 2.6 0 1 1 3.8 2.3c-.8.5-1.2 1-1.2 1.9" fill="none" stroke="currentColor" '
        'stroke-width="1.8"/><path d="M8 11.6v1.6" stroke="currentColor" stroke-width="2"/>'
    ),
    # actions
    "search": (
        '<circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
        '<path d="m10.5 10.5 4 4" stroke="currentColor" stroke-width="1.8"/>'
    ),
    "download": (
        '<path d="M8 2v8m-3.4-3L8 10.4 11.4 7M2.5 13.5h11" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    ),
    "add": '<path d="M8 2.5v11M2.5 8h11" stroke="currentColor" stroke-width="2"/>',
    "camera": (
        '<path d="M1.5 4.5h3L6 2.5h4l1.5 2h3v9h-13z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<circle cx="8" cy="8.7" r="2.6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    ),
    "paper": (
        '<path d="M3 1.5h6.5L13 5v9.5H3z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<path d="M9 1.5V5.5h4M5.5 8.5h5M5.5 11h5" fill="none" stroke="currentColor" stroke-width="1.4"/>'
    ),
    "edit": '<path d="M2.5 13.5l1-3.5 7.5-7.5 2.5 2.5L6 12.5z" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "person": (
        '<circle cx="8" cy="5" r="3" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<path d="M2.5 14.5c.6-3.4 2.6-5 5.5-5s4.9 1.6 5.5 5" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    ),
    "back": '<path d="M9.5 3 4.5 8l5 5" fill="none" stroke="currentColor" stroke-width="2"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing; decorative, because a word always stands beside it."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        "{}</svg>",
        name,
        mark_safe(_ICONS[name]),  # noqa: S308 - our own constants
    )


#: Words that names of queues are made of, as they are spelled.
_ACCENTED = {
    "controle": "contrôle",
    "equipements": "équipements",
    "hopital": "hôpital",
    "medecine": "médecine",
    "reclamations": "réclamations",
}


@register.filter
def day(value: dt.date | None) -> str:
    """A date as people say it, or a dash."""
    return french.show_day(value) if value else "–"


@register.filter
def iso_day(value: str) -> str:
    """A day as it is stored in JSON, as people say it."""
    return french.show_day(dt.date.fromisoformat(value))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment in the time of the site."""
    return french.show_moment(value) if value else ""


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount in euros, or a dash."""
    return french.show_amount(value) if value is not None else "–"


@register.filter
def size(value: int) -> str:
    """A file size."""
    return french.show_size(value)


@register.filter
def typeset(value: object) -> str:
    """French spaces and apostrophes in a sentence that comes from elsewhere."""
    return french.typeset(str(value))


@register.filter
def capitalise(value: str) -> str:
    """Capital first letter."""
    return french.capitalise(value)


@register.filter
def words(values: list[str] | tuple[str, ...]) -> str:
    """Words in a row, the last after « et »."""
    return french.enumerate_words(list(values))


@register.filter
def queue_name(value: str) -> str:
    """The name of a team's queue, which rule files write in one word without accents."""
    return french.capitalise(" ".join(_ACCENTED.get(word, word) for word in value.split("_")))


@register.filter
def papers(number: int) -> str:
    """A number of papers."""
    return french.count(number, "document", "documents")


@register.filter
def dossiers(number: int) -> str:
    """A number of dossiers."""
    return french.count(number, "dossier", "dossiers")


@register.filter
def quantity(value: Decimal | None) -> str:
    """A quantity without useless zeros, or a dash."""
    return format(value.normalize(), "f").replace(".", ",") if value is not None else "–"


@register.filter
def unlocalise(value: float) -> str:
    """A number as SVG reads it, with a point whatever the language."""
    return f"{value:g}"


@register.filter
def holder(member: Member) -> str:
    """Who holds a contract (one query); its number where nobody is known."""
    person = member.people.filter(role=HOLDER_ROLE).first()
    return str(person) if person is not None else member.member_number
