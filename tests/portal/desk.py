"""The review screen in a real browser on a site of its own: fixtures and steps for tests by keyboard."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from playwright import sync_api as playwright

from portal.accounts import HANDLERS, create_account
from schemas.geometry import Box
from schemas.settings import Settings
from schemas.vocabulary import ClaimType, DocumentType, FieldName
from storage.objects import default_store, words_key
from tests.portal import build
from tests.portal.browsing import open_browser, sign_in
from tests.portal.server import new_installation, serve
from tests.services.databases import use_database

READ_FOCUS = "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
expect = playwright.expect


@pytest.fixture
def site(tmp_path, django_db_blocker, monkeypatch):
    environment = new_installation(tmp_path)
    settings = Settings(data_dir=Path(environment["LIASSE_DATA_DIR"]))
    from storage.objects import open_store

    store = open_store(settings)
    for module in ("tests.portal.build", "tests.portal.desk"):
        monkeypatch.setattr(f"{module}.default_store", lambda: store)
    with (
        serve(environment) as site,
        django_db_blocker.unblock(),
        use_database(settings.database_url),
        # Playwright keeps an event loop in this thread, where Django will not work: it gets one of its own.
        ThreadPoolExecutor(1) as worker,
    ):
        yield site, lambda job, *arguments: worker.submit(job, *arguments).result()


@pytest.fixture
def browser():
    with open_browser() as browser:
        yield browser


def note(number, **doubtful):
    """A paid note whose given fields are doubtful; nothing else keeps it from being complete."""
    fields = {
        FieldName.TOTAL_AMOUNT: build.field(Decimal("60.00"), "60,00", box=(600, 300, 680, 320)),
        FieldName.DOCUMENT_NUMBER: build.field(number, number),
        FieldName.NIR: None,
        **{
            FieldName(name): field.model_copy(update={"confidence": 0.6, "held_back": "low_confidence"})
            for name, field in doubtful.items()
        },
    }
    return build.invoice(**fields).model_copy(update={"type": DocumentType.NOTE_HONORAIRES, "line_items": ()})


def flag(member, document):
    dossier = build.make_dossier(member, ClaimType.MEDECINE_DOUCE)
    piece = build.add_piece(dossier)
    build.read_pieces(documents=(document,), pages=(build.page(source=build.Source.TEXT_LAYER),))
    build.decide_dossiers()
    return dossier, piece


def make_world():
    """Two dossiers to look at: doubtful dates and a doubtful total in the first, a doubtful total in the second."""
    from storage.models import Reading

    member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    for username, name in (("odile", "Odile Marchand"), ("basile", "Basile Tanguy")):
        create_account(username, build.PASSWORD, group=HANDLERS, name=name)
    total = build.field(
        Decimal("60.00"),
        "60,00",
        box=(600, 300, 680, 320),
        alternatives=(build.Alternative(value=Decimal("80.00"), confidence=0.3),),
    )
    days = build.field((dt.date(2026, 10, 3),), "03/10/2026", box=(100, 100, 240, 120))
    first, piece = flag(member, note("N-1", total_amount=total, care_dates=days))
    second, _ = flag(member, note("N-2", total_amount=total))
    words = [
        [text, *(edge for corner in Box(*box).to_polygon() for edge in corner)]
        for text, box in (("60,00", (600, 300, 680, 320)), ("75,00", (600, 500, 680, 520)), ("€", (690, 500, 700, 520)))
    ]
    key = words_key(piece.original_id)
    default_store().put(key, gzip.compress(json.dumps([{"page": 1, "words": words}]).encode()))
    Reading.objects.filter(piece=piece).update(words_key=key)
    return first.pk, second.pk


def desk_of(browser, site, username="odile", **more):
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="fr-FR", **more)
    return sign_in(context, site, username)


def focused(page):
    """What a person who looks at the focus reads: the label of the field, or the words of the button."""
    return page.evaluate(READ_FOCUS).strip()


def wait_focus(page, words):
    try:
        page.wait_for_function(f"words => ({READ_FOCUS}).trim().startsWith(words)", arg=words)
    except playwright.TimeoutError:
        assert focused(page)[:200] == words  # says what has the focus instead
        raise


def open_next(page):
    """From the list to the first dossier, by keyboard: the button of the list has the focus."""
    expect(page.get_by_role("button", name="Dossier suivant")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/gestion/dossiers/[0-9a-f-]{36}$"))
    page.wait_for_load_state("load")


def values_of(dossier_id):
    from schemas.rules import load_rules
    from storage.deciding import load_dossier

    document = load_dossier(dossier_id, load_rules()).dossier.readings[0].documents[0]
    return {name.value: field for name, field in document.fields.items()}


def status_of(dossier_id):
    from storage.models import Dossier

    return Dossier.objects.get(pk=dossier_id).status


def events_of(dossier_id):
    from storage.models import Event

    return list(Event.objects.filter(dossier=dossier_id).values_list("kind", flat=True))


def held_by(dossier):
    from storage.models import Dossier

    return Dossier.objects.get(pk=dossier).lease_owner
