"""Papers that do harm, and failures that are not the paper's fault: neither ends in a loop, nor costs another paper."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from django.utils import timezone

from extractors.results import ReadFile
from flows import stages
from flows.context import make_context
from flows.readers import close_readers
from schemas.settings import Settings
from storage.models import Dossier, Event, Piece
from storage.work import claim_pieces
from tests.services.uploads import drop_claim, make_claim, make_member, make_paper
from tests.storage.build import make_reading

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _readers():
    yield
    close_readers()


def make(tmp_path):
    context = make_context(Settings(data_dir=tmp_path, readers=1, settle_seconds=0), "w1")
    claim = make_claim("D1", make_member(1), "a.pdf", "b.pdf")
    drop_claim(context.settings.inbox_dir, claim, make_paper(1), make_paper(2))
    stages.take_drops(context)
    return context


@pytest.mark.service
def test_a_reading_that_the_database_cannot_hold_goes_to_a_person(tmp_path, postgres_database, monkeypatch):
    context = make(tmp_path)
    pieces = {piece.name: piece for piece in stages.claim_papers(context, 10)}

    def answer(_path, identifier):
        """What a reader would say of the first file if its print held a character that PostgreSQL does not take."""
        bad = identifier == str(pieces["a.pdf"].id)
        done = Future()
        done.set_result(ReadFile(make_reading(pieces["a.pdf" if bad else "b.pdf"], number="F\0" if bad else "F-1")))
        return done

    monkeypatch.setattr(context.pool, "submit", answer)
    assert stages.read_papers(context, list(pieces.values())) == 1
    assert dict(Piece.objects.values_list("name", "state")) == {"a.pdf": "refused", "b.pdf": "read"}
    refused = Event.objects.get(kind="piece_refused")
    assert (refused.after["code"], refused.after["because"]) == ("timeout", "DataError")
    assert stages.claim_papers(context, 10) == ()
    (dossier,) = stages.claim_ready_dossiers(context)
    assert stages.decide_dossier(context, dossier) == "to_review"
    findings = Dossier.objects.get().decisions.get().line["findings"]
    assert any("à regarder" in finding["handler_fr"] for finding in findings if finding["outcome"] == "inconclusive")


@pytest.mark.usefixtures("sqlite_database")
def test_a_store_that_fails_for_a_while_costs_the_papers_no_attempt(tmp_path):
    context = make(tmp_path)
    in_the_way = tmp_path / "objects" / "derived"
    in_the_way.write_text("a file where the store wants a folder")
    assert stages.read_papers(context, stages.claim_papers(context, 10)) == 0
    assert set(Piece.objects.values_list("state", "attempts", "lease_token")) == {("received", 0, None)}
    assert stages.claim_papers(context, 10) == ()  # they rest, instead of being read again and again
    in_the_way.unlink()
    later = timezone.now() + timedelta(minutes=1)
    assert stages.read_papers(context, claim_pieces("w1", 10, later, timedelta(minutes=1))) == 2
