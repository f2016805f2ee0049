"""Correcting what was read, and deciding: what the server writes, and what it refuses."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from portal.words import PlacedWord, find_value
from schemas.geometry import Box
from schemas.rules import load_rules
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import ClaimType, DocumentType, FieldName
from storage.deciding import load_dossier
from storage.events import rebuild_status
from storage.models import DecisionRecord, Dossier, Event, Handling, OutboxMessage, PrintedText, Reading, TeamMember
from storage.objects import default_store, words_key
from tests.portal import build

RULES = load_rules()


def note(**changes):
    """A paid note of an osteopath whose total is doubtful: all that keeps it from being complete."""
    fields = {
        FieldName.TOTAL_AMOUNT: build.field(
            Decimal("60.00"),
            "60,00",
            0.6,
            held_back="low_confidence",
            alternatives=(build.Alternative(value=Decimal("80.00"), confidence=0.3),),
        ),
        FieldName.DOCUMENT_NUMBER: build.field("N-12", "N-12"),
        **changes,
    }
    paper = build.invoice(**fields)
    return paper.model_copy(update={"type": DocumentType.NOTE_HONORAIRES, "line_items": ()})


def flagged_dossier(member, document=None, **page):
    """A dossier that waits for a person."""
    dossier = build.make_dossier(member, ClaimType.MEDECINE_DOUCE)
    piece = build.add_piece(dossier)
    build.read_pieces(
        documents=(document or note(),), pages=(build.page(**{"source": build.Source.TEXT_LAYER, **page}),)
    )
    build.decide_dossiers()
    dossier.refresh_from_db()
    return dossier, piece


@pytest.fixture
def desk(world):
    """A flagged dossier in the hand of Odile."""
    world.dossier, world.piece = flagged_dossier(world.member)
    world.as_handler.post(f"/gestion/dossiers/{world.dossier.pk}/prendre")
    return world


def ticket(client, dossier):
    html = client.get(f"/gestion/dossiers/{dossier.pk}").content.decode()
    found = [re.search(rf'name="{name}" value="([^"]+)"', html) for name in ("bail", "version")]
    assert all(found), "the dossier is not in this hand"
    return {"bail": found[0].group(1), "version": found[1].group(1)}


def correct(world, client=None, shown=None, **said):
    client = client or world.as_handler
    form = {"papier": world.piece.pk, "rang": 0, **(shown or ticket(client, world.dossier)), **said}
    return client.post(f"/gestion/dossiers/{world.dossier.pk}/corriger", form)


def act(world, client=None, shown=None, **said):
    client = client or world.as_handler
    form = {**(shown or ticket(client, world.dossier)), **said}
    return client.post(f"/gestion/dossiers/{world.dossier.pk}/agir", form)


def colleague(username="basile"):
    build.make_handler(username)
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def reading(world):
    return load_dossier(world.dossier.pk, RULES).dossier.readings[0].documents[0]


def status(world):
    world.dossier.refresh_from_db()
    assert world.dossier.status == rebuild_status(world.dossier).value
    return DossierStatus(world.dossier.status)


def test_only_what_holds_the_dossier_up_is_to_be_looked_at(desk):
    assert status(desk) is DossierStatus.TO_REVIEW
    html = desk.as_handler.get(f"/gestion/dossiers/{desk.dossier.pk}").content.decode()
    points = html[html.index('data-part="points"') : html.index('data-part="actions"')]
    assert re.findall(r'name="champ" value="(\w+)"', points) == ["total_amount"]  # the doubtful NIR decides nothing
    assert "Lecture peu sûre" in points
    assert 'name="valeur" value="80,00"' in points


def test_a_confirmed_value_is_an_event_and_the_dossier_is_decided_again(desk):
    messages = OutboxMessage.objects.count()
    answer = correct(desk, quoi="champ", champ="total_amount", valeur="60,00")
    assert answer.status_code == 302
    event = Event.objects.get(kind=EventKind.FIELD_CORRECTED.value)
    assert (event.actor, event.piece, event.content.before["value"], event.before["confidence"]) == (
        "odile",
        desk.piece,
        "60.00",
        0.6,
    )
    assert (event.after["field"], event.content.after["value"], event.after["how"]) == (
        "total_amount",
        "60.00",
        "confirmed",
    )
    assert "60.00" not in json.dumps([event.before, event.after])  # the log itself holds nothing that is printed
    field = reading(desk).fields[FieldName.TOTAL_AMOUNT]
    assert (field.source, field.confidence, field.polygon) == (
        build.Source.HANDLER,
        1.0,
        Box(100, 200, 300, 230).to_polygon(),
    )
    last = DecisionRecord.objects.filter(dossier=desk.dossier).last()
    assert (last.number, last.decision, last.worker) == (2, "complete", "odile")
    assert status(desk) is DossierStatus.TO_REVIEW  # until the person says so
    assert OutboxMessage.objects.count() == messages
    assert Reading.objects.get(piece=desk.piece).line["documents"][0]["fields"]["total_amount"]["confidence"] == 0.6


def test_the_member_sees_nothing_of_work_in_progress(desk):
    correct(desk, quoi="champ", champ="total_amount", valeur="60,00")
    html = desk.as_member.get(f"/dossiers/{desk.dossier.pk}").content.decode()
    assert "confirmé" not in html
    assert "est complet" not in html
    assert "odile" not in html.casefold()


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("total_amount", "1 234,50 €", Decimal("1234.50")),
        ("total_amount", "80,00", Decimal("80.00")),
        ("issue_date", "1er octobre 2026", dt.date(2026, 10, 1)),
        ("care_dates", "01/10/2026, 02/10/2026", (dt.date(2026, 10, 1), dt.date(2026, 10, 2))),
        ("paid", "non", False),
        ("siret", "732 829 320 00074", "73282932000074"),
        ("patient_name", "  Tristan   KERJEAN ", "Tristan KERJEAN"),
        ("patient_name", "", None),
    ],
)
def test_what_is_typed_is_what_the_field_says(field, typed, value, desk):
    assert correct(desk, quoi="champ", champ=field, valeur=typed).status_code == 302
    assert reading(desk).fields[FieldName(field)].value == value


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [("total_amount", "soixante", "montant"), ("issue_date", "hier", "date"), ("paid", "peut-être", "oui")],
)
def test_what_is_no_value_is_said_and_not_written(field, typed, words, desk):
    answer = desk.as_handler.post(
        f"/gestion/dossiers/{desk.dossier.pk}/corriger",
        {
            **ticket(desk.as_handler, desk.dossier),
            "papier": desk.piece.pk,
            "rang": 0,
            "quoi": "champ",
            "champ": field,
            "valeur": typed,
        },
        headers={"X-Parts": "1"},
    )
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Event.objects.filter(kind=EventKind.FIELD_CORRECTED.value).exists()


def keep_words(world, *words):
    """Words on the first page, one after another on one line."""
    stored = Reading.objects.get(piece=world.piece)
    placed = [[text, *(edge for corner in Box(*box).to_polygon() for edge in corner)] for text, box in words]
    key = words_key(world.piece.original_id)
    default_store().put(key, gzip.compress(json.dumps([{"page": 1, "words": placed}]).encode()))
    Reading.objects.filter(pk=stored.pk).update(words_key=key)


def test_a_typed_value_is_found_again_on_the_page(desk):
    keep_words(desk, ("Total", (0, 0, 9, 9)), ("1", (10, 0, 12, 9)), ("234,50", (13, 0, 30, 9)), ("€", (31, 0, 33, 9)))
    correct(desk, quoi="champ", champ="total_amount", valeur="1234,5")
    field = reading(desk).fields[FieldName.TOTAL_AMOUNT]
    assert (field.raw_text, field.page, field.polygon) == ("1 234,50", 1, Box(10, 0, 30, 9).to_polygon())


def test_words_pointed_at_fill_the_field_and_give_its_place(desk):
    keep_words(desk, ("Tristan", (50, 60, 90, 70)), ("KERJEAN", (95, 60, 140, 70)))
    listed = desk.as_handler.get(f"/papiers/{desk.piece.pk}/mots").json()
    assert [word[0] for word in listed["1"]] == ["Tristan", "KERJEAN"]
    mots = json.dumps({"page": 1, "numbers": [0, 1]})
    correct(desk, quoi="champ", champ="patient_name", valeur="Tristan KERJEAN", mots=mots)
    field = reading(desk).fields[FieldName.PATIENT_NAME]
    assert (field.value, field.polygon) == ("Tristan KERJEAN", Box(50, 60, 140, 70).to_polygon())
    assert Event.objects.get(kind=EventKind.FIELD_CORRECTED.value).after["how"] == "pointed"


def test_of_several_places_the_nearest_is_taken():
    def word(text, x):
        return PlacedWord(text, Box(x, 0, x + 5, 5).to_polygon())

    words = {1: (word("60,00", 0), word("60,00", 100), word("60", 200))}
    near = (1, Box(104, 0, 110, 5).to_polygon())
    assert find_value(words, (1,), Decimal(60), near).polygon == Box(100, 0, 105, 5).to_polygon()
    assert find_value(words, (1,), dt.date(2026, 1, 1)) is None


def test_undo_takes_back_the_last_correction_and_keeps_its_trace(desk):
    correct(desk, quoi="champ", champ="total_amount", valeur="80,00")
    correct(desk, quoi="champ", champ="patient_name", valeur="Tristan KERJEAN")
    correct(desk, quoi="annuler")
    fields = reading(desk).fields
    assert (fields[FieldName.PATIENT_NAME].value, fields[FieldName.TOTAL_AMOUNT].value) == (
        "Maëlys KERJEAN",
        Decimal("80.00"),
    )
    correct(desk, quoi="annuler")
    assert reading(desk).fields[FieldName.TOTAL_AMOUNT].confidence == 0.6
    events = Event.objects.count()
    correct(desk, quoi="annuler")  # nothing is left to undo
    assert Event.objects.count() == events
    assert Event.objects.filter(kind=EventKind.FIELD_CORRECTED.value).count() == 2
    html = desk.as_handler.get(f"/gestion/dossiers/{desk.dossier.pk}").content.decode()
    assert html.count("Correction annulée") == 2


def test_type_and_legibility_can_be_said(desk):
    correct(desk, quoi="type", type="facture_soins")
    assert reading(desk).type is DocumentType.FACTURE_SOINS
    assert "facture" in DecisionRecord.objects.filter(dossier=desk.dossier).last().missing
    correct(desk, quoi="annuler")
    correct(desk, quoi="illisible")
    assert (reading(desk).legible, reading(desk).fields) == (False, {})
    assert DecisionRecord.objects.filter(dossier=desk.dossier).last().missing == ["piece_illisible"]


def test_another_type_of_request_belongs_to_another_queue(desk):
    assert desk.dossier.queue == RULES.claims[ClaimType.MEDECINE_DOUCE].queue
    correct(desk, quoi="soins", soins="hospitalisation")
    desk.dossier.refresh_from_db()
    assert (desk.dossier.claim_type, desk.dossier.queue) == ("hospitalisation", "hospitalisation")


def test_a_finding_is_judged_once_and_not_for_what_comes_later(desk):
    correct(desk, quoi="champ", champ="total_amount", valeur="999,00")  # above the threshold of 250
    assert DecisionRecord.objects.filter(dossier=desk.dossier).last().reasons == ["montant_eleve"]
    correct(desk, quoi="controle", controle="amount_below_threshold")
    last = DecisionRecord.objects.filter(dossier=desk.dossier).last()
    assert (last.decision, last.reasons) == ("complete", [])
    assert any("Vérifié par Odile Marchand" in finding["handler_fr"] for finding in last.line["findings"])
    correct(desk, quoi="champ", champ="total_amount", valeur="1999,00")
    assert DecisionRecord.objects.filter(dossier=desk.dossier).last().reasons == ["montant_eleve"]


def test_accepting_tells_the_member_and_pushes_the_next(desk):
    other, _ = flagged_dossier(desk.other)
    correct(desk, quoi="champ", champ="total_amount", valeur="60,00")
    answer = act(desk, acte="accepter")
    assert answer.url == f"/gestion/dossiers/{other.pk}"
    assert status(desk) is DossierStatus.COMPLETE
    desk.dossier.refresh_from_db()
    assert desk.dossier.lease_token is None
    event = Event.objects.get(kind=EventKind.HANDLER_ACCEPTED.value)
    assert (event.actor, event.before["status"], event.after["number"]) == ("odile", "to_review", 3)
    html = desk.as_member.get(f"/dossiers/{desk.dossier.pk}").content.decode()
    assert "Dossier accepté par un gestionnaire" in html


def test_accepting_against_open_points_needs_a_reason(desk):
    assert act(desk, acte="accepter").status_code == 302
    assert status(desk) is DossierStatus.TO_REVIEW
    act(desk, acte="accepter", pourquoi="Vu au téléphone avec le cabinet.")
    assert status(desk) is DossierStatus.COMPLETE
    assert Event.objects.get(kind=EventKind.HANDLER_ACCEPTED.value).after["despite"]["reasons"] == [
        "lecture_incertaine"
    ]


def test_asking_the_member_shows_the_text_on_the_site_and_not_in_the_mail(desk):
    from storage.models import Member

    Member.objects.filter(pk=desk.member.pk).update(email="maelys@exemple.invalid")
    act(desk, acte="demander", piece="facture_acquittee", texte="Bonjour,\nIl manque le tampon rouge.")
    assert status(desk) is DossierStatus.INCOMPLETE
    html = desk.as_member.get(f"/dossiers/{desk.dossier.pk}").content.decode()
    assert "Il manque le tampon rouge." in html
    assert "Facture acquittée" in html
    mail = OutboxMessage.objects.filter(dossier=desk.dossier).last()
    assert "tampon" not in mail.subject + mail.body
    assert act(desk, shown={"bail": "0", "version": "1"}, acte="demander", texte="x").status_code == 404


def test_a_refusal_needs_reason_text_and_a_second_person(desk):
    refusal = {
        "acte": "refuser",
        "motif": "not_covered",
        "pourquoi": "Ostéopathie exclue.",
        "texte": "Bonjour, désolés.",
    }
    for missing in ("motif", "pourquoi", "texte"):
        act(desk, **{**refusal, missing: ""})
        assert not Handling.objects.exclude(proposed_act="").exists()
    act(desk, **refusal)
    assert status(desk) is DossierStatus.TO_REVIEW
    desk.as_handler.post(f"/gestion/dossiers/{desk.dossier.pk}/prendre")
    act(desk, **refusal)  # the same person does not count twice
    assert status(desk) is DossierStatus.TO_REVIEW
    desk.as_handler.post(f"/gestion/dossiers/{desk.dossier.pk}/reposer", ticket(desk.as_handler, desk.dossier))
    second = colleague()
    second.post(f"/gestion/dossiers/{desk.dossier.pk}/prendre")
    html = second.get(f"/gestion/dossiers/{desk.dossier.pk}").content.decode()
    assert "Odile Marchand</strong> propose de <strong>refuser" in html
    act(desk, second, **refusal)
    assert status(desk) is DossierStatus.REFUSED
    event = Event.objects.get(kind=EventKind.HANDLER_REFUSED.value)
    assert (event.actor, event.after["proposed_by"], event.after["reason"]) == ("basile", "odile", "not_covered")
    assert "Bonjour, désolés." in desk.as_member.get(f"/dossiers/{desk.dossier.pk}").content.decode()


def test_high_amounts_and_new_bank_details_need_two_people(world):
    rib = build.DocumentReading(
        type=DocumentType.RIB,
        type_confidence=0.99,
        pages=(1,),
        fields={FieldName.IBAN: build.field("FR7630006000011234567890189", "FR76...")},
    )
    for documents, because in (
        ((note(**{FieldName.TOTAL_AMOUNT: build.field(Decimal("3000.01"), "3000,01")}),), ["amount"]),
        ((note(), rib), ["bank_details"]),
    ):
        dossier = build.make_dossier(world.member, ClaimType.MEDECINE_DOUCE)
        world.piece = build.add_piece(dossier)
        build.read_pieces(documents=documents)
        build.decide_dossiers()
        world.dossier = dossier
        world.as_handler.post(f"/gestion/dossiers/{dossier.pk}/prendre")
        act(world, acte="accepter", pourquoi="Vérifié.")
        assert status(world) is DossierStatus.TO_REVIEW
        assert Handling.objects.get(dossier=dossier).proposal["because"] == because


def test_a_declined_proposal_goes_back_to_who_made_it(desk):
    act(desk, acte="refuser", motif="other", pourquoi="?", texte="Bonjour.")
    second = colleague()
    second.post(f"/gestion/dossiers/{desk.dossier.pk}/prendre")
    act(desk, second, acte="decliner", pourquoi="Le contrat couvre cela.")
    handling = Handling.objects.get(dossier=desk.dossier)
    assert (handling.proposed_act, handling.assignee.username) == ("", "odile")
    assert status(desk) is DossierStatus.TO_REVIEW


def test_a_correction_voids_a_proposal(desk):
    act(desk, acte="refuser", motif="other", pourquoi="?", texte="Bonjour.")
    second = colleague()
    second.post(f"/gestion/dossiers/{desk.dossier.pk}/prendre")
    correct(desk, second, quoi="champ", champ="total_amount", valeur="60,00")
    assert Handling.objects.get(dossier=desk.dossier).proposed_act == ""


def test_postponed_and_escalated_dossiers_are_not_pushed(desk):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    act(desk, acte="reporter", jour=tomorrow.isoformat(), pourquoi="Attend le rappel du cabinet.")
    assert desk.as_handler.post("/gestion/suivant").url == "/gestion"
    Handling.objects.update(postponed_until=timezone.localdate())
    assert desk.as_handler.post("/gestion/suivant").url == f"/gestion/dossiers/{desk.dossier.pk}"
    act(desk, acte="transmettre", pourquoi="Contrat inconnu.")
    assert desk.as_handler.post("/gestion/suivant").url == "/gestion"
    from django.contrib.auth.models import Group

    User.objects.get(username="odile").groups.add(Group.objects.get_or_create(name="superviseurs")[0])
    assert desk.as_handler.post("/gestion/suivant").url == f"/gestion/dossiers/{desk.dossier.pk}"


def test_two_people_never_hold_one_dossier(desk):
    second = colleague()
    answer = second.post(f"/gestion/dossiers/{desk.dossier.pk}/prendre", follow=True)
    html = answer.content.decode()
    assert "Ouvert par Odile Marchand" in html
    assert 'name="bail"' not in html
    assert second.post("/gestion/suivant").url == "/gestion"


def test_a_lapsed_hold_can_be_taken_and_the_first_page_is_refused(desk):
    shown = ticket(desk.as_handler, desk.dossier)
    Dossier.objects.filter(pk=desk.dossier.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    second = colleague()
    assert second.post("/gestion/suivant").url == f"/gestion/dossiers/{desk.dossier.pk}"
    for answer in (
        correct(desk, shown=shown, quoi="champ", champ="total_amount", valeur="60,00"),
        act(desk, shown=shown, acte="accepter", pourquoi="x"),
    ):
        assert answer.status_code == 409
        assert "Odile Marchand a repris ce dossier" in answer.content.decode()  # the name of basile's account
    assert not Event.objects.filter(kind__in=["field_corrected", "handler_accepted"]).exists()
    beat = desk.as_handler.post(f"/gestion/dossiers/{desk.dossier.pk}/presence", shown)
    assert beat.json() == {"held": False}


def test_a_stale_tab_is_refused_and_told_what_happened(desk):
    old = ticket(desk.as_handler, desk.dossier)
    correct(desk, quoi="champ", champ="total_amount", valeur="80,00")
    answer = act(desk, shown=old, acte="accepter", pourquoi="x")
    assert answer.status_code == 409
    html = answer.content.decode().replace("&nbsp;", "\u00a0")
    assert "Rien n’a été enregistré" in html
    assert "Montant total corrigé" in html
    assert status(desk) is DossierStatus.TO_REVIEW


def test_a_paper_that_comes_in_takes_the_dossier_out_of_the_hand(desk):
    shown = ticket(desk.as_handler, desk.dossier)
    build.add_piece(desk.dossier)
    answer = act(desk, shown=shown, acte="accepter", pourquoi="x")
    assert answer.status_code == 409
    assert "Un nouveau document est arrivé" in answer.content.decode()
    assert Event.objects.filter(kind="handler_accepted").count() == 0


def test_corrections_outlive_a_new_paper(desk):
    correct(desk, quoi="champ", champ="total_amount", valeur="80,00")
    build.add_piece(desk.dossier)
    build.read_pieces(documents=(build.invoice(),))
    build.decide_dossiers(now=build.NOW + dt.timedelta(minutes=1))
    assert reading(desk).value_of(FieldName.TOTAL_AMOUNT) == Decimal("80.00")


def test_a_double_click_decides_once(desk):
    shown = ticket(desk.as_handler, desk.dossier)
    first = act(desk, shown=shown, acte="accepter", pourquoi="x")
    second = act(desk, shown=shown, acte="accepter", pourquoi="x")
    assert (first.status_code, second.status_code) == (302, 409)
    assert Event.objects.filter(kind="handler_accepted").count() == 1


def test_next_without_deciding_goes_round(desk):
    other, _ = flagged_dossier(desk.other)
    places = [f"/gestion/dossiers/{one.pk}" for one in (desk.dossier, other)]
    shown = ticket(desk.as_handler, desk.dossier)
    assert desk.as_handler.post("/gestion/suivant", {"dossier": desk.dossier.pk, **shown}).url == places[1]
    shown = ticket(desk.as_handler, other)
    assert desk.as_handler.post("/gestion/suivant", {"dossier": other.pk, **shown}).url == places[0]


def test_teams_and_assignment_decide_what_is_pushed(desk):
    desk.as_handler.post(f"/gestion/dossiers/{desk.dossier.pk}/reposer", ticket(desk.as_handler, desk.dossier))
    odile = User.objects.get(username="odile")
    TeamMember.objects.create(user=odile, queue="dentaire")
    assert desk.as_handler.post("/gestion/suivant").url == "/gestion"
    desk.as_handler.post("/gestion/attribuer", {"dossier": desk.dossier.pk, "a": odile.pk})
    assert Event.objects.get(kind="assigned").after["name"] == "Odile Marchand"
    html = desk.as_handler.get("/gestion", {"vue": "moi"}).content.decode()
    assert desk.dossier.reference in html
    assert desk.as_handler.post("/gestion/suivant").url == f"/gestion/dossiers/{desk.dossier.pk}"


def test_a_dossier_is_found_by_anything_printed_on_its_papers(desk):
    PrintedText.objects.create(piece=desk.piece, text="osteopathe diplomee 12 rue des lilas")
    found = desk.as_handler.get("/gestion", {"q": "Lilas ostéopathe"}).content.decode()
    assert desk.dossier.reference in found
    assert desk.dossier.reference in desk.as_member.get("/dossiers", {"q": "lilas"}).content.decode()
    assert desk.dossier.reference not in desk.as_other.get("/dossiers", {"q": "lilas"}).content.decode()


def test_searches_are_kept_and_forgotten(desk):
    answer = desk.as_handler.post("/gestion/recherches", {"nom": "Mes vieux", "recherche": "age=vieux&x=1"})
    assert answer.url == "/gestion?age=vieux"
    html = desk.as_handler.get("/gestion").content.decode()
    assert 'href="?age=vieux">Mes vieux</a>' in html
    number = re.search(r'name="oublier" value="(\d+)"', html).group(1)
    desk.as_handler.post("/gestion/recherches", {"oublier": number})
    assert "Mes vieux" not in desk.as_handler.get("/gestion").content.decode()


def test_the_money_is_added_up_line_by_line(desk):
    lines = tuple(
        build.LineItem(label=label, amount=Decimal(amount)) for label, amount in (("Séance", 50), ("Bilan", 15))
    )
    dossier, _ = flagged_dossier(desk.other, note().model_copy(update={"line_items": lines}))
    html = desk.as_handler.get(f"/gestion/dossiers/{dossier.pk}").content.decode().replace("&nbsp;", "\u00a0")
    sums = html[html.index('<table class="sum') :]
    assert "sum-wrong" in sums[:60]
    assert "65,00\u00a0€" in sums
    assert "Écart" in sums


def test_queries_of_the_review_do_not_grow_with_its_papers_or_its_past(desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        desk.as_handler.get("/gestion")  # shows the messages of what was done, which the session would else hold
        with CaptureQueriesContext(connection) as queries:
            assert desk.as_handler.get(f"/gestion/dossiers/{desk.dossier.pk}").status_code == 200
        return len(queries)

    few = count()
    for _ in range(4):
        correct(desk, quoi="champ", champ="total_amount", valeur="80,00")
    assert count() == few <= 16
