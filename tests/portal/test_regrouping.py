"""Pages that a gestionnaire parts or puts together: read again as the papers that they are, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest

import samples
from extractors.reading import read_file
from portal import site_reader
from portal.regrouping import read_groups
from schemas.statuses import EventKind
from schemas.vocabulary import ClaimType
from storage.amending import amend_reading, standing_corrections, standing_sayings
from storage.contents import append_saying
from storage.models import Dossier, Event, Piece
from storage.values import to_reading
from tests.portal import build
from tests.portal.test_reviewing import correct, ticket

#: A file of several papers with a text layer, so that reading it again takes no engine.
BUNDLE = Path(samples.__file__).parent / "set" / "files" / "s0012.pdf"

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _reader():
    yield
    site_reader.close()


@pytest.fixture(scope="module")
def read():
    """What the machine reads of the bundle; its first papers stand on one page each."""
    found = read_file(BUNDLE)
    assert [document.pages for document in found.documents[:2]] == [(1,), (2,)]
    return found


@pytest.fixture
def desk(world, read):
    """The bundle in the hand of Odile, its first two papers taken for one."""
    return take_bundle(world, read, BUNDLE.read_bytes())


def take_bundle(world, read, data):
    first, _, *others = read.documents
    wrong = first.model_copy(update={"pages": (1, 2)})
    world.dossier = build.make_dossier(world.member, ClaimType.MEDECINE_DOUCE)
    world.piece = build.add_piece(world.dossier, data=data, name="envoi.pdf")
    build.read_pieces(documents=(wrong, *others), pages=read.pages)
    build.decide_dossiers()
    world.as_handler.post(f"/gestion/dossiers/{world.dossier.pk}/prendre")
    return world


def page_of(world):
    """The review screen, its thin and hard spaces as plain ones."""
    html = world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}").content.decode()
    return html.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def papers(world):
    piece = Piece.objects.select_related("reading").get(pk=world.piece.pk)
    dossier = Dossier.objects.get(pk=world.dossier.pk)
    return amend_reading(to_reading(piece.reading), piece.pk, standing_corrections(dossier)).documents


def groups_of(world):
    return [paper.pages for paper in papers(world)]


def say_groups(groups):
    return {f"page-{page}": number for number, group in enumerate(groups, start=1) for page in group}


def test_parted_pages_are_read_as_the_papers_that_they_are(desk, read):
    others = [document.pages for document in read.documents[2:]]
    assert groups_of(desk) == [(1, 2), *others]
    answer = correct(desk, quoi="pages", **say_groups([(1,), (2,), *others]))
    assert answer.status_code == 302
    assert groups_of(desk) == [(1,), (2,), *others]
    for found, alone in zip(papers(desk), read.documents, strict=True):
        assert (found.type, found.pages) == (alone.type, alone.pages)
        assert {name: field.value for name, field in found.fields.items()} == {
            name: field.value for name, field in alone.fields.items()
        }
    assert "Pages regroupées autrement sur « envoi.pdf »" in page_of(desk)
    event = Event.objects.get(kind=EventKind.PAPERS_REGROUPED.value)
    assert event.after["groups"][:2] == [[1], [2]]
    assert event.before["groups"][0] == [1, 2]
    assert "documents" not in event.after  # what is printed stands beside the log


def test_pages_put_together_are_one_paper_and_can_be_parted_again_by_undoing(desk, read):
    others = [document.pages for document in read.documents[2:]]
    correct(desk, quoi="pages", **say_groups([(1, 2, *others[0]), *others[1:]]))
    assert groups_of(desk)[0] == (1, 2, *others[0])
    correct(desk, quoi="annuler")
    assert groups_of(desk) == [(1, 2), *others]


def test_corrections_of_the_other_papers_stay_with_them(desk, read):
    others = [document.pages for document in read.documents[2:]]
    correct(desk, quoi="type", rang=1, type="autre")
    correct(desk, quoi="pages", **say_groups([(1,), (2,), *others]))
    assert papers(desk)[2].type.value == "autre"
    assert papers(desk)[2].pages == others[0]
    correct(desk, quoi="type", rang=1, type="rib")  # from now on the numbers are the new ones
    assert papers(desk)[1].type.value == "rib"


def test_what_the_member_said_follows_its_paper(desk, read):
    others = [document.pages for document in read.documents[2:]]
    for number in (0, 1):
        said = {"document": number, "type": "autre"}
        append_saying(desk.dossier, EventKind.MEMBER_CORRECTED, at=build.NOW, actor="zoe", piece=desk.piece, said=said)
    correct(desk, quoi="pages", **say_groups([(1,), (2,), *others]))
    dossier = Dossier.objects.get(pk=desk.dossier.pk)
    assert [saying.document for saying in standing_sayings(dossier)] == [2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"page-1": "1", "page-2": "2"}, "Chaque page du fichier"), ({"page-1": "un"}, "Page 1 : donnez le numéro")],
)
def test_groups_that_are_none_are_refused_with_a_reason(desk, change, sentence):
    correct(desk, quoi="pages", **change)
    assert sentence in page_of(desk)
    assert not Event.objects.filter(kind=EventKind.PAPERS_REGROUPED.value).exists()


def test_the_same_groups_again_change_nothing(desk):
    correct(desk, quoi="pages", **say_groups(groups_of(desk)))
    assert "déjà groupées ainsi" in page_of(desk)


def test_a_stale_page_is_refused_before_anything_is_read(desk, read, monkeypatch):
    shown = ticket(desk.as_handler, desk.dossier)
    correct(desk, quoi="type", rang=1, type="autre")
    monkeypatch.setattr(site_reader, "open_reader", lambda: pytest.fail("nothing is to be read"))
    answer = correct(desk, shown=shown, quoi="pages", **say_groups([(1,), (2,), (3,)]))
    assert answer.status_code == 409


def test_a_file_that_cannot_be_read_again_leaves_everything_as_it_was(world, read):
    desk = take_bundle(world, read, b"%PDF-1.7 broken")
    others = [document.pages for document in read.documents[2:]]
    correct(desk, quoi="pages", **say_groups([(1,), (2,), *others]))
    assert "n’ont pas pu être relues" in page_of(desk)
    assert groups_of(desk) == [(1, 2), *others]


def test_a_form_names_the_paper_of_each_page():
    assert read_groups({"page-1": "2", "page-3": "2", "page-2": "1", "quoi": "pages"}) == ((1, 3), (2,))
    with pytest.raises(ValueError, match="Page 2"):
        read_groups({"page-1": "1", "page-2": ""})
