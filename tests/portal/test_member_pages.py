"""What a member reads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.delays import say_delay
from portal.lists import Filters
from schemas.errors import RefusalCode
from schemas.readings import Source
from schemas.statuses import EventKind
from schemas.vocabulary import ClaimType, DecisionKind, DocumentType, FieldName
from storage.delays import FEWEST, ExpectedDelay
from storage.events import append_event
from tests.portal import build

N = "\u00a0"


def text(answer):
    return answer.content.decode().replace("&nbsp;", N)


def show(world, dossier=None):
    return text(world.as_member.get(f"/dossiers/{(dossier or world.dossier).pk}"))


def test_the_list_says_where_each_dossier_stands(world):
    html = text(world.as_member.get("/dossiers"))
    for words in (
        world.dossier.reference,
        "Optique",
        "Maëlys Kerjean",
        f"12{N}octobre 2026",
        "Complément nécessaire",
        f"À vous{N}: ajoutez ce qui manque.",
        "ordonnance",
        'icon-incomplete"',
    ):
        assert words in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "optique"}, True),
        ({"q": "OPTIQUE kerjean"}, True),
        ({"q": "maelys"}, True),
        ({"q": "Maëlys dentaire"}, False),
        ({"q": "complement"}, True),
        ({"q": "introuvable"}, False),
        ({"statut": "incomplete"}, True),
        ({"statut": "complete"}, False),
        ({"statut": "n'importe quoi"}, True),
    ],
)
def test_searching_and_filtering(query, found, world):
    assert (str(world.dossier.pk) in text(world.as_member.get("/dossiers", query))) is found


def test_searching_for_the_reference(world):
    build.make_dossier(world.member, ClaimType.DENTAIRE, reference="2026-AUTRE")
    html = text(world.as_member.get("/dossiers", {"q": world.dossier.reference.lower()}))
    assert str(world.dossier.pk) in html
    assert "2026-AUTRE" not in html


def test_what_is_missing_comes_with_its_sentence_and_a_button(world):
    html = show(world)
    assert "Ce qu’il manque" in html
    assert "<h3>Ordonnance</h3>" in html
    assert 'href="#ajouter"' in html
    assert f'action="/dossiers/{world.dossier.pk}/ajouter"' in html


def test_each_paper_is_understood_in_one_line(world):
    html = show(world)
    start = html.index('class="understood"')
    line = html[start : html.index("</p>", start)]
    for words in ("Facture d’optique acquittée", "Optique des Halles", f"3{N}octobre 2026", f"1\u202f389,00{N}€"):
        assert words in line
    assert "à confirmer" not in line


def test_what_is_not_sure_is_said_to_be_so(world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier)
    total = build.field(None, "3?9,00", 0.2, held_back="unreadable")
    name = build.field("Optique des Holles", "Optique des Holles", 0.7)
    paper = build.invoice(**{FieldName.TOTAL_AMOUNT: total, FieldName.PRACTITIONER_NAME: name})
    build.read_pieces(documents=(paper,), pages=(build.blurred_page(),))
    html = show(world, dossier)
    assert 'Optique des Holles <em class="unsure">(à confirmer)</em>' in html
    assert "€" not in html[html.index('class="understood"') : html.index("La photo est floue")]
    assert "Posez le document à plat" in html
    assert "Envoyer une meilleure copie" in html


def test_a_bank_paper_shows_its_holder_and_no_number(world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier)
    iban = "FR7630001007941234567890185"
    rib = build.invoice().model_copy(
        update={
            "type": DocumentType.RIB,
            "fields": {
                FieldName.IBAN: build.field(iban, iban),
                FieldName.ACCOUNT_HOLDER: build.field("Mme Maëlys KERJEAN", "Mme Maëlys KERJEAN"),
            },
        }
    )
    build.read_pieces(documents=(rib,))
    html = show(world, dossier)
    assert "Mme Maëlys KERJEAN" in html
    assert iban[-6:] not in html.replace(N, "")


def test_a_refused_paper_says_why_and_what_to_do(world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier, name="protégé.pdf")
    build.read_pieces(refusal=RefusalCode.ENCRYPTED)
    html = show(world, dossier)
    assert "protégé par un mot de passe" in html
    assert "Envoyer une meilleure copie" in html
    assert "Télécharger" in html


def test_steps_follow_the_dossier(world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier)
    build.add_piece(dossier)
    assert "0 sur 2" in show(world, dossier)
    build.read_pieces()
    assert "2 sur 2" in show(world, dossier)
    build.decide_dossiers()
    html = show(world, dossier)
    assert "sur 2" not in html
    assert 'aria-current="step"' in html


def test_the_history_is_told_without_machinery(world):
    html = show(world)
    history = html[html.index('id="historique"') :]
    for words in ("Demande déposée.", "facture lunettes.pdf", f"Dossier à compléter{N}: ordonnance."):
        assert words in history
    assert "lecteur-1" not in html
    assert "commencée" not in history


def test_following_answers_only_when_something_changed(world):
    path = f"/dossiers/{world.dossier.pk}/suivi"
    first = world.as_member.get(path)
    assert (first.status_code, first.headers["X-Moving"]) == (200, "0")
    etag = first.headers["ETag"]
    assert f'data-version="{etag.replace(chr(34), "&quot;")}"' in show(world)
    assert world.as_member.get(path, headers={"If-None-Match": etag}).status_code == 304
    build.add_piece(world.dossier, now=build.NOW + dt.timedelta(minutes=1))
    second = world.as_member.get(path, headers={"If-None-Match": etag})
    assert (second.status_code, second.headers["X-Moving"]) == (200, "1")
    assert second.headers["ETag"] != etag
    html = text(second)
    assert 'data-part="progress"' in html
    assert "Lecture en cours…" in html


def test_the_social_security_number_is_on_no_page_of_the_member(world):
    for html in (show(world), text(world.as_member.get(f"/papiers/{world.piece.pk}"))):
        assert build.NIR not in html.replace(" ", "").replace(N, "")


def test_queries_do_not_grow_with_the_list(world):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert world.as_member.get("/dossiers").status_code == 200
        return len(queries)

    few = count()
    for _ in range(15):
        build.make_decided_dossier(world.member)
    assert count() == few <= 9


def test_queries_do_not_grow_with_the_papers(world):
    path = f"/dossiers/{world.dossier.pk}"

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert world.as_member.get(path).status_code == 200
        return len(queries)

    few = count()
    for _ in range(8):
        build.add_piece(world.dossier)
    build.read_pieces()
    build.decide_dossiers()
    assert count() == few <= 10


def test_a_member_correction_is_not_taken_for_sure():
    from portal.presenting.grades import Grade, grade_field

    said = build.field("FA-1", "FA-1", 1.0).model_copy(update={"source": Source.MEMBER})
    assert grade_field(FieldName.DOCUMENT_NUMBER, said) is Grade.CHECK


def test_a_first_visit_says_what_to_do(db, client):
    client.force_login(build.make_member("1", "Ada", "Nouvelle", username="ada").user)
    html = text(client.get("/dossiers"))
    assert "Aucun dossier pour le moment" in html
    assert 'type="search"' not in html
    html = text(client.get("/dossiers/deposer"))
    assert html.count("checked") == 0  # two people: nobody is chosen for them


def test_the_only_person_of_a_contract_is_chosen(db, client):
    member = build.make_member("1", "Ada", "Nouvelle", username="ada")
    member.people.get(first="Tristan").delete()
    client.force_login(member.user)
    assert text(client.get("/dossiers/deposer")).count("checked") == 1


def test_a_complete_dossier_asks_for_nothing(world):
    dossier = build.make_dossier(world.member, ClaimType.CONSULTATION)
    build.add_piece(dossier)
    build.read_pieces()
    build.decide_dossiers()
    html = show(world, dossier)
    assert "Dossier complet, transmis pour règlement" in html
    assert "Ce qu’il manque" not in html
    assert html.count('class="step step-done"') == 4


def test_a_dossier_in_the_hands_of_a_person_says_so(world):
    dossier = build.make_dossier(world.member, ClaimType.DENTAIRE)
    build.add_piece(dossier)
    total = build.field(build.Decimal("500.00"), "500,00 €", 0.3, held_back="low_confidence")
    paper = build.invoice(**{FieldName.TOTAL_AMOUNT: total})
    build.read_pieces(documents=(paper.model_copy(update={"type": DocumentType.FACTURE_DENTAIRE}),))
    build.decide_dossiers()
    html = show(world, dossier)
    assert "En cours d’étude par un gestionnaire" in html
    assert "Un gestionnaire étudie le dossier" in html
    assert "Dossier transmis à un gestionnaire." in html
    assert "lecture incertaine" not in html  # the reasons are for the gestionnaire
    review = text(world.as_handler.get(f"/gestion/dossiers/{dossier.pk}"))
    assert f"Dossier à vérifier{N}: lecture incertaine." in review


@pytest.mark.parametrize("page", ["9" * 400, "9" * 5000, "-1", "x", "1e400", "%00", "٣"])
def test_a_page_number_that_is_none_still_shows_a_list(page, world):
    assert world.as_member.get(f"/dossiers?page={page}").status_code == 200
    assert world.as_handler.get(f"/gestion?page={page}").status_code == 200


def test_a_nul_in_the_search_is_not_handed_to_the_database():
    filters = Filters.from_query({"q": "ker\0jean", "file": "opt\0ique"})
    assert (filters.text, filters.queue) == ("kerjean", "optique")


def test_what_is_missing_is_shown_by_an_example(world):
    html = show(world)
    assert f"À quoi ressemble ce document{N}?" in html
    assert 'class="example-sheet"' in html
    assert 'aria-label="Ordonnance' in html


def test_the_usual_delay_is_told_once_enough_dossiers_are_settled(world):
    assert "Pour ce type de demande" not in show(world)
    cache.clear()
    now = timezone.now()
    for _ in range(FEWEST):
        dossier = build.make_dossier(world.other_dossier.member, now=now - dt.timedelta(days=2, hours=12))
        append_event(dossier, EventKind.DECIDED, at=now, actor="w", decision=DecisionKind.COMPLETE)
    html = show(world)
    cache.clear()
    assert f"la réponse vient d’habitude en 3{N}jours au plus (calculé sur" in html
    assert f"calculé sur {FEWEST}{N}dossiers" in html


@pytest.mark.parametrize(
    ("median", "ninety", "words"),
    [
        (0.1, 0.6, "d’habitude dans la journée (calculé"),
        (1.2, 5.5, f"en 2{N}jours au plus, et neuf fois sur dix en 6{N}"),
    ],
)
def test_a_delay_in_words(median, ninety, words):
    assert words in say_delay(ExpectedDelay(dossiers=40, median=median, ninety=ninety))


def test_a_dossier_that_its_member_left_says_so_to_both(world):
    append_event(world.dossier, EventKind.LEFT_UNANSWERED, at=timezone.now(), actor="w", detail={"reminders": 2})
    assert "Sans réponse de votre part, votre dossier est confié à un gestionnaire." in show(world)
    review = text(world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}"))
    assert f"Sans réponse de l’adhérent (2{N}rappels)" in review
