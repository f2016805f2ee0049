"""Papers that the machine grouped wrongly, put right on the review screen, and understood again from the words kept."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dossiers.facts import gather_facts
from extractors.reading import understand
from extractors.understanding import understand_paper
from flows.derived import save_words
from portal import regrouping, site_reader
from portal.words import load_pages
from schemas.errors import RefusedActError
from schemas.lines import document_to_line
from schemas.readings import REGROUPED, FileReading, Source
from schemas.rules import load_rules
from schemas.sayings import Saying
from schemas.statuses import EventKind
from schemas.vocabulary import ClaimType, DocumentType, FieldName
from storage.amending import standing_sayings
from storage.deciding import load_dossier
from storage.figures import measure_team
from storage.holding import Ticket
from storage.models import Event, Reading
from storage.moving import move_held_piece
from storage.objects import default_store
from storage.pieces import claim_pieces, save_reading
from storage.saying import say_of_paper
from tests.extractors.understanding.builders import make_page
from tests.extractors.understanding.test_understanding import DENTIST, DENTIST_COLUMNS, OSTEO
from tests.portal import build
from tests.portal.test_reviewing import correct, ticket

RULES = load_rules()
NOTE, BILL = make_page(*OSTEO, page=1), make_page(*DENTIST, columns=DENTIST_COLUMNS, page=2)

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _reader():
    yield
    site_reader.close()


def send_file(world, pages, documents, *, words=True):
    """A file of a new dossier, read as those papers, with its words or without."""
    world.dossier = build.make_dossier(world.member, ClaimType.MEDECINE_DOUCE)
    world.piece = add_file(world, pages, documents, words=words)
    build.decide_dossiers()
    world.as_handler.post(f"/gestion/dossiers/{world.dossier.pk}/prendre")
    return world


def add_file(world, pages, documents, *, words=True, name="facture lunettes.pdf"):
    piece = build.add_piece(world.dossier, name=name)
    (claimed,) = claim_pieces("lecteur-1", 1, build.NOW, build.LEASE)
    reading = FileReading(
        id=str(claimed.id), file=claimed.name, sha256=claimed.sha256, pages=tuple(pages), documents=tuple(documents)
    )
    key = save_words(default_store(), reading) if words else ""
    save_reading(claimed, reading, worker="lecteur-1", seconds=0.8, now=build.NOW, words_key=key)
    return piece


@pytest.fixture
def grouped(world):
    """The note of an osteopath and the bill of a dentist, read as one paper of two pages."""
    return send_file(world, (NOTE, BILL), (understand_paper([NOTE, BILL]),))


def papers(world):
    return load_dossier(world.dossier.pk, RULES).dossier.readings[0].documents


def to_lines(documents):
    return [document_to_line(one) for one in documents]


def history(world):
    return (
        world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}")
        .content.decode()
        .replace("&nbsp;", "\xa0")
        .replace("\xa0", " ")
    )


def test_the_pages_are_kept_as_they_were_understood(grouped):
    kept = load_pages(Reading.objects.select_related("piece").get(piece=grouped.piece).piece)
    assert to_lines(understand(kept)) == to_lines(understand((NOTE, BILL)))


def test_a_split_paper_is_two_with_the_values_of_their_own_pages(grouped):
    before = Reading.objects.get(piece=grouped.piece).line
    answer = correct(grouped, quoi="decouper", debut=["1"], pourquoi="deux soins")
    assert answer.status_code == 302
    note, bill = papers(grouped)
    assert to_lines((note, bill)) == to_lines(understand((NOTE, BILL)))
    assert (note.type, note.value_of(FieldName.TOTAL_AMOUNT)) == (DocumentType.NOTE_HONORAIRES, Decimal("60.00"))
    assert bill.value_of(FieldName.TOTAL_AMOUNT) == Decimal("543.38")
    assert Reading.objects.get(piece=grouped.piece).line == before  # what was read stays as it was
    event = Event.objects.get(kind=EventKind.PAPER_SPLIT.value)
    assert (event.actor, event.piece, event.before["pages"], event.after["parts"]) == (
        "odile",
        grouped.piece,
        [1, 2],
        [[1], [2]],
    )
    assert "papers" not in event.after  # what the papers say stands beside the event, where it can be erased
    assert Event.objects.filter(dossier=grouped.dossier, kind=EventKind.REASSESSED.value).exists()
    html = history(grouped)
    assert "Document découpé sur « facture lunettes.pdf » : pages 1 et 2 en 2, page 1 et page 2." in html
    assert "deux soins" in html


def test_the_dashboard_does_not_take_papers_that_had_the_same_place_for_one(apart):
    correct(apart, rang=1, quoi="champ", champ="document_number", valeur="A-1")
    correct(apart, rang=0, quoi="reunir", avec=f"{apart.piece.pk}/1")
    number = papers(apart)[1].fields[FieldName.DOCUMENT_NUMBER].value
    correct(apart, rang=1, quoi="champ", champ="document_number", valeur=number)  # the note, which was read rightly
    effort = measure_team(RULES.thresholds, today=timezone.localdate(), weeks=1).effort[FieldName.DOCUMENT_NUMBER]
    assert (effort.looked_at, effort.right) == (2, 1)


def test_a_split_is_undone_like_any_correction(grouped):
    (whole,) = papers(grouped)
    correct(grouped, quoi="decouper", debut=["1"])
    correct(grouped, rang=1, quoi="type", type="facture_soins")
    assert papers(grouped)[1].type is DocumentType.FACTURE_SOINS
    correct(grouped, quoi="annuler")
    correct(grouped, quoi="annuler")
    assert papers(grouped) == (whole,)
    assert "Découpage annulé sur « facture lunettes.pdf »." in history(grouped)


def test_what_a_person_said_stays_with_its_page(grouped):
    correct(grouped, quoi="champ", champ="total_amount", valeur="543,38")
    assert papers(grouped)[0].fields[FieldName.TOTAL_AMOUNT].page == 2
    correct(grouped, quoi="champ", champ="patient_name", valeur="Nolwenn LE GOFF")  # printed nowhere
    correct(grouped, quoi="decouper", debut=["1"])
    note, bill = papers(grouped)
    assert bill.fields[FieldName.TOTAL_AMOUNT].source is Source.HANDLER
    assert note.fields[FieldName.TOTAL_AMOUNT].source is not Source.HANDLER
    # Nobody can say of which page that was true: what is read there is no longer accepted.
    assert {paper.fields[FieldName.PATIENT_NAME].held_back for paper in (note, bill)} == {REGROUPED}


def test_without_the_words_values_are_absent_with_the_reason(world):
    grouped = send_file(world, (NOTE, BILL), (understand_paper([NOTE, BILL]),), words=False)
    (whole,) = papers(grouped)
    correct(grouped, quoi="decouper", debut=["1"])
    parts = papers(grouped)
    assert [part.pages for part in parts] == [(1,), (2,)]
    for part in parts:
        assert part.type_confidence == 0.0
        assert all((field.value, field.held_back) == (None, REGROUPED) for field in part.fields.values())
        assert set(part.fields) == {name for name, field in whole.fields.items() if field.page in part.pages}
    assert "le document a été découpé ou réuni depuis la lecture" in history(grouped)


@pytest.mark.parametrize("starts", [[], ["0"], ["2"], ["-1"]])
def test_a_cut_is_between_two_pages(grouped, starts):
    answer = grouped.as_handler.post(
        f"/gestion/dossiers/{grouped.dossier.pk}/corriger",
        {
            "papier": grouped.piece.pk,
            "rang": 0,
            **ticket(grouped.as_handler, grouped.dossier),
            "quoi": "decouper",
            "debut": starts,
        },
        headers={"X-Parts": "1"},
    )
    assert answer.status_code == 422
    assert "à partir de la deuxième" in answer.content.decode()
    assert not Event.objects.filter(kind=EventKind.PAPER_SPLIT.value).exists()


def test_a_stale_page_and_other_people_split_nothing(grouped):
    shown = ticket(grouped.as_handler, grouped.dossier)
    correct(grouped, quoi="type", type="note_honoraires")
    answer = correct(grouped, shown=shown, quoi="decouper", debut=["1"])
    assert answer.status_code == 409
    for client in (grouped.as_member, grouped.as_nobody):
        assert correct(grouped, client, shown, quoi="decouper", debut=["1"]).status_code == 404
    assert not Event.objects.filter(kind=EventKind.PAPER_SPLIT.value).exists()


def test_what_the_member_said_of_a_paper_follows_it(world):
    other = make_page(*OSTEO, page=3)
    grouped = send_file(world, (NOTE, BILL, other), (understand_paper([NOTE, BILL]), understand_paper([other])))
    said = Saying(file=str(grouped.piece.pk), document=1, type=DocumentType.RIB, field=None, value=None)
    say_of_paper(grouped.dossier.pk, grouped.piece.pk, [said], actor="maelys", now=build.NOW)
    build.decide_dossiers(now=build.NOW + build.LEASE)
    grouped.as_handler.post(f"/gestion/dossiers/{grouped.dossier.pk}/prendre")
    correct(grouped, quoi="decouper", debut=["1"])
    assert [saying.document for saying in standing_sayings(grouped.dossier)] == [2]
    assert papers(grouped)[2].pages == (3,)


def test_a_reader_that_is_late_changes_nothing(grouped, monkeypatch):
    monkeypatch.setattr(regrouping, "_PATIENCE", 0.0)
    correct(grouped, quoi="decouper", debut=["1"])
    assert "rien n’a été changé" in history(grouped)
    assert not Event.objects.filter(kind=EventKind.PAPER_SPLIT.value).exists()


@pytest.fixture
def apart(world):
    """A dentist's bill of two pages, read as two papers, with a note behind it."""
    first = make_page(*DENTIST[:7], columns=DENTIST_COLUMNS, page=1)
    second = make_page(*DENTIST[7:], columns=DENTIST_COLUMNS, page=2)
    note = make_page(*OSTEO, page=3)
    world.pages = (first, second)
    return send_file(world, (first, second, note), [understand_paper([page]) for page in (first, second, note)])


def test_two_papers_of_a_file_are_one_and_are_two_again(apart):
    before = papers(apart)
    answer = correct(apart, rang=1, quoi="reunir", avec=f"{apart.piece.pk}/0", pourquoi="recto et verso")
    assert answer.status_code == 302
    bill, note = papers(apart)
    assert to_lines([bill]) == to_lines([understand_paper(apart.pages)])
    assert (bill.pages, bill.value_of(FieldName.TOTAL_AMOUNT)) == ((1, 2), Decimal("543.38"))
    assert note == before[2]
    event = Event.objects.get(kind=EventKind.PAPERS_MERGED.value)
    assert (event.actor, event.before["parts"], event.after["pages"]) == ("odile", [[1], [2]], [1, 2])
    html = history(apart)
    assert "Documents réunis sur « facture lunettes.pdf » : page 1 et page 2 ne font qu’un." in html
    assert "recto et verso" in html
    correct(apart, quoi="annuler")
    assert papers(apart) == before
    assert "Réunion annulée sur « facture lunettes.pdf »." in history(apart)


def test_what_two_people_or_corrections_say_of_one_value_is_a_question(apart):
    correct(apart, rang=0, quoi="champ", champ="document_number", valeur="F2026/45")
    correct(apart, rang=1, quoi="champ", champ="document_number", valeur="F2026/46")
    correct(apart, rang=0, quoi="reunir", avec=f"{apart.piece.pk}/1")
    field = papers(apart)[0].fields[FieldName.DOCUMENT_NUMBER]
    assert (field.value, field.held_back, field.confidence) == ("F2026/45", REGROUPED, 0.5)
    assert field.alternatives[0].value == "F2026/46"


def test_what_the_member_said_follows_a_merged_paper(apart):
    for index in (1, 2):
        said = Saying(file=str(apart.piece.pk), document=index, type=DocumentType.RIB, field=None, value=None)
        say_of_paper(apart.dossier.pk, apart.piece.pk, [said], actor="maelys", now=build.NOW)
    build.decide_dossiers(now=build.NOW + build.LEASE)
    apart.as_handler.post(f"/gestion/dossiers/{apart.dossier.pk}/prendre")
    correct(apart, rang=0, quoi="reunir", avec=f"{apart.piece.pk}/1")
    assert sorted(saying.document for saying in standing_sayings(apart.dossier)) == [0, 1]


def test_papers_that_cannot_be_one_are_refused(apart):
    for avec, status in (
        (f"{apart.piece.pk}/0", 422),
        (f"{apart.other_piece.pk}/0", 404),  # in another dossier
        ("?", 404),
        (f"{apart.piece.pk}/7", 404),
    ):
        form = {"papier": apart.piece.pk, "rang": 0, "quoi": "reunir", "avec": avec}
        answer = apart.as_handler.post(
            f"/gestion/dossiers/{apart.dossier.pk}/corriger",
            {**form, **ticket(apart.as_handler, apart.dossier)},
            headers={"X-Parts": "1"},
        )
        assert answer.status_code == status
    shown = ticket(apart.as_handler, apart.dossier)
    correct(apart, quoi="type", type="note_honoraires")
    assert correct(apart, shown=shown, quoi="reunir", avec=f"{apart.piece.pk}/1").status_code == 409
    assert not Event.objects.filter(kind=EventKind.PAPERS_MERGED.value).exists()


@pytest.fixture
def photos(world):
    """A dentist's bill of three pages, each on a photo of its own, read as three papers."""
    rows = (DENTIST[:5], DENTIST[5:7], DENTIST[7:])
    world.sheets = [make_page(*part, columns=DENTIST_COLUMNS) for part in rows]
    world.dossier = build.make_dossier(world.member, ClaimType.MEDECINE_DOUCE)
    world.files = [
        add_file(world, [sheet], [understand_paper([sheet])], name=f"photo {number}.jpg")
        for number, sheet in enumerate(world.sheets, 1)
    ]
    build.decide_dossiers()
    world.as_handler.post(f"/gestion/dossiers/{world.dossier.pk}/prendre")
    return world


def by_file(world):
    read = load_dossier(world.dossier.pk, RULES).dossier.readings
    return {reading.id: reading.documents for reading in read}


def test_pages_on_three_photos_are_one_paper(photos):
    first, second, third = photos.files
    before = by_file(photos)
    shown = {"papier": first.pk, "quoi": "reunir"}
    assert correct(photos, avec=f"{second.pk}/0", **shown).status_code == 302
    correct(photos, avec=f"{third.pk}/0", pourquoi="trois photos", **shown)
    after = by_file(photos)
    (bill,) = after[str(first.pk)]
    assert (after[str(second.pk)], after[str(third.pk)]) == ((), ())
    assert bill.pages == (1,)
    assert [(other.file, other.pages) for other in bill.other_pages] == [(str(second.pk), (1,)), (str(third.pk), (1,))]
    numbered = [sheet.model_copy(update={"page": number}) for number, sheet in enumerate(photos.sheets, 1)]
    whole = understand_paper(numbered)
    assert (bill.type, bill.line_items) == (whole.type, whole.line_items)
    for name, field in whole.fields.items():
        found = bill.fields[name]
        assert (found.value, found.held_back) == (field.value, field.held_back)
        assert found.page == (1 if field.page == 1 else None)  # what stands in another file has no place in this one
    assert bill.value_of(FieldName.TOTAL_AMOUNT) == Decimal("543.38")
    html = history(photos)
    assert "Documents réunis sur « photo 1.jpg » : page 1 et page 1 de « photo 3.jpg » ne font qu’un." in html
    assert "page 1 de « photo 2.jpg » et page 1 de « photo 3.jpg »" in html
    assert html.count("Des pages de ce fichier font partie d’un document de « photo 1.jpg ».") == 2
    correct(photos, quoi="decouper", debut=["1"])
    assert not Event.objects.filter(kind=EventKind.PAPER_SPLIT.value).exists()
    for _ in range(2):
        correct(photos, quoi="annuler")
    assert by_file(photos) == before


def test_a_paper_on_two_files_is_not_moved_half(photos):
    first, second, _ = photos.files
    correct(photos, papier=first.pk, quoi="reunir", avec=f"{second.pk}/0")
    target = build.make_dossier(photos.member)
    for piece in (first, second):
        with pytest.raises(RefusedActError, match="two files"):
            move_held_piece(held(photos), piece.pk, target.reference, "", build.NOW)


def held(world):
    shown = ticket(world.as_handler, world.dossier)
    user = User.objects.get(username="odile")
    return Ticket(world.dossier.pk, uuid.UUID(shown["bail"]), int(shown["version"]), user.pk, "odile", "Odile")


def test_what_the_member_said_of_a_photo_follows_it_into_the_paper(photos):
    first, second, _ = photos.files
    said = Saying(file=str(second.pk), document=0, type=DocumentType.RIB, field=None, value=None)
    say_of_paper(photos.dossier.pk, second.pk, [said], actor="maelys", now=build.NOW)
    build.decide_dossiers(now=build.NOW + build.LEASE)
    photos.as_handler.post(f"/gestion/dossiers/{photos.dossier.pk}/prendre")
    correct(photos, papier=first.pk, quoi="reunir", avec=f"{second.pk}/0")
    (saying,) = standing_sayings(photos.dossier)
    assert (saying.file, saying.document) == (str(first.pk), 0)


def test_pages_that_joined_a_paper_of_another_file_are_no_loose_pages(photos):
    first, second, third = photos.files
    for other in (second, third):
        correct(photos, papier=first.pk, quoi="reunir", avec=f"{other.pk}/0")
    loaded = load_dossier(photos.dossier.pk, RULES)
    facts = gather_facts(loaded.dossier, RULES, loaded.history, today=build.NOW.date())
    assert [(paper.file, len(paper.pages)) for paper in facts.papers] == [(str(first.pk), 3)]
    assert facts.unreadable == ()
